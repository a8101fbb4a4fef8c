"""Pages of the week: the week itself, one visit of it, planning, what is needed, who can, who is asked."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careplan.agreements.rules import WhoKind
from kindzorg.careplan.cover import actions as cover
from kindzorg.careplan.cover import queries
from kindzorg.careplan.cover.queries import WeekView
from kindzorg.careplan.cover.rules import CoverState, whole_week
from kindzorg.careplan.procedures.pages import Words, wished_on
from kindzorg.careplan.queries import part_for, plan_for
from kindzorg.careplan.schedule import actions
from kindzorg.careplan.schedule.actions import BACK, NewVisit, VisitOn
from kindzorg.careplan.schedule.forms import (
    AS_AGREED,
    OWN,
    WORDS,
    AbleForm,
    AnswerForm,
    AskForm,
    DemandForm,
    EndForm,
    MoveForm,
    OtherForm,
    PlanForm,
    ReasonForm,
    SwapForm,
    who_named,
)
from kindzorg.careplan.schedule.pages import (
    STAMP,
    Say,
    able_rows,
    act_words,
    day_words,
    demand_row,
    hours,
    say,
    visit_row,
    week_page,
    week_steps,
)
from kindzorg.careplan.views import typed
from kindzorg.careplan.visits.rules import (
    DAY,
    ZONE,
    Change,
    Occurrence,
    Place,
    VisitChangeKind,
    Window,
    within,
)
from kindzorg.careplan.weeks import OVER
from kindzorg.careteam.competences.actions import record_competence
from kindzorg.careteam.competences.queries import able_for
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.journey.interpreters import interpreter_lines
from kindzorg.journey.views import child_frame
from kindzorg.ui.wording import add_to_form


def _open(request: Any, child_id: UUID, event: str, may: str = "") -> OpenedChild:
    """Open the child's file for a page of the week; without `may` for who sees all of it or an own part."""
    return open_child(
        request.actor, child_id, may or ("schedule.read", "schedule.read_part"), event, request.now
    )


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    frame = {**child_frame(request, opened, "week"), "t": Say(opened.audience)}
    return render(request, f"careplan/week/{name}.html", {**frame, **context})


