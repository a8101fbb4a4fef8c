"""Pages of phase 4: how on, who takes over, the list for 18, and a warm goodbye."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.careteam.queries import OpenedChild, open_child, team_for
from kindzorg.closure import actions, queries
from kindzorg.closure.actions import Arrangement
from kindzorg.closure.forms import WORDS, AnswerForm, ChapterForm, CloseForm, NeedForm, OptionForm, ReasonForm
from kindzorg.closure.pages import arranged_before, dispositions, letter_data, say, state_page
from kindzorg.closure.rules import Answer, Chapter, Disposition, Ending, follow, tree
from kindzorg.core.errors import DomainError, Incomplete
from kindzorg.journey.actions import reopen_journey
from kindzorg.journey.views import child_frame
from kindzorg.ui.pdf import make_pdf
from kindzorg.ui.wording import add_to_form


def _open(request: Any, child_id: UUID, event: str, permission: str = "closure.read") -> OpenedChild:
    return open_child(request.actor, child_id, permission, event, request.now)


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    return render(request, f"closure/{name}.html", {**child_frame(request, opened, "closure"), **context})


def closure(request: Any, child_id: UUID) -> HttpResponse:
    """Phase 4 at a glance: the ending, what becomes of each need, the list for 18; or the record."""
    opened = _open(request, child_id, "closure.read")
    state = queries.closing_state(request.actor, opened.subject, request.today)
    record = queries.record_for(request.actor, opened.subject, request.today)
    points = queries.checklist_for(request.actor, opened.subject, request.today)
    may = {
        name: policy.may(request.actor, f"closure.{name}", opened.subject, request.today)
        for name in ("prepare", "decide")
    }
    return _page(
        request, opened, "closure", **state_page(opened, state, record, points, request.today), may=may
    )


def question(request: Any, child_id: UUID, question: str) -> HttpResponse:
    """One question of the closure tree."""
    opened = _open(request, child_id, "closure.question_read", "closure.prepare")
    node = tree().get(question)
    if node is None:
        raise Http404
    choices = [(option, say(f"option.{option}", opened.audience)) for option in node.options]
    form = OptionForm(
        request.POST or None, label=say(f"question.{question}", opened.audience), choices=choices
    )
    if request.method == "POST" and form.is_valid():
        where = follow(question, form.cleaned_data["option"])
        if not isinstance(where, Ending):
            return redirect("closure_question", child_id, where)
        actions.prepare_closure(request.actor, opened.subject, where, request.now)
        return redirect("closure", child_id)
    return _page(request, opened, "question", form=form)


def need(request: Any, child_id: UUID, need_id: str) -> HttpResponse:
    """What becomes of one need."""
    opened = _open(request, child_id, "closure.need_read", "closure.prepare")
    state = queries.closing_state(request.actor, opened.subject, request.today)
    row = next((row for row in state.needs if row.need.id == need_id), None)
    if row is None or state.ending is None:
        raise Http404
    form = NeedForm(
        request.POST or None,
        initial=arranged_before(row),
        choices=dispositions(state.ending, opened.audience),
        organisations=_organisations(request, opened).items(),
    )
    if request.method == "POST" and form.is_valid():
        return _arrange(request, opened, need_id, form.cleaned_data)
    return _page(request, opened, "need", form=form, row=row)


def _organisations(request: Any, opened: OpenedChild) -> dict[str, str]:
    team = team_for(request.actor, opened.subject, request.today)
    return {str(one.organisation_id): str(one.organisation) for one in team if one.organisation_id}


def _arrange(request: Any, opened: OpenedChild, need_id: str, values: dict[str, Any]) -> HttpResponse:
    receiver = values["disposition"] == Disposition.RECEIVER
    arranged = Arrangement(
        need_id=need_id,
        disposition=Disposition(values["disposition"]),
        receiver=values["receiver"] if receiver else "",
        receiver_organisation_id=UUID(values["organisation"])
        if receiver and values["organisation"]
        else None,
        told=values["told"],
        note=values["note"],
    )
    actions.arrange_need(request.actor, opened.subject, arranged, request.now)
    return redirect("closure", opened.child.id)


def requests(request: Any, child_id: UUID) -> HttpResponse:
    """What the actor's organisation is asked to take over."""
    opened = _open(request, child_id, "closure.requests_read", "closure.accept")
    asked = queries.requests_for(request.actor, opened.subject, request.today)
    return _page(request, opened, "requests", asked=asked)


