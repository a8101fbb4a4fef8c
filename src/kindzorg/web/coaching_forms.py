"""What is said about a care coach, as values."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from kindzorg.careteam.coaching.actions import CoachAnswer
from kindzorg.careteam.consents.rules import Person, Said
from kindzorg.careteam.rules import ConsentWay
from kindzorg.ui.fields import DateInput
from kindzorg.web.consent_forms import WAYS
from kindzorg.web.consent_forms import WORDS as CONSENT_WORDS

WORDS = CONSENT_WORDS | {
    "coach_moved_on": _("This was answered already. Look at where it stands now."),
    "again_within_a_year": _("Choose a day after today and within a year."),
    "consent_not_theirs": _("Choose somebody who may decide this for the child."),
    "words_too_long": _("This is too long. Make it shorter than %(longest)s characters."),
}


class AnswerForm(forms.Form):
    """A yes or a no, equally easy."""

    said = forms.ChoiceField(
        label=_("Your answer"),
        choices=(("yes", _("Yes, we would like a care coach")), ("no", _("No, not now"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    words = forms.CharField(
        label=_("Do you want to say more?"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    again_on = forms.DateField(
        label=_("After a no: when may it be asked again?"),
        help_text=_("Leave empty for: in three months."),
        widget=DateInput,
        required=False,
    )

    def answer(self) -> CoachAnswer:
        """What was chosen."""
        given = self.cleaned_data
        return CoachAnswer(given["said"] == "yes", given["words"], given["again_on"])


class HearForm(AnswerForm):
    """What somebody of the family said to a professional."""

    by = forms.MultipleChoiceField(
        label=_("Who said it?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": WORDS["consent_nobody"]},
    )
    way = forms.ChoiceField(
        label=_("How was it said?"),
        choices=WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": WORDS["consent_way"]},
    )
    field_order = ("said", "by", "way", "words", "again_on")

    def __init__(self, *args: Any, people: Iterable[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].choices = [(str(one.id), one.name) for one in people]  # type: ignore[attr-defined]

    def told(self) -> Said:
        """By whom and how."""
        return Said(ConsentWay(self.cleaned_data["way"]), tuple(UUID(one) for one in self.cleaned_data["by"]))
