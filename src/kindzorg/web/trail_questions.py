"""A question about something that somebody did: asked by the family, answered by a privacy officer."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import dateformat

from kindzorg.access.policy import system_actor
from kindzorg.audit.actions import Addressee, answer_question, ask_about, read_question
from kindzorg.audit.queries import QUESTION, line_at, questions_for
from kindzorg.audit.rules import answer_due
from kindzorg.careteam.queries import (
    OpenedChild,
    child_for,
    hidden_objects,
    open_child,
    owner_of,
    privacy_officers,
)
from kindzorg.core.errors import Conflict, Missing
from kindzorg.core.walls import behind_wall
from kindzorg.journey.views import child_frame
from kindzorg.notices.actions import tell
from kindzorg.ui.wording import add_to_form
from kindzorg.web.trail_forms import WORDS, AnswerForm, QuestionForm, moment
from kindzorg.web.visits import said_of, sentence, words

# Who carries an answer to the family: the officer may not see the child.
POST = system_actor("questions about the trail")


def child_trail_ask(request: Any, child_id: UUID) -> HttpResponse:
    """Ask about one visit: what it was, who answers, by when."""
    opened = open_child(request.actor, child_id, "trail.ask", "trail.ask_read", request.now)
    line, to = _about(request, opened)
    form = QuestionForm(request.POST or None, label=words("ask_title", opened.audience))
    if request.method == "POST" and form.is_valid():
        return _ask(request, opened, line, to, form.cleaned_data["words"])
    officers = privacy_officers(request.actor, request.today, to.organisation_id)
    due = dateformat.format(answer_due(request.today), "j E Y")
    given = {"organisation": to.organisation, "due": due}
    context = {
        **child_frame(request, opened, "child_trail"),
        "form": form,
        "line": sentence(line, opened.audience),
        "to": words("ask_to" if officers else "ask_nobody", opened.audience, **given),
        "who_reads": words("ask_who_reads", opened.audience),
        "found": bool(officers),
    }
    return render(request, "web/trail_ask.html", context)


def _about(request: Any, opened: OpenedChild) -> tuple[Any, Addressee]:
    """The line that the question is about, and whose privacy officer answers: of the one who looked, else of the file.

    Raises Missing for a line that is not there, or that the reader may not know of.
    """
    at, hidden = (
        moment(request.GET.get("at", "")),
        hidden_objects(request.actor, opened.subject, request.today),
    )
    try:
        who = UUID(request.GET.get("who", ""))
        line = line_at(request.actor, opened.subject, at, who, hidden) if at else None
    except ValueError:
        line = None
    if line is None:
        raise Missing("no_such_line", child_id=opened.child.id)
    if line.organisation_id:
        return line, Addressee(line.organisation_id, line.organisation, str(opened.child))
    keeps = owner_of(request.actor, opened.subject, request.today)
    return line, Addressee(*keeps, str(opened.child))


@transaction.atomic
def _ask(request: Any, opened: OpenedChild, line: Any, to: Addressee, asked: str) -> HttpResponse:
    """The question, and word to the officers, in one transaction."""
    question = ask_about(request.actor, opened.subject, line, to, asked, request.now)
    if officers := privacy_officers(request.actor, request.today, to.organisation_id):
        tell(request.actor, opened.subject, QUESTION, officers, question.id, request.now)
    there = reverse("child_trail_question", args=[opened.child.id, question.id])
    return redirect(f"{there}?sent=1")


def child_trail_question(request: Any, child_id: UUID, question_id: UUID) -> HttpResponse:
    """One's own question, and the answer when it is there. Somebody else's is not there at all."""
    opened = open_child(request.actor, child_id, "trail.ask", "trail.ask_read", request.now)
    own = questions_for(request.actor, opened.subject, request.today)
    question = next((one for one in own if one.id == question_id), None)
    if question is None:
        raise Missing("no_such_question", question_id=question_id)
    context = {
        **child_frame(request, opened, "child_trail"),
        "question": question,
        "about": _what(question, opened.audience),
        "sent": words("sent_title", opened.audience) if request.GET.get("sent") else "",
        "next": words("sent_next", opened.audience),
    }
    return render(request, "web/trail_question.html", context)


def _what(question: Any, audience: str) -> str:
    return said_of(question.about_event, "R", "", audience)


def trail_question(request: Any, question_id: UUID) -> HttpResponse:
    """The privacy officer reads a question and answers it, once."""
    question = read_question(request.actor, question_id, request.now)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _answer(request, question, form.cleaned_data["words"])
        except Conflict as error:
            add_to_form(form, error, WORDS)
            question = read_question(request.actor, question_id, request.now)
    context = {"question": question, "form": form, "about": _what(question, "professional")}
    return render(request, "web/trail_answer.html", context)


@transaction.atomic
def _answer(request: Any, question: Any, answer: str) -> HttpResponse:
    """The answer, and word to who asked, in one transaction."""
    answer_question(request.actor, question.id, answer, request.now)
    _tell_asker(question, request.today, request.now)
    return redirect("trail_desk")


def _tell_asker(question: Any, on: date, now: datetime) -> None:
    with behind_wall(POST.id, on, system=True):
        subject = child_for(POST, question.child_id, on).subject
        tell(POST, subject, QUESTION, [question.asked_by_id], question.id, now)
