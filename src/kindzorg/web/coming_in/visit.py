"""The care coach: who never came in, and entering something together with a family member, marked so everywhere."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kindzorg.access.policy import Actor
from kindzorg.audit.actions import write_reads
from kindzorg.careteam.invitations import queries, rules
from kindzorg.careteam.invitations.actions import begin_visit, end_visit
from kindzorg.careteam.invitations.rules import HowTogether
from kindzorg.careteam.queries import OpenedChild, child_for, open_child, opened_children
from kindzorg.core.errors import Missing, Refused
from kindzorg.journey.views import child_frame
from kindzorg.web.coming_in.forms import VisitForm

VISIT = "visit"
LOOKED_AT = 400


@require_safe
def not_in(request: Any) -> HttpResponse:
    """Who was invited and did not come, or never opened the pages."""
    children = opened_children(request.actor, request.today, LOOKED_AT)
    people = queries.never_came_in(request.actor, children, request.now)
    shown = {one.child.id for one in people}
    subjects = [one.subject for one in children if one.child.id in shown]
    write_reads(request.actor, "child.listed", subjects, request.now)
    return render(request, "web/coming_in/not_in.html", {"people": people})


def start(request: Any, opened: OpenedChild, person: UUID, how: HowTogether) -> None:
    """From now on this session enters together with this one of the family; every page of the child says so."""
    row = begin_visit(request.actor, opened.subject, person, how, request.now)
    request.session[VISIT] = {
        "child": str(opened.child.id),
        "child_name": opened.child.given_name,
        "how": str(how),
        "person": str(person),
        "name": row.name,
        "began": request.now.isoformat(),
    }


def visit_begin(request: Any, child_id: UUID) -> HttpResponse:
    """For whom, and how they sit together."""
    opened = open_child(request.actor, child_id, "family.assist", "family.visit_read", request.now)
    people = queries.family_to_assist(request.actor, opened.subject, request.today)
    form = VisitForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        person, how = UUID(form.cleaned_data["person"]), HowTogether(form.cleaned_data["how"])
        start(request, opened, person, how)
        return redirect("child_start", child_id)
    context = {**child_frame(request, opened, "child_team"), "form": form, "people": people}
    return render(request, "web/coming_in/visit.html", context)


@require_POST
def visit_end(request: Any) -> HttpResponse:
    """Done."""
    visit = request.session.pop(VISIT, None)
    if visit is None:
        return redirect("home")
    child = child_for(request.actor, UUID(visit["child"]), request.today)
    end_visit(request.actor, child.subject, UUID(visit["person"]), request.now)
    return redirect("child_start", child.child.id)


def going_on(request: Any) -> dict[str, str] | None:
    """The visit of this session, if its hour is not over."""
    visit: dict[str, str] | None = request.session.get(VISIT)
    if visit and not rules.on_visit(datetime.fromisoformat(visit["began"]), request.now):
        del request.session[VISIT]
        return None
    return visit


def together(request: Any, actor: Actor, child_id: UUID | None) -> Actor:
    """The actor of this page: at the pages of the child of the visit together with the family member."""
    visit = going_on(request)
    if visit is None or child_id is None or str(child_id) != visit["child"]:
        return actor
    try:
        subject = child_for(actor, child_id, request.today).subject
        return queries.visiting(actor, subject, UUID(visit["person"]), request.today)
    except (Missing, Refused):  # The person or the coach is not in any more.
        del request.session[VISIT]
        return actor


def banner(request: Any) -> dict[str, str] | None:
    """For the frame of every page while the visit goes on."""
    visit = going_on(request)
    if visit is None:
        return None
    return {
        **visit,
        "template": "web/coming_in/banner.html",
        "end_url": reverse("visit_end"),
        "url": reverse("child_start", args=[visit["child"]]),
    }
