"""What is typed about a procedure, as values."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms

from kindzorg.careplan.procedures.pages import Words, choice_words, step_words
from kindzorg.careplan.procedures.rules import (
    CHOICES,
    LONGEST,
    LONGEST_STEP,
    LONGEST_TITLE,
    MOST_STEPS,
    PICTURES,
    Moment,
    NewProcedure,
    NewWish,
    Procedure,
    Step,
    Wish,
    WishPart,
    WishReach,
)
from kindzorg.ui.fields import DateInput, Option

SPARE = 2


class ProcedureForm(forms.Form):
    """What it is called, when, where, who is there; and the steps. A step that is left empty goes."""

    mark_optional = False

    title = forms.CharField(required=False, max_length=LONGEST_TITLE)
    on_day = forms.DateField(required=False, widget=DateInput)
    where = forms.CharField(required=False, max_length=LONGEST_TITLE)
    by_whom = forms.CharField(required=False, max_length=LONGEST_TITLE)
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any, said: Words, now: Procedure) -> None:
        start = {"title": now.title, "on_day": now.on_day, "where": now.where, "by_whom": now.by_whom}
        super().__init__(data, initial={**start, "after": now.number})
        self.now, self.said = now, said
        labels = {"title": "ask_title", "on_day": "ask_day", "where": "ask_where", "by_whom": "ask_by"}
        for name, key in labels.items():
            self.fields[name].label = said[key]
        self.count = min(MOST_STEPS, len(now.steps) + SPARE)
        for number in range(self.count):
            self._add_step(number)

    def _add_step(self, number: int) -> None:
        step = self.now.steps[number] if number < len(self.now.steps) else None
        self.fields[f"words_{number}"] = forms.CharField(
            required=False,
            max_length=LONGEST_STEP,
            label=self.said["ask_step"].format(number=number + 1),
            initial=step_words(step) if step else "",
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields[f"moment_{number}"] = forms.ChoiceField(
            label=self.said["ask_moment"].format(number=number + 1),
            choices=[(str(one), self.said[str(one)]) for one in Moment],
            initial=str(step.moment if step else Moment.DURING),
        )

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """The steps as the page shows them."""
        for number in range(self.count):
            step = self.now.steps[number] if number < len(self.now.steps) else None
            yield {
                "picture": step.picture if step else "",
                "words": self[f"words_{number}"],
                "moment": self[f"moment_{number}"],
            }

    def procedure(self, entry_id: UUID | None) -> NewProcedure:
        """What was typed: before, during and after in that order. A shipped step that was left as it was stays that."""
        given = self.cleaned_data
        steps = [self._step(number) for number in range(self.count) if given[f"words_{number}"].strip()]
        order = list(Moment)
        return NewProcedure(
            kind=self.now.kind,
            steps=sorted(steps, key=lambda one: order.index(one.moment)),
            entry_id=entry_id,
            **{name: given[name] for name in ("title", "on_day", "where", "by_whom", "after")},
        )

    def _step(self, number: int) -> Step:
        words = self.cleaned_data[f"words_{number}"].strip()
        moment = Moment(self.cleaned_data[f"moment_{number}"])
        step = self.now.steps[number] if number < len(self.now.steps) else None
        if step is None:
            return Step(moment, "", words)
        same = words == step_words(step).strip()
        return Step(moment, step.key, step.words if same else words)


class WishForm(forms.Form):
    """One part of what the child wants: pictures to choose from, and words."""

    mark_optional = False

    def __init__(self, data: Any, said: Words, part: WishPart, now: Wish | None) -> None:
        start = {"chosen": list(now.chosen), "words": now.words} if now else {}
        super().__init__(data, initial=start)
        self.part = part
        if CHOICES[part]:
            self.fields["chosen"] = forms.MultipleChoiceField(
                required=False,
                label=said[f"ask_{part}"],
                help_text=said[f"choose_{part}"],
                choices=[
                    (one, Option(choice_words(one), pictogram=PICTURES.get(one, one)))  # type: ignore[misc]
                    for one in CHOICES[part]
                ],
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["words"] = forms.CharField(
            required=False,
            max_length=LONGEST,
            label=said[f"more_{part}" if CHOICES[part] else f"ask_{part}"],
            help_text="" if CHOICES[part] else said[f"more_{part}"],
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def wish(self, entry_id: UUID) -> NewWish:
        """What was chosen; for nobody else until the child says who may see it."""
        given = self.cleaned_data
        chosen = tuple(given.get("chosen", ()))
        return NewWish(entry_id=entry_id, part=self.part, chosen=chosen, words=given["words"])


class WhoForm(forms.Form):
    """Who may see it: what the child chose before, and nothing the first time, so that it chooses for itself."""

    reach = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, data: Any, said: Words, before: WishReach | None) -> None:
        super().__init__(data, initial={"reach": str(before) if before else None})
        self.fields["reach"].error_messages["required"] = said["choose_who"]
        self.fields["reach"].label = said["who"]
        self.fields["reach"].choices = [(str(one), said[f"reach_{one}"]) for one in WishReach]  # type: ignore[attr-defined]
