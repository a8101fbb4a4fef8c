"""Pages of phase 3 on which somebody says how it goes: with a goal, an agreement, the plan as a whole."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from kindzorg.careplan import actions, queries
from kindzorg.careplan.answering import EvaluationForm
from kindzorg.careplan.deciding import the_agreement, the_goal
from kindzorg.careplan.forms import WORDS
from kindzorg.careplan.pages import allowed, change_asked, evaluation_rows
from kindzorg.careplan.views import page, read, typed
from kindzorg.careplan.wording import say, step_words
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.errors import Invalid
from kindzorg.ui.wording import add_to_form


def plan_evaluate(request: Any, child_id: UUID, goal_id: UUID) -> HttpResponse:
    """How far a goal is, what the family thinks, and how to go on."""
    opened = read(request, child_id, "goal.evaluation_read", "plan.evaluate")
    goal = the_goal(request, opened, goal_id)
    steps = step_words(goal.content, opened.audience)
    form = EvaluationForm(typed(request), steps=steps, audience=opened.audience, initial={"step": goal.step})
    save = partial(actions.evaluate_goal, request.actor, opened.subject, goal_id)
    about = {"title": _("Look at the goal together"), "quote": goal.content.words}
    about["domain"] = goal.content.domains[0]
    return _evaluated(request, opened, form, save, ("plan_goal", goal_id), about)


def plan_agreement_evaluate(request: Any, child_id: UUID, agreement_id: UUID) -> HttpResponse:
    """Whether an agreement works, what the family thinks, and how to go on."""
    opened = read(request, child_id, "agreement.evaluation_read", "plan.evaluate")
    one, _why, _version = the_agreement(request, opened, agreement_id)
    if not allowed(request, opened)["evaluate"]:
        raise Http404
    form = EvaluationForm(typed(request), audience=opened.audience)
    save = partial(actions.evaluate_agreement, request.actor, opened.subject, agreement_id)
    about = {"title": _("Look at the agreement together"), "quote": one.content.what}
    return _evaluated(request, opened, form, save, ("plan_agreement", agreement_id), about)


def plan_look(request: Any, child_id: UUID) -> HttpResponse:
    """How the plan as a whole goes: what was said over time, and for who evaluates a way to say it now."""
    opened = read(request, child_id, "plan.evaluations_read")
    found = queries.plan_for(request.actor, opened.subject, request.today)
    if found is None or found.restricted:
        raise Http404
    given = queries.plan_evaluations_for(request.actor, opened.subject, request.today)
    rows, may = evaluation_rows(given, (), opened.audience), allowed(request, opened)
    change = change_asked(found.evaluation, found.version, opened.audience)
    return page(request, opened, "look", evaluations=rows, may=may, change=change)


def plan_look_evaluate(request: Any, child_id: UUID) -> HttpResponse:
    """Whether the plan as a whole works, what the family thinks, and how to go on."""
    opened = read(request, child_id, "plan.evaluation_read", "plan.evaluate")
    found = queries.plan_for(request.actor, opened.subject, request.today)
    if found is None or found.restricted:
        raise Http404
    form = EvaluationForm(typed(request), audience=opened.audience)
    save = partial(actions.evaluate_plan, request.actor, opened.subject)
    about = {"title": say("look_title", opened.audience)}
    return _evaluated(request, opened, form, save, ("plan_look",), about)


def _evaluated(
    request: Any,
    opened: OpenedChild,
    form: EvaluationForm,
    save: Callable[..., None],
    back: tuple[Any, ...],
    about: dict[str, Any],
) -> HttpResponse:
    """Save what was typed and go back to what it is about; or show the form, with what is wrong."""
    address = reverse(back[0], args=[opened.child.id, *back[1:]])
    if request.method == "POST" and form.is_valid():
        try:
            save(form.given(), request.now)
            return redirect(address)
        except Invalid as error:
            add_to_form(form, error, WORDS)
    return page(request, opened, "evaluate", form=form, back=address, **about)