def _done(
    request: Any, opened: OpenedChild, form: Any, action: Callable[..., object], given: Callable[[], Any]
) -> bool:
    """Whether a form was sent, is valid, and its action was done with what is `given`; else it says what stands in
    the way. Raises Http404."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        action(request.actor, opened.subject, *given(), request.now)
    except (Conflict, Invalid, Refused) as error:
        add_to_form(form, error, WORDS)
        return False
    except Missing as error:
        raise Http404 from error
    said = "gap_asked" if action is cover.ask_cover else "said_done"
    messages.success(request, say(said, opened.audience))
    return True


def _day(words: str) -> date:
    """The day that an address names; of a week such as 2026-W48 its Monday. Raises Http404 for one far away."""
    try:
        day = date.fromisoformat(words)
    except ValueError:
        raise Http404 from None
    if not within(day):
        raise Http404
    return day


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def week(request: Any, child_id: UUID) -> HttpResponse:
    """The week: as a picture, as a list, and what nobody covers."""
    opened = _open(request, child_id, "week.read")
    monday = _monday_asked(request, _monday(request.today))
    view = queries.week_of(request.actor, opened.subject, monday, request.now)
    return _page(request, opened, "week", **week_page(view, opened, request), **_may(request, opened))


def _may(request: Any, opened: OpenedChild) -> dict[str, bool]:
    def may(permission: str) -> bool:
        return policy.may(request.actor, permission, opened.subject, request.today)

    return {
        "may_change": may("schedule.change"),
        "may_plan": may("schedule.answer"),
        "may_able": may("competence.read"),
        "may_record": may("competence.record"),
        "may_cards": may("howto.read") or may("learning.say"),
        "may_learn": may("competence.read") or may("learning.say"),
        "may_need": may("schedule.read") and opened.audience != "child",
    }


# --- one visit ---------------------------------------------------------------------------------------------

STEPS = ("off", "other", "move", "swap", "end")


def _visit(request: Any, opened: OpenedChild, visit_id: UUID, on: str) -> tuple[WeekView, Occurrence]:
    day = _day(on)
    view = queries.week_of(request.actor, opened.subject, _monday(day), request.now)
    for one in view.visits:
        if (one.series.id, one.on) == (visit_id, day):
            return view, one
    raise Http404


def week_visit(request: Any, child_id: UUID, visit_id: UUID, on: str) -> HttpResponse:
    """One visit, and what can be different about it."""
    opened = _open(request, child_id, "visit.read")
    view, one = _visit(request, opened, visit_id, on)
    row = visit_row(one, view, opened, request)
    steps = [step for step in STEPS if not (step == "off" and one.cancelled)] if row["url"] else []
    comes_back = bool(one.series.rhythm.rule)
    named = [(step, say(f"step_{step}", opened.audience)) for step in steps if comes_back or step != "end"]
    return _page(
        request,
        opened,
        "visit",
        interpreters=interpreter_lines(request, opened),
        wished=wished_on(request, opened, one.on),
        said=Words(opened),
        **{"row": row, "steps": named, "visit_id": visit_id, "on": on, **_may(request, opened)},
    )


def week_visit_step(request: Any, child_id: UUID, visit_id: UUID, on: str, step: str) -> HttpResponse:
    """Cannot come, somebody else comes, another time, swap, or no more at all: one question."""
    opened = _open(request, child_id, "visit.form_read", "schedule.answer")
    if step not in STEPS:
        raise Http404
    view, one = _visit(request, opened, visit_id, on)
    form = _step_form(request, opened, view, one, step)
    if _done(request, opened, form, _step, lambda: (one, step, form.cleaned_data)):
        return redirect("week", child_id)
    row = visit_row(one, view, opened, request)
    more = {"title": say(f"step_{step}", opened.audience), "visit_id": visit_id, "on": on, "step": step}
    if step == "swap":
        more |= {
            **week_steps(_monday_asked(request, _monday(one.on))),
            "none": not form.fields["other"].choices,
        }
    return _page(request, opened, "step", form=form, row=row, **more)


def _monday_asked(request: Any, usual: date) -> date:
    """The Monday of the week that the address asks for, else the usual one. Raises Http404."""
    asked = request.GET.get("week", "")
    return _monday(_day(asked)) if asked else usual


def _others(request: Any, opened: OpenedChild, view: WeekView, one: Occurrence) -> list[tuple[str, str]]:
    """Visits of somebody else with which this one can be swapped, in its own week or the one that is asked for."""
    monday = _monday_asked(request, _monday(one.on))
    if whole_week(monday) != view.window:
        view = queries.week_of(request.actor, opened.subject, monday, request.now)
    return [
        (f"{there.series.id}/{there.on}", f"{day_words(there.start)} {hours(there)}: {there.who.name}")
        for there in view.visits
        if there.who.name != one.who.name and not there.cancelled and there.end >= request.now - BACK
    ]


def _step_form(request: Any, opened: OpenedChild, view: WeekView, one: Occurrence, step: str) -> Any:
    data = typed(request)
    local = one.start.astimezone(ZONE)
    match step:
        case "other":
            return OtherForm(data, queries.hands_for(request.actor, opened.subject, request.today))
        case "move":
            return MoveForm(data, initial={"to_day": local.date(), "to_start": local.time()})
        case "swap":
            return SwapForm(data, _others(request, opened, view, one))
        case "end":
            return EndForm(data, initial={"on": max(one.on, request.today)})
    return ReasonForm(data)


def _step(by: Actor, about: Subject, one: Occurrence, step: str, given: Any, now: datetime) -> None:
    visit = VisitOn(one.series.id, one.on)
    match step:
        case "other":
            actions.take_over(by, about, visit, who_named(given["who"], given["name"]), "", now)
        case "swap":
            key, _slash, day = given["other"].partition("/")
            actions.swap(by, about, visit, VisitOn(UUID(key), date.fromisoformat(day)), now)
        case "end":
            actions.end_visit(by, about, VisitOn(one.series.id, given["on"]), given["reason"], now)
        case "move":
            moved = VisitChangeKind.MOVED
            change = Change(on=one.on, kind=moved, to_day=given["to_day"], to_start=given["to_start"])
            actions.change_visit(by, about, one.series.id, change, now)
        case _:
            change = Change(on=one.on, kind=VisitChangeKind.CANCELLED, reason=given["reason"])
            actions.change_visit(by, about, one.series.id, change, now)


# --- planning ----------------------------------------------------------------------------------------------


def week_plan(request: Any, child_id: UUID) -> HttpResponse:
    """Plan a visit: for an agreement of the plan, or the family's own presence."""
    opened = _open(request, child_id, "visit.form_read", "schedule.answer")
    agreements = _agreements(request, opened)
    people = queries.hands_for(request.actor, opened.subject, request.today)
    choices = [(str(key), what) for key, (what, _who) in agreements.items()]
    own = [(OWN, say("own_presence", opened.audience))] if _may(request, opened)["may_change"] else []
    first = request.GET.get("agreement") or (choices[0][0] if choices else OWN)
    initial = {"agreement": first, "who": AS_AGREED, "starts_on": request.today, "place": Place.HOME}
    form = PlanForm(typed(request), opened.audience, [*choices, *own], people, **initial)
    if _done(request, opened, form, actions.plan_visit, lambda: (_new_visit(form, agreements),)):
        return redirect("week", child_id)
    talks = {"interpreters": interpreter_lines(request, opened)}
    return _page(request, opened, "plan", form=form, none=not (choices or own), **talks)


