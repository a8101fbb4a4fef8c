"""What is typed with a binding referral, as values."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from kindzorg.core.vocabulary import Law, LifeDomain
from kindzorg.referral.binding.actions import Said
from kindzorg.referral.binding.rules import BindingMove, NewBinding
from kindzorg.ui.fields import DateInput

WORDS = {
    "words_needed": _("Write this down in a few words."),
    "words_too_long": _("This is too long. Make it shorter than %(longest)s characters."),
    "answer_by_out_of_term": _("Choose a day after today, and not after %(latest)s."),
    "not_open_to_receiver": _(
        "The family does not share this life domain with this organisation. Ask them first."
    ),
    "entry_not_kept": _("This was not decided in the referral tree. Choose again."),
    "coordinator_sends": _("%(name)s coordinates across the laws, and sends the referral."),
    "binding_moved_on": _("Somebody else was just before you. Look at where it stands now."),
    "no_network": _("This child stands in no region, so there is no network to ask."),
    "no_open_journey": _("There is no care journey under way for this child."),
}
AREA = {"rows": 5}


class NewBindingForm(forms.Form):
    """What is needed, why, from whom, from when."""

    about = forms.ChoiceField(
        label=_("What is it about?"), error_messages={"required": _("Choose what it is about.")}
    )
    domain = forms.ChoiceField(
        label=_("In which life domain?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the life domain.")},
    )
    receiver = forms.ChoiceField(
        label=_("Who has to arrange it?"), error_messages={"required": _("Choose who has to arrange it.")}
    )
    needed = forms.CharField(
        label=_("What is needed?"),
        help_text=_("In plain words, without names."),
        widget=forms.Textarea(attrs=AREA),
        error_messages={"required": WORDS["words_needed"]},
    )
    why = forms.CharField(
        label=_("Why, and why from this organisation?"),
        help_text=_("Only the receiver reads this, not the network."),
        widget=forms.Textarea(attrs=AREA),
        error_messages={"required": WORDS["words_needed"]},
    )
    needed_from = forms.DateField(
        label=_("From which day is it needed?"),
        widget=DateInput,
        error_messages={"required": _("Write the day from which it is needed.")},
    )
    answer_by = forms.DateField(
        label=_("Answer sooner than the term? By which day?"),
        help_text=_("Leave empty for the whole term."),
        widget=DateInput,
        required=False,
    )

    def __init__(
        self, data: Any, about: Sequence[Any], domains: Sequence[Any], receivers: Sequence[Any]
    ) -> None:
        super().__init__(data)
        for name, choices in (("about", about), ("domain", domains), ("receiver", receivers)):
            empty = [("", _("Choose"))] if name != "domain" else []
            self.fields[name].choices = [*empty, *choices]  # type: ignore[attr-defined]

    def new(self) -> NewBinding:
        """What was typed. `about` is "law" or "law/entry", `receiver` an organisation with or without a person."""
        given = self.cleaned_data
        law, _slash, entry = given["about"].partition("/")
        house, _slash, person = given["receiver"].partition("/")
        return NewBinding(
            law=Law(law),
            domain=LifeDomain(given["domain"]),
            receiver_id=UUID(house),
            needed=given["needed"],
            why=given["why"],
            needed_from=given["needed_from"],
            entry=entry,
            person_id=UUID(person) if person else None,
            answer_by=given["answer_by"],
        )


class MoveForm(forms.Form):
    """One step, with the words that go with it."""

    move = forms.ChoiceField(
        label=_("What is the answer?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers.")},
    )
    words = forms.CharField(
        label=_("Why? Or what do you ask or agree?"),
        help_text=_(
            "Without names: the region's network may come to read it. With a yes this may stay empty."
        ),
        widget=forms.Textarea(attrs=AREA),
        required=False,
    )
    instead = forms.CharField(
        label=_("With a no: what instead, and from whom?"), widget=forms.Textarea(attrs=AREA), required=False
    )
    heard_of = forms.CharField(
        label=_("Who gave this answer?"),
        help_text=_("Name and organisation."),
        max_length=200,
        required=False,
    )

    def __init__(self, data: Any, moves: Sequence[tuple[str, str]], *leave_out: str) -> None:
        super().__init__(data)
        self.fields["move"].choices = moves  # type: ignore[attr-defined]
        for name in leave_out:
            del self.fields[name]

    def said(self) -> tuple[BindingMove, Said]:
        """The step and its words."""
        given = self.cleaned_data
        told = {name: given.get(name, "") for name in ("words", "instead", "heard_of")}
        return BindingMove(given["move"]), Said(**told)


class SettleForm(forms.Form):
    """What the region's network agreed with both sides."""

    words = forms.CharField(
        label=_("What was agreed?"),
        help_text=_("Who does what from when. Without names of the family."),
        widget=forms.Textarea(attrs=AREA),
        error_messages={"required": WORDS["words_needed"]},
    )
