"""Who reads which answer of the scan: the answers with the marks on them, in the reader's words."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from kindzorg.access import policy
from kindzorg.careteam.marks.queries import marks_for
from kindzorg.careteam.marks.rules import MarkState
from kindzorg.careteam.rules import HidesFrom
from kindzorg.core.errors import Invalid
from kindzorg.core.texts import text
from kindzorg.needs import actions
from kindzorg.needs.definition import Respondent
from kindzorg.needs.pages import Sitting, language
from kindzorg.needs.queries import AnswerNow, answer_in, answers_now
from kindzorg.needs.wording import carrying_line, one_line, reader_of, who_said
from kindzorg.record.notes.forms import KeepForm
from kindzorg.record.notes.pages import errors_for, mark_row, words_for
from kindzorg.ui.wording import add_to_form

QUESTIONS = {"opening": "needs.opening.healthy.question", "strengths": "needs.opening.strengths.question"}


def marks_own(request: Any, subject: Any) -> bool:
    """Whether the reader marks what is its own, as a child; else as a professional. Raises Refused for others."""
    if policy.may(request.actor, "mark.set_own", subject, request.today):
        return True
    policy.require(request.actor, "mark.set", subject, request.today)
    return False


def readers_page(request: Any, sitting: Sitting) -> dict[str, Any]:
    """The answers that can be marked: for a child its own, for a professional all that it reads."""
    own = marks_own(request, sitting.opened.subject)
    marks: dict[UUID, list[dict[str, Any]]] = {}
    for mark in marks_for(request.actor, sitting.opened.subject, request.today):
        if mark.state != MarkState.LIFTED:
            marks.setdefault(mark.object_id, []).append(mark_row(request, sitting.opened, mark, own=own))
    found = answers_now(request.actor, sitting.filled) if sitting.filled else ()
    rows = [answer_row(sitting, one) for one in found if not own or one.given.respondent is Respondent.CHILD]
    for row in rows:
        row["marks"] = there = marks.get(row["key"], [])
        row["may_keep"] = len(there) < (1 if own else 2)
    return {"rows": rows, "said": _words(sitting)}


def _words(sitting: Sitting) -> dict[str, Any]:
    """The words of marks, as beside the notes, with those of this page."""
    return {**words_for(sitting.audience)}


def answer_row(sitting: Sitting, one: AnswerNow) -> dict[str, Any]:
    """An answer in short: to which question, by whom, and what."""
    given = one.given
    return {
        "key": one.key,
        "title": _title(sitting, one),
        "words": _said(sitting, one),
        "when": given.given_at,
        **who_said(sitting.some, given.respondent, given.person_id),
    }


def _title(sitting: Sitting, one: AnswerNow) -> str:
    reader = reader_of(sitting)
    if one.part == "topics":
        return str(sitting.scan.topic(one.given.topic).title(reader, language()))
    key = QUESTIONS.get(one.part, "needs.pages.carrying")
    return text(key, reader, language())


def _said(sitting: Sitting, one: AnswerNow) -> str:
    reader, given = reader_of(sitting), one.given
    if one.part == "topics":
        return one_line(given, reader)
    return given.words if one.part in QUESTIONS else carrying_line(given, reader)


def keep_page(request: Any, sitting: Sitting, key: UUID) -> dict[str, Any]:
    """One answer, and for whom it is not: a child is asked once more, a professional says why."""
    own = marks_own(request, sitting.opened.subject)
    one = answer_in(request.actor, sitting.some, key)
    form = KeepForm(request.POST or None, sitting.audience)
    return {"row": answer_row(sitting, one), "own": own, "form": form, "said": _words(sitting)}


def kept(request: Any, sitting: Sitting, key: UUID, page: Mapping[str, Any]) -> bool:
    """Whether what was sent in marked the answer; else the form of the page says what was wrong."""
    form, subject = page["form"], sitting.opened.subject
    if not (form.is_valid() or page["own"]):
        return False
    try:
        if page["own"]:
            actions.keep_answer_from_parents(request.actor, subject, key, request.now)
        else:
            given = (HidesFrom(form.cleaned_data["hides_from"]), form.cleaned_data["reason"])
            actions.keep_answer_from(request.actor, subject, key, given, request.now)
        return True
    except Invalid as error:
        add_to_form(form, error, errors_for(error, sitting.audience))
        return False
