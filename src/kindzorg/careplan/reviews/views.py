"""Pages of reviews: the list with how the goals go, one review, preparing for it, and what becomes of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kindzorg.access import policy
from kindzorg.careplan.reviews import actions, queries
from kindzorg.careplan.reviews.forms import (
    ALL,
    NOT_PARENTS,
    OWN,
    EndForm,
    MineForm,
    MineWhoForm,
    PlanForm,
    PrepareForm,
    shared_as,
)
from kindzorg.careplan.reviews.pages import (
    by_person,
    errors_for,
    is_child,
    list_page,
    mine_page,
    one_page,
    plan_seen,
    prepared_rows,
    running_goals,
)
from kindzorg.careplan.reviews.rules import (
    NewPreparation,
    PreparationView,
    ReviewView,
    answered,
    child_questions,
    chosen_last,
    newest,
)
from kindzorg.careplan.wording import Say
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.errors import Invalid, Missing
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.views import child_frame
from kindzorg.needs.answers import Feeling
from kindzorg.ui.wording import add_to_form

ENDS = ("hold", "move", "drop")
# The day that stands ready: three weeks give everybody two to prepare.
SOON = timedelta(weeks=3)


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    frame = {**child_frame(request, opened, "plan"), "said": Say(opened.audience, "reviews")}
    return render(request, f"careplan/reviews/{name}.html", {**frame, **context})


def _read(request: Any, child_id: UUID, event: str) -> OpenedChild:
    return open_child(request.actor, child_id, ("review.read", "review.read_part"), event, request.now)


def _typed(request: Any) -> Any:
    return request.POST if request.method == "POST" else None


def reviews(request: Any, child_id: UUID) -> HttpResponse:
    """When the plan is looked at together, and how its goals go over time."""
    opened = _read(request, child_id, "review.list_read")
    return _page(request, opened, "list", **list_page(request, opened))


def review_new(request: Any, child_id: UUID) -> HttpResponse:
    """Choose a day to look at the plan together."""
    opened = open_child(request.actor, child_id, "review.plan", "review.form_read", request.now)
    domains = policy.may_domains(request.actor, "review.plan", opened.subject, request.today)
    seen = [one for one in LifeDomain if one in domains]
    form = PlanForm(_typed(request), opened.audience, seen, request.today + SOON)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.plan_review(request.actor, opened.subject, form.review(), request.now)
            return redirect("review", child_id, made)
        except Invalid as error:
            add_to_form(form, error, errors_for(error, opened.audience))
    heading = Say(opened.audience, "reviews")["plan_title"]
    return _page(request, opened, "form", form=form, heading=heading)


def review(request: Any, child_id: UUID, review_id: UUID) -> HttpResponse:
    """One review: who prepares, what each prepared, and the goals that are looked at."""
    opened = _read(request, child_id, "review.read")
    found = queries.review_for(request.actor, opened.subject, review_id, request.today)
    return _page(request, opened, "one", **one_page(request, opened, found))


def review_prepare(request: Any, child_id: UUID, review_id: UUID) -> HttpResponse:
    """Three questions before the review; of the plan, or (`?goal=`) of one goal. A child has its own questions."""
    opened = open_child(request.actor, child_id, "review.prepare", "review.form_read", request.now)
    found = queries.review_for(request.actor, opened.subject, review_id, request.today)
    if is_child(opened):
        return (
            redirect("review_mine", child_id, review_id, 1)
            if found.open
            else redirect("review", child_id, review_id)
        )
    goal_id, words = _goal(request, opened)
    form = _prepare_form(request, opened, found, goal_id)
    if request.method == "POST" and form.is_valid():
        try:
            actions.prepare(request.actor, opened.subject, form.preparation(review_id), request.now)
            return redirect("review", child_id, review_id)
        except Invalid as error:
            add_to_form(form, error, errors_for(error, opened.audience))
    context = {"form": form, "review_id": review_id, "goal": words, "on_day": found.on_day}
    return _page(request, opened, "prepare", **context)


def review_mine(request: Any, child_id: UUID, review_id: UUID, number: int) -> HttpResponse:
    """The child looks at its plan: one question at a time. It can be skipped, and taken back."""
    opened, found = _of_child(request, child_id, review_id)
    page = mine_page(request, opened, found, number) if number else None
    if page is None:
        raise Http404
    form = MineForm(_typed(request), opened.audience, page["ask"], page["before"])
    if request.method == "POST" and ("skip" in request.POST or form.is_valid()):
        if "skip" not in request.POST:
            _answer(request, opened, found, page, form)
        if number == page["total"]:
            return redirect("review_mine_who", child_id, review_id)
        return redirect("review_mine", child_id, review_id, number + 1)
    return _page(request, opened, "mine", form=form, review_id=review_id, **page)


def _of_child(request: Any, child_id: UUID, review_id: UUID) -> tuple[OpenedChild, ReviewView]:
    """An open review, for the child itself. Raises Missing."""
    opened = open_child(request.actor, child_id, "review.prepare", "review.form_read", request.now)
    found = queries.review_for(request.actor, opened.subject, review_id, request.today)
    if not is_child(opened) or not found.open:
        raise Missing("no_such_review", child_id=child_id)
    return opened, found


def _answer(request: Any, opened: OpenedChild, found: ReviewView, page: Any, form: MineForm) -> None:
    """Keep one answer; without anything left, what was said is taken back. What stays as it was is left alone."""
    given, before = form.cleaned_data, page["before"]
    face = Feeling(given["face"]) if given.get("face") else None
    words = given.get("words", "").strip()
    about = NewPreparation(review_id=found.id, goal_id=page["goal_id"])
    new = answered(about, before, page["ask"], words, face)
    if before and before.answers == (new.well, new.not_well, new.next, new.face):
        return
    keep = before and _kept(request, opened, before)
    if new.face or new.well or new.not_well or new.next:
        actions.prepare(request.actor, opened.subject, replace(new, from_parents=bool(keep)), request.now)
    elif before:
        actions.take_back_preparation(request.actor, opened.subject, found.id, page["goal_id"], request.now)


def _kept(request: Any, opened: OpenedChild, before: PreparationView) -> bool:
    """Whether the child keeps this from its parents."""
    if not policy.may(request.actor, "mark.set_own", opened.subject, request.today):
        return False
    return bool(queries.own_mark(request.actor, opened.subject, before.id, request.today))


@require_POST
def review_mine_back(request: Any, child_id: UUID, review_id: UUID, number: int) -> HttpResponse:
    """Undo: what was said at this question goes."""
    opened, found = _of_child(request, child_id, review_id)
    page = mine_page(request, opened, found, number) if number else None
    if page is None:
        raise Http404
    form = MineForm({}, opened.audience, page["ask"], None)
    form.is_valid()
    _answer(request, opened, found, page, form)
    return redirect("review_mine", child_id, review_id, number)


def review_mine_who(request: Any, child_id: UUID, review_id: UUID) -> HttpResponse:
    """For whom it is what the child said: with what that was."""
    opened, found = _of_child(request, child_id, review_id)
    wordings = queries.own_wordings(request.actor, opened.subject, review_id, request.today)
    mine = newest(wordings)
    if not mine:
        return redirect("review", child_id, review_id)
    form = _who_form(request, opened, chosen_last(wordings))
    if request.method == "POST" and form.is_valid():
        for one in mine:
            new = shared_as(one, review_id, form.cleaned_data["reach"])
            actions.prepare(request.actor, opened.subject, new, request.now)
        messages.success(request, Say(opened.audience, "reviews")["mine_thanks"])
        return redirect("review", child_id, review_id)
    plan = plan_seen(request, opened)
    goals = {one.id: one.content.words for one in (plan.goals if plan else ())}
    last = len(child_questions([one.id for one in running_goals(plan, found)]))
    cards = by_person(prepared_rows(mine, goals, opened))
    return _page(request, opened, "mine_who", form=form, cards=cards, review_id=review_id, last=last)


def _who_form(request: Any, opened: OpenedChild, last: PreparationView | None) -> MineWhoForm:
    """It begins with what the child chose before; else with nothing, so that a child chooses for itself."""
    keeps = policy.may(request.actor, "mark.set_own", opened.subject, request.today)
    before = None
    if last:
        before = (NOT_PARENTS if _kept(request, opened, last) else ALL) if last.shared else OWN
    return MineWhoForm(_typed(request), opened.audience, before, keeps=keeps)


def _goal(request: Any, opened: OpenedChild) -> tuple[UUID | None, str]:
    """The goal that the address names, with its words. Raises Http404 for one that is not in the plan."""
    if not (asked := request.GET.get("goal")):
        return None, ""
    plan = plan_seen(request, opened)
    goal = next((one for one in (plan.goals if plan else ()) if str(one.id) == asked), None)
    if goal is None:
        raise Http404
    return goal.id, goal.content.words


def _prepare_form(request: Any, opened: OpenedChild, found: ReviewView, goal_id: UUID | None) -> PrepareForm:
    asked = (request.actor, opened.subject, request.today)
    said = queries.preparations_for(*asked, found.id).get(found.id, ())
    mine = next((one for one in said if one.by_id == request.actor.id and one.goal_id == goal_id), None)
    seen = policy.may_domains(request.actor, "review.prepare", opened.subject, request.today)
    kept = None
    if policy.may(request.actor, "mark.set_own", opened.subject, request.today):
        kept = bool(mine and queries.own_mark(request.actor, opened.subject, mine.id, request.today))
    return PrepareForm(_typed(request), opened.audience, seen, mine, (goal_id, kept))


def review_end(request: Any, child_id: UUID, review_id: UUID, what: str) -> HttpResponse:
    """It was held, it moves to another day, or it does not go on."""
    if what not in ENDS:
        raise Http404
    opened = open_child(request.actor, child_id, "review.plan", "review.form_read", request.now)
    found = queries.review_for(request.actor, opened.subject, review_id, request.today)
    form = EndForm(_typed(request), opened.audience, what, request.today)
    if request.method == "POST" and form.is_valid():
        try:
            _end(request, opened, found, form, what)
            return redirect("review", child_id, review_id)
        except Invalid as error:
            add_to_form(form, error, errors_for(error, opened.audience))
    heading = Say(opened.audience, "reviews")[f"{what}_title"]
    return _page(request, opened, "form", form=form, heading=heading, review_id=review_id)


def _end(request: Any, opened: OpenedChild, found: ReviewView, form: EndForm, what: str) -> None:
    given, about = form.cleaned_data, (request.actor, opened.subject)
    if what == "hold":
        actions.hold_review(*about, found.id, given["words"], request.now, next_on=given["next_on"])
    elif what == "move":
        actions.move_review(*about, found.id, given["on_day"], request.now)
    else:
        actions.drop_review(*about, found.id, given["words"], request.now)