def _agreements(request: Any, opened: OpenedChild) -> dict[str, tuple[str, Any]]:
    """The agreements of the plan that the reader sees and that go on, each with who does it."""
    whole = policy.may(request.actor, "plan.read", opened.subject, request.today)
    part = policy.may(request.actor, "plan.read_part", opened.subject, request.today)
    found = plan_for(request.actor, opened.subject, request.today) if whole else None
    if part and not whole:
        found = part_for(request.actor, opened.subject, request.today)
    there = [one for one in found.agreements if one.state not in OVER] if found else []
    kinds = (WhoKind.PROFESSIONAL, WhoKind.ORGANISATION, WhoKind.RELATIVE, WhoKind.OTHER)
    return {
        str(one.id): (one.content.what, one.content.who) for one in there if one.content.who.kind in kinds
    }


def _new_visit(form: PlanForm, agreements: dict[str, tuple[str, Any]]) -> NewVisit:
    given = form.cleaned_data
    agreed = agreements.get(given["agreement"])
    who = agreed[1] if agreed and given["who"] == AS_AGREED else who_named(given["who"], given["name"])
    return NewVisit(
        rhythm=form.rhythm(),
        who=who,
        place=Place(given["place"]),
        agreement_id=UUID(given["agreement"]) if agreed else None,
    )


# --- hours that nobody covers ------------------------------------------------------------------------------


def _hours(request: Any) -> Window:
    """The hours that the address names. Raises Http404."""
    try:
        start, end = (
            datetime.strptime(request.GET.get(name, ""), STAMP).replace(tzinfo=UTC) for name in ("from", "to")
        )
    except ValueError:
        raise Http404 from None
    if not (within(start.date()) and timedelta(0) < end - start <= timedelta(days=2)):
        raise Http404
    return Window(start, end)


def week_gap(request: Any, child_id: UUID, demand_id: UUID) -> HttpResponse:
    """Who can cover these hours, and why others cannot; ask one of them."""
    opened = _open(request, child_id, "cover.form_read", "schedule.change")
    when = _hours(request)
    try:
        found = queries.candidates_for(request.actor, opened.subject, demand_id, when, request.now)
    except Missing:
        return _page(request, opened, "gap_over")
    can = [one.who for one in found if not one.why_not]
    form = AskForm(typed(request), can)
    if _done(request, opened, form, cover.ask_cover, lambda: (demand_id, when, form.whom())):
        return redirect("week", child_id)
    cannot = [_why_not(one, opened) for one in found if one.why_not]
    context = {"form": form, "can": can, "cannot": cannot, "day": day_words(when.start), "hours": hours(when)}
    return _page(request, opened, "gap", **context)


