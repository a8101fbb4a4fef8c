"""Writing the trail. The rooms call `write_line` inside the transaction of what they did."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit import rules
from kindzorg.audit.events import Kind, Outcome
from kindzorg.audit.models import AuditLine, AuditSeal, SealedLine
from kindzorg.audit.queries import Verdict, unsealed_lines, verify_trail

# Bounds one round of sealing: a seal stays checkable in memory, a round stays short.
BATCH, BATCHES = 1000, 20


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


@transaction.atomic
def _seal_batch(actor: Actor, now: datetime) -> AuditSeal | None:
    """The next seal over the oldest settled lines without one; None when there are none."""
    last = AuditSeal.objects.order_by("-number").first()
    lines = list(unsealed_lines(actor, now)[:BATCH].values())
    if not lines:
        return None
    digests = [(line["id"], rules.line_digest(line)) for line in lines]
    number, previous = (last.number + 1, last.digest) if last else (1, "")
    seal = AuditSeal.objects.create(
        number=number,
        at=now,
        previous=previous,
        count=len(digests),
        digest=rules.seal_digest(number, now, previous, digests),
    )
    SealedLine.objects.bulk_create(
        SealedLine(line_id=line_id, seal=seal, digest=digest) for line_id, digest in digests
    )
    return seal


def seal_lines(actor: Actor, now: datetime) -> int:
    """Seal the lines that have settled, at most `BATCHES` seals of `BATCH` lines; gives back how many lines.

    Safe beside another worker: the numbers of seals are unique, so that the slower one fails and leaves it.
    """
    policy.require(actor, "trail.seal", None, now.date())
    sealed = 0
    for _ in range(BATCHES):
        try:
            seal = _seal_batch(actor, now)
        except IntegrityError:
            break
        if seal is None:
            break
        sealed += seal.count
    return sealed


@transaction.atomic
def check_trail(actor: Actor, now: datetime, kept: tuple[int, str] | None = None) -> Verdict:
    """Check the trail as `verify_trail`; that it was checked, and what came of it, stands in the trail itself."""
    policy.require(actor, "trail.seal", None, now.date())
    verdict = verify_trail(actor, now, kept)
    write_line(
        actor, "trail.checked", Kind.EXECUTE, None, now, seals=verdict.seals, broken=len(verdict.broken)
    )
    return verdict


@transaction.atomic
def read_newest(actor: Actor, now: datetime, limit: int) -> Sequence[AuditLine]:
    """The newest lines of the whole trail, newest first. Looking into the trail stands in the trail (NEN 7513)."""
    policy.require(actor, "trail.seal", None, now.date())
    lines = list(AuditLine.objects.order_by("-id")[:limit])
    write_line(actor, "trail.read", Kind.READ, None, now, lines=len(lines))
    return lines
