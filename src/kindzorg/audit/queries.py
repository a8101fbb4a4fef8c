"""Reading the trail. Who asks must have been let in to the child by the caller's `open_child`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit import rules
from kindzorg.audit.models import AuditLine, AuditSeal, SealedLine
from kindzorg.audit.rules import Broken, Seal


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


def changes_since(actor: Actor, subject: Subject, since: datetime) -> Sequence[AuditLine]:
    """What others changed for one child since a moment, newest first. Reads are left out."""
    return list(
        AuditLine.objects.filter(child_id=subject.child_id, at__gt=since, kind__in=("C", "U", "D"), outcome="done")
        .exclude(actor_id=actor.id)
        .order_by("-at", "-id")[:20]
    )
