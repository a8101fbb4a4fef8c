"""The offer of a care coach: what one does, what the family says, and who writes it down."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from kindzorg.access import policy
from kindzorg.careteam.coaching.actions import answer_coach, hear_coach, offer_coach
from kindzorg.careteam.coaching.queries import Coaching, coaching_for
from kindzorg.careteam.coaching.rules import COACH_STEPS, CoachMove
from kindzorg.careteam.consents.queries import family_for
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.errors import Conflict, Invalid
from kindzorg.core.texts import text
from kindzorg.journey.views import child_frame
from kindzorg.ui.wording import add_to_form
from kindzorg.web.coaching_forms import WORDS, AnswerForm, HearForm

ANSWERS = {CoachMove.ACCEPTED, CoachMove.DECLINED}


def say(key: str, audience: str, **given: object) -> str:
    """A text of this page for a reader."""
    return text(f"web.coaching.{key}", audience, (get_language() or "nl")[:2]).format(**given)


def coaching(request: Any, child_id: UUID) -> HttpResponse:
    """Where it stands, and what this reader can do."""
    opened = open_child(request.actor, child_id, "coach.read", "coach.read", request.now)
    found = coaching_for(request.actor, opened.subject, request.today)
    may = {
        name: policy.could(request.actor, f"coach.{name}", opened.subject, request.today)
        for name in ("offer", "answer")
    }
    next_ones = set(COACH_STEPS[found.standing])
    context = {
        **shown(found, opened),
        "may_offer": may["offer"] and CoachMove.OFFERED in next_ones,
        "may_hear": may["offer"] and bool(ANSWERS & next_ones),
        "may_answer": may["answer"] and bool(ANSWERS & next_ones),
        "may_invite": found.standing == "accepted"
        and policy.could(request.actor, "team.change", opened.subject, request.today),
    }
    return _page(request, opened, "coaching", **context)


def shown(found: Coaching, opened: OpenedChild) -> dict[str, Any]:
    """Where it stands in one sentence, and each step with who said it."""
    audience = opened.audience
    day = next((date_format(one.again_on, "j E Y") for one in reversed(found.steps) if one.again_on), "")
    standing = say(f"standing_{found.standing}", audience, name=", ".join(found.coaches), day=day)
    return {"standing": standing, "steps": [_step(one, audience) for one in found.steps]}


def _step(step: Any, audience: str) -> dict[str, Any]:
    again = say("again", audience, day=date_format(step.again_on, "j E Y")) if step.again_on else ""
    heard = say("heard", audience, name=step.heard_of) if step.heard_of else ""
    return {
        "when": step.created_at,
        "title": say(f"step_{step.move}", audience),
        "body": " ".join(filter(None, (step.words, again))),
        "who": ", ".join(filter(None, (step.by, heard))),
    }


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    keys = ("title", "what", "free") if context.get("may_answer") else ("title", "what")
    said = {key: say(key, opened.audience) for key in keys}
    return render(
        request, f"web/{name}.html", {**child_frame(request, opened, "child_team"), "t": said, **context}
    )


def _typed(request: Any) -> Any:
    """What was sent, also when that is nothing at all; None where the page is only read."""
    return request.POST if request.method == "POST" else None


@require_POST
def coaching_offer(request: Any, child_id: UUID) -> HttpResponse:
    """Offer it. Whoever was just before has done the same."""
    opened = open_child(request.actor, child_id, "coach.offer", "coach.read", request.now)
    with suppress(Conflict):
        offer_coach(request.actor, opened.subject, request.now)
    return redirect("coaching", child_id)


def coaching_answer(request: Any, child_id: UUID) -> HttpResponse:
    """The family says yes or no itself; no is as easy as yes."""
    opened = open_child(request.actor, child_id, "coach.answer", "coach.read", request.now)
    form = AnswerForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            answer_coach(request.actor, opened.subject, form.answer(), request.now)
            return redirect("coaching", child_id)
        except (Conflict, Invalid) as error:
            add_to_form(form, error, WORDS)
    title = say("answer_title", opened.audience)
    return _page(request, opened, "coaching_form", form=form, form_title=title, may_answer=True)


def coaching_hear(request: Any, child_id: UUID) -> HttpResponse:
    """A professional writes down what was said."""
    opened = open_child(request.actor, child_id, "coach.offer", "coach.read", request.now)
    family = family_for(request.actor, opened.subject, request.today)
    form = HearForm(_typed(request), people=family.people)
    if request.method == "POST" and form.is_valid():
        try:
            hear_coach(request.actor, opened.subject, form.answer(), form.told(), request.now)
            return redirect("coaching", child_id)
        except (Conflict, Invalid) as error:
            add_to_form(form, error, WORDS)
    title = say("hear_title", opened.audience)
    return _page(request, opened, "coaching_form", form=form, form_title=title)
