"""Writing the trail. The rooms call `write_line` inside the transaction of what they did."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.events import Kind, Outcome
from kindzorg.audit.models import AuditLine


def _line(actor: Actor, event: str, kind: Kind, now: datetime, child_id: UUID | None) -> AuditLine:
    return AuditLine(
        at=now,
        event=event,
        kind=kind,
        child_id=child_id,
        actor_id=actor.id,
        actor_name=actor.name,
        organisation_id=actor.organisation_id,
        organisation=actor.organisation,
        on_behalf_of=actor.on_behalf_of,
        demo=settings.KINDZORG_DEMO,
    )


def write_line(
    actor: Actor,
    event: str,
    kind: Kind,
    subject: Subject | None,
    now: datetime,
    **about: object,
) -> AuditLine:
    """One line. `about`: `object_kind`, `object_id`, `permission`; everything else goes to `detail`.

    Never put medical content in it: the trail says what was touched, not what it said (NEN 7513).
    """
    line = _line(actor, event, kind, now, subject.child_id if subject else None)
    line.actor_role = str(policy.role_for(actor, subject, now.date()) or ("system" if actor.system else ""))
    line.object_kind = str(about.pop("object_kind", ""))
    line.object_id = about.pop("object_id", None)  # type: ignore[assignment]
    line.permission = str(about.pop("permission", ""))
    line.detail = {name: str(value) for name, value in about.items()}
    line.save(force_insert=True)
    return line


def write_reads(actor: Actor, event: str, subjects: Iterable[Subject], now: datetime) -> None:
    """A list of children was shown: one line per child, in one statement."""
    lines = []
    for subject in subjects:
        line = _line(actor, event, Kind.READ, now, subject.child_id)
        line.actor_role = str(policy.role_for(actor, subject, now.date()) or "")
        lines.append(line)
    AuditLine.objects.bulk_create(lines)


def write_refusal(actor: Actor, event: str, now: datetime, child_id: UUID | None, permission: str) -> None:
    """Something was refused. Written after the refused transaction was rolled back, so that it stays."""
    line = _line(actor, event, Kind.EXECUTE, now, child_id)
    line.outcome = Outcome.REFUSED
    line.permission = permission
    line.save(force_insert=True)
