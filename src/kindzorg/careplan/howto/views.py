"""Pages of the how-to cards: the list, one card to read and print, writing one, a tip, seen and understood."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kindzorg.careplan.howto import actions, queries
from kindzorg.careplan.howto.forms import HowToForm, TipForm, photo_words
from kindzorg.careplan.howto.pages import act_title, card_page, errors_for, list_page
from kindzorg.careplan.views import typed
from kindzorg.careplan.wording import Say
from kindzorg.careteam.competences.rules import ACTS
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.core.errors import Conflict, Invalid, Refused
from kindzorg.journey.views import child_frame
from kindzorg.ui.fields import whole_number
from kindzorg.ui.wording import add_to_form


def _open(request: Any, child_id: UUID, event: str, permission: str = "") -> OpenedChild:
    try:
        return open_child(request.actor, child_id, permission or "howto.read", event, request.now)
    except Refused:
        if permission:
            raise
        return open_child(request.actor, child_id, "learning.say", event, request.now)


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    frame = {**child_frame(request, opened, "week"), "said": Say(opened.audience, "howto")}
    return render(request, f"careplan/howto/{name}.html", {**frame, **context})


def _known(act: str) -> str:
    if act not in ACTS:
        raise Http404
    return act


def howtos(request: Any, child_id: UUID) -> HttpResponse:
    """The cards of this child."""
    opened = _open(request, child_id, "howto.list_read")
    return _page(request, opened, "list", **list_page(request, opened))


def howto(request: Any, child_id: UUID, act: str) -> HttpResponse:
    """One card: the steps, what to watch, whom to call; it prints on one sheet."""
    opened = _open(request, child_id, "howto.read")
    card = queries.card_for(request.actor, opened.subject, _known(act), request.today)
    page = card_page(request, opened, card)
    return _page(request, opened, "card", files_said=photo_words(opened.audience), **page)


def howto_edit(request: Any, child_id: UUID, act: str) -> HttpResponse:
    """Write the card of an act, or change it."""
    opened = _open(request, child_id, "howto.form_read", "howto.write")
    card = queries.card_for(request.actor, opened.subject, _known(act), request.today)
    form = HowToForm(typed(request), request.FILES or None, opened.audience, card)
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_card(request.actor, opened.subject, form.card_given(), request.now)
            return redirect("howto", child_id, act)
        except (Invalid, Conflict) as error:
            add_to_form(form, error, errors_for(error, opened.audience))
    return _page(request, opened, "edit", form=form, act=act, act_title=act_title(act, opened.audience))


def howto_tip(request: Any, child_id: UUID, act: str) -> HttpResponse:
    """Add a tip of one's own."""
    opened = _open(request, child_id, "howto.form_read", "howto.tip")
    queries.card_for(request.actor, opened.subject, _known(act), request.today)
    form = TipForm(typed(request), opened.audience)
    if request.method == "POST" and form.is_valid():
        actions.add_tip(request.actor, opened.subject, act, form.cleaned_data["words"], request.now)
        return redirect("howto", child_id, act)
    return _page(request, opened, "tip", form=form, act=act, act_title=act_title(act, opened.audience))


@require_POST
def howto_seen(request: Any, child_id: UUID, act: str) -> HttpResponse:
    """Seen and understood: the card that was on the screen, not one that took its place meanwhile."""
    opened = child_for(request.actor, child_id, request.today)
    number = whole_number(request.POST.get("number", "")) or 0
    said = Say(opened.audience, "howto")
    try:
        actions.say_seen(request.actor, opened.subject, _known(act), number, request.now)
        messages.success(request, said["seen_thanks"])
    except Conflict:
        messages.warning(request, said["card_changed"])
    return redirect("howto", child_id, act)
