"""Pages of phase 3 that are read: the plan at a glance, in full, a goal, versions, what changed, on paper."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.careplan import queries
from kindzorg.careplan.annex.pages import way_to_annex
from kindzorg.careplan.comparing import change_rows
from kindzorg.careplan.pages import (
    agreement_row,
    allowed,
    as_family,
    change_asked,
    evaluation_rows,
    frozen_words,
    goal_row,
    plan_page,
    said_so_far,
    signing_page,
    to_hear,
    version_tag,
    waiting_rows,
)
from kindzorg.careplan.paper import family_data, plan_data
from kindzorg.careplan.proposals.pages import about_item
from kindzorg.careplan.reports.pages import last_reports, ways_to_reports
from kindzorg.careplan.reports.queries import about_later
from kindzorg.careplan.reviews.pages import goal_over_time
from kindzorg.careplan.rules import PlanView, VersionStatus, VersionView
from kindzorg.careplan.wording import Say, step_words
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.statements import together
from kindzorg.journey.interpreters import interpreter_lines_later
from kindzorg.journey.views import child_frame
from kindzorg.record.queries import statements_beside
from kindzorg.referral.binding.pages import family_lines
from kindzorg.ui.pdf import make_pdf


def read(request: Any, child_id: UUID, event: str, permission: str = "plan.read") -> OpenedChild:
    """Open the child's file for a page of the plan."""
    return open_child(request.actor, child_id, permission, event, request.now)


def read_any(request: Any, child_id: UUID, event: str) -> OpenedChild:
    """Open the child's file for a page that shows the plan, or to others their own part of it."""
    return open_child(request.actor, child_id, ("plan.read", "plan.read_part"), event, request.now)


# Where the family's own words stand beside what stayed as it is.
STATED = ("goal", "agreement", "look")
# Where the way to the palliative annex stands.
LOOKS_AHEAD = ("plan", "none")
# Where the way to the reports stands.
REPORTED = ("goal", "agreement")


def page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    """A page of the plan, in the words of the reader."""
    frame = {**child_frame(request, opened, "plan"), "say": Say(opened.audience)}
    if name in STATED:
        about = (request.actor, opened.subject, "plan.read", request.today)
        frame["beside"] = statements_beside(*about)
    if name in LOOKS_AHEAD:
        frame["way_to_annex"] = way_to_annex(request, opened)
    if name in REPORTED and not context.get("frozen"):
        frame |= ways_to_reports(request, opened)
    return render(request, f"careplan/{name}.html", {**frame, **context})


def typed(request: Any) -> Any:
    """What was sent with a form, also when that is nothing at all; None when the page is only read."""
    return request.POST if request.method == "POST" else None


def reads_whole(request: Any, opened: OpenedChild) -> bool:
    """Whether the reader sees the plan, and not only their own part."""
    return policy.may(request.actor, "plan.read", opened.subject, request.today)


def shown_plan(request: Any, opened: OpenedChild) -> PlanView | None:
    """The plan in force, else the version that is offered."""
    return queries.shown_plan_for(request.actor, opened.subject, request.today)


def plan(request: Any, child_id: UUID) -> HttpResponse:
    """The plan at a glance; the own part for who reads no more."""
    opened = read_any(request, child_id, "plan.read")
    if not reads_whole(request, opened):
        return _part(request, opened)
    found = shown_plan(request, opened)
    if found is None:
        return _without_plan(request, opened)
    beside = found.under_way
    waiting = waiting_rows(request, opened, found, beside)
    asked = beside if beside and beside.status != VersionStatus.DRAFT else found.version
    context = {"waiting": waiting[:5], "more": max(0, len(waiting) - 5), "may": allowed(request, opened)}
    context |= {
        "arranging": family_lines(request, opened),
        "beside": beside,
        "asked": asked,
        **_said(request, opened, asked, bool(beside)),
    }
    return page(request, opened, "plan", **context, **plan_page(found, opened, request.today))


def _said(request: Any, opened: OpenedChild, asked: VersionView, beside: bool) -> dict[str, Any]:
    """Who was asked and what each said; without a plan in force only what was said, which costs no statement."""
    if not beside and asked.status != VersionStatus.IN_FORCE:
        return said_so_far(asked, opened)
    signing = queries.signing_for(request.actor, opened.subject, asked, request.today)
    return signing_page(signing, opened, to_hear(allowed(request, opened), asked))


def _part(request: Any, opened: OpenedChild) -> HttpResponse:
    found = queries.part_for(request.actor, opened.subject, request.today)
    goals: dict[UUID | None, str] = {goal.id: goal.content.words for goal in found.goals} if found else {}
    rows = (
        [agreement_row(one, opened, goals.get(one.content.goal_id, "")) for one in found.agreements]
        if found
        else []
    )
    rows.sort(key=lambda row: row["view"].state != "asked")
    return page(request, opened, "part", rows=rows, may=allowed(request, opened))


def _without_plan(request: Any, opened: OpenedChild) -> HttpResponse:
    found = queries.versions_for(request.actor, opened.subject, request.today)
    draft = next((one for one in found if one.status == VersionStatus.DRAFT), None)
    waiting = waiting_rows(request, opened, None, draft)
    told = {"arranging": family_lines(request, opened), "waiting": waiting, "may": allowed(request, opened)}
    return page(request, opened, "none", draft=draft, **told)


