"""What is typed about learning an act, as values."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from kindzorg.careplan.learning.rules import LONGEST, OWN, STEPS, LearningMove, NewStep
from kindzorg.careplan.schedule.pages import act_words
from kindzorg.careplan.wording import Say
from kindzorg.careteam.competences.rules import ACTS
from kindzorg.ui.fields import DateInput


class _LearningForm(forms.Form):
    """An act and words."""

    act = forms.ChoiceField()
    words = forms.CharField(required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any, audience: str, **initial: Any) -> None:
        super().__init__(data, initial=initial)
        self.said = Say(audience, "learning")
        fields: Any = self.fields
        fields["act"].choices = [(act, act_words([act], audience).capitalize()) for act in ACTS]
        for name in fields:
            fields[name].label = self.said[f"ask_{name}"]


class OwnForm(_LearningForm):
    """The own word of who learns, or does not want to."""

    move = forms.ChoiceField(widget=forms.RadioSelect)
    field_order = ("act", "move", "words")

    def __init__(self, data: Any, audience: str, **initial: Any) -> None:
        super().__init__(data, audience, **initial)
        fields: Any = self.fields
        fields["move"].label = self.said["ask_own"]
        fields["move"].choices = [(str(one), self.said[f"own_{one}"]) for one in OWN]
        fields["words"].label = self.said["ask_own_words"]

    def own(self) -> tuple[str, LearningMove, str]:
        """What was said, of a form that is valid."""
        given = self.cleaned_data
        return given["act"], LearningMove(given["move"]), given["words"]


class StepForm(_LearningForm):
    """A step that was seen: of whom, which, when, and when to look again."""

    who = forms.ChoiceField(widget=forms.RadioSelect)
    move = forms.ChoiceField(widget=forms.RadioSelect)
    happened_on = forms.DateField(widget=DateInput)
    until = forms.DateField(required=False, widget=DateInput)
    field_order = ("who", "act", "move", "happened_on", "until", "words")

    def __init__(
        self, data: Any, audience: str, people: Sequence[tuple[str, str]], *, sees: bool, **initial: Any
    ) -> None:
        super().__init__(data, audience, **initial)
        fields: Any = self.fields
        fields["who"].choices = people
        steps = STEPS if sees else STEPS[:2]
        fields["move"].choices = [(str(one), self.said[f"step_{one}"]) for one in steps]
        fields["until"].help_text = self.said["until_hint"]
        if not sees:
            del fields["until"]

    def step(self) -> NewStep:
        """What was seen, of a form that is valid."""
        given = self.cleaned_data
        kind, _, key = given["who"].partition(":")
        return NewStep(
            act=given["act"],
            move=LearningMove(given["move"]),
            happened_on=given["happened_on"],
            words=given["words"],
            until=given.get("until"),
            **{f"{kind}_id": UUID(key)},  # type: ignore[arg-type]
        )
