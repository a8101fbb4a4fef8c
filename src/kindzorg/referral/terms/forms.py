"""What is typed with until when a decision holds, as values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kindzorg.referral.terms.pages import say
from kindzorg.referral.terms.rules import LONGEST, NewTerm
from kindzorg.ui.fields import DateInput

WORDS = {
    "entry_not_kept": _("This was not decided in the referral tree. Choose again."),
    "term_far": _("Choose a day that is less far away."),
    "letter_too_long": _("This is too long. Make it shorter than %(longest)s characters."),
}


class TermForm(forms.Form):
    """The last day, and what the letter says."""

    until = forms.DateField(
        widget=DateInput, error_messages={"required": _("Write the last day on which the decision holds.")}
    )
    letter = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST, required=False)

    def __init__(self, data: Any, audience: str) -> None:
        super().__init__(data)
        for name in ("until", "letter"):
            self.fields[name].label = say(f"ask_{name}", audience)
            self.fields[name].help_text = say(f"ask_{name}_help", audience)

    def term(self, entry: str) -> NewTerm:
        """What is recorded, of a form that is valid."""
        return NewTerm(entry, self.cleaned_data["until"], self.cleaned_data["letter"])
