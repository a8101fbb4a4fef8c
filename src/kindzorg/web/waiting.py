"""What waits for somebody, from all rooms, in the reader's words."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from kindzorg.access.policy import Actor
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.texts import text
from kindzorg.journey.rules import Waiting

Source = Callable[[Actor, Sequence[OpenedChild], date], Sequence[Waiting]]
ROOMS = ("record", "referral", "needs", "careplan", "closure")


def _sources() -> list[Source]:
    found = [f"kindzorg.{room}.queries" for room in ROOMS if find_spec(f"kindzorg.{room}.queries")]
    return [source for name in found if (source := getattr(import_module(name), "waiting_for", None))]


def waiting_rows(
    actor: Actor, children: Sequence[OpenedChild], on: date
) -> Mapping[UUID, list[dict[str, Any]]]:
    """Per child the rows of `ui/components/waiting.html`: overdue first, then the oldest."""
    audience = {one.child.id: one.audience for one in children}
    found = [waiting for source in _sources() for waiting in source(actor, children, on)]
    rows: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for waiting in sorted(found, key=lambda row: (not row.overdue(on), row.due or date.max, row.since)):
        rows[waiting.child_id].append(_row(waiting, audience[waiting.child_id], on))
    return rows


def _row(waiting: Waiting, audience: str, on: date) -> dict[str, Any]:
    language = (get_language() or "nl")[:2]
    return {
        "title": text(f"web.waiting.{waiting.kind}", audience, language),
        "label": text(f"web.waiting.{waiting.kind}_button", audience, language),
        "line": waiting.about,
        "url": _address(waiting),
        "overdue": waiting.overdue(on),
        "due": waiting.due,
        "kind": waiting.kind,
    }


def _address(waiting: Waiting) -> str:
    """The page of the thing itself, or of the room when the thing has no page of its own."""
    if waiting.object_id:
        try:
            return reverse(waiting.address, args=[waiting.child_id, waiting.object_id])
        except NoReverseMatch:
            pass
    return reverse(waiting.address, args=[waiting.child_id])
