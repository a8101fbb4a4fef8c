"""A translation beside what somebody wrote: the original, the translations that are there, and placing one."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kindzorg.careplan.proposals import actions as proposals
from kindzorg.careplan.proposals import queries as proposal_words
from kindzorg.careplan.reports import actions as reports
from kindzorg.careplan.reports import queries as report_words
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.core.errors import Conflict, Invalid, Missing
from kindzorg.journey.views import child_frame
from kindzorg.needs.talk import actions as answers
from kindzorg.needs.talk import queries as answer_words
from kindzorg.record.translated.forms import TranslationForm
from kindzorg.record.translated.pages import into, say, translation_row
from kindzorg.record.translated.queries import tongue_for
from kindzorg.record.translated.rules import Original, WordsOf
from kindzorg.ui.wording import add_to_form

# Per kind of words: how they are found, how a translation is placed, the event of reading them, and where they stand.
KINDS: dict[str, tuple[Any, Any, str, str]] = {
    WordsOf.NEEDS: (answer_words.original_for, answers.translate_answer, "needs.answers_read", "needs"),
    WordsOf.REPORT: (report_words.original_for, reports.translate_report, "report.read", "report"),
    WordsOf.PROPOSAL: (
        proposal_words.original_for,
        proposals.translate_proposal,
        "proposal.read",
        "plan_proposal",
    ),
}
ERRORS = ("same_language", "nothing_translated", "translation_long", "interpreter_needed")
SAID = ("title", "lead", "save", "check", "there", "interpreter")


def words(request: Any, child_id: UUID, of: str, object_id: UUID) -> HttpResponse:
    """The words as they were written, and a translation to place below them."""
    opened, original = _opened(request, child_id, of, object_id)
    tongue = tongue_for(request.actor, opened.subject, original)
    audience = str(opened.audience)
    posted = request.POST if request.method == "POST" else None
    form = TranslationForm(posted, original, audience, into(tongue))
    if posted is not None and _kept(request, opened, original, form):
        return redirect("words", child_id, of, object_id)
    context = {
        "form": form,
        "t": {key: say(key, audience) for key in SAID},
        "language": tongue.language,
        "there": [translation_row(one, audience) for one in tongue.translations],
        "back": _back(original, child_id),
    }
    return render(request, "web/words.html", {**child_frame(request, opened), **context})


def _opened(request: Any, child_id: UUID, of: str, object_id: UUID) -> tuple[OpenedChild, Original]:
    """Looked up first: under which id the trail speaks of it follows from what it is."""
    if of not in KINDS:
        raise Missing("no_such_words", child_id=child_id)
    find, _place, event, _where = KINDS[of]
    subject = child_for(request.actor, child_id, request.today).subject
    original: Original = find(request.actor, subject, object_id, request.today)
    about = (original.permission, event, request.now)
    return open_child(request.actor, child_id, *about, about_id=original.shown_id), original


def _back(original: Original, child_id: UUID) -> str:
    where = KINDS[original.of][3]
    keys = (child_id,) if original.of is WordsOf.NEEDS else (child_id, original.object_id)
    return reverse(where, args=keys)


def _kept(request: Any, opened: OpenedChild, original: Original, form: TranslationForm) -> bool:
    """Whether a translation was placed, or an interpreter noted who read one; else the form says what is wrong."""
    place = KINDS[original.of][1]
    about = (request.actor, opened.subject, original.object_id)
    checks = request.POST.get("checks", "")
    try:
        if checks:
            place(*about, (UUID(checks), request.POST.get("interpreter", "")), request.now)
        elif form.is_valid():
            place(*about, form.translation(), request.now)
        return bool(checks) or form.is_valid()
    except ValueError:
        raise Missing("no_such_translation", child_id=opened.child.id) from None
    except (Conflict, Invalid) as error:
        form.is_valid()
        add_to_form(form, error, {code: say(code, str(opened.audience)) for code in ERRORS})
        return isinstance(error, Conflict)
