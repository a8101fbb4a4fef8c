"""The care coach's page over her families: who is stuck, what can be done together now, who never came in."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from kindzorg.access import policy
from kindzorg.audit.actions import write_reads
from kindzorg.careplan.waiting import family_rows_for
from kindzorg.careteam.invitations.queries import Assisted, families_to_assist, never_came_in
from kindzorg.careteam.invitations.rules import HowTogether
from kindzorg.careteam.queries import OpenedChild, child_for, opened_children
from kindzorg.core.errors import Refused
from kindzorg.core.texts import text
from kindzorg.journey.rules import Waiting
from kindzorg.journey.views import phase_name
from kindzorg.journey.waiting import days_ago, still_rows_for, waiting_in
from kindzorg.needs.waiting import unanswered_rows_for
from kindzorg.referral.waiting import late_rows_for
from kindzorg.web.coming_in.visit import LOOKED_AT, start
from kindzorg.web.waiting import address_of

# After so many days without an answer, or without a step, a family is stuck.
UNANSWERED, STILL = 14, 21
# What a coach and a family can do at once, and the page on which they do it.
TOGETHER = {"needs_together": "needs", "plan_together": "plan", "agreement_together": "plan"}


def say(key: str) -> str:
    """A text of this page."""
    return text(f"web.coach.{key}", "professional", (get_language() or "nl")[:2])


@require_safe
def coach(request: Any) -> HttpResponse:
    """The page. As many statements for many families as for one."""
    seen = opened_children(request.actor, request.today, LOOKED_AT)
    mine = [one for one in seen if policy.may(request.actor, "family.assist", one.subject, request.today)]
    if not mine:
        raise Refused("refused", permission="family.assist", child_id=None, missing="no_grant", needs=None)
    found = _found(request, mine)
    families = families_to_assist(request.actor, mine, request.today)
    children = {one.child.id: one for one in mine}
    write_reads(request.actor, "child.listed", [one.subject for one in mine], request.now)
    context = {
        "stuck": [_row(one, children, request.today) for one in found if _is_stuck(one, request.today)],
        "together": [
            _row(one, children, request.today) | {"people": _people(families, one)}
            for one in found
            if one.kind in TOGETHER
        ],
        "people": never_came_in(request.actor, mine, request.now),
    }
    return render(request, "web/coach.html", context | _words())


def _words() -> dict[str, dict[str, str]]:
    """The words of the page, and what it says where a part is empty."""
    return {
        "t": {key: say(key) for key in ("title", "lead", "stuck", "together", "together_lead", "not_in")},
        "none": {key: say(f"no_{key}") for key in ("stuck", "together", "not_in")},
    }


def _found(request: Any, mine: Sequence[OpenedChild]) -> list[Waiting]:
    """What the rooms know, in one statement; what has waited longest first."""
    about = (request.actor, mine, request.today)
    rows = [
        *still_rows_for(*about, STILL),
        *unanswered_rows_for(*about),
        *family_rows_for(*about),
        *late_rows_for(*about),
    ]
    return sorted(waiting_in(rows), key=lambda one: one.since)


def _is_stuck(one: Waiting, on: date) -> bool:
    """Past its term, or without an answer for too long; of what a family has yet to say too."""
    return one.kind in ("phase_still", "binding_late") or one.since < days_ago(on, UNANSWERED)


def _row(one: Waiting, children: Mapping[UUID, OpenedChild], on: date) -> dict[str, Any]:
    about = phase_name(one.about, "professional") if one.kind == "phase_still" else ""
    return {
        "child": children[one.child_id].child,
        "kind": one.kind,
        "title": say(one.kind).format(phase=about),
        "since": one.since,
        "overdue": one.overdue(on),
        "url": address_of(one),
    }


def _people(families: Mapping[UUID, Sequence[Assisted]], one: Waiting) -> list[dict[str, Any]]:
    return [{"id": some.relative.id, "name": some.relative.name} for some in families.get(one.child_id, ())]


@require_POST
def coach_start(request: Any) -> HttpResponse:
    """Start together, on the telephone, with one tap: what is entered from now on says for whom."""
    try:
        child_id, person = UUID(request.POST.get("child", "")), UUID(request.POST.get("person", ""))
        page = TOGETHER[request.POST.get("what", "")]
    except (KeyError, ValueError):
        raise Http404 from None
    opened = child_for(request.actor, child_id, request.today)
    start(request, opened, person, HowTogether.TELEPHONE)
    speaks = f"?for={person}" if page == "needs" else ""
    return redirect(reverse(page, args=[child_id]) + speaks)
