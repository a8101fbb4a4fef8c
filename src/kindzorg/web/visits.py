"""The trail as a person reads it: visits per day, in the reader's words."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from kindzorg.audit.events import Kind, Outcome
from kindzorg.audit.rules import visits_of
from kindzorg.core.texts import MissingText, text
from kindzorg.web.roles import role_name

ICONS = {
    Kind.READ: "eye",
    Kind.CREATE: "plus",
    Kind.UPDATE: "pencil",
    Kind.DELETE: "trash-2",
    Kind.EXECUTE: "play",
}
# So many things that somebody did are named before a visit is opened.
NAMED = 2


def words(key: str, audience: str, **given: object) -> str:
    """A text of this page for this reader."""
    return text(f"web.trail.{key}", audience, (get_language() or "nl")[:2]).format(**given)


def said_of(event: str, kind: str, outcome: str, audience: str) -> str:
    """What somebody did, after the name. An event without a line of its own falls back to its kind."""
    language = (get_language() or "nl")[:2]
    if outcome == Outcome.REFUSED:
        return text("web.events.refused", audience, language)
    try:
        return text(f"web.events.{event}", audience, language)
    except MissingText:
        return text(f"web.events.kind_{kind}", audience, language)


def sentence(line: Any, audience: str) -> Mapping[str, Any]:
    """A line of the trail for this reader: who, as what, of which organisation, did what, what for."""
    itself = line.actor_role == "system"
    return {
        "actor_id": line.actor_id,
        "who": words("itself", audience) if itself else line.actor_name,
        "role": "" if itself else role_name(line.actor_role),
        "organisation": line.organisation,
        "on_behalf_of": line.on_behalf_of,
        "said": said_of(line.event, line.kind, line.outcome, audience),
        "purpose": words(f"purpose_{line.purpose or 'none'}", audience),
        "at": timezone.localtime(line.at),
        "icon": ICONS.get(Kind(line.kind), "circle"),
        "refused": line.outcome == Outcome.REFUSED,
        "emergency": line.emergency,
    }


def days_of(lines: Iterable[Any], reader_id: object, audience: str) -> list[dict[str, Any]]:
    """Days, newest first, each with its visits."""
    visits = visits_of(lines, timezone.localdate)
    by_day = groupby(visits, key=lambda visit: timezone.localdate(visit[0].at))
    return [
        {"day": day, "visits": [_visit(visit, reader_id, audience) for visit in found]}
        for day, found in by_day
    ]


def _visit(lines: Sequence[Any], reader_id: object, audience: str) -> dict[str, Any]:
    """One visit: what stays the same, and what was done from first to last."""
    rows = [sentence(line, audience) for line in reversed(lines)]
    first = rows[0]
    things = list(dict.fromkeys(row["said"] for row in rows))
    mine = first["actor_id"] == reader_id
    return {
        **first,
        "mine": mine,
        "shown_as": words("myself", audience, name=first["who"]) if mine else first["who"],
        "until": rows[-1]["at"],
        "lasted": f"{first['at']:%H%M}" != f"{rows[-1]['at']:%H%M}",
        "count": len(rows),
        "things": things[:NAMED],
        "more": len(things[NAMED:]),
        "rows": _together(rows),
        "refused": any(row["refused"] for row in rows),
        "emergency": any(row["emergency"] for row in rows),
        "ask": {"at": lines[-1].at.isoformat(), "who": first["actor_id"]},
    }


def _together(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same thing done again right after is told once, with how often."""
    found = []
    for _, same in groupby(rows, key=lambda row: row["said"]):
        alike = list(same)
        found.append({**alike[0], "times": len(alike)})
    return found
