"""Explanation of the page on which one is, at the same place on every page: what for, who may see it, whom to ask."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.access.parties import parties
from kindzorg.access.roles import FAMILY, Role
from kindzorg.core.texts import MissingText, text
from kindzorg.core.vocabulary import Audience

PAGES = Path(__file__).parent / "page_help.csv"
OWN = "own"
# The people around a child as one names them: the family, who cares, who guides, and who is of another house.
GROUPS = (
    ("family", FAMILY),
    ("care", frozenset(role for role, party in parties().items() if party.basis == "direct")),
    ("guides", frozenset({Role.CARE_COACH, Role.COORDINATOR, Role.CASE_MANAGER})),
    ("supervise", frozenset({Role.TEAM_LEAD, Role.AUDITOR, Role.PRIVACY_OFFICER})),
    ("urgent", frozenset({Role.EMERGENCY_CARER})),
    ("others", frozenset({Role.SCHOOL, Role.MUNICIPALITY, Role.YOUTH_CARE})),
)


@dataclass(frozen=True, slots=True)
class Page:
    """The text that explains a page, and by which permission one may see what stands there (`own`: only oneself)."""

    text: str
    seen: str


@cache
def pages() -> Mapping[str, Page]:
    """Per name of an address."""
    with PAGES.open(encoding="utf-8", newline="") as lines:
        return {row["page"]: Page(row["text"], row["seen"]) for row in csv.DictReader(lines)}


def _say(name: str, reader: str) -> str:
    return text(f"web.page_help.{name}", reader, (get_language() or "nl")[:2])


def practice(reader: str) -> dict[str, str]:
    """The way to the practice site, and what it is."""
    return {
        "url": settings.KINDZORG_PRACTICE_ADDRESS,
        "title": _say("practice", reader),
        "says": _say("practice_says", reader),
    }


class PageHelp:
    """The explanation of the page of this request, by who reads."""

    def __init__(self, request: Any) -> None:
        match = request.resolver_match
        self.page = pages().get(match.url_name or "") if match else None
        self.child_id = match.kwargs.get("child_id") if match else None

    def __getitem__(self, reader: str) -> dict[str, Any]:
        """What the frame shows. A page without words of its own still says whom to ask."""
        words = ("title", "seen_title", "ask_title", "first", "guidance")
        said: dict[str, Any] = {name: _say(name, reader) for name in words}
        said |= {"says": self._says(reader), **self._seen(reader), "ask": _say("ask", reader)}
        if settings.KINDZORG_PRACTICE_ADDRESS and reader != Audience.CHILD:
            said["practice"] = practice(reader)
        if self.child_id:
            said["first_url"] = reverse("first_time", args=[self.child_id, 1])
            said["guidance_url"] = reverse("guidance", args=[self.child_id])
        return said

    def _says(self, reader: str) -> str:
        try:
            return _say(self.page.text, reader) if self.page else ""
        except MissingText:
            return ""

    def _seen(self, reader: str) -> dict[str, Any]:
        if self.page is None or not self.page.seen:
            return {}
        if self.page.seen == OWN:
            return {"seen": _say("seen_own", reader)}
        return {"groups": [_say(f"seen_{name}", reader) for name in groups_that_see(self.page.seen)]}


def groups_that_see(seen: str) -> list[str]:
    """Of which of the groups somebody may see it, by the matrix."""
    asked = set(seen.split("|"))
    found = {role for role, permission in policy.matrix() if permission in asked}
    return [name for name, roles in GROUPS if roles & found]