WHY_NOT = {
    "cover_not_able": "not_able",
    "cover_elsewhere": "not_free",
    "cover_professional": "not_professional",
}


def _why_not(one: queries.Candidate, opened: OpenedChild) -> dict[str, str]:
    acts = act_words(one.acts, opened.audience)
    return {"name": one.who.name, "why": say(WHY_NOT[one.why_not], opened.audience, acts=acts)}


def cover_answer(request: Any, child_id: UUID, cover_id: UUID) -> HttpResponse:
    """Whoever is asked to cover hours says yes, or no and why."""
    opened = _open(request, child_id, "cover.read", "schedule.answer")
    asked, demand = queries.asked_for(request.actor, opened.subject, cover_id, request.now)
    form = AnswerForm(typed(request), opened.audience)
    if _done(request, opened, form, cover.answer_cover, lambda: (cover_id, *form.said())):
        return redirect("week", child_id)
    context = {
        "asked": asked,
        "form": form,
        "day": day_words(asked.window.start),
        "hours": hours(asked.window),
    }
    context["acts"] = act_words(demand.said.acts, opened.audience) if demand else ""
    return _page(request, opened, "answer", **context, waits=asked.state == CoverState.ASKED)


# --- what is needed, and who is able -----------------------------------------------------------------------


def week_needed(request: Any, child_id: UUID) -> HttpResponse:
    """What is needed day and night."""
    opened = _open(request, child_id, "demand.list_read", "schedule.read")
    view = queries.week_of(request.actor, opened.subject, request.today, request.now)
    rows = [demand_row(one, opened.audience) for one in view.demands]
    return _page(request, opened, "needed", rows=rows, **_may(request, opened))


def week_needed_new(request: Any, child_id: UUID) -> HttpResponse:
    """Say what is needed."""
    opened = _open(request, child_id, "demand.form_read", "schedule.change")
    domains = policy.may_domains(request.actor, "schedule.change", opened.subject, request.today)
    form = DemandForm(typed(request), opened.audience, domains, starts_on=request.today)
    if _done(request, opened, form, cover.set_demand, lambda: (form.demand(),)):
        return redirect("week_needed", child_id)
    return _page(request, opened, "needed_new", form=form)


def week_needed_end(request: Any, child_id: UUID, demand_id: UUID) -> HttpResponse:
    """It is needed no more, from a day, for a reason."""
    opened = _open(request, child_id, "demand.form_read", "schedule.change")
    form = EndForm(typed(request), initial={"on": request.today})
    if _done(request, opened, form, cover.end_demand, lambda: (demand_id, *form.end())):
        return redirect("week_needed", child_id)
    return _page(request, opened, "needed_end", form=form)


def week_able(request: Any, child_id: UUID) -> HttpResponse:
    """Who was seen to do which act well."""
    opened = _open(request, child_id, "competence.list_read", "competence.read")
    people = able_rows(able_for(request.actor, opened.subject, request.today), opened.audience)
    return _page(request, opened, "able", people=people, **_may(request, opened))


def week_able_new(request: Any, child_id: UUID) -> HttpResponse:
    """Write down what somebody was seen to do."""
    opened = _open(request, child_id, "competence.form_read", "competence.record")
    people = queries.hands_for(request.actor, opened.subject, request.today)
    there = [one for one in people if one.kind != WhoKind.ORGANISATION]
    form = AbleForm(typed(request), opened.audience, there, seen_on=request.today)
    if _done(request, opened, form, record_competence, lambda: (form.competence(),)):
        return redirect("week_able", child_id)
    return _page(request, opened, "able_new", form=form)
