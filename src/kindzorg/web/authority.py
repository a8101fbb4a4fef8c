"""Who holds authority, what a court decided and whether the child decides itself: one page, for who may know."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.careteam.authority import actions, queries
from kindzorg.careteam.authority.rules import check_is_due
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.careteam.representation.actions import check_representation_again, end_representation
from kindzorg.core.errors import Invalid
from kindzorg.core.texts import MissingText
from kindzorg.journey.views import child_frame
from kindzorg.ui.wording import UNWORDED
from kindzorg.web.authority_forms import AuthorityForm, CapacityForm, RestrictionForm, say
from kindzorg.web.ending import asks_first
from kindzorg.web.representation import RepresentationForm, near, shown

WORDS = (
    *(
        "title",
        "lead",
        "register",
        "holders",
        "nobody",
        "checked",
        "not_checked",
        "due",
        "ended",
        "check",
        "end",
    ),
    *("court", "court_lead", "to_confirm", "confirm", "end_court", "add_court", "why"),
    *("add_holder", "add_holder_lead"),
    *("capacity", "capacity_yes", "capacity_no", "capacity_none", "capacity_lead", "assess"),
)


def child_authority(request: Any, child_id: UUID) -> HttpResponse:
    """The page, and each form on it: every one leads back to it."""
    opened = open_child(request.actor, child_id, "authority.read", "authority.read", request.now)
    made, problem = _forms(request, opened), ""
    if request.method == "POST":
        if asked := asks_first(request, opened):
            return asked
        try:
            if _done(request, opened, made):
                return redirect("child_authority", child_id)
        except Invalid as error:
            problem = _word(error, opened.audience)
    return render(request, "web/authority.html", _context(request, opened, made, problem))


def _forms(request: Any, opened: OpenedChild) -> dict[str, Any]:
    step = request.POST.get("step")
    made: dict[str, Any] = {}
    people: Sequence[Any] = ()
    about = (request.actor, opened.subject, request.today)
    if policy.may(request.actor, "authority.change", opened.subject, request.today):
        people = queries.people_for(*about)
        choices = (people, queries.institutions_for(*about))
        made["holder"] = AuthorityForm(request.POST if step == "holder" else None, opened.audience, *choices)
        if near(request, opened):
            data = request.POST if step == "represents" else None
            made["represents"] = RepresentationForm(data, opened.audience, people)
    if policy.may(request.actor, "restriction.change", opened.subject, request.today):
        relatives = people or queries.relatives_for(*about)
        made["court"] = RestrictionForm(request.POST if step == "court" else None, opened.audience, relatives)
    if policy.may(request.actor, "capacity.assess", opened.subject, request.today):
        made["assess"] = CapacityForm(request.POST if step == "assess" else None, opened.audience)
    return made


def _done(request: Any, opened: OpenedChild, made: Mapping[str, Any]) -> bool:
    step, about = request.POST.get("step", ""), (request.actor, opened.subject)
    if form := made.get(step):
        if form.is_valid():
            with transaction.atomic():  # A person is not known by what is refused.
                form.save(*about, request.now)
        return bool(form.is_valid())
    if step == "confirm":
        actions.confirm_restriction(*about, _id(request), request.now)
        return True
    steps: dict[str, Callable[..., Any]] = {
        "check": actions.check_authority,
        "end": actions.end_authority,
        "check_represents": check_representation_again,
        "end_represents": end_representation,
        "end_court": actions.end_restriction,
    }
    if step not in steps:
        raise Http404
    steps[step](*about, _id(request), request.POST.get("why", "")[:200], request.now)
    return True


def _id(request: Any) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        raise Http404 from None


def _word(error: Invalid, audience: str) -> str:
    try:
        return say(error.code, audience)
    except MissingText:
        return str(UNWORDED)


def _context(request: Any, opened: OpenedChild, made: Mapping[str, Any], problem: str) -> dict[str, Any]:
    about = (request.actor, opened.subject, request.today)
    may = {
        key: policy.may(request.actor, key.replace("_", "."), opened.subject, request.today)
        for key in ("authority_change", "restriction_change", "capacity_read")
    }
    return {
        **child_frame(request, opened, "child_team"),
        "t": {key: say(key, opened.audience) for key in WORDS},
        "holders": [_holder(one, opened, request) for one in queries.authorities_for(*about)],
        "court": [_court(one, opened, request) for one in queries.restrictions_for(*about)]
        if may["restriction_change"]
        else None,
        "assessed": queries.capacity_for(*about) if may["capacity_read"] else None,
        "may": may,
        "made": made,
        "grown": shown(request, opened),
        "problem": problem,
    }


def _over(row: Any, request: Any) -> bool:
    return row.until is not None and row.until <= request.today


def _holder(row: Any, opened: OpenedChild, request: Any) -> dict[str, Any]:
    over = _over(row, request)
    return {
        "row": row,
        "kind": say(f"kind_{row.kind}", opened.audience),
        "over": over,
        "due": not over and check_is_due(row.checked_on, request.today),
    }


def _court(row: Any, opened: OpenedChild, request: Any) -> dict[str, Any]:
    over = _over(row, request)
    mine = row.recorded_by_id == request.actor.id
    return {
        "row": row,
        "kind": say(f"restriction_{row.kind}", opened.audience),
        "over": over,
        "may_confirm": not over and row.confirmed_by_id is None and not mine,
    }
