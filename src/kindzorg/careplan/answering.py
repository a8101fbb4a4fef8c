"""What is answered about the plan, as values: yes or no, what was heard, who takes something on, how far it is."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from kindzorg.careplan.forms import NO, WORDS, YES, Spoken
from kindzorg.careplan.rules import (
    AgreementState,
    Evaluated,
    Heard,
    Net,
    SignedHow,
    WayOn,
    Works,
    ways_to_hear,
)
from kindzorg.careplan.wording import how_words, say
from kindzorg.ui.fields import DateInput, Option, OptionsRow


class SignForm(Spoken):
    """Yes or no, with a reason when no. No stands beside yes, as large."""

    answer = forms.ChoiceField(widget=OptionsRow, error_messages={"required": _("Choose yes or no.")})
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(YES, say("sign_yes", self.audience)), (NO, say("sign_no", self.audience))]
        self.choose("answer", choices, say("sign_title", self.audience))
        self.fields["reason"].label = say("sign_reason", self.audience)

    @property
    def yes(self) -> bool:
        """Whether the answer was yes."""
        return bool(self.cleaned_data["answer"] == YES)


class HeardForm(SignForm):
    """What a family member said outside the product: how, on which day, yes or no."""

    how = forms.ChoiceField(
        label=_("How did you hear it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you heard it.")},
    )
    said_on = forms.DateField(
        label=_("On which day?"),
        widget=DateInput,
        error_messages={"required": _("Fill in the day on which it was said.")},
    )
    field_order = ("answer", "reason", "how", "said_on")

    def __init__(self, *args: Any, name: str = "", has_account: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = [(YES, say("heard_yes", self.audience)), (NO, say("heard_no", self.audience))]
        self.choose("answer", answers, _("What did %(name)s say?") % {"name": name})
        ways = ways_to_hear(has_account)
        self.choose("how", [(one, Option(how_words(one), say(f"how_{one}", self.audience))) for one in ways])

    def heard(self, relative_id: UUID | None) -> Heard:
        """What was typed."""
        given = self.cleaned_data
        return Heard(
            relative_id=relative_id,
            how=SignedHow(given["how"]),
            said_on=given["said_on"],
            yes=self.yes,
            reason=given["reason"],
        )


class ApproveForm(forms.Form):
    """The doctor's yes or no."""

    answer = forms.ChoiceField(
        label=_("Do you approve this plan?"),
        choices=[(YES, _("Yes, I approve it")), (NO, _("No, something must change"))],
        widget=OptionsRow,
        error_messages={"required": _("Choose yes or no.")},
    )
    reason = forms.CharField(
        label=_("If no: what must change?"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class ObjectForm(ApproveForm):
    """The doctor looks at a practical change that is in force already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = _("What do you think of this change?")
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            (YES, _("Seen, it may stay")),
            (NO, _("I object")),
        ]
        self.fields["reason"].label = _("If you object: why?")


class AnswerForm(Spoken):
    """What the one who is asked says."""

    answer = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": _("Choose an answer.")})
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = (AgreementState.AGREED, AgreementState.MORE_INFO_ASKED, AgreementState.DECLINED)
        choices = [(one, say(f"answer_{one}", self.audience)) for one in states]
        self.choose("answer", choices, say("answer_title", self.audience))
        self.fields["reason"].label = say("answer_reason", self.audience)


NET = ("net_watch", "net_call", "net_until")


class EvaluationForm(Spoken):
    """How far a goal is, or whether something else works; what the family thinks, and how to go on."""

    step = forms.TypedChoiceField(
        label=_("How far is it now?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": WORDS["step_one_to_five"]},
    )
    works = forms.ChoiceField(
        label=_("Does it work?"),
        widget=forms.RadioSelect,
        error_messages={"required": WORDS["works_required"]},
    )
    family_view = forms.CharField(
        label=_("What do child and family think?"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    words = forms.CharField(
        label=_("What did you see?"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    way_on = forms.ChoiceField(
        label=_("How do you go on?"), widget=forms.RadioSelect, initial=str(WayOn.CONTINUE)
    )
    next_review_on = forms.DateField(label=_("When do you look again?"), widget=DateInput, required=False)
    net_watch = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False)
    net_call = forms.CharField(max_length=500, required=False)
    net_until = forms.DateField(widget=DateInput, required=False)

    def __init__(self, *args: Any, steps: Sequence[str] = (), **kwargs: Any) -> None:
        """`steps`: the five of a goal, in words; none for an agreement or the whole plan."""
        super().__init__(*args, **kwargs)
        if steps:
            self.choose(
                "step", [(number, f"{number}. {words}") for number, words in enumerate(steps, start=1)]
            )
        else:
            self.choose("works", [(one, say(f"works_{one}", self.audience)) for one in Works])
        del self.fields["works" if steps else "step"]
        self.choose("way_on", [(one, say(f"way_{one}", self.audience)) for one in WayOn])
        for name in NET:
            self.fields[name].label = say(name, self.audience)

    @property
    def usual(self) -> list[forms.BoundField]:
        """All but what is asked when care is stepped down."""
        return [self[name] for name in self.fields if name not in NET]

    @property
    def net(self) -> list[forms.BoundField]:
        """What is asked when care is stepped down."""
        return [self[name] for name in NET]

    @property
    def unfolded(self) -> bool:
        """Whether that is shown at once: something was typed there, or is missing."""
        return self.is_bound and (
            self.data.get("way_on") == WayOn.STEP_DOWN or any(one.errors for one in self.net)
        )

    def given(self) -> Evaluated:
        """What was typed."""
        values = self.cleaned_data
        next_on: date | None = values["next_review_on"]
        return Evaluated(
            step=values.get("step"),
            works=Works(values["works"]) if "works" in values else None,
            family_view=values["family_view"],
            words=values["words"],
            way_on=WayOn(values["way_on"]),
            next_review_on=next_on,
            net=Net(watch=values["net_watch"], call=values["net_call"], until=values["net_until"]),
        )
