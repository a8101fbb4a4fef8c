"""What others changed since the reader's previous visit, thing by thing, from all rooms."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Coalesce, JSONObject
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.audit.queries import changed_since, since_last_visit
from kindzorg.careteam.queries import OpenedChild, hidden_lines, joined_or_left, open_child
from kindzorg.core.texts import text
from kindzorg.journey.actions import note_look
from kindzorg.journey.queries import last_looks, since_for
from kindzorg.journey.rules import Look, News, NewsOfItem, grouped, look_now
from kindzorg.journey.views import child_frame
from kindzorg.journey.waiting import Rows, Since, waiting_in, waiting_rows
from kindzorg.web.closed import lines_seen
from kindzorg.web.roles import role_name
from kindzorg.web.visits import sentence
from kindzorg.web.waiting import Along, told_by

SHOWN = 5
# What is told thing by thing is not told again line by line; and what is written in a draft is not told at all.
TOLD_APART = (
    Q(event__startswith="agreement.") | Q(event__startswith="goal.") | Q(event__startswith="no_goal.")
)
TOLD_APART |= Q(event__startswith="proposal.") | Q(event__startswith="member.") | Q(event="plan.evaluated")
TOLD_APART |= Q(event__startswith="report.")
TOLD_APART |= Q(event__startswith="annex.")  # It has its own notices, that say nothing of it.
TOLD_APART |= Q(event__startswith="attachment.")  # Told with what it hangs on.
TOLD_APART |= Q(event__in=("version.came_into_force", "version.practical_change"))
LINE = (
    *("id", "event", "kind", "outcome", "purpose", "emergency", "organisation", "on_behalf_of"),
    *("actor_id", "actor_name", "actor_role"),
)
# Of these the line says it all: they have no words of their own, or words that stand encrypted.
WHOLE_LINE = ("plan", "team", "report")
ICONS = {
    "plan": "list",
    "goal": "footprints",
    "agreement": "users",
    "proposal": "message-circle",
    "team": "users",
    "report": "pencil",
}


@dataclass(frozen=True, slots=True)
class New:
    """What is new to a reader: the last visit that was kept, what changed thing by thing, and the rest of the trail."""

    last: Look | None
    groups: Sequence[dict[str, Any]]
    lines: Sequence[Mapping[str, Any]]


def news_asked(request: Any, opened: OpenedChild) -> Along:
    """What the start page asks of what is new, together with what waits."""
    return Along(_asked(request, opened, since_for(request.actor, opened.subject, request.now)))


def news_of(request: Any, opened: OpenedChild, along: Along) -> dict[str, Any]:
    """For the start page: begins a visit where the last one is over, and shows what is new since the one before."""
    found = _new(request, opened, along.found)
    follows = policy.may(request.actor, "journey.read", opened.subject, request.today)
    before = None
    if found.last is None and follows:
        # Visits were not kept yet: only the trail may know of one.
        before, _lines = since_last_visit(request.actor, opened.subject, request.now)
        found = _new(request, opened, waiting_in(_asked(request, opened, before))) if before else found
    look = look_now(found.last, before, request.now)
    if look != found.last:
        note_look(request.actor, opened.subject, look, request.now)
    room = max(0, SHOWN - len(found.groups))
    return {
        "follows": follows or bool(found.groups),
        "before": look.previous_at,
        "groups": found.groups[:SHOWN],
        "changes": found.lines[:room],
        "more_news": len(found.groups) > SHOWN or len(found.lines) > room,
    }


def child_news(request: Any, child_id: UUID) -> HttpResponse:
    """All that is new since the reader's previous visit."""
    opened = open_child(request.actor, child_id, "child.open", "child.news_read", request.now)
    found = _new(request, opened, waiting_in(news_asked(request, opened).rows))
    before = look_now(found.last, None, request.now).previous_at if found.last else None
    context = {"before": before, "groups": found.groups, "changes": found.lines}
    return render(request, "web/news.html", {**child_frame(request, opened), **context})


def _asked(request: Any, opened: OpenedChild, since: Since) -> Sequence[Rows[Any]]:
    """Where it stands what is new, and when the reader was here before; not yet asked for."""
    asked = (request.actor, opened, since, request.today)
    return [
        last_looks(request.actor, opened.subject, request.today),
        *(row for source, _phase in told_by("news_rows_for") for row in source(*asked)),
        *_team(*asked),
        *_trail(request, opened, since),
    ]


def _new(request: Any, opened: OpenedChild, found: Sequence[Any]) -> New:
    """What was found to be new, in the reader's words. Two statements at most for who does not see every domain."""
    told = [one for one in found if isinstance(one, SimpleNamespace)]
    told.sort(key=lambda line: (line.at, line.id), reverse=True)
    seen = lines_seen(request.actor, opened.subject, told, request.today)
    return New(
        last=next((one for one in found if isinstance(one, Look)), None),
        groups=[_group(one, opened) for one in grouped(one for one in found if isinstance(one, News))],
        lines=[sentence(line, opened.audience) for line in seen],
    )


def _trail(request: Any, opened: OpenedChild, since: Since) -> Sequence[Rows[Any]]:
    """What of the trail changed, for who follows the whole journey, without what is told thing by thing."""
    if not policy.may(request.actor, "journey.read", opened.subject, request.today):
        return ()
    hidden = hidden_lines(request.actor, opened.subject, request.today) | TOLD_APART
    rows = changed_since(request.actor, opened.subject, since, request.now, hidden=hidden)

    def told(
        _child: UUID, word: str, at: datetime | None, _day: object, object_id: UUID | None
    ) -> SimpleNamespace:
        return SimpleNamespace(**json.loads(word), at=at, object_id=object_id)

    packed = JSONObject(**{name: F(name) for name in LINE})
    return (waiting_rows(rows, told, word=packed, at="at", object_id="object_id"),)


def _group(one: NewsOfItem, opened: OpenedChild) -> dict[str, Any]:
    last, language = one.events[0], (get_language() or "nl")[:2]

    def words(event: News) -> str:
        said = text(f"web.news.{event.kind}", opened.audience, language)
        return said.format(name=event.by, title=event.title)

    keys = [opened.child.id, *([last.page_key] if last.page_key is not None else [])]
    return {
        "title": words(last) if one.item in WHOLE_LINE else one.title,
        "said": "" if one.item in WHOLE_LINE else words(last),
        "at": last.at,
        "url": reverse(last.address, args=keys) if last.address else "",
        "earlier": [{"said": words(event), "at": event.at} for event in one.events[1:]],
        "icon": ICONS[one.item],
    }


def _team(actor: Actor, opened: OpenedChild, since: Since, on: date) -> Sequence[Rows[Any]]:
    """Who came into the team and who left it; the care team stands below the journey, and knows no word for news."""
    if not policy.may(actor, "team.read", opened.subject, on):
        return ()
    came, left = joined_or_left(actor, opened.subject, since, on)
    named = Coalesce("professional__name", "relative__name", "organisation__name")
    packed = JSONObject(name=named, role=F("role"))

    def meaning(kind: str) -> Any:
        def told(_child: UUID, word: str, at: datetime | None, day: date | None, _key: object) -> News | None:
            row = json.loads(word)
            who = f"{row['name']} ({role_name(row['role'])})"
            moment = at or datetime.combine(day or on, time(), timezone.get_current_timezone())
            return News(item="team", item_id=None, title=who, kind=kind, at=moment, address="child_team")

        return told

    return (
        waiting_rows(came, meaning("team_joined"), word=packed, at="created_at"),
        waiting_rows(left, meaning("team_left"), word=packed, day="until"),
    )
