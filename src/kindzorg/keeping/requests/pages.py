"""Requests in the reader's words."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format

from kindzorg.access import policy
from kindzorg.careteam.queries import OpenedChild
from kindzorg.keeping.pages import say
from kindzorg.keeping.requests.rules import (
    About,
    Asked,
    RequestStanding,
    RequestView,
    can_be_granted,
    may_delay,
)

TONES = {
    RequestStanding.OPEN: "info",
    RequestStanding.DELAYED: "warning",
    RequestStanding.REFUSED: "alarm",
    RequestStanding.TO_CORRECT: "success",
    RequestStanding.TO_DESTROY: "success",
    RequestStanding.DESTROYED: "neutral",
}
# Where what was granted is put right by the ordinary way.
CHANGED = {
    About.NOTE: "notes",
    About.FAMILY_NOTE: "notes",
    About.ANSWER: "needs",
    About.GOAL: "plan",
    About.AGREEMENT: "plan",
    About.EVALUATION: "plan",
    About.PORTRAIT: "portrait",
    About.BINDING: "bindings",
    About.REPORT: "reports",
}
# What was copied over versions and rooms.
COPIED = (About.ANSWER, About.GOAL, About.AGREEMENT, About.EVALUATION, About.PORTRAIT, About.BINDING)
OPEN = (RequestStanding.OPEN, RequestStanding.DELAYED)


def row(one: RequestView, opened: OpenedChild, request: Any) -> dict[str, Any]:
    """One request, and in one sentence where it stands."""
    audience = opened.audience
    given = {
        "owner": one.owner,
        "due": date_format(one.due, "j E Y"),
        "who": one.decided_by,
        "day": date_format(one.decided_at, "j E Y") if one.decided_at else "",
    }
    late = one.standing in OPEN and one.due < request.today
    standing = "late" if late else str(one.standing)
    return {
        "view": one,
        "title": say(f"requests.title_{one.asked}_{one.about}", audience),
        "tag": say(f"requests.tag_{standing}", audience),
        "tone": "alarm" if late else TONES[one.standing],
        "line": say(f"requests.standing_{standing}", audience).format(**given),
        "reason": say(f"requests.reason_{one.reason}", audience) if one.reason else "",
        "open": one.standing in OPEN,
    }


def one_page(one: RequestView, opened: OpenedChild, request: Any) -> dict[str, Any]:
    """What the page of one request offers this reader."""
    decides = policy.could(request.actor, "request.decide", opened.subject, request.today)
    decides = decides and one.readable and one.owner_id == request.actor.organisation_id
    return {
        **row(one, opened, request),
        "goes": goes(one.about, opened) if one.asked == Asked.REMOVE else "",
        "oversees": not one.readable,
        "may_decide": decides and one.standing in OPEN,
        "may_delay": decides and may_delay(one.at.date(), request.today, one.standing),
        "cannot": ""
        if can_be_granted(one.asked, one.about)
        else say("requests.cannot_destroy", opened.audience),
        "change_url": _change(one, opened) if decides and one.standing == RequestStanding.TO_CORRECT else "",
    }


def _change(one: RequestView, opened: OpenedChild) -> str:
    """Where what was granted is changed by the ordinary way."""
    if one.about == About.ITEM and one.object_id:
        return reverse("record_retract", args=[opened.child.id, one.object_id])
    return reverse(CHANGED.get(one.about, "child_start"), args=[opened.child.id])


def goes(about: About, opened: OpenedChild) -> str:
    """What goes along when it is destroyed, where that is more than the thing itself."""
    return say(f"requests.goes_{about}", opened.audience) if about in COPIED else ""


def not_asked(asks: Any, opened: OpenedChild) -> str:
    """Who asks for a deletion, where it is not this reader."""
    return "" if Asked.REMOVE in asks else say("requests.not_yours", opened.audience)
