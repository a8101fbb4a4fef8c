"""Objecting to research, and taking that back."""

from datetime import datetime

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.keeping.models import ResearchObjection
from kindzorg.people.models import Child

# Who decides alone: from 16 the child, and for an adult under curatele or mentorship who was appointed (UAVG 5(4)).
ALONE = (Role.YOUNG_PERSON, Role.REPRESENTATIVE)


@transaction.atomic
def object_to_research(actor: Actor, subject: Subject, refuses: bool, now: datetime) -> ResearchObjection:
    """Say no to being counted for research, or take that back. It holds at once; said twice, it is said once more.

    Whoever decides alone, from 16, takes back everybody's. No reason is asked: the law asks none (AVG 21(1)).
    """
    leave = policy.require(actor, "research.object", subject, now.date())
    child = Child.objects.get(id=subject.child_id)
    row = ResearchObjection.objects.create(
        child_id=child.id,
        owner_id=child.owner_id,
        refuses=refuses,
        whole=not refuses and policy.role_for(actor, subject, now.date()) in ALONE,
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )
    event = "research.objected" if refuses else "research.withdrawn"
    write_line(
        actor, event, Kind.CREATE, subject, now, leave=leave, object_kind="objection", object_id=row.id
    )
    return row
