"""The start for who has just come in: what this is, who is who, who sees what I say, and what now. One thing a page."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.access.ages import age
from kindzorg.access.roles import Role
from kindzorg.careplan.cover.queries import meets_week_at_start, weeks_ahead
from kindzorg.careteam.consents.queries import parties_for
from kindzorg.careteam.invitations.rules import sees_of
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Audience
from kindzorg.journey.views import child_frame
from kindzorg.web.coming_in.wording import sees_words
from kindzorg.web.consents import party_shown
from kindzorg.web.page_help import practice
from kindzorg.web.team import people_of
from kindzorg.web.waiting import waiting_rows

# What each page is about, with its picture.
STEPS = (("what", "care_at_home"), ("who", "network"), ("seen", "watching"), ("now", "arranging"))
SHOWN = 4
# From this age a child decides along (BW 7:450(2)).
DECIDES_ALONG = 12
ITSELF = frozenset({Role.CHILD, Role.YOUNG_PERSON})


def first_time(request: Any, child_id: UUID, number: int) -> HttpResponse:
    """One page of the start."""
    opened = open_child(request.actor, child_id, "child.open", "child.first_read", request.now)
    if not 1 <= number <= len(STEPS):
        raise Http404
    step, picture = STEPS[number - 1]
    around = child_frame(request, opened)
    context = {
        **around,
        **_told(step, opened, request),
        **SHOWS.get(step, _nothing)(request, opened, around),
        "step": step,
        "picture": picture,
        "number": number,
        "total": len(STEPS),
        "start": reverse("child_start", args=[child_id]),
        "onward": reverse("first_time", args=[child_id, number + 1]) if number < len(STEPS) else "",
        "before": reverse("first_time", args=[child_id, number - 1]) if number > 1 else "",
    }
    return render(request, "web/first_time.html", context)


def reader_of(opened: OpenedChild, request: Any) -> str:
    """For whom the words are: a young person, who reads the whole plan, or who reads a part of it."""
    born = opened.child.birth_date
    if opened.role in ITSELF and born and age(born, request.today) >= DECIDES_ALONG:
        return "young"
    whole = policy.may(request.actor, "plan.read", opened.subject, request.today)
    return "whole" if whole else "part"


def _told(step: str, opened: OpenedChild, request: Any) -> dict[str, Any]:
    """Title and lines of this page, for this reader."""
    reader, language = reader_of(opened, request), (get_language() or "nl")[:2]
    name = opened.child.given_name or str(opened.child)
    return {
        "title": text(f"web.first.{step}_title", opened.audience, language).format(name=name),
        "lines": text(f"web.first.{step}_{reader}", opened.audience, language).format(name=name).splitlines(),
        "skip": text("web.first.skip", opened.audience, language),
    }


def _nothing(request: Any, opened: OpenedChild, around: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _who(request: Any, opened: OpenedChild, around: Mapping[str, Any]) -> dict[str, Any]:
    """The people whom the reader meets first: who coordinates, then who else does the work."""
    if not policy.may(request.actor, "team.read", opened.subject, request.today):
        return {}
    found = [one for one in people_of(request, opened) if not one["own"]]
    found.sort(key=lambda one: (not one["leads"], one["family"]))
    return {"people": found[:SHOWN], "people_more": max(0, len(found) - SHOWN)}


def _seen(request: Any, opened: OpenedChild, around: Mapping[str, Any]) -> dict[str, Any]:
    """Who looks along, as it stands; for who may not know that, what the reader's own part is."""
    if policy.may(request.actor, "consent.read", opened.subject, request.today):
        shown = [
            party_shown(one, request.today)
            for one in parties_for(request.actor, opened.subject, request.today)
        ]
        rows = [one for party in shown for one in (party["people"] or [party])]
        return {"parties": rows[:SHOWN], "parties_more": max(0, len(rows) - SHOWN)}
    allowed = {permission for one, permission in policy.matrix() if one == opened.role}
    sees = sees_of(opened.role, allowed) if opened.role else ()
    return {"sees": [sees_words(name) for name, seen in sees if seen]}


def _now(request: Any, opened: OpenedChild, around: Mapping[str, Any]) -> dict[str, Any]:
    """The one thing that waits; and where one can practise first."""
    there: Sequence[OpenedChild] = (
        [opened] if meets_week_at_start(request.actor, opened, request.today) else []
    )
    weeks = weeks_ahead(request.actor, there, request.today)
    phases = {opened.child.id: around["phase"]}
    rows = waiting_rows(request.actor, [opened], request.today, phases, weeks).get(opened.child.id, [])
    none = text("web.first.now_none", opened.audience, (get_language() or "nl")[:2])
    practises = settings.KINDZORG_PRACTICE_ADDRESS and opened.audience != Audience.CHILD
    return {
        "first": rows[0] if rows else None,
        "none": none,
        "practice_site": practice(opened.audience) if practises else None,
    }


SHOWS = {"who": _who, "seen": _seen, "now": _now}
