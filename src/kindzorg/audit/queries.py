"""Reading the trail. Who asks must have been let in to the child by the caller's `open_child`."""

from collections.abc import Sequence
from datetime import date, datetime

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.models import AuditLine


def lines_for(actor: Actor, subject: Subject, on: date, *, limit: int = 200) -> Sequence[AuditLine]:
    """The newest lines about one child, newest first."""
    policy.require(actor, "trail.read", subject, on)
    return list(AuditLine.objects.filter(child_id=subject.child_id).order_by("-at", "-id")[:limit])


def last_visit(actor: Actor, subject: Subject, before: datetime) -> datetime | None:
    """When this actor last opened this child's start page, before this moment."""
    return (
        AuditLine.objects.filter(
            actor_id=actor.id, child_id=subject.child_id, event="child.start_read", at__lt=before
        )
        .order_by("-at")
        .values_list("at", flat=True)
        .first()
    )
