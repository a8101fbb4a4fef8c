"""What every page about a child shows around its own content."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kindzorg.access import policy
from kindzorg.access.ages import age
from kindzorg.access.roles import Role
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Audience
from kindzorg.journey.queries import journey_for
from kindzorg.journey.rules import Phase

PAGES = {Phase.REFERRAL: "referral", Phase.NEEDS: "needs", Phase.CAREPLAN: "plan", Phase.CLOSURE: "closure"}
NEEDED = {
    Phase.REFERRAL: ("referral.read",),
    Phase.NEEDS: ("needs.read",),
    Phase.CAREPLAN: ("plan.read", "plan.read_part"),
    Phase.CLOSURE: ("closure.read",),
}
# Beside the phases: the page, what it asks, its icon.
TABS = (
    ("child_start", "child.open", "house"),
    ("week", "schedule.read", "calendar-days"),
    ("reports", "report.read|report.read_part", "pencil"),
    ("record", "record.read", "folder-heart"),
    ("child_team", "team.read", "users"),
    ("sharing", "consent.read", "shield-check"),
    ("child_timeline", "journey.read", "route"),
    ("child_trail", "trail.read", "eye"),
    ("child_search", "child.open", "search"),
)


def phase_name(phase: str, audience: str) -> str:
    """The name of a phase for this reader."""
    return text(f"journey.phases.{phase}", audience, (get_language() or "nl")[:2])


def age_words(birth_date: date | None, on: date) -> str:
    """An age as people say it: weeks, then months up to two years, then years."""
    if birth_date is None:
        return _("birth date not known yet")
    months = (on.year - birth_date.year) * 12 + on.month - birth_date.month - (on.day < birth_date.day)
    if months < 2:
        weeks = (on - birth_date).days // 7
        return ngettext("%(count)s week", "%(count)s weeks", weeks) % {"count": weeks}
    if months < 24:
        return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    years = age(birth_date, on)
    return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}


def child_frame(request: Any, opened: OpenedChild, tab: str = "child_start") -> Mapping[str, Any]:
    """The context of `journey/child_page.html`. One statement: the journey."""
    journey = journey_for(request.actor, opened.subject, request.today)
    phase = Phase(journey.phase) if journey else Phase.REFERRAL
    return {
        "opened": opened,
        "child": opened.child,
        "age": age_words(opened.child.birth_date, request.today),
        "journey": journey,
        "phase": phase,
        "audience": str(opened.audience),
        "family": opened.audience != Audience.PROFESSIONAL,
        "phases": _phases(request, opened, phase),
        "tabs": _tabs(request, opened, tab),
        "merged_into": opened.subject.merged_into,
        "may_request": policy.could(request.actor, "request.make", opened.subject, request.today),
        "emergency_until": _emergency_until(request, opened),
    }


def _emergency_until(request: Any, opened: OpenedChild) -> datetime | None:
    """Until when somebody looks along who is here in an emergency."""
    if opened.role != Role.EMERGENCY_CARER:
        return None
    grants = [one for one in request.actor.grants if one.emergency and one.scope_id == opened.child.id]
    return max((one.ends_at for one in grants if one.ends_at), default=None)


def _may(request: Any, opened: OpenedChild, needed: Sequence[str]) -> bool:
    return any(policy.may(request.actor, need, opened.subject, request.today) for need in needed)


def _address(name: str, opened: OpenedChild) -> str:
    try:
        return reverse(name, args=[opened.child.id])
    except NoReverseMatch:
        return ""


def _phases(request: Any, opened: OpenedChild, now: Phase) -> list[dict[str, str]]:
    order = list(Phase)
    return [
        {
            "label": phase_name(phase, opened.audience),
            "state": "done"
            if order.index(phase) < order.index(now)
            else "current"
            if phase == now
            else "todo",
            "url": _address(PAGES[phase], opened) if _may(request, opened, NEEDED[phase]) else "",
        }
        for phase in PAGES
    ]


def _tabs(request: Any, opened: OpenedChild, tab: str) -> list[dict[str, Any]]:
    labels = {
        "child_start": _("Start"),
        "week": _("Week"),
        "reports": _("Reports"),
        "record": _("File"),
        "child_team": _("People"),
        "sharing": _("Who may see what"),
        "child_timeline": _("The way so far"),
        "child_trail": _("Who looked"),
        "child_search": _("Find"),
    }
    return [
        {"label": labels[name], "url": _address(name, opened), "icon": icon, "current": name == tab}
        for name, need, icon in TABS
        if _may(request, opened, need.split("|")) and _address(name, opened)
    ]
