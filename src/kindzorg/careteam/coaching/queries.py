"""Where the offer of a care coach stands for one child, and what of it waits for many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careteam.coaching.models import CoachStep
from kindzorg.careteam.coaching.rules import CoachMove, CoachStanding, standing_of
from kindzorg.careteam.models import Membership
from kindzorg.careteam.queries import in_force
from kindzorg.people.models import Child


@dataclass(frozen=True, slots=True)
class Coaching:
    """The steps, oldest first, the names of the coaches in the team, and where it stands."""

    steps: tuple[CoachStep, ...]
    coaches: tuple[str, ...]
    standing: CoachStanding


def coaching_for(actor: Actor, subject: Subject, on: date) -> Coaching:
    """What was said with a step is for who sees every domain: it can be about anything. Two statements."""
    policy.require(actor, "coach.read", subject, on)
    steps = tuple(CoachStep.objects.filter(child_id=subject.child_id).order_by("created_at", "id"))
    if not policy.sees_all(actor, "coach.read", subject, on):
        for step in steps:
            step.words = ""
    members = Membership.objects.filter(in_force(on), child_id=subject.child_id, role=Role.CARE_COACH)
    names = members.order_by("starts", "id").values_list("professional__name", "relative__name")
    coaches = tuple(one or other or "" for one, other in names)
    last = CoachMove(steps[-1].move) if steps else None
    return Coaching(steps, coaches, standing_of(last, there=bool(coaches)))


def _with_last(children: Sequence[Any], on: date) -> QuerySet[Any, Any]:
    """Of these children those without a coach, each with its last step."""
    steps = CoachStep.objects.filter(child_id=OuterRef("id")).order_by("-created_at", "-id")
    members = Membership.objects.filter(in_force(on), child_id=OuterRef("id"), role=Role.CARE_COACH)
    return Child.objects.filter(~Exists(members), id__in=children).annotate(
        child_id=F("id"),
        last_move=Subquery(steps.values("move")[:1]),
        last_at=Subquery(steps.values("created_at")[:1]),
        last_day=Subquery(steps.values("again_on")[:1]),
    )


def to_offer(actor: Actor, subjects: Iterable[Subject], on: date) -> QuerySet[Any, Any] | None:
    """For who offers: the children whose family got no offer yet, declined long ago, or said yes and has no coach.

    Not asked for yet; None where the actor offers to nobody.
    """
    mine = [one.child_id for one in subjects if policy.may(actor, "coach.offer", one, on)]
    wanted = Q(last_move=None) | Q(last_move=CoachMove.ACCEPTED)
    wanted |= Q(last_move=CoachMove.DECLINED, last_day__lte=on)
    return _with_last(mine, on).filter(wanted) if mine else None
