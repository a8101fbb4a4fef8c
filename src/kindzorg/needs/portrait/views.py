"""Who the child is: the page, telling it, and the sheet of paper."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.errors import Conflict, Invalid
from kindzorg.journey.views import child_frame
from kindzorg.needs.portrait.actions import write_piece
from kindzorg.needs.portrait.forms import PieceForm
from kindzorg.needs.portrait.pages import asked, cards, density, errors_for, words_for
from kindzorg.needs.portrait.queries import portrait_for, wordings_for
from kindzorg.needs.portrait.rules import PortraitTopic
from kindzorg.record.queries import statements_beside
from kindzorg.ui.wording import add_to_form


def portrait(request: Any, child_id: UUID) -> HttpResponse:
    """Everything that was told, large enough to read at the kitchen table."""
    opened = open_child(request.actor, child_id, "portrait.read", "portrait.read", request.now)
    writes = policy.could(request.actor, "portrait.write", opened.subject, request.today)
    found = portrait_for(request.actor, opened.subject, request.today)
    rows = cards(request, opened, found, empty=writes)
    told = any(one.pieces for one in found)
    beside = statements_beside(request.actor, opened.subject, "plan.read", request.today)
    return _page(request, opened, "portrait", cards=rows, writes=writes, told=told, beside=beside)


def portrait_paper(request: Any, child_id: UUID) -> HttpResponse:
    """One sheet, for on the fridge, for school, for who stands in. That it was printed stands in the trail."""
    opened = open_child(request.actor, child_id, "portrait.read", "portrait.printed", request.now)
    found = portrait_for(request.actor, opened.subject, request.today)
    rows = cards(request, opened, found, empty=False)
    return _page(request, opened, "portrait_paper", cards=rows, density=density(found))


def portrait_write(request: Any, child_id: UUID, piece: str) -> HttpResponse:
    """One topic in one's own words."""
    if piece not in set(PortraitTopic):
        raise Http404
    opened = open_child(request.actor, child_id, "portrait.write", "portrait.read", request.now)
    about = PortraitTopic(piece)
    wordings = wordings_for(request.actor, opened.subject, about, request.today)
    newest, ask = wordings[-1] if wordings else None, asked(about, request, opened)
    form, theirs = PieceForm(request.POST or None, about, ask, newest), None
    if request.method == "POST" and form.is_valid():
        if newest and form.cleaned_data["words"] == form.initial["words"]:
            return redirect("portrait", child_id)
        again, theirs = _written(request, opened, form)
        if again is None:
            return redirect("portrait", child_id)
        form = again
    return _page(request, opened, "portrait_write", form=form, theirs=theirs, title=ask)


def _written(request: Any, opened: OpenedChild, form: PieceForm) -> tuple[PieceForm | None, Any]:
    """The form again where it could not be kept; with what somebody else wrote, to be looked at before saving."""
    try:
        write_piece(request.actor, opened.subject, form.piece(), request.now)
        return None, None
    except Invalid as error:
        add_to_form(form, error, errors_for(error, opened))
        return form, None
    except Conflict as error:
        typed = QueryDict(mutable=True)
        typed.update({"words": form.cleaned_data["words"], "revision": str(error.data["revision"])})
        again = PieceForm(typed, form.topic, str(form.fields["words"].label), None)
        again.is_valid()
        add_to_form(again, error, errors_for(error, opened))
        return again, {"words": error.data["theirs"], "by": error.data["by"]}


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    frame = child_frame(request, opened)
    return render(request, f"needs/{name}.html", {**frame, "t": words_for(opened), **context})
