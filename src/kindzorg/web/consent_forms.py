"""What the family decides about a party, and what a professional writes down of it, as values."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from kindzorg.careteam.consents.rules import Decision, Person, Said
from kindzorg.careteam.rules import ConsentWay
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.ui.fields import DateInput

WORDS = {
    "consent_domains": _("Choose at least one subject."),
    "consent_until": _("Choose a day that is still to come."),
    "consent_not_yours": _("You cannot decide this one alone. Below you read who can."),
    "consent_owner": _(
        "This organisation keeps the file, and answers for it. So it cannot be closed as a whole. "
        "You can close it to single people, or move the care to another organisation."
    ),
    "consent_own": _("The family does not decide about this one."),
    "consent_nobody": _("Choose who said it."),
    "consent_way": _("Choose how it was said."),
    "emergency_reason": _("Write in a full sentence why you must look now."),
    "emergency_too_often": _(
        "You looked too often within the hour. Call the organisation that keeps the file."
    ),
    "emergency_not_found": _("No child has exactly this name and birth date. Check both."),
    "review_note": _("Write what you found."),
    "review_own": _("You cannot judge your own look."),
    "reviewed_already": _("This was judged already."),
}
DOMAINS = (
    (LifeDomain.MEDICAL, _("Health")),
    (LifeDomain.DEVELOPMENT, _("Growing and learning")),
    (LifeDomain.SOCIAL, _("Living together")),
    (LifeDomain.SAFETY, _("Safe at home")),
)
WAYS = (
    (ConsentWay.IN_PERSON, _("In a conversation")),
    (ConsentWay.TELEPHONE, _("By telephone")),
    (ConsentWay.PAPER, _("On paper")),
)


class YesForm(forms.Form):
    """A yes: to what, and until when."""

    domains = forms.MultipleChoiceField(
        label=_("What may be seen?"),
        choices=DOMAINS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": WORDS["consent_domains"]},
    )
    until = forms.DateField(
        label=_("Until which day?"),
        help_text=_("Leave it empty for: until you change it."),
        widget=DateInput,
        required=False,
    )

    def decision(self) -> Decision:
        """What was chosen."""
        domains = frozenset(LifeDomain(one) for one in self.cleaned_data["domains"])
        return Decision(True, domains, self.cleaned_data["until"])


class NoForm(forms.Form):
    """A no. The reason is asked once, and need not be given."""

    reason = forms.CharField(
        label=_("Why?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=1000,
    )

    def decision(self) -> Decision:
        """What was chosen."""
        return Decision(False, reason=self.cleaned_data["reason"].strip())


class RecordForm(YesForm):
    """What somebody of the family said to a professional."""

    said = forms.ChoiceField(
        label=_("What was said?"),
        choices=(("yes", _("Yes, they may look along")), ("no", _("No, they may not look along"))),
        widget=forms.RadioSelect,
    )
    by = forms.MultipleChoiceField(
        label=_("Who said it?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": WORDS["consent_nobody"]},
    )
    way = forms.ChoiceField(label=_("How was it said?"), choices=WAYS, widget=forms.RadioSelect)
    field_order = ("said", "by", "way", "domains", "until")

    def __init__(self, *args: Any, people: Iterable[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].choices = [(str(one.id), one.name) for one in people]  # type: ignore[attr-defined]
        self.fields["domains"].required = False

    def decision(self) -> Decision:
        """What was chosen; a no is a no to everything."""
        return super().decision() if self.cleaned_data["said"] == "yes" else Decision(False)

    def told(self) -> Said:
        """By whom and how."""
        return Said(ConsentWay(self.cleaned_data["way"]), tuple(UUID(one) for one in self.cleaned_data["by"]))


class EmergencyForm(forms.Form):
    """Whom somebody must look along with now, and why."""

    family_name = forms.CharField(label=_("Family name of the child"), max_length=120)
    birth_date = forms.DateField(label=_("Birth date of the child"), widget=DateInput)
    given_name = forms.CharField(
        label=_("First name"), help_text=_("Only for twins."), required=False, max_length=120
    )
    reason = forms.CharField(
        label=_("Why must you look now?"),
        help_text=_("The family reads this, and so does the privacy officer of your organisation."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )


class ReviewForm(forms.Form):
    """What the privacy officer found."""

    justified = forms.ChoiceField(
        label=_("Was it justified?"),
        choices=(("yes", _("Yes")), ("no", _("No"))),
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What did you find?"),
        help_text=_("The family reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": WORDS["review_note"]},
    )
