"""What changes on the next birthday that changes rights: the page says what the access matrix says."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from kindzorg.access.birthdays import changes_on, coming, last_reached
from kindzorg.access.roles import Role
from kindzorg.careteam.queries import OpenedChild, open_child
from kindzorg.core.texts import MissingText, text
from kindzorg.journey.views import child_frame

SHOWN = {"for_child": Role.CHILD, "for_holder": Role.AUTHORITY_HOLDER}

REPRESENTED = ("judge", "family", "in_time")


def child_birthday(request: Any, child_id: UUID) -> HttpResponse:
    """What changes for the child and who holds authority, and who decides for it from 18; afterwards what changed."""
    opened = open_child(request.actor, child_id, "child.open", "birthday.read", request.now)
    born = opened.child.birth_date
    soon = coming(born, request.today) or last_reached(born, request.today)
    if soon is None:
        raise Http404
    changed: dict[str, Sequence[str]] = {
        name: _said(opened, changes_on(soon.day, role, opened.subject)) for name, role in SHOWN.items()
    }
    if soon.years == 18:
        changed["for_representative"] = [say(f"represents_{one}", opened) for one in REPRESENTED]
    parts = [{"title": say(name, opened), "lines": lines} for name, lines in changed.items()]
    context = {"day": soon.day, "title": say(f"title_{soon.years}", opened), "parts": parts}
    said = {name: say(name, opened) for name in ("lead", "same")}
    return render(request, "web/birthday.html", {**child_frame(request, opened), **context, **said})


def birthday_soon(request: Any, opened: OpenedChild) -> dict[str, str]:
    """What the start page says ahead of such a birthday; nothing when there is none near."""
    soon = coming(opened.child.birth_date, request.today)
    if soon is None or opened.child.died_on:
        return {}
    return {"birthday": say("soon", opened), "birthday_title": say(f"title_{soon.years}", opened)}


def say(key: str, opened: OpenedChild) -> str:
    """A text of this page for this reader."""
    return text(f"web.birthday.{key}", opened.audience, (get_language() or "nl")[:2])


def _said(opened: OpenedChild, changes: Any) -> Sequence[str]:
    """The changes that have words: some permissions are about the same thing, and one line is enough."""
    keys = [f"gained.{one}" for one in changes.gained] + [f"lost.{one}" for one in changes.lost]
    found = []
    for key in keys:
        try:
            found.append(say(key, opened))
        except MissingText:
            continue
    return found
