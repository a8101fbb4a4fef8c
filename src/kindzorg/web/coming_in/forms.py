"""What is typed while inviting and coming in, as values."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kindzorg.careteam.consents.rules import Person, Said
from kindzorg.careteam.invitations.rules import HowTogether, InvitedAs
from kindzorg.careteam.rules import AuthorityKind, ConsentWay
from kindzorg.people.rules import Relation
from kindzorg.ui.fields import DateInput, Option
from kindzorg.web.consent_forms import WAYS
from kindzorg.web.sign_in.passwords import HELP, problems

WORDS = {
    "may_not_invite": _("You cannot invite this person. Ask the nurse or the coordinator."),
    "name_needed": _("Write the name of the person whom you invite."),
    "source_needed": _("Write what you have seen of the authority, for example: register of authority."),
    "authority_recorded_already": _("The authority of this parent is recorded already. Leave this empty."),
    "until_is_past": _("Choose a day that is still to come, or leave it empty."),
    "role_does_not_fit": _("Choose a role that goes with this person's work."),
    "in_already": _("This person is in already."),
    "email_in_use": _(
        "There is an account with this e-mail address already. Sign in first, then open the link again."
    ),
    "other_account": _("This invitation is for somebody with another account. Sign in with that account."),
    "parent_from_16": _("From 16 the young person decides who comes in. Ask for a new invitation."),
    "kept_out": _("A judge decided that this person may not look. Ask the nurse who leads."),
    "kept_by_law": _("This cannot be ended here."),
    "consent_way": _("Choose how it was said."),
    "consent_nobody": _("Choose who said it, or leave both empty: then the family is asked."),
    "consent_not_theirs": _("This person of the family cannot say yes here. Choose who can."),
}
RELATIONS = {
    Relation.MOTHER: _("mother"),
    Relation.FATHER: _("father"),
    Relation.STEP_PARENT: _("step-parent"),
    Relation.FOSTER_PARENT: _("foster parent"),
    Relation.GUARDIAN: _("guardian"),
    Relation.SIBLING: _("brother or sister"),
    Relation.GRANDPARENT: _("grandparent"),
    Relation.OTHER: _("other"),
}
PARENTS = (Relation.MOTHER, Relation.FATHER, Relation.STEP_PARENT, Relation.FOSTER_PARENT, Relation.GUARDIAN)
KINDS = {
    InvitedAs.PARENT: (_("A parent"), _("You are together now, or you know for sure who it is.")),
    InvitedAs.RELATIVE: (_("Family or a friend"), _("For example a grandmother who minds the child.")),
    InvitedAs.PAID_HELPER: (_("A paid helper"), _("For example from the personal budget.")),
    InvitedAs.PROFESSIONAL: (
        _("A professional"),
        _("Nurse, doctor, teacher, municipality: from the directory."),
    ),
}
AUTHORITY = (
    ("", Option(_("I do not know, or no"), hint=_("This parent then comes in without authority."))),
    (AuthorityKind.JOINT, _("Yes, together with somebody else")),
    (AuthorityKind.SOLE, _("Yes, alone")),
    (AuthorityKind.GUARDIAN, _("Yes, as guardian")),
)


class WhomForm(forms.Form):
    """As what somebody is invited."""

    invited_as = forms.ChoiceField(
        label=_("Whom do you invite?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whom you invite.")},
    )

    def __init__(self, *args: Any, kinds: Sequence[InvitedAs] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind, Option(KINDS[kind][0], hint=KINDS[kind][1])) for kind in kinds]
        self.fields["invited_as"].choices = choices  # type: ignore[attr-defined]


class PartForm(forms.Form):
    """What everybody who is invited comes for."""

    task = forms.CharField(
        label=_("What for?"), help_text=_("For example: minds the child on Fridays."), max_length=200
    )
    until = forms.DateField(
        label=_("Until when?"),
        help_text=_("Empty: until somebody ends it."),
        widget=DateInput,
        required=False,
    )


class SaidForm(PartForm):
    """Who looks along only after a yes of the family: who of it said so to the professional who invites, and how."""

    said_by = forms.MultipleChoiceField(
        label=_("Who of the family said that this person may look along?"),
        help_text=_("Nobody asked yet? Leave it empty: the family then gets the question itself."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    said_way = forms.ChoiceField(
        label=_("How was that said?"), choices=WAYS, widget=forms.RadioSelect, required=False
    )

    def ask(self, people: Sequence[Person]) -> None:
        """Whom to choose from; of nobody nothing is asked."""
        if not people:
            del self.fields["said_by"], self.fields["said_way"]
            return
        self.fields["said_by"].choices = [(str(one.id), one.name) for one in people]  # type: ignore[attr-defined]

    def told(self) -> Said | None:
        """What was said; None where nothing was filled in."""
        way, people = self.cleaned_data.get("said_way"), self.cleaned_data.get("said_by", ())
        if not way and not people:
            return None
        return Said(ConsentWay(way or ConsentWay.SELF), tuple(UUID(one) for one in people))


class RelativeForm(SaidForm):
    """A parent, a relative or a paid helper: somebody who is known, or a new name."""

    known = forms.ChoiceField(label=_("Who is it?"), widget=forms.RadioSelect, required=False)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    relation = forms.ChoiceField(label=_("How does this person stand to the child?"), required=False)
    works_for = forms.CharField(label=_("Works for"), max_length=200, required=False)
    authority = forms.ChoiceField(
        label=_("Does this parent have authority?"),
        widget=forms.RadioSelect,
        choices=AUTHORITY,
        required=False,
    )
    source = forms.CharField(
        label=_("What have you seen of it?"),
        help_text=_("Only where you chose yes. For example: register of authority."),
        max_length=200,
        required=False,
    )
    field_order = (
        *("known", "name", "relation", "works_for", "authority", "source", "task", "until"),
        *("said_by", "said_way"),
    )

    def __init__(
        self,
        *args: Any,
        kind: InvitedAs,
        relatives: Sequence[Any] = (),
        family: Sequence[Person] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ask(family)
        parent = kind == InvitedAs.PARENT
        relations = PARENTS if parent else tuple(Relation)
        known = [(str(one.id), f"{one.name} ({RELATIONS[Relation(one.relation)]})") for one in relatives]
        self.fields["known"].choices = [*known, ("", _("Somebody new"))]  # type: ignore[attr-defined]
        self.fields["relation"].choices = [(one, RELATIONS[one]) for one in relations]  # type: ignore[attr-defined]
        gone = {"task"} if parent else {"authority", "source"}
        gone |= set() if kind == InvitedAs.PAID_HELPER else {"works_for"}
        gone |= set() if known else {"known"}
        for name in gone:
            del self.fields[name]


class ProfessionalForm(SaidForm):
    """A professional of the directory, in a role that goes with the work."""

    role = forms.ChoiceField(
        label=_("In which role?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose in which role.")},
    )
    field_order = ("role", "task", "until", "said_by", "said_way")

    def __init__(
        self,
        *args: Any,
        roles: Sequence[tuple[str, str]] = (),
        family: Sequence[Person] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ask(family)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class DayInput(forms.MultiWidget):
    """Day, month and year as three numbers: quicker on a telephone than leafing through a calendar."""

    template_name = "ui/widgets/multi.html"

    def __init__(self) -> None:
        parts = ((_("Day"), 2), (_("Month"), 2), (_("Year"), 4))
        super().__init__(
            [
                forms.TextInput({"label": label, "inputmode": "numeric", "maxlength": size, "size": size + 1})
                for label, size in parts
            ]
        )

    def decompress(self, value: date | None) -> list[Any]:
        return [value.day, value.month, value.year] if value else ["", "", ""]


class DayField(forms.MultiValueField):
    """A date in three numbers."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__([forms.CharField(), forms.CharField(), forms.CharField()], **kwargs)

    def compress(self, data_list: list[Any]) -> date | None:
        try:
            day, month, year = (int(part) for part in data_list)
            return date(year, month, day)
        except ValueError:
            raise ValidationError(_now("Write a day, a month and a year, for example 14 3 2020.")) from None


