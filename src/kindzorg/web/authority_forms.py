"""What is written down about authority, a court's decision and capacity, as values."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language

from kindzorg.careteam.actions import recognise_authority
from kindzorg.careteam.authority import actions
from kindzorg.careteam.authority.rules import NewAuthority, NewCapacity, NewRestriction
from kindzorg.careteam.rules import AuthorityKind, RestrictionKind
from kindzorg.core.errors import Invalid
from kindzorg.core.texts import text
from kindzorg.people.actions import NewRelative, register_relative
from kindzorg.people.rules import Relation
from kindzorg.ui.fields import DateInput


def say(key: str, audience: str) -> str:
    """A text of this page for this reader."""
    return text(f"web.authority.{key}", audience, (get_language() or "nl")[:2])


class RestrictionForm(forms.Form):
    """What a court decided about a relative."""

    relative = forms.ChoiceField(widget=forms.RadioSelect)
    kind = forms.ChoiceField(widget=forms.RadioSelect)
    source = forms.CharField(max_length=200)
    until = forms.DateField(required=False, widget=DateInput)

    def __init__(self, data: Any, audience: str, relatives: Any) -> None:
        super().__init__(data, prefix="court")
        for name, key in (("relative", "who"), ("kind", "what"), ("source", "source"), ("until", "until")):
            self.fields[name].label = say(key, audience)
        self.fields["relative"].choices = [(str(one.id), one.name) for one in relatives]  # type: ignore[attr-defined]
        kinds = [(str(one), say(f"restriction_{one}", audience)) for one in RestrictionKind]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def save(self, actor: Any, subject: Any, now: Any) -> None:
        """Give it to the action."""
        given = self.cleaned_data
        kind = RestrictionKind(given["kind"])
        new = NewRestriction(UUID(given["relative"]), kind, given["source"], given["until"])
        actions.record_restriction(actor, subject, new, now)


class CapacityForm(forms.Form):
    """What a doctor assessed."""

    can_decide = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(widget=DateInput)

    def __init__(self, data: Any, audience: str) -> None:
        super().__init__(data, prefix="capacity")
        labels = (("can_decide", "capacity"), ("reason", "capacity_reason"), ("until", "capacity_until"))
        for name, key in labels:
            self.fields[name].label = say(key, audience)
        choices = [(one, say(f"capacity_{one}", audience)) for one in ("yes", "no")]
        self.fields["can_decide"].choices = choices  # type: ignore[attr-defined]

    def save(self, actor: Any, subject: Any, now: Any) -> None:
        """Give it to the action."""
        given = self.cleaned_data
        new = NewCapacity(given["can_decide"] == "yes", given["reason"], given["until"])
        actions.assess_capacity(actor, subject, new, now)


class AuthorityForm(forms.Form):
    """Who holds authority: somebody who is known or a new person, of what kind, for which institution, the source."""

    relative = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    name = forms.CharField(max_length=200, required=False)
    kind = forms.ChoiceField(widget=forms.RadioSelect)
    organisation = forms.ChoiceField(required=False)
    source = forms.CharField(max_length=200)
    checked_on = forms.DateField(widget=DateInput)

    def __init__(self, data: Any, audience: str, relatives: Sequence[Any], houses: Sequence[Any]) -> None:
        super().__init__(data, prefix="holder")
        labels = (
            *(("relative", "holder_who"), ("name", "holder_name"), ("kind", "holder_kind")),
            *(
                ("organisation", "holder_house"),
                ("source", "holder_source"),
                ("checked_on", "holder_checked"),
            ),
        )
        for name, key in labels:
            self.fields[name].label = say(key, audience)
        known = [(str(one.id), one.name) for one in relatives]
        kinds = [(str(one), say(f"kind_{one}", audience)) for one in AuthorityKind]
        names = [("", say("holder_no_house", audience)), *((str(one.id), one.name) for one in houses)]
        self.fields["relative"].choices = [*known, ("", say("holder_new", audience))]  # type: ignore[attr-defined]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["organisation"].choices = names  # type: ignore[attr-defined]

    def save(self, actor: Any, subject: Any, now: Any) -> None:
        """Give it to the action; somebody new is known from now on, which gives no right by itself."""
        given = self.cleaned_data
        relative, kind = given["relative"], AuthorityKind(given["kind"])
        if not relative and not given["name"].strip():
            raise Invalid("holder_not_named", fields=("name",))
        if not relative:
            guards = kind in (AuthorityKind.GUARDIAN, AuthorityKind.INSTITUTION)
            new = NewRelative(given["name"].strip(), Relation.GUARDIAN if guards else Relation.OTHER)
            relative = str(register_relative(actor, subject, new, now).id)
        house = UUID(given["organisation"]) if given["organisation"] else None
        held = NewAuthority(UUID(relative), kind, given["source"], house, given["checked_on"])
        recognise_authority(actor, subject, held, now)
