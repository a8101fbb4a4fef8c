"""The plan in four tiles: one line per life domain."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.careplan.queries import goals_for, part_for
from kindzorg.careplan.rules import GoalView
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.vocabulary import LifeDomain

GOING_WELL = 4


def glance(actor: Actor, opened: OpenedChild, on: date) -> list[dict[str, Any]]:
    """Per domain a tile: the goals and how far they are, or that there is none. Only domains the reader may see."""
    whole = policy.may(actor, "plan.read", opened.subject, on)
    if not whole and not policy.may(actor, "plan.read_part", opened.subject, on):
        return []
    part = None if whole else part_for(actor, opened.subject, on)
    goals = goals_for(actor, opened.subject, on) if whole else part.goals if part else ()
    domains = policy.may_domains(actor, "plan.read" if whole else "plan.read_part", opened.subject, on)
    return [
        {
            "domain": str(domain),
            "line": _line([goal for goal in goals if domain in goal.content.domains])
            if goals
            else _("No plan yet"),
        }
        for domain in LifeDomain
        if domain in domains
    ]


def _line(goals: Sequence[GoalView]) -> str:
    if not goals:
        return _("No goals here")
    if len(goals) == 1:
        return goals[0].content.words
    well = sum((goal.step or 0) >= GOING_WELL for goal in goals)
    count = ngettext("%(count)s goal", "%(count)s goals", len(goals)) % {"count": len(goals)}
    going = ngettext("%(count)s goes well", "%(count)s go well", well) % {"count": well}
    return f"{count}, {going}" if well else count