class AnswerForm(forms.Form):
    """What only somebody knows for whom the invitation is meant."""

    born = DayField(
        label=_("When was the child born?"),
        help_text=_("For example 14 3 2020."),
        error_messages={"required": _("Fill in when the child was born.")},
    )

    def answer(self) -> str:
        """As the action compares it."""
        return str(self.cleaned_data["born"].isoformat())


class CodeForm(forms.Form):
    """The code that whoever invites says aloud, where the birth date is not known yet."""

    code = forms.CharField(
        label=_("Which code did you hear?"),
        help_text=_("Six digits. The one who invited you tells them."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        max_length=12,
        error_messages={"required": _("Fill in the code that you heard.")},
    )

    def answer(self) -> str:
        """Only the digits count."""
        return "".join(one for one in self.cleaned_data["code"] if one.isdecimal())


class AccountForm(forms.Form):
    """An account for somebody who has none yet."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You sign in with it. Others do not see it."),
        widget=forms.EmailInput({"autocomplete": "email"}),
        max_length=150,
    )
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=HELP,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
    )

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        about = (self.cleaned_data.get("name", ""), self.cleaned_data.get("email", ""))
        if said := problems(password, about):
            raise ValidationError(said)
        return password


class VisitForm(forms.Form):
    """For whom a care coach enters something, and how they sit together."""

    person = forms.ChoiceField(
        label=_("For whom do you enter something?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for whom.")},
    )
    how = forms.ChoiceField(
        label=_("How are you together?"),
        widget=forms.RadioSelect,
        choices=[(HowTogether.TABLE, _("At the table")), (HowTogether.TELEPHONE, _("On the telephone"))],
        error_messages={"required": _("Choose how you are together.")},
    )

    def __init__(self, *args: Any, people: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(str(one.relative.id), one.relative.name) for one in people]  # type: ignore[attr-defined]
