"""The page "agenda op uw telefoon", and the address at which a telephone fetches it without signing in."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kindzorg.access import policy
from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor, system_actor
from kindzorg.access.roles import Hat
from kindzorg.careplan.calendars.queries import AHEAD, BACK, calendar_of
from kindzorg.careteam.queries import actor_for
from kindzorg.core.errors import Invalid, Missing
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Audience
from kindzorg.core.walls import behind_wall
from kindzorg.people.accounts.queries import spoken_to
from kindzorg.people.calendars.actions import make_feed, note_fetch, stop_feed
from kindzorg.people.calendars.queries import feed_at, feed_of
from kindzorg.web.address import address_of
from kindzorg.web.calendar.ical import written

DOOR = system_actor("calendar")
WORDS = (
    "title",
    "lead",
    "holds_family",
    "holds_work",
    "holds_not",
    "keep",
    "once",
    "none",
    "nobody",
    "again",
)
STEPS = {"iphone": "iPhone, iPad", "android": "Android", "outlook": "Outlook"}
# A telephone keeps it: nothing on the way may, and nobody looks it up by its words.
HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: Any) -> HttpResponse:
    """What the calendar is, how one gets it on a telephone; a POST makes a new address, shown this once."""
    address = ""
    if request.method == "POST" and request.hat:
        secret = make_feed(DOOR, request.actor, request.hat, request.now)
        address = request.build_absolute_uri(reverse("calendar_feed", args=[secret]))
    say = _words(request)
    context = {
        "t": say,
        "steps": [{"title": name, "lines": say[key].splitlines()} for key, name in STEPS.items()],
        "address": address,
        "subscribe": address.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1),
        "feed": feed_of(DOOR, request.actor.id, request.hat, request.now),
        "holds": say["holds_family" if request.hat == Hat.FAMILY else "holds_work"],
        "hat": request.hat,
    }
    return render(request, "web/calendar.html", context)


def _words(request: Any) -> dict[str, str]:
    audience = spoken_to(DOOR, request.actor.id, request.today)
    if audience == Audience.PROFESSIONAL and request.hat == Hat.FAMILY:
        audience = Audience.PARENT
    language = (translation.get_language() or "nl")[:2]
    return {key: text(f"web.calendar.{key}", audience, language) for key in (*WORDS, *STEPS)}


@require_POST
def calendar_stop(request: Any) -> HttpResponse:
    """No calendar any more: its address finds nothing from now on."""
    stop_feed(DOOR, request.actor, request.hat, request.now)
    return redirect("calendar")


@login_not_required
@require_safe
def calendar_feed(request: Any, secret: str) -> HttpResponse:
    """What a telephone fetches, without cookies. Unknown and stopped are the same; guessing 256 bits is no risk."""
    try:
        feed = feed_at(DOOR, secret, request.now)
    except Missing:
        return HttpResponse(status=404, content_type="text/plain; charset=utf-8", headers=HEADERS)
    except Invalid as error:
        wait = int((error.data["until"] - request.now).total_seconds()) + 1
        return HttpResponse(status=429, headers={**HEADERS, "Retry-After": str(wait)})
    who = _owner(request, feed)
    with (
        translation.override(feed.user.language),
        behind_wall(who.id, request.today, at=request.now, hat=feed.hat),
    ):
        found = calendar_of(who, request.now)
        note_fetch(DOOR, who, feed, found.read, request.now)
        first, last = request.now - BACK, request.now + AHEAD
        body = written(found.moments, who.id, first, last, lambda child_id: _week(request, child_id))
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=HEADERS)


def _owner(request: Any, feed: Any) -> Actor:
    """The owner as of now: with the grants of today and one hat on, never surer than when the address was made."""
    hat = Hat(feed.hat)
    known = actor_for(feed.user, assurance=Assurance(feed.level), at=request.now)
    worn = policy.wearing(known, hat)
    return replace(worn, access_point=address_of(request), floor=settings.KINDZORG_LEVELS[hat])


def _week(request: Any, child_id: UUID) -> str:
    """The child's week, where it stands who comes and what for; that page asks who is there."""
    return str(request.build_absolute_uri(reverse("week", args=[child_id])))
