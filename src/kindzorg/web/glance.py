"""The plan in four tiles: one line per life domain."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.careplan.cover.queries import goal_lines
from kindzorg.careplan.queries import part_for
from kindzorg.careplan.weeks import GoalLine, Week
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.vocabulary import LifeDomain

GOING_WELL = 4


def glance(actor: Actor, opened: OpenedChild, week: Week, on: date) -> list[dict[str, Any]]:
    """Per domain a tile: the goals and how far they are, or that there is none. Only domains the reader may see."""
    whole = policy.may(actor, "plan.read", opened.subject, on)
    if not whole and not policy.may(actor, "plan.read_part", opened.subject, on):
        return []
    goals = goal_lines(actor, opened.subject, week, on) if whole else _own(actor, opened, on)
    domains = policy.may_domains(actor, "plan.read" if whole else "plan.read_part", opened.subject, on)
    return [
        {
            "domain": str(domain),
            "goals": [goal for goal in goals if domain in goal.domains],
            "line": _line([goal for goal in goals if domain in goal.domains]) if goals else _("No plan yet"),
        }
        for domain in LifeDomain
        if domain in domains
    ]


def _own(actor: Actor, opened: OpenedChild, on: date) -> Sequence[GoalLine]:
    part = part_for(actor, opened.subject, on)
    goals = part.goals if part else ()
    return [GoalLine(one.content.words, frozenset(one.content.domains), one.step) for one in goals]


def _line(goals: Sequence[GoalLine]) -> str:
    if not goals:
        return _("No goals here")
    if len(goals) == 1:
        return goals[0].words
    well = sum((goal.step or 0) >= GOING_WELL for goal in goals)
    count = ngettext("%(count)s goal", "%(count)s goals", len(goals)) % {"count": len(goals)}
    going = ngettext("%(count)s goes well", "%(count)s go well", well) % {"count": well}
    return f"{count}, {going}" if well else count
