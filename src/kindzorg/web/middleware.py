"""What every request gets: the actor, the wall, the clock, strict headers; and what becomes of a refusal."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from kindzorg.access import policy
from kindzorg.audit.actions import write_refusal
from kindzorg.core import clock
from kindzorg.core.errors import DomainError, Missing, Refused
from kindzorg.core.own_words import Reading, house_read, reading
from kindzorg.core.walls import behind_wall
from kindzorg.people.own import kept_of
from kindzorg.ui.borrowed import spoken_bytes
from kindzorg.ui.destroyed import worded_bytes
from kindzorg.web import errors, guidance
from kindzorg.web.coming_in import visit
from kindzorg.web.house.style import shown_style
from kindzorg.web.page_help import PageHelp
from kindzorg.web.roles import reads_as
from kindzorg.web.sign_in import devices, hats, idle, kept, second_step

METHODS = ("GET", "HEAD", "POST")
CSP = (
    "default-src 'self'; img-src 'self' blob:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def policy_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Nothing from another host, no inline script or style, nothing kept by a cache between, no odd methods."""

    def headers(request: HttpRequest) -> HttpResponse:
        response = get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if not request.path.startswith(f"/{settings.STATIC_URL.lstrip('/')}"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return headers


def spoken_answers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """What is lent by Dutch leaves the house as each medium can say it."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        kind = response.headers.get("Content-Type", "")
        if not response.streaming and kind.startswith(("text/", "application/json")):
            response.content = spoken_bytes(response.content, kind)
        return response

    return answered


class SignInRequired(LoginRequiredMiddleware):
    """As Django's; what somebody typed in a session that has ended is kept for when the same person is back."""

    def handle_no_permission(self, request: Any, view_func: Any) -> Any:
        onward = request.get_full_path()
        if request.method == "POST":
            kept.keep(request, request.ended or devices.last_account(request))
            onward = reverse("session_kept")
        return second_step.sent_to(request, "sign_in", next=onward, ended="1" if request.ended else "")


class ActorMiddleware:
    """Gives the request its actor and runs it behind the wall."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.now = clock.now()
        request.today = timezone.localdate(request.now)
        request.actor = request.refusal = request.ended = None
        if request.user.is_authenticated and not idle.seconds_left(request.session):
            idle.end(request)
        if not request.user.is_authenticated:
            return self.get_response(request)
        request.actor = hats.actor_of(request)
        with translation.override(request.session.get("language") or request.user.language):
            request.LANGUAGE_CODE = translation.get_language()
            with reading(Reading(kept_of, request.actor.house, _child(request))), _wall(request):
                request.actor = visit.together(request, request.actor, _child(request))
                response = self.get_response(request)
            return self.after(request, _worded(response))

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """A sign of life; and who must take a second step first, or choose a hat, goes there."""
        if _holds_nul(request):
            return errors.unreadable(request)
        if request.actor is None:
            return None
        if request.resolver_match.url_name != "session_left":
            idle.seen(request)
        return second_step.barred(request)

    def after(self, request: Any, response: HttpResponse) -> HttpResponse:
        """Once the request's own transaction is over: a refusal stays in the trail, and what was typed is kept."""
        kept.settle(request, response)
        if request.refusal is None:
            return response
        self.write(request)
        too_low = request.refusal.data.get("missing") == "assurance_too_low"
        return second_step.ask_for_more(request) if too_low else response

    def write(self, request: Any) -> None:
        data = request.refusal.data
        write_refusal(
            request.actor,
            f"refused {request.method} {request.resolver_match.view_name if request.resolver_match else ''}"[
                :60
            ],
            request.now,
            data.get("child_id") or request.resolver_match.kwargs.get("child_id"),
            str(data.get("permission", "")),
        )

    def process_exception(self, request: Any, exception: Exception) -> HttpResponse | None:
        """Words a domain error that no view worded. Nothing of the request's writes stays, whatever broke.

        A page that is not there is no error: that somebody looked stays in the trail.
        """
        if isinstance(exception, Http404):
            return None
        if connection.in_atomic_block:
            transaction.set_rollback(True)
        if not isinstance(exception, DomainError):
            return None
        if isinstance(exception, Refused | Missing):
            request.refusal = exception if request.actor else None
            return errors.not_found(request)
        return errors.cannot(request, exception)


def _holds_nul(request: Any) -> bool:
    """Whether anything in it holds the character NUL, which no keyboard has and PostgreSQL keeps in no text."""
    sent = (
        word
        for data in (request.GET, request.POST)
        for name, values in data.lists()
        for word in (name, *values)
    )
    return any("\0" in word for word in (request.path_info, *sent))


def _worded(response: HttpResponse) -> HttpResponse:
    """Where words were destroyed, the reader's language says so: on every page, also one that is yet to be made."""
    if not response.streaming and response.headers.get("Content-Type", "").startswith("text/"):
        response.content = worded_bytes(response.content)
    return response


def _wall(request: Any) -> AbstractContextManager[None]:
    """The wall as the hat of this request leaves it: with two and none chosen nobody's child shows."""
    hat = request.hat or "none"
    return behind_wall(request.actor.id, request.today, at=request.now, sought=_sought(request), hat=hat)


def _child(request: HttpRequest) -> UUID | None:
    """The one child that a page is about, by its address."""
    try:
        child_id: UUID | None = resolve(request.path_info).kwargs.get("child_id")
    except Resolver404:
        return None
    return child_id


def _sought(request: HttpRequest) -> list[UUID] | None:
    """The one child of a page that is read: the wall need show no other. None for every other page."""
    child_id = _child(request) if request.method in ("GET", "HEAD") else None
    return [child_id] if child_id else None


def frame(request: Any) -> dict[str, Any]:
    """What every page's frame shows."""
    actor = getattr(request, "actor", None)
    shown: dict[str, Any] = {
        "actor": actor,
        "demo": settings.KINDZORG_DEMO,
        "practice": _practice(),
        "now": getattr(request, "now", None),
        "today": getattr(request, "today", None),
    }
    if house := house_read():
        shown["house"] = shown_style(house)
    if actor:
        shown["reads_as"] = str(reads_as(actor))
        shown["nav"], shown["account"] = _navigation(request), _account(request)
        shown["switch_url"], shown["visit"] = reverse("sign_in"), visit.banner(request)
        shown["page_help"], shown["page_help_template"] = PageHelp(request), "web/page_help.html"
        shown["guide"], shown["guide_template"] = guidance.card(request), "web/guide_card.html"
        shown["session_end"], shown["idle"] = "web/sign_in/session.html", idle.shown(request)
    return shown


def _practice() -> dict[str, str] | None:
    """On the practice site: how to begin anew, and the way back to the real one."""
    if not settings.KINDZORG_PRACTISING:
        return None
    return {"again": reverse("begin_anew"), "back": settings.KINDZORG_REAL_ADDRESS}


def _account(request: Any) -> dict[str, Any]:
    """Who is here, and what one can do about that."""
    return {
        "name": request.actor.name,
        "line": request.actor.organisation,
        "sign_out": reverse("sign_out"),
        "language_url": reverse("set_language"),
        "languages": settings.LANGUAGES,
        "own": reverse("account"),
        "hat": hats.worn(request),
    }


def _navigation(request: Any) -> list[dict[str, Any]]:
    """At most a few places: the start page, and at a child's pages the line for when something is wrong."""
    match = request.resolver_match
    items: list[dict[str, Any]] = [
        {
            "url": reverse("home"),
            "label": gettext("Start"),
            "icon": "house",
            "current": bool(match and match.url_name == "home"),
        }
    ]
    items.append(
        {
            "url": reverse("notices"),
            "label": gettext("Notices"),
            "icon": "bell",
            "current": bool(match and match.url_name == "notices"),
        }
    )
    if policy.may(request.actor, "trail.answer", None, request.today):
        items.append(
            {
                "url": reverse("trail_desk"),
                "label": gettext("The trail"),
                "icon": "eye",
                "current": bool(match and match.url_name in ("trail_desk", "trail_question")),
            }
        )
    if match and (child_id := match.kwargs.get("child_id")):
        current = match.url_name == "child_help"
        items.append(
            {
                "url": reverse("child_help", args=[child_id]),
                "label": gettext("Something is wrong"),
                "icon": "triangle-alert",
                "alarm": True,
                "current": current,
            }
        )
    return items
