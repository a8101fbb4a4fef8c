"""Pages of the notes: reading, writing, correcting, and for whom one is not."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.careteam.marks import actions as marks
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.careteam.rules import HidesFrom, MarkedKind
from kindzorg.core.errors import Conflict, Invalid
from kindzorg.journey.views import child_frame
from kindzorg.record.notes import actions, queries
from kindzorg.record.notes.forms import KeepForm, NoteForm
from kindzorg.record.notes.pages import errors_for, notes_page, parts_for, say, words_for
from kindzorg.record.notes.rules import NoteView, Part
from kindzorg.record.pages import entry
from kindzorg.record.queries import item_for
from kindzorg.ui.wording import add_to_form


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    words = words_for(opened.audience)
    return render(
        request, f"record/{name}.html", {**child_frame(request, opened, "record"), "t": words, **context}
    )


def notes(request: Any, child_id: UUID) -> HttpResponse:
    """What was written down, each list for who may read it."""
    opened = open_child(request.actor, child_id, "note.read", "note.list_read", request.now)
    return _page(request, opened, "notes", problem="", **notes_page(request, opened))


def note_write(request: Any, child_id: UUID) -> HttpResponse:
    """Write something down."""
    opened = open_child(request.actor, child_id, "note.write", "note.form_read", request.now)
    form = NoteForm(request.POST or None, opened.audience, parts_for(request, opened))
    return _written(request, opened, form, say("add", opened.audience))


def note_correct(request: Any, child_id: UUID, entry_id: UUID) -> HttpResponse:
    """Say it better; what was written stays below it."""
    opened = open_child(request.actor, child_id, "note.write", "note.form_read", request.now)
    note = queries.note_for(request.actor, opened.subject, entry_id, request.today)
    if note.by_id != request.actor.id:
        raise Http404
    form = NoteForm(request.POST or None, opened.audience, [Part.CHILD], note)
    return _written(request, opened, form, say("correct_title", opened.audience))


def _written(request: Any, opened: OpenedChild, form: NoteForm, title: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_note(request.actor, opened.subject, form.note(), request.now)
            return redirect("notes", opened.child.id)
        except (Invalid, Conflict) as error:
            add_to_form(form, error, errors_for(error, opened.audience))
    return _page(request, opened, "note_form", form=form, title=title)


def note_keep(request: Any, child_id: UUID, entry_id: UUID) -> HttpResponse:
    """For whom a note is not: a child's own, asked once more; a professional's with a reason."""
    own = _is_own(request, child_id)
    permission = "mark.set_own" if own else "mark.set"
    opened = open_child(request.actor, child_id, permission, "note.form_read", request.now)
    note = queries.note_for(request.actor, opened.subject, entry_id, request.today)
    form = KeepForm(request.POST or None, opened.audience)
    if request.method == "POST" and (own or form.is_valid()):
        try:
            _keep(request, opened, note, form, own=own)
            return redirect("notes", child_id)
        except Invalid as error:
            form = _said(form, error, opened.audience)
    return _page(request, opened, "note_keep", form=form, note=note, own=own)


def record_keep(request: Any, child_id: UUID, item_id: UUID) -> HttpResponse:
    """For whom an item of the file is not: for a reason, with a second professional; a child's own, asked once more."""
    own = _is_own(request, child_id)
    permission = "mark.set_own" if own else "mark.set"
    opened = open_child(request.actor, child_id, permission, "note.form_read", request.now)
    item = item_for(request.actor, opened.subject, item_id, request.today)
    form = KeepForm(request.POST or None, opened.audience)
    if request.method == "POST" and (own or form.is_valid()):
        try:
            _keep_item(request, opened, item_id, form, own=own)
            return redirect("record", child_id)
        except Invalid as error:
            form = _said(form, error, opened.audience)
    row = entry(item, opened.audience)
    return _page(request, opened, "record_keep", form=form, row=row, own=own)


def _keep_item(request: Any, opened: OpenedChild, item_id: UUID, form: KeepForm, *, own: bool) -> None:
    if own:
        actions.keep_item_from_parents(request.actor, opened.subject, item_id, request.now)
        return
    given = (HidesFrom(form.cleaned_data["hides_from"]), form.cleaned_data["reason"])
    actions.keep_item_from(request.actor, opened.subject, item_id, given, request.now)


def _said(form: KeepForm, error: Invalid, audience: str) -> KeepForm:
    """The form with what was wrong; a child typed nothing in it, and sees the sentence alone."""
    form = form if form.is_bound else KeepForm({}, audience)
    form.is_valid()
    add_to_form(form, error, errors_for(error, audience))
    return form


def _is_own(request: Any, child_id: UUID) -> bool:
    """Whether who asks is the child itself, from 12."""
    opened = child_for(request.actor, child_id, request.today)
    return policy.may(request.actor, "mark.set_own", opened.subject, request.today)


def _keep(request: Any, opened: OpenedChild, note: NoteView, form: KeepForm, *, own: bool) -> None:
    if own:
        actions.keep_from_parents(request.actor, opened.subject, note.id, request.now)
        return
    given = form.cleaned_data
    side = HidesFrom(given["hides_from"])
    actions.keep_note_from(request.actor, opened.subject, note.id, side, given["reason"], request.now)


def mark_step(request: Any, child_id: UUID, mark_id: UUID, what: str) -> HttpResponse:
    """Confirm a mark as the second one, or take it away."""
    own = _is_own(request, child_id)
    step = {"confirm": marks.confirm_mark, "lift": marks.lift_own if own else marks.lift_mark}.get(what)
    if step is None or request.method != "POST":
        raise Http404
    permission = "mark.set_own" if own else "mark.set"
    opened = open_child(request.actor, child_id, permission, "note.list_read", request.now)
    try:
        mark = step(request.actor, opened.subject, mark_id, request.now)
    except Invalid as error:
        problem = say(error.code, opened.audience)
        return _page(request, opened, "notes", problem=problem, **notes_page(request, opened))
    pages = {MarkedKind.RECORD_ITEM: "record", MarkedKind.REPORT: "reports"}
    pages |= {MarkedKind.PROPOSAL: "plan_proposals", MarkedKind.PREPARATION: "reviews"}
    return redirect(pages.get(MarkedKind(mark.object_kind), "notes"), child_id)
