"""Who represents the child once it is grown: the part of the page of authority that is there from 17."""

from typing import Any
from uuid import UUID

from django import forms

from kindzorg.access.ages import birthday
from kindzorg.careteam.authority.rules import check_is_due
from kindzorg.careteam.queries import OpenedChild
from kindzorg.careteam.representation.actions import record_representation
from kindzorg.careteam.representation.queries import representations_for
from kindzorg.careteam.representation.rules import (
    BY_COURT,
    RECORDED_FROM,
    NewRepresentation,
    RepresentationKind,
    in_order,
    over,
)
from kindzorg.core.errors import Invalid
from kindzorg.people.actions import NewRelative, register_relative
from kindzorg.people.rules import Relation
from kindzorg.ui.fields import DateInput
from kindzorg.web.authority_forms import say

WORDS = (
    *("represents", "represents_lead", "represents_order", "represents_unsure", "represents_assess"),
    *("represents_nobody", "represents_from", "represents_add", "represents_add_lead", "represents_end"),
    *("represents_invite",),
)
LABELS = (
    *(("relative", "represents_who"), ("name", "represents_name"), ("kind", "represents_how")),
    *(("source", "represents_source"), ("checked_on", "holder_checked")),
)


class RepresentationForm(forms.Form):
    """Who will represent the child: somebody who is known or a new person, how, and where that was seen."""

    relative = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    name = forms.CharField(max_length=200, required=False)
    kind = forms.ChoiceField(widget=forms.RadioSelect)
    source = forms.CharField(max_length=200)
    checked_on = forms.DateField(widget=DateInput)

    def __init__(self, data: Any, audience: str, relatives: Any) -> None:
        super().__init__(data, prefix="represents")
        for name, key in LABELS:
            self.fields[name].label = say(key, audience)
        known = [(str(one.id), one.name) for one in relatives]
        kinds = [(str(one), say(f"represents_{one}", audience)) for one in RepresentationKind]
        self.fields["relative"].choices = [*known, ("", say("holder_new", audience))]  # type: ignore[attr-defined]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def save(self, actor: Any, subject: Any, now: Any) -> None:
        """Give it to the action; somebody new is known from now on, which gives no right by itself."""
        given = self.cleaned_data
        relative, kind = given["relative"], RepresentationKind(given["kind"])
        if not relative and not given["name"].strip():
            raise Invalid("holder_not_named", fields=("name",))
        if not relative:
            new = NewRelative(given["name"].strip(), Relation.OTHER)
            relative = str(register_relative(actor, subject, new, now).id)
        record = NewRepresentation(UUID(relative), kind, given["source"], given["checked_on"])
        record_representation(actor, subject, record, now)


def near(request: Any, opened: OpenedChild) -> bool:
    """Whether the child is old enough to speak of it."""
    born = opened.child.birth_date
    return born is not None and request.today >= birthday(born, RECORDED_FROM)


def shown(request: Any, opened: OpenedChild) -> dict[str, Any] | None:
    """The part of the page; None before 17."""
    if not near(request, opened):
        return None
    rows = representations_for(request.actor, opened.subject, request.today)
    there = in_order([row for row in rows if not over(row, request.today)])
    gone = [row for row in rows if over(row, request.today)]
    return {
        "t": {key: say(key, opened.audience) for key in WORDS},
        "rows": [_row(row, opened, request) for row in (*there, *gone)],
        "assess": any(RepresentationKind(row.kind) not in BY_COURT for row in there),
    }


def _row(row: Any, opened: OpenedChild, request: Any) -> dict[str, Any]:
    ended = over(row, request.today)
    return {
        "row": row,
        "kind": say(f"represents_{row.kind}", opened.audience),
        "over": ended,
        "coming": not ended and row.starts > request.today,
        "due": not ended and check_is_due(row.checked_on, request.today),
    }
