"""The first page after signing in: whom you came for, and who needs you now."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_reads
from kindzorg.audit.queries import questions_to
from kindzorg.careplan.cover.queries import weeks_ahead
from kindzorg.careplan.schedule.pages import Say, own_today
from kindzorg.careplan.weeks import Week
from kindzorg.careteam.queries import OpenedChild, opened_children
from kindzorg.core.walls import keep_to
from kindzorg.journey.queries import phases_for
from kindzorg.journey.views import age_words, phase_name
from kindzorg.web.emergencies import emergencies_around
from kindzorg.web.waiting import first_and_rest, waiting_rows

Weeks = Mapping[UUID, Week]
SHOWN = 60
# Who sees a whole organisation gets the first by name: nobody reads thousands of cards.
LOOKED_AT = 400


def home(request: Any) -> HttpResponse:
    """Family with one child: straight to the child. Others: the children, those who wait for something first."""
    children = opened_children(request.actor, request.today, LOOKED_AT)
    keep_to([one.child.id for one in children])
    family = [one for one in children if policy.is_family(one.role)]
    if len(children) == len(family) == 1:
        return redirect("child_start", children[0].child.id)
    weeks = weeks_ahead(request.actor, children, request.today)
    cards = _cards(request, children, weeks)[:SHOWN]
    write_reads(request.actor, "child.listed", [card["opened"].subject for card in cards], request.now)
    context = {
        "cards": cards,
        "more": max(0, len(children) - SHOWN),
        "count": len(children),
        "many": len(children) == LOOKED_AT,
        **emergencies_around(request),
        **_of_the_own(request, children, weeks),
    }
    return render(request, "web/home.html", context)


def _of_the_own(request: Any, children: Sequence[OpenedChild], weeks: Weeks) -> dict[str, Any]:
    """What is there for this person's own work: visits of today, and questions to who guards privacy."""
    return {
        "may_assist": any(one.role == Role.CARE_COACH for one in children),
        "may_import": policy.may(request.actor, "record.import", None, request.today),
        **_own_visits(request, children, weeks),
        **_officer(request),
    }


def _own_visits(request: Any, children: Sequence[OpenedChild], weeks: Weeks) -> dict[str, Any]:
    """For who visits children: the own visits of today."""
    if all(policy.is_family(one.role) for one in children):
        return {}
    names = {one.child.id: str(one.child) for one in children}
    return {"own_visits": own_today(request, weeks, names), "week_words": Say("professional")}


def _officer(request: Any) -> dict[str, Any]:
    """For a privacy officer: the questions of families that wait, the most urgent first, and the way to the terms.

    For who coordinates a region's network: the way to what is stuck there.
    """
    answers = policy.may(request.actor, "trail.answer", None, request.today)
    return {
        "questions": questions_to(request.actor, request.today) if answers else (),
        "may_hours": policy.may(request.actor, "time.read", None, request.today),
        "may_reword": policy.could(request.actor, "house.change", None, request.today),
        "may_unstick": policy.may(request.actor, "binding.read_stuck", None, request.today),
        "may_retain": policy.could(request.actor, "retention.read", None, request.today),
    }


def _cards(request: Any, children: Sequence[OpenedChild], weeks: Weeks) -> list[dict[str, Any]]:
    """One card per child: what waits for this person first, overdue before all; then by name."""
    phases = phases_for(request.actor, children, request.today)
    waiting = waiting_rows(request.actor, children, request.today, phases, weeks)
    cards = [
        {
            "opened": one,
            "child": one.child,
            "age": age_words(one.child.birth_date, request.today),
            "phase": phase_name(phases[one.child.id], one.audience) if one.child.id in phases else "",
            **first_and_rest(waiting.get(one.child.id, [])),
            "overdue": any(row["overdue"] for row in waiting.get(one.child.id, [])),
        }
        for one in children
    ]
    return sorted(cards, key=lambda card: (not card["overdue"], not card["waiting"]))


def root(request: HttpRequest) -> HttpResponse:
    """The bare address."""
    return redirect("home")
