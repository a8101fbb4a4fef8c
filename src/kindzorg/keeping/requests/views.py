"""Pages on which the family asks to put something right or to destroy it, and on which that is decided."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access import policy
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.errors import Conflict, Invalid, Refused
from kindzorg.journey.views import child_frame
from kindzorg.keeping.pages import say
from kindzorg.keeping.requests import actions, pages, queries
from kindzorg.keeping.requests.forms import WORDS, AskForm, DecideForm, DelayForm
from kindzorg.keeping.requests.rules import About, Asked, NewRequest, RequestView
from kindzorg.ui.wording import add_to_form

SAID = (
    "page_title",
    "page_lead",
    "none",
    "ask",
    "ask_lead",
    "ask_lead_thing",
    "send",
    "about",
    "gone",
    "words_gone",
    "unseen",
)


LOOKS = ("request.decide", "request.make", "request.read_unseen")


def _open(
    request: Any, child_id: UUID, event: str, may: str = "", request_id: UUID | None = None
) -> OpenedChild:
    """For who decides, the family, and who sees to it that somebody decides; or for who has the permission `may`.

    That a child asked something, and that somebody looks at it, its parents do not read in the trail.
    """
    about_id = queries.looked_at(request.actor, child_id, request_id)
    asked = (may,) if may else LOOKS
    for one in asked:
        try:
            return open_child(request.actor, child_id, one, event, request.now, about_id=about_id)
        except Refused:
            if one == asked[-1]:
                raise
    raise Http404


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    said = {key: say(f"requests.{key}", opened.audience) for key in SAID}
    frame = child_frame(request, opened, "record")
    return render(request, f"keeping/{name}.html", {**frame, "t": said, **context})


def requests(request: Any, child_id: UUID) -> HttpResponse:
    """What was asked, and where each stands."""
    opened = _open(request, child_id, "request.list_read")
    found = queries.requests_for(request.actor, opened.subject, request.today)
    rows = [pages.row(one, opened, request) for one in found]
    guards = policy.may(request.actor, "request.read_unseen", opened.subject, request.today)
    oversees = guards and not any(one.readable for one in found)
    return _page(request, opened, "requests", rows=rows, oversees=oversees)


def request_new(request: Any, child_id: UUID) -> HttpResponse:
    """Ask it, of something that is pointed out or in general words."""
    opened = _open(request, child_id, "request.form_read", "request.make")
    about, object_id = _pointed_out(request)
    thing = queries.thing_for(request.actor, opened.subject, about, object_id, request.today)
    asks = queries.asks_for(request.actor, opened.subject, thing, request.today)
    form = AskForm(request.POST or None, opened.audience, asks)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        new = NewRequest(Asked(given["asked"]), about, given["words"], object_id)
        if _done(form, lambda: actions.make_request(request.actor, opened.subject, new, request.now)):
            messages.success(request, say("requests.sent", opened.audience))
            return redirect("requests", child_id)
    goes = pages.goes(about, opened) if Asked.REMOVE in asks else ""
    context = {"form": form, "thing": thing, "not_yours": pages.not_asked(asks, opened), "goes": goes}
    return _page(request, opened, "request_new", **context)


def _pointed_out(request: Any) -> tuple[About, UUID | None]:
    """What the address points out: `?about=note&id=...`; nothing for the file in general."""
    try:
        about, key = About(request.GET.get("about", About.GENERAL)), request.GET.get("id", "")
        return about, UUID(key) if key else None
    except ValueError:
        raise Http404 from None


def _done(form: Any, act: Callable[[], object]) -> bool:
    try:
        act()
    except (Conflict, Invalid) as error:
        add_to_form(form, error, WORDS)
        return False
    return True


def _one(request: Any, child_id: UUID, request_id: UUID) -> tuple[OpenedChild, RequestView]:
    opened = _open(request, child_id, "request.read", request_id=request_id)
    return opened, queries.request_for(request.actor, opened.subject, request_id, request.today)


def request_one(request: Any, child_id: UUID, request_id: UUID) -> HttpResponse:
    """One request: what was asked, where it stands, and what can be done."""
    opened, one = _one(request, child_id, request_id)
    words = queries.words_now(request.actor, opened.subject, one, request.today)
    return _page(request, opened, "request", words=words, **pages.one_page(one, opened, request))


def decide(request: Any, child_id: UUID, request_id: UUID) -> HttpResponse:
    """Yes or no."""
    opened = _open(request, child_id, "request.read", "request.decide", request_id)
    one = queries.request_to_decide(request.actor, opened.subject, request_id, request.today)
    others = queries.other_holders(request.actor, opened.subject, one.by_id, request.today)
    form = DecideForm(request.POST or None, one, others)
    if request.method == "POST" and form.is_valid():
        decision = form.decision()
        if _done(
            form, lambda: actions.decide_request(request.actor, opened.subject, one.id, decision, request.now)
        ):
            return redirect("request", child_id, request_id)
    words = queries.words_now(request.actor, opened.subject, one, request.today)
    return _page(
        request, opened, "request_decide", form=form, words=words, **pages.one_page(one, opened, request)
    )


def delay(request: Any, child_id: UUID, request_id: UUID) -> HttpResponse:
    """It takes longer."""
    opened = _open(request, child_id, "request.read", "request.decide", request_id)
    one = queries.request_to_decide(request.actor, opened.subject, request_id, request.today)
    form = DelayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["words"]
        if _done(
            form, lambda: actions.delay_request(request.actor, opened.subject, one.id, why, request.now)
        ):
            return redirect("request", child_id, request_id)
    return _page(request, opened, "request_delay", form=form, **pages.one_page(one, opened, request))
