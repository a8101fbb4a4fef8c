"""Having a say ("Regie leren"): short explanations at the moment they matter, and one page with all of them."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from kindzorg.access import policy
from kindzorg.access.roles import Role
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.texts import content, text
from kindzorg.journey.views import child_frame
from kindzorg.people.accounts.actions import close_explanation, open_explanations
from kindzorg.web.address import stays_here
from kindzorg.web.sign_in.entry import DOOR

GUIDES = Path(__file__).parent / "guides.csv"
START = "start"
ITSELF = (Role.CHILD, Role.YOUNG_PERSON)


@dataclass(frozen=True, slots=True)
class Guide:
    """One explanation: the page of a child that it is about and what leave that asks, the pages on which it shows by
    itself, and for whom."""

    key: str
    about: str
    leave: tuple[str, ...]
    shown: frozenset[str]
    readers: frozenset[str]


@cache
def guides() -> tuple[Guide, ...]:
    """All of them, in the order in which one meets them."""
    with GUIDES.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Guide(
                row["key"],
                row["about"],
                tuple(row["leave"].split("|")),
                frozenset(row["shown"].split()),
                frozenset(row["readers"].split()),
            )
            for row in csv.DictReader(lines)
        )


def _say(name: str, reader: str) -> str:
    return text(f"web.guidance.{name}", reader, (get_language() or "nl")[:2])


def _shown(guide: Guide, reader: str, child_id: UUID) -> dict[str, Any]:
    source = f"{guide.key}_source"
    number = [1] if guide.about == "first_time" else []
    return {
        "key": guide.key,
        "title": _say(f"{guide.key}_title", reader),
        "says": _say(guide.key, reader),
        "source": _say(source, reader) if source in content("web", "guidance") else "",
        "about": reverse(guide.about, args=[child_id, *number]),
    }


def _as_child(request: Any, reader: str, child_id: UUID) -> str:
    """Somebody of 16 or older who reads of itself is told so, and not what its parents may and decide."""
    itself = any(one.role in ITSELF and one.scope_id == child_id for one in request.actor.grants)
    return "child" if itself else reader


class Card:
    """The one explanation that this page shows by itself: by reader, and none that this person has closed."""

    def __init__(self, request: Any) -> None:
        self.request = request

    def __getitem__(self, reader: str) -> dict[str, Any]:
        """Raises KeyError where there is nothing to tell."""
        match, closed = self.request.resolver_match, self.request.user.explained.split()
        page, child_id = match.url_name, match.kwargs.get("child_id")
        reader = _as_child(self.request, reader, child_id)
        for guide in guides():
            if page in guide.shown and reader in guide.readers and guide.key not in closed:
                said = {"known": _say("known", reader), "more": _say("more", reader)}
                return {
                    **_shown(guide, reader, child_id),
                    **said,
                    "all": reverse("guidance", args=[child_id]),
                }
        raise KeyError(reader)


def card(request: Any) -> Card | None:
    """For the frame of a page of a child that somebody reads for itself."""
    match = request.resolver_match
    reads = request.method in ("GET", "HEAD") and match and match.kwargs.get("child_id")
    return Card(request) if reads and not request.actor.on_behalf_of else None


@require_safe
def guidance(request: Any, child_id: UUID) -> HttpResponse:
    """All explanations for this reader, each with the way to the page that it is about."""
    opened = open_child(request.actor, child_id, "child.open", "child.guidance_read", request.now)
    reader = _as_child(request, str(opened.audience), child_id)
    rows = [
        {**_shown(one, reader, child_id), "may": _may(request, opened, one)}
        for one in guides()
        if reader in one.readers
    ]
    words = ("title", "lead", "to_page", "confirm", "again", "again_line")
    context = {
        **child_frame(request, opened),
        "rows": rows,
        "say": {name: _say(name, reader) for name in words},
        "closed": bool(request.user.explained),
    }
    return render(request, "web/guidance.html", context)


def _may(request: Any, opened: OpenedChild, guide: Guide) -> bool:
    return any(policy.may(request.actor, one, opened.subject, request.today) for one in guide.leave)


@require_POST
def explained(request: Any) -> HttpResponse:
    """Somebody knows this now; or wants to be told everything once more. Then on to where the page said."""
    key, onward = request.POST.get("key", ""), request.POST.get("next", "")
    if key == "again":
        open_explanations(DOOR, request.actor, request.now)
    elif key in _keys():
        close_explanation(DOOR, request.actor, key, request.now)
    else:
        raise Http404
    return redirect(onward if stays_here(request, onward) else "home")


def _keys() -> Sequence[str]:
    return [one.key for one in guides()]
