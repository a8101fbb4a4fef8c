"""Answers, decisions and differences as typed values."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kindzorg.core.vocabulary import Truth

WORDS = {
    "birth_date_needed": _("Fill in the date of birth first: the law depends on age."),
    "nothing_kept": _("Choose at least one kind of care or support."),
    "not_in_outcome": _("One of your choices is not in this outcome. Choose again."),
    "may_not_confirm_zvw": _(
        "Only a paediatric nurse of level 5 or a nurse specialist may confirm nursing under the Zvw."
    ),
    "reason_needed": _("Write why you see it differently, so that it can be settled."),
    "outcome_needed": _("Write what you agreed on."),
    "not_born": _("The date of birth lies in the future. Correct it first."),
}


class AnswerForm(forms.Form):
    """One question of fact: yes, no, or not known."""

    answer = forms.ChoiceField(
        choices=[(Truth.YES, _("Yes")), (Truth.NO, _("No")), (Truth.UNKNOWN, _("I do not know"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes, no or I do not know.")},
    )

    def __init__(self, *args: Any, words: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = words["question"]
        self.fields["answer"].help_text = words["help"]


class DecisionForm(forms.Form):
    """Which entries the professional keeps, and a note."""

    kept = forms.MultipleChoiceField(
        label=_("What do you decide?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one kind of care or support.")},
    )
    note = forms.CharField(
        label=_("Note for whoever reads this later"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def __init__(self, *args: Any, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = choices  # type: ignore[attr-defined]


class DissentForm(DecisionForm):
    """What another professional would keep, and why."""

    note = None  # type: ignore[assignment]
    kept = forms.MultipleChoiceField(
        label=_("What would you decide?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = forms.CharField(
        label=_("Why do you see it differently?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": WORDS["reason_needed"]},
    )


class SettlementForm(forms.Form):
    """What the professionals agreed on."""

    outcome = forms.CharField(
        label=_("What did you agree on?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": WORDS["outcome_needed"]},
    )