def plan_full(request: Any, child_id: UUID) -> HttpResponse:
    """The full plan: each goal with its five steps and its agreements."""
    opened = read(request, child_id, "plan.full_read")
    found = shown_plan(request, opened)
    if found is None:
        return redirect("plan", child_id)
    context = plan_page(found, opened, request.today)
    return page(request, opened, "full", may=allowed(request, opened), **context)


def plan_goal(request: Any, child_id: UUID, goal_id: UUID, number: int | None = None) -> HttpResponse:
    """One goal: its five steps, what was seen over time, its agreements; as it is now, or as a version said it."""
    opened = read(request, child_id, "goal.read")
    found, frozen = _of(request, opened, number)
    goal = next((one for one in found.goals if one.id == goal_id), None) if found else None
    if goal is None:
        raise Http404
    given = queries.evaluations_for(request.actor, opened.subject, goal_id, request.today)
    rows = evaluation_rows(given, step_words(goal.content, opened.audience), opened.audience)
    row = goal_row(goal, opened, request.today)
    context = {"row": row, "evaluations": rows, "frozen": frozen, "may": {}}
    if found and not frozen:
        change = change_asked(goal.evaluation, found.version, opened.audience)
        context |= {"may": allowed(request, opened), "change": change}
        context |= proposed(request, opened, goal_id, f"goal={goal_id}")
        context |= goal_over_time(request, opened, goal, given)
    return page(request, opened, "goal", **context)


def _of(
    request: Any, opened: OpenedChild, number: int | None
) -> tuple[PlanView | None, dict[str, Any] | None]:
    """The plan as it is now; or a version by its number, with what to say of it where it is not the plan of now."""
    if number is None:
        return shown_plan(request, opened), None
    found = queries.version_for(request.actor, opened.subject, number, request.today)
    return found, frozen_words(found.version, opened)


def proposed(request: Any, opened: OpenedChild, item_id: UUID, query: str) -> dict[str, Any]:
    """What was proposed about a goal or agreement, whether the reader may propose, the last reports of it, and who
    needs an interpreter to speak of it. One statement."""
    about = about_later(request.actor, opened.subject, item_id, request.today)
    (found, told), talks = together([about, interpreter_lines_later(request, opened)])
    may = allowed(request, opened)["propose"]
    return {**about_item(found, opened, query, may), **last_reports(told, opened), "interpreters": talks}


def plan_version_agreement(request: Any, child_id: UUID, number: int, item_id: UUID) -> HttpResponse:
    """One agreement as a version said it. It is answered in the plan of now."""
    opened = read(request, child_id, "agreement.read")
    found, frozen = _of(request, opened, number)
    one = next((one for one in found.agreements if one.id == item_id), None) if found else None
    if one is None or found is None:
        raise Http404
    goals = {goal.id: goal.content.words for goal in found.goals}
    why = goals.get(one.content.goal_id, "") if one.content.goal_id else ""
    return page(request, opened, "agreement", row=agreement_row(one, opened, why), frozen=frozen)


def plan_versions(request: Any, child_id: UUID) -> HttpResponse:
    """All versions of the plan, newest first."""
    opened = read(request, child_id, "plan.versions_read")
    found = queries.versions_for(request.actor, opened.subject, request.today)
    rows = [{"version": one, **version_tag(one, opened.audience)} for one in found]
    return page(request, opened, "versions", rows=rows)


def plan_version(request: Any, child_id: UUID, number: int) -> HttpResponse:
    """One version as it was, with who said what."""
    opened = read(request, child_id, "plan.version_read")
    found = queries.version_for(request.actor, opened.subject, number, request.today)
    signing = queries.signing_for(request.actor, opened.subject, found.version, request.today)
    may = allowed(request, opened)
    context = plan_page(found, opened, request.today) | {"frozen": frozen_words(found.version, opened)}
    context |= signing_page(signing, opened, to_hear(may, found.version))
    return page(request, opened, "version", may=may, **context)


def plan_changes(request: Any, child_id: UUID, number: int) -> HttpResponse:
    """What changed in a version, from the one it was made from."""
    opened = read(request, child_id, "plan.changes_read")
    found = queries.changes_in(request.actor, opened.subject, number, request.today)
    rows = change_rows(found.differences, found.goals, found.agreements, opened.audience)
    return page(request, opened, "changes", rows=rows, version=found.version, based_on=found.based_on)


def plan_family(request: Any, child_id: UUID) -> HttpResponse:
    """The plan for the family, in plain words."""
    opened = read(request, child_id, "plan.family_read")
    found = shown_plan(request, opened)
    if found is None:
        return redirect("plan", child_id)
    return page(request, opened, "family", **plan_page(found, as_family(opened), request.today))


def plan_family_pdf(request: Any, child_id: UUID) -> HttpResponse:
    """The plan for the family on paper."""
    opened = read(request, child_id, "plan.family_printed")
    found = shown_plan(request, opened)
    if found is None:
        raise Http404
    return _paper("family", family_data(found, as_family(opened), request.today))


def plan_pdf(request: Any, child_id: UUID) -> HttpResponse:
    """The whole plan on paper, for professionals."""
    opened = read(request, child_id, "plan.printed")
    found = shown_plan(request, opened)
    if found is None:
        raise Http404
    signing = queries.signing_for(request.actor, opened.subject, found.version, request.today)
    return _paper("plan", plan_data(found, signing, opened, request.today))


def _paper(name: str, data: dict[str, Any]) -> HttpResponse:
    return HttpResponse(make_pdf("careplan", name, data), content_type="application/pdf")
