"""Where a child stands."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.queries import OpenedChild
from kindzorg.journey.models import CareJourney, JourneyStep
from kindzorg.journey.rules import Phase


def journey_for(actor: Actor, subject: Subject, on: date) -> CareJourney | None:
    """The newest journey of the child: the open one if there is one."""
    policy.require(actor, "child.open", subject, on)
    return CareJourney.objects.filter(child_id=subject.child_id).order_by("-opened_at").first()


def steps_for(actor: Actor, subject: Subject, on: date) -> Sequence[JourneyStep]:
    """All steps of all journeys of the child, oldest first; what was noted with them for who sees every domain."""
    policy.require(actor, "journey.read", subject, on)
    steps = list(JourneyStep.objects.filter(child_id=subject.child_id).order_by("created_at", "id"))
    if not policy.sees_all(actor, "journey.read", subject, on):
        for step in steps:
            step.note = ""
    return steps


def phases_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Mapping[UUID, Phase]:
    """The phase of the open or newest journey of each of these children, in one statement."""
    seen = [one.child.id for one in children if policy.may(actor, "child.open", one.subject, on)]
    rows = (
        CareJourney.objects.filter(child_id__in=seen).order_by("opened_at").values_list("child_id", "phase")
    )
    return {child_id: Phase(phase) for child_id, phase in rows}
