"""The scan as a conversation: before it begins, following along, and the summary to agree to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from kindzorg.core.errors import Conflict, Invalid, Missing
from kindzorg.needs.pages import Sitting, address, language, show, sit, sit_to_answer
from kindzorg.needs.talk import pages
from kindzorg.needs.talk.actions import check_summary
from kindzorg.needs.talk.forms import SummaryForm, say
from kindzorg.needs.talk.rules import Point
from kindzorg.ui.wording import add_to_form

ERRORS = ("own_words_needed", "own_words_long")


def talk(request: Any, child_id: UUID) -> HttpResponse:
    """Before it begins: what to bring, how long it takes, and that one may stop at any moment."""
    sitting = sit(request, child_id, "needs.question_read")
    return show(request, sitting, "talk/begin", pages.begin_page(sitting))


def follow(request: Any, child_id: UUID) -> HttpResponse:
    """The same question on one's own telephone, while somebody else types."""
    sitting, _ = sit_to_answer(request, child_id)
    return show(request, sitting, "talk/follow", pages.follow_page(sitting))


def follow_on(request: Any, child_id: UUID) -> HttpResponse:
    """Whether there is more to see than was seen; it shows nothing itself, the page is then asked for anew."""
    sitting, _ = sit_to_answer(request, child_id, event="")
    answer = HttpResponse(status=204)
    if request.GET.get("seen", "") != pages.seen_of(sitting):
        answer["HX-Refresh"] = "true"
    return answer


def summary(request: Any, child_id: UUID) -> HttpResponse:
    """Straight to the first page of the summary."""
    sitting, _ = sit_to_answer(request, child_id, event="")
    points, _checks = pages.summary_of(request, sitting)
    return redirect(address(sitting, "summary_part", pages.parts(points)[0]))


def summary_part(request: Any, child_id: UUID, part: str) -> HttpResponse:
    """What was told in one part, in plain words, and of each thing: is it right?"""
    sitting, _ = sit_to_answer(request, child_id, "needs.answers_read")
    points, checks = pages.summary_of(request, sitting)
    if part not in pages.parts(points):
        raise Missing("nothing_said", child_id=child_id)
    shown = pages.of_part(points, part)
    posted = request.POST if request.method == "POST" else None
    form = SummaryForm(posted, points=shown, checks=checks, audience=sitting.audience, language=language())
    pages.in_own_language(sitting, form)
    if posted is not None and form.is_valid() and (kept := _keep(request, sitting, form, points, part)):
        return kept
    return show(request, sitting, "talk/summary", pages.summary_page(sitting, part, form, points))


def _keep(
    request: Any, sitting: Sitting, form: SummaryForm, points: Sequence[Point], part: str
) -> HttpResponse | None:
    """On to the next page; back to this one where somebody answered anew in between; None where something is wrong."""
    person = sitting.voice.person_id if sitting.voice else None
    try:
        if given := form.checks_given():
            check_summary(request.actor, sitting.opened.subject, person, given, request.now)
    except Conflict:
        messages.warning(request, say("answer_changed", sitting.audience, language()))
        return redirect(address(sitting, "summary_part", part))
    except Invalid as error:
        add_to_form(form, error, {code: say(code, sitting.audience, language()) for code in ERRORS})
        return None
    after = pages.part_after(points, part)
    return redirect(address(sitting, "summary_part", after) if after else address(sitting, "summary_done"))


def summary_done(request: Any, child_id: UUID) -> HttpResponse:
    """Read back: how much was right, and what is still to talk about."""
    sitting, _ = sit_to_answer(request, child_id, "needs.answers_read")
    found = pages.summary_of(request, sitting)
    return show(request, sitting, "talk/done", {"talk": pages.done_page(sitting, *found)})
