"""Who looked at the file, and what was done: the trail, readable by the family (NEN 7513, Wabvpz 15e)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from kindzorg.audit.events import Kind, Outcome
from kindzorg.audit.queries import lines_for
from kindzorg.careteam.queries import hidden_objects, open_child
from kindzorg.core.texts import MissingText, text
from kindzorg.journey.views import child_frame
from kindzorg.web.roles import role_name

ICONS = {
    Kind.READ: "eye",
    Kind.CREATE: "plus",
    Kind.UPDATE: "pencil",
    Kind.DELETE: "trash-2",
    Kind.EXECUTE: "play",
}


def child_trail(request: Any, child_id: UUID) -> HttpResponse:
    """The family's page "Wie heeft gekeken": newest first, per day, repeated looks taken together."""
    opened = open_child(request.actor, child_id, "trail.read", "trail.read", request.now)
    only = request.GET.get("who", "")
    hidden = hidden_objects(request.actor, opened.subject, request.today)
    lines = lines_for(request.actor, opened.subject, request.today, hidden=hidden)
    people = {str(line.actor_id): line.actor_name for line in lines}
    shown = [line for line in lines if not only or str(line.actor_id) == only]
    context = {
        **child_frame(request, opened, "child_trail"),
        "days": _days(shown, opened.audience),
        "people": sorted(people.items(), key=lambda person: person[1]),
        "only": only,
    }
    return render(request, "web/trail.html", context)


def _days(lines: Any, audience: str) -> list[dict[str, Any]]:
    days: list[dict[str, Any]] = []
    for line in lines:
        day = timezone.localdate(line.at)
        if not days or days[-1]["day"] != day:
            days.append({"day": day, "rows": []})
        rows = days[-1]["rows"]
        row = sentence(line, audience)
        if rows and (rows[-1]["actor_id"], rows[-1]["said"]) == (row["actor_id"], row["said"]):
            rows[-1]["times"] += 1
        else:
            rows.append(row)
    return days


def sentence(line: Any, audience: str) -> Mapping[str, Any]:
    """A line of the trail for this reader: who, as what, of which organisation, did what."""
    language = (get_language() or "nl")[:2]
    try:
        said = text(f"web.events.{line.event}", audience, language)
    except MissingText:
        said = text(f"web.events.kind_{line.kind}", audience, language)
    if line.outcome == Outcome.REFUSED:
        said = text("web.events.refused", audience, language)
    return {
        "actor_id": line.actor_id,
        "who": line.actor_name,
        "role": role_name(line.actor_role),
        "organisation": line.organisation,
        "on_behalf_of": line.on_behalf_of,
        "said": said,
        "at": timezone.localtime(line.at),
        "icon": ICONS.get(Kind(line.kind), "circle"),
        "refused": line.outcome == Outcome.REFUSED,
        "emergency": line.emergency,
        "times": 1,
    }
