"""What is going to happen: the list, preparing it, looking card by card, and the child saying how it wants it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kindzorg.careplan.procedures import actions, pages, queries
from kindzorg.careplan.procedures.forms import ProcedureForm, WhoForm, WishForm
from kindzorg.careplan.procedures.pages import Words
from kindzorg.careplan.procedures.rules import (
    KINDS,
    NewWish,
    Procedure,
    Wish,
    WishPart,
    WishReach,
    steps_of,
)
from kindzorg.careplan.views import typed
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.core.errors import Conflict, Invalid
from kindzorg.journey.views import child_frame
from kindzorg.ui.wording import add_to_form

PARTS = list(WishPart)


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    frame = {**child_frame(request, opened, "week"), "said": Words(opened)}
    return render(
        request,
        f"careplan/procedures/{name}.html",
        {**frame, **pages.rights(request, opened), **context},
    )


def _found(request: Any, opened: OpenedChild, entry_id: UUID) -> Procedure:
    return queries.procedure_for(request.actor, opened.subject, entry_id, request.today)


def procedures(request: Any, child_id: UUID) -> HttpResponse:
    """Everything that is prepared: what comes first on top."""
    opened = open_child(request.actor, child_id, "procedure.read", "procedure.list_read", request.now)
    found = queries.procedures_for(request.actor, opened.subject, request.today)
    lists = pages.lists(found, opened, request.today)
    return _page(request, opened, "list", **lists)


def procedure_new(request: Any, child_id: UUID) -> HttpResponse:
    """What is going to happen? One of the acts, or something else."""
    opened = open_child(request.actor, child_id, "procedure.write", "procedure.form_read", request.now)
    return _page(request, opened, "new", **pages.kinds_page(opened))


def procedure_make(request: Any, child_id: UUID, act: str) -> HttpResponse:
    """The steps of this act, to be fitted to this child."""
    if act not in KINDS:
        raise Http404
    opened = open_child(request.actor, child_id, "procedure.write", "procedure.form_read", request.now)
    return _write(request, opened, pages.empty(act, steps_of(act), request.now), None)


def procedure_edit(request: Any, child_id: UUID, procedure_id: UUID) -> HttpResponse:
    """Change what was prepared."""
    opened = open_child(request.actor, child_id, "procedure.write", "procedure.form_read", request.now)
    return _write(request, opened, _found(request, opened, procedure_id), procedure_id)


def _write(request: Any, opened: OpenedChild, now: Procedure, entry_id: UUID | None) -> HttpResponse:
    said = Words(opened)
    form = ProcedureForm(typed(request), said, now)
    if request.method == "POST" and form.is_valid():
        try:
            new = form.procedure(entry_id)
            made = actions.write_procedure(request.actor, opened.subject, new, request.now)
            return redirect("procedure", opened.child.id, made)
        except (Invalid, Conflict) as error:
            add_to_form(form, error, pages.errors_for(error, said))
    return _page(request, opened, "edit", form=form, one=pages.row(now, opened), entry_id=entry_id)


def procedure_take_away(request: Any, child_id: UUID, procedure_id: UUID) -> HttpResponse:
    """It does not go on: asked once more, as it cannot be put back."""
    opened = open_child(request.actor, child_id, "procedure.write", "procedure.form_read", request.now)
    now = _found(request, opened, procedure_id)
    if request.method == "POST":
        actions.take_away_procedure(request.actor, opened.subject, procedure_id, request.now)
        messages.success(request, Words(opened)["back_done"])
        return redirect("procedures", child_id)
    return _page(request, opened, "away", one=pages.row(now, opened))


def procedure(request: Any, child_id: UUID, procedure_id: UUID) -> HttpResponse:
    """What is going to happen, when and with whom; and how the child wants it."""
    opened = open_child(request.actor, child_id, "procedure.read", "procedure.read", request.now)
    now = _found(request, opened, procedure_id)
    return _page(request, opened, "procedure", **pages.whole_page(request, opened, now))


def procedure_card(request: Any, child_id: UUID, procedure_id: UUID, number: int) -> HttpResponse:
    """One step on one card."""
    opened = open_child(request.actor, child_id, "procedure.read", "procedure.read", request.now)
    now = _found(request, opened, procedure_id)
    if not 1 <= number <= len(now.steps):
        raise Http404
    card = pages.step_rows(now)[number - 1]
    more = {"card": card, "number": number, "total": len(now.steps), "one": pages.row(now, opened)}
    return _page(request, opened, "card", **more)


def _part(wish: str) -> WishPart:
    if wish not in set(WishPart):
        raise Http404
    return WishPart(wish)


def procedure_wish(request: Any, child_id: UUID, procedure_id: UUID, wish: str) -> HttpResponse:
    """One question: what helps, what is scary, or own words. It can be skipped."""
    part = _part(wish)
    opened = open_child(request.actor, child_id, "procedure.wish", "procedure.form_read", request.now)
    now, said = _found(request, opened, procedure_id), Words(opened)
    itself = queries.is_itself(request.actor, opened.subject, request.today)
    before = pages.own_wish(now, part, itself=itself)
    if "skip" in request.POST:
        return _next(request, opened, now, part)
    form = WishForm(typed(request), said, part, before)
    if request.method == "POST" and form.is_valid():
        try:
            return _said(request, opened, now, form.wish(procedure_id), before)
        except Invalid as error:
            add_to_form(form, error, pages.errors_for(error, said))
    place = {"place": PARTS.index(part) + 1, "total": len(PARTS), "part": str(part), "given": before}
    return _page(request, opened, "wish", form=form, one=pages.row(now, opened), **place)


def _said(
    request: Any, opened: OpenedChild, now: Procedure, new: NewWish, before: Wish | None
) -> HttpResponse:
    """Keep it, then ask the child who may see it. Nothing said where nothing stood is skipping, and what a child left
    as it was stays for whom it was."""
    says = bool(new.chosen or new.words.strip())
    itself = queries.is_itself(request.actor, opened.subject, request.today)
    left = before.same(new) and itself if before else not says
    if not left:
        actions.say_wish(request.actor, opened.subject, new, request.now)
    if says and itself:
        return redirect("procedure_who", opened.child.id, now.entry_id, new.part)
    return _next(request, opened, now, new.part)


def _next(request: Any, opened: OpenedChild, now: Procedure, part: WishPart) -> HttpResponse:
    place = PARTS.index(part) + 1
    if place < len(PARTS):
        return redirect("procedure_wish", opened.child.id, now.entry_id, PARTS[place])
    messages.success(request, Words(opened)["thanks"])
    return redirect("procedure", opened.child.id, now.entry_id)


def procedure_who(request: Any, child_id: UUID, procedure_id: UUID, wish: str) -> HttpResponse:
    """Who may see what the child just said."""
    part = _part(wish)
    opened = open_child(request.actor, child_id, "procedure.wish", "procedure.form_read", request.now)
    now, said = _found(request, opened, procedure_id), Words(opened)
    mine = pages.own_wish(now, part, itself=True)
    if mine is None or not queries.is_itself(request.actor, opened.subject, request.today):
        return redirect("procedure", child_id, procedure_id)
    before = queries.reach_before(request.actor, opened.subject, procedure_id, part, request.today)
    form = WhoForm(typed(request), said, before)
    if request.method == "POST" and form.is_valid():
        reach = WishReach(form.cleaned_data["reach"])
        new = NewWish(entry_id=procedure_id, part=part, chosen=mine.chosen, words=mine.words, reach=reach)
        actions.say_wish(request.actor, opened.subject, new, request.now)
        return _next(request, opened, now, part)
    shown = pages.wish_rows([mine], said)[0]
    return _page(request, opened, "who", form=form, wish=shown, one=pages.row(now, opened))


@require_POST
def procedure_wish_back(request: Any, child_id: UUID, procedure_id: UUID, wish: str) -> HttpResponse:
    """Undo: what was said of one part goes."""
    opened = child_for(request.actor, child_id, request.today)
    nothing = NewWish(entry_id=procedure_id, part=_part(wish))
    actions.say_wish(request.actor, opened.subject, nothing, request.now)
    messages.success(request, Words(opened)["taken_back"])
    return redirect("procedure", child_id, procedure_id)
