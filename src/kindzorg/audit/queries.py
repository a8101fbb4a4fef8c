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


def changes_since(actor: Actor, subject: Subject, since: datetime, on: date) -> Sequence[AuditLine]:
    """What others changed for one child since a moment, newest first. Reads are left out."""
    policy.require(actor, "journey.read", subject, on)
    return list(
        AuditLine.objects.filter(
            child_id=subject.child_id, at__gt=since, kind__in=("C", "U", "D"), outcome="done"
        )
        .exclude(actor_id=actor.id)
        .order_by("-at", "-id")[:20]
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the trail found. `last` is worth keeping outside this database: see `verify_trail`."""

    seals: int
    lines: int
    last: Seal | None
    broken: tuple[Broken, ...]


def unsealed_lines(actor: Actor, now: datetime) -> QuerySet[AuditLine]:
    """The settled lines that no seal covers yet, oldest first.

    Lines from before the straggler's hour are left to `verify_trail`: looking for them each minute would read the
    whole trail.
    """
    policy.require(actor, "trail.seal", None, now.date())
    settled = _without_seal().filter(id__lt=rules.first_id_at(now - rules.SETTLES)).order_by("id")
    floor = (
        SealedLine.objects.filter(
            seal=AuditSeal.objects.filter(at__lte=now - rules.STRAGGLES).order_by("-number").values("id")[:1]
        )
        .order_by("-line_id")
        .values_list("line_id", flat=True)
        .first()
    )
    return settled.filter(id__gt=floor) if floor else settled


def _without_seal() -> QuerySet[AuditLine]:
    return AuditLine.objects.filter(~Exists(SealedLine.objects.filter(line_id=OuterRef("id"))))


def verify_trail(actor: Actor, now: datetime, kept: tuple[int, str] | None = None) -> Verdict:
    """Check every seal and every line under it, and that no line stayed open.

    `kept` is the number and digest of a seal as it was written down elsewhere: only that shows that somebody took
    away the end of the chain with its lines.
    """
    policy.require(actor, "trail.seal", None, now.date())
    broken: list[Broken] = []
    before: Seal | None = None
    seals = lines = 0
    for seal, sealed in _seals():
        broken += rules.broken_seal(seal, before, sealed)
        found = {row["id"]: row for row in AuditLine.objects.filter(id__in=list(sealed)).values()}
        broken += rules.broken_lines(sealed, found, seal.number)
        if kept and kept[0] == seal.number and kept[1] != seal.digest:
            broken.append(Broken("seal_changed", seal.number))
        before, seals, lines = seal, seals + 1, lines + len(sealed)
    if kept and kept[0] > (before.number if before else 0):
        broken.append(Broken("seal_missing", kept[0]))
    overdue = _without_seal().filter(id__lt=rules.first_id_at(now - rules.SEALED_WITHIN))
    broken += [Broken("unsealed", None, line_id) for line_id in overdue.values_list("id", flat=True)[:1000]]
    return Verdict(seals, lines, before, tuple(broken))


def _seals() -> Iterator[tuple[Seal, dict[UUID, str]]]:
    for row in AuditSeal.objects.order_by("number").iterator(chunk_size=100):
        sealed = dict(SealedLine.objects.filter(seal_id=row.id).values_list("line_id", "digest"))
        yield Seal(row.number, row.at, row.digest, row.previous, row.count), sealed
