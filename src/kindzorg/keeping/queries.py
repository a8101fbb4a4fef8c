"""What waits here for somebody, and every row of a child."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.careteam.queries import OpenedChild, hidden_objects
from kindzorg.journey.rules import Waiting
from kindzorg.journey.waiting import WaitingRows
from kindzorg.keeping.merging import queries as merging
from kindzorg.keeping.requests import queries as requests

NEVER_TAKEN_OUT = {"record.restrictednote"}
NAMES_AN_ENTRY = ("id", "entry_id", "item_id", "object_id")


def waiting_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[Waiting]:
    """What of merging waits for this actor."""
    return merging.waiting_for(actor, children, on)


def waiting_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """The requests that wait for this actor."""
    return requests.waiting_rows_for(actor, children, on)


def _named(row: Mapping[str, Any]) -> set[UUID]:
    return {row[name] for name in NAMES_AN_ENTRY if row.get(name)}


def rows_of(actor: Actor, opened: OpenedChild, on: date) -> list[tuple[str, dict[str, Any]]]:
    """Every row that carries this child, of every room's tables, as (table, row): one statement per table.

    Without restricted notes and what the trail says of them. The family takes a copy of what its pages show instead:
    rows hold more than a parent may read.
    """
    policy.require(actor, "child.export", opened.subject, on)
    hidden = hidden_objects(actor, opened.subject, on)
    names = [field.attname for field in opened.child._meta.concrete_fields]
    rows = [(opened.child._meta.label_lower, {name: getattr(opened.child, name) for name in names})]
    for table in apps.get_models():
        if table._meta.label_lower in NEVER_TAKEN_OUT:
            continue
        if any(field.attname == "child_id" for field in table._meta.concrete_fields):
            names = [field.attname for field in table._meta.concrete_fields]
            kept = table._default_manager.filter(child_id=opened.child.id).order_by("pk")
            found = ({name: getattr(row, name) for name in names} for row in kept)
            rows += [(table._meta.label_lower, row) for row in found if not hidden & _named(row)]
    return rows
