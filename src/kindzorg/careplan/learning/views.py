"""Pages of learning to do the care: how everybody stands, one's own word, a step that was seen."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kindzorg.careplan.cover.queries import hands_for
from kindzorg.careplan.learning import actions, queries
from kindzorg.careplan.learning.forms import OwnForm, StepForm
from kindzorg.careplan.learning.pages import errors_for, learning_page, people_to_choose, rights
from kindzorg.careplan.views import typed
from kindzorg.careplan.wording import Say
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.journey.views import child_frame
from kindzorg.ui.wording import add_to_form


def _open(request: Any, child_id: UUID, event: str, permission: str = "") -> OpenedChild:
    if not permission:
        opened = child_for(request.actor, child_id, request.today)
        whole = queries.whole(request.actor, opened.subject, request.today)
        permission = "competence.read" if whole else "learning.say"
    return open_child(request.actor, child_id, permission, event, request.now)


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    frame = {**child_frame(request, opened, "week"), "said": Say(opened.audience, "learning")}
    return render(request, f"careplan/learning/{name}.html", {**frame, **context})


def learning(request: Any, child_id: UUID) -> HttpResponse:
    """Who learns what, and where each stands."""
    opened = _open(request, child_id, "learning.list_read")
    found = queries.learning_for(request.actor, opened.subject, request.today)
    return _page(request, opened, "list", **learning_page(request, opened, found))


def _saved(
    request: Any,
    opened: OpenedChild,
    form: Any,
    action: Callable[..., object],
    given: Callable[[], Sequence[Any]],
) -> bool:
    """Whether it was sent and done; else the form says what stands in the way. Raises Http404."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        action(request.actor, opened.subject, *given(), request.now)
    except Invalid as error:
        add_to_form(form, error, errors_for(error, opened.audience))
        return False
    except (Missing, Refused) as error:
        raise Http404 from error
    messages.success(request, Say(opened.audience, "learning")["saved"])
    return True


def learning_say(request: Any, child_id: UUID) -> HttpResponse:
    """I want to learn this, I do not want to, I am not sure any more."""
    opened = _open(request, child_id, "learning.form_read", "learning.say")
    form = OwnForm(typed(request), opened.audience, act=request.GET.get("act", ""), move="wish")
    if _saved(request, opened, form, actions.say_own, form.own):
        return redirect("learning", child_id)
    return _page(request, opened, "form", form=form, title=form.said["say_title"], lead=form.said["say_lead"])


def learning_step(request: Any, child_id: UUID) -> HttpResponse:
    """Write down what was shown, done together or alone, or taught."""
    sees = rights(request, child_for(request.actor, child_id, request.today))["sees"]
    opened = _open(request, child_id, "learning.form_read", "competence.record" if sees else "learning.say")
    team = hands_for(request.actor, opened.subject, request.today)
    start = {"act": request.GET.get("act", ""), "who": request.GET.get("who", "")}
    people = people_to_choose(team)
    form = StepForm(typed(request), opened.audience, people, sees=sees, happened_on=request.today, **start)
    if _saved(
        request, opened, form, actions.record_step if sees else actions.teach_step, lambda: (form.step(),)
    ):
        return redirect("learning", child_id)
    return _page(
        request, opened, "form", form=form, title=form.said["step_title"], lead=form.said["step_lead"]
    )