def answer(request: Any, child_id: UUID, object_id: UUID) -> HttpResponse:
    """A receiver answers."""
    opened = _open(request, child_id, "closure.request_read", "closure.accept")
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = (Answer(form.cleaned_data["answer"]), form.cleaned_data["reason"])
        try:
            actions.answer_request(request.actor, opened.subject, object_id, said, request.now)
            return redirect(
                "closure"
                if policy.may(request.actor, "closure.read", opened.subject, request.today)
                else "child_start",
                child_id,
            )
        except DomainError as error:
            add_to_form(form, error, WORDS)
    asked = queries.request_for(request.actor, opened.subject, object_id, request.today)
    return _page(request, opened, "answer", form=form, asked=asked)


def list_18(request: Any, child_id: UUID) -> HttpResponse:
    """The list towards 18 with its dates, and the chapters of the transition plan."""
    opened = _open(request, child_id, "transition.read")
    if request.method == "POST":
        done = (request.POST.get("done") == "1", request.POST.get("note", ""))
        actions.mark_item(request.actor, opened.subject, request.POST.get("item", ""), done, request.now)
        return redirect("closure_list_18", child_id)
    about = (request.actor, opened.subject, request.today)
    points, texts = queries.checklist_for(*about), queries.transition_for(*about)
    whole = policy.sees_all(request.actor, "transition.read", opened.subject, request.today)
    rows = [{"point": one, "words": say(f"checklist.{one.item.id}", opened.audience)} for one in points]
    chapters = [_chapter(one, texts, opened) for one in Chapter if whole]
    page = {
        name: policy.may(request.actor, permission, *about[1:])
        for name, permission in (("may_mark", "closure.prepare"), ("may_write", "transition.write"))
    }
    return _page(request, opened, "list_18", rows=sorted(rows, key=_due), chapters=chapters, **page)


def _chapter(one: Chapter, texts: Any, opened: OpenedChild) -> dict[str, Any]:
    return {"id": str(one), "title": say(f"chapter.{one}", opened.audience), "text": texts.get(one)}


def _due(row: dict[str, Any]) -> Any:
    return row["point"].item.due


def chapter(request: Any, child_id: UUID, chapter: str) -> HttpResponse:
    """Write one chapter of the transition plan."""
    opened = _open(request, child_id, "transition.chapter_read", "transition.write")
    whole = policy.sees_all(request.actor, "transition.write", opened.subject, request.today)
    if chapter not in set(Chapter) or not whole:
        raise Http404
    texts = queries.transition_for(request.actor, opened.subject, request.today)
    initial = {"words": texts[chapter].words} if chapter in texts else None
    form = ChapterForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.write_chapter(
            request.actor, opened.subject, Chapter(chapter), form.cleaned_data["words"], request.now
        )
        return redirect("closure_list_18", child_id)
    return _page(request, opened, "chapter", form=form, title=say(f"chapter.{chapter}", opened.audience))


def decide(request: Any, child_id: UUID) -> HttpResponse:
    """Close the care, or see what keeps it open."""
    opened = _open(request, child_id, "closure.decision_read", "closure.decide")
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        closing = (form.cleaned_data["contact"], form.cleaned_data["note"])
        try:
            actions.decide_closure(request.actor, opened.subject, closing, request.now)
            return redirect("closure_goodbye", child_id)
        except (Incomplete, DomainError) as error:
            add_to_form(form, error, WORDS)
    state = queries.closing_state(request.actor, opened.subject, request.today)
    page = state_page(opened, state, None, (), request.today)
    return _page(request, opened, "decide", form=form, **page)


def go_on(request: Any, child_id: UUID) -> HttpResponse:
    """The closing was not agreed, or the care begins again."""
    opened = _open(request, child_id, "closure.go_on_read", "closure.decide")
    form = ReasonForm(request.POST or None)
    closed = child_frame(request, opened)["phase"] == "closed"
    if request.method == "POST" and form.is_valid():
        if closed:
            reopen_journey(request.actor, opened.subject, request.now, form.cleaned_data["reason"])
        else:
            actions.give_up_closing(request.actor, opened.subject, form.cleaned_data["reason"], request.now)
        return redirect("child_start", child_id)
    return _page(request, opened, "go_on", form=form, closed=closed)


def goodbye(request: Any, child_id: UUID) -> HttpResponse:
    """A warm goodbye: what was, who goes on, whom to call."""
    opened = _open(request, child_id, "closure.goodbye_read")
    record = queries.record_for(request.actor, opened.subject, request.today)
    if record is None:
        return redirect("closure", child_id)
    state = queries.closing_state(request.actor, opened.subject, request.today)
    return _page(request, opened, "goodbye", **state_page(opened, state, record, (), request.today))


def letter(request: Any, child_id: UUID) -> HttpResponse:
    """The record as a letter for the family (PDF)."""
    opened = _open(request, child_id, "closure.letter_printed")
    record = queries.record_for(request.actor, opened.subject, request.today)
    if record is None:
        raise Http404
    return HttpResponse(
        make_pdf("closure", "closing", letter_data(opened, record)), content_type="application/pdf"
    )
