"""The child's page: what is now, what waits for you, what changed, and the plan at a glance."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.careplan.cover.queries import meets_week_at_start, weeks_ahead
from kindzorg.careplan.procedures.pages import row
from kindzorg.careplan.procedures.queries import coming_procedures
from kindzorg.careplan.schedule.pages import coming
from kindzorg.careplan.weeks import Week
from kindzorg.careteam.emergencies.queries import emergencies_for
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Audience, LifeDomain
from kindzorg.journey.views import child_frame
from kindzorg.referral.binding.pages import arranged
from kindzorg.web.birthday import birthday_soon
from kindzorg.web.glance import glance
from kindzorg.web.news import news_asked, news_of
from kindzorg.web.waiting import first_and_rest, waiting_rows

SHOWN = timedelta(days=30)
NEAREST = 3


def child_start(request: Any, child_id: UUID) -> HttpResponse:
    """Start page of one child, in the shape of the reader. The old address of a merged file leads to the new."""
    opened = open_child(request.actor, child_id, "child.open", "child.start_read", request.now)
    if opened.subject.merged_into:
        return redirect("child_start", opened.subject.merged_into)
    around = child_frame(request, opened)
    weeks = _weeks(request, opened)
    context = {
        **around,
        **birthday_soon(request, opened),
        "now_words": text(f"web.now.{around['phase']}", opened.audience, (get_language() or "nl")[:2]),
        **_waiting(request, opened, around["phase"], weeks),
        **_plan_and_week(request, opened, weeks),
        "emergencies": _emergencies(request, opened),
        **arranged(request, opened),
        **_pages_of_the_family(request, opened),
        "procedures": _procedures(request, opened),
    }
    page = {Audience.CHILD: "child", Audience.PARENT: "family"}.get(opened.audience, "professional")
    return render(request, f"web/start_{page}.html", context)


def _weeks(request: Any, opened: OpenedChild) -> Mapping[UUID, Week]:
    there = [opened] if meets_week_at_start(request.actor, opened, request.today) else []
    return weeks_ahead(request.actor, there, request.today)


def _plan_and_week(request: Any, opened: OpenedChild, weeks: Mapping[UUID, Week]) -> dict[str, Any]:
    """The plan at a glance, and who comes today: they were read together."""
    week = weeks.get(opened.child.id, Week())
    tiles = glance(request.actor, opened, week, request.today)
    return {"tiles": tiles, "goals": _goals(tiles), **coming(request, opened, week)}


def _goals(tiles: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The goals in the words of the plan, each once, with how many steps it has come."""
    found = {
        goal.words: {"words": goal.words, "step": goal.step, "domain": tile["domain"]}
        for tile in reversed(tiles)
        for goal in reversed(tile["goals"])
    }
    return list(reversed(found.values()))


def _pages_of_the_family(request: Any, opened: OpenedChild) -> dict[str, bool]:
    """Whether there are pages of who the child is, of how it goes (one's own, or the family's), and for emergencies."""
    asked = {
        "may_portrait": ("portrait.read",),
        "may_mood": ("mood.read",),
        "may_say": ("report.write",),
        "may_prepare": ("procedure.write",),
        "may_strain": ("strain.write", "strain.read"),
        "may_card": ("record.read",),
        "may_learn": ("competence.read", "learning.say"),
    }
    return {
        key: any(policy.may(request.actor, one, opened.subject, request.today) for one in some)
        for key, some in asked.items()
    }


def _procedures(request: Any, opened: OpenedChild) -> list[dict[str, Any]]:
    """What is going to happen, the nearest first: for the child and who does it. A parent has a way to it, as this
    page asks no more of the database."""
    about = (request.actor, "procedure.read", opened.subject, request.today, LifeDomain.MEDICAL)
    if opened.audience == Audience.PARENT or not policy.may(*about):
        return []
    found = coming_procedures(request.actor, opened.subject, request.today)
    return [row(one, opened) for one in found[:NEAREST]]


def _waiting(request: Any, opened: OpenedChild, phase: Any, weeks: Mapping[UUID, Week]) -> dict[str, Any]:
    """What waits for this reader at this child, and what is new: they are asked together."""
    child_id, phases = opened.child.id, {opened.child.id: phase}
    news = news_asked(request, opened)
    found = waiting_rows(request.actor, [opened], request.today, phases, weeks, news).get(child_id, [])
    waiting = first_and_rest(found)
    return waiting | news_of(request, opened, news)


def _emergencies(request: Any, opened: OpenedChild) -> list[Any]:
    """Who looked along in an emergency in the last month, for child and family."""
    reads = policy.may(request.actor, "consent.read", opened.subject, request.today)
    if opened.audience == Audience.PROFESSIONAL or not reads or not opened.had_emergency:
        return []
    found = emergencies_for(request.actor, opened.subject, request.now)
    return [one for one in found if request.now - one.row.created_at < SHOWN]
