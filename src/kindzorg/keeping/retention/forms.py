"""What the privacy officer types and ticks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kindzorg.keeping.retention.rules import HoldCause, NewHold
from kindzorg.ui.fields import DateInput

WORDS = {
    "reason_needed": _("Write why, so that who looks later understands."),
    "until_past": _("Choose a day after today."),
    "until_too_far": _("Choose a day within five years. Then somebody looks again."),
    "not_due": _("One of these files changed, or is held by somebody else since. Look at the list again."),
    "not_held": _("This hold was lifted already."),
    "no_such_file": _("No file of your organisation has this name and birth date, or more than one has."),
}
CAUSES = {
    HoldCause.COMPLAINT: _("A complaint is being dealt with."),
    HoldCause.CLAIM: _("Somebody claims damages, or may do so."),
    HoldCause.INVESTIGATION: _("An inspectorate or the police investigates."),
    HoldCause.GOOD_CARE: _("Good care asks for it: the file is still needed."),
    HoldCause.FAMILY_ASKED: _("The person whom it is about, or the family, asked for it."),
}


class GoForm(forms.Form):
    """Which files may go, and that somebody looked."""

    going = forms.MultipleChoiceField(
        label=_("Which files may go?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick the files that may go.")},
    )
    sure = forms.BooleanField(
        label=_("I looked at each file that I ticked. What is deleted never comes back."),
        error_messages={"required": _("Say that you looked at them.")},
    )

    def __init__(self, *args: Any, files: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["going"].choices = files  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a hold is lifted."""

    reason = forms.CharField(
        label=_("Why does it no longer have to be kept?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": WORDS["reason_needed"]},
    )


class HoldForm(forms.Form):
    """Whose file is kept longer, why, and until when."""

    family_name = forms.CharField(
        label=_("Family name of the child"), error_messages={"required": _("Write the family name.")}
    )
    birth_date = forms.DateField(
        label=_("Birth date"), widget=DateInput, error_messages={"required": _("Write the birth date.")}
    )
    cause = forms.ChoiceField(
        label=_("Why is it kept longer?"),
        widget=forms.RadioSelect,
        choices=[(str(cause), words) for cause, words in CAUSES.items()],
        error_messages={"required": _("Choose why.")},
    )
    reason = forms.CharField(
        label=_("Explanation"),
        help_text=_("The number of the case, or who asked. Nothing medical."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": WORDS["reason_needed"]},
    )
    until = forms.DateField(
        label=_("Until which day?"),
        widget=DateInput,
        help_text=_("Five years at the most. Then somebody looks again."),
        error_messages={"required": _("Write until which day.")},
    )

    def hold(self) -> NewHold:
        """What was typed, as a value."""
        given = self.cleaned_data
        return NewHold(HoldCause(given["cause"]), given["reason"], given["until"])
