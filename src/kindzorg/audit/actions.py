"""Writing the trail. The rooms call `write_line` inside the transaction of what they did."""

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Explanation, Subject
from kindzorg.access.roles import Role
from kindzorg.audit import rules
from kindzorg.audit.events import AccessPoint, Kind, Outcome
from kindzorg.audit.models import AuditLine, AuditSeal, Pruning, SealedLines, TrailQuestion
from kindzorg.audit.queries import (
    QUESTION,
    Verdict,
    guarded_by,
    last_prunable,
    lines_under,
    newest_seal,
    unsealed_lines,
    verify_trail,
)
from kindzorg.audit.rules import Seal
from kindzorg.core.errors import Conflict, Invalid, Missing

# Bounds one round of sealing: a seal stays checkable in memory, a round stays short.
BATCH, BATCHES = 1000, 20


def _line(actor: Actor, event: str, kind: Kind, now: datetime, role: Role | None) -> AuditLine:
    """What is the same for every line: who, as what, from where, what for."""
    return AuditLine(
        at=now,
        event=event,
        kind=kind,
        actor_id=actor.id,
        actor_name=actor.name,
        actor_role=str(role or ("system" if actor.system else "")),
        qualification=actor.qualification,
        organisation_id=actor.organisation_id,
        organisation=actor.organisation,
        on_behalf_of=actor.on_behalf_of,
        purpose=rules.purpose_for(role) or "",
        access_point=actor.access_point or platform.node(),
        access_point_type=AccessPoint.ADDRESS if actor.access_point else AccessPoint.MACHINE,
        source=settings.KINDZORG_SOURCE,
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
    """One line. `about`: `leave` (what `policy.require` gave), `object_kind`, `object_id`.

    Everything else goes to `detail`. Never put medical content in it, nor what somebody searched for: the trail
    says what was touched, not what it said (NEN 7513).
    """
    leave: Explanation | None = about.pop("leave", None)  # type: ignore[assignment]
    # Who makes a file has no role in it yet: then the role of the right by which it was made.
    role = policy.role_for(actor, subject, now.date()) or (
        leave.grant.role if leave and leave.grant else None
    )
    line = _line(actor, event, kind, now, role)
    _explain(line, leave, subject)
    line.object_kind = str(about.pop("object_kind", ""))
    line.object_id = about.pop("object_id", None)  # type: ignore[assignment]
    line.lifecycle = rules.lifecycle_for(event, kind) if line.object_kind else ""
    line.detail = {name: str(value) for name, value in about.items()}
    line.save(force_insert=True)
    return line


def _explain(line: AuditLine, leave: Explanation | None, subject: Subject | None) -> None:
    """About which child, and by which right: permission, grant, condition and consent; whether an emergency's."""
    line.child_id = subject.child_id if subject else None
    if leave is None:
        return
    line.permission, line.basis = leave.permission, rules.basis_of(leave)
    line.consent = rules.consent_of(leave, subject, line.at.date())
    if leave.grant and leave.grant.emergency:
        line.emergency, line.purpose = True, rules.purpose_for(leave.grant.role, emergency=True) or ""


def write_reads(
    actor: Actor, event: str, subjects: Iterable[Subject], now: datetime, permission: str = "child.open"
) -> None:
    """A list of children was shown, by which permission: one line per child, in one statement."""
    lines = []
    for subject in subjects:
        line = _line(actor, event, Kind.READ, now, policy.role_for(actor, subject, now.date()))
        line.object_id = subject.child_id
        line.object_kind, line.lifecycle = "child", rules.lifecycle_for(event, Kind.READ)
        _explain(line, policy.explain(actor, permission, subject, now.date()), subject)
        lines.append(line)
    AuditLine.objects.bulk_create(lines)


def write_refusal(actor: Actor, event: str, now: datetime, child_id: UUID | None, permission: str) -> None:
    """Something was refused. Written after the refused transaction was rolled back, so that it stays."""
    line = _line(actor, event, Kind.EXECUTE, now, None)
    line.child_id = child_id
    line.outcome = Outcome.REFUSED
    line.permission = permission
    line.save(force_insert=True)


@transaction.atomic
def _seal_batch(actor: Actor, now: datetime) -> AuditSeal | None:
    """The next seal over the oldest settled lines without one; None when there are none."""
    last = AuditSeal.objects.order_by("-number").first()
    lines: list[dict[str, Any]] = list(unsealed_lines(actor, last, now)[:BATCH].values())  # type: ignore[arg-type]
    if not lines:
        return None
    packed = rules.pack((line["id"], rules.line_digest(line)) for line in lines)
    seal = Seal(
        number=last.number + 1 if last else 1,
        at=now,
        previous=last.digest if last else "",
        count=len(lines),
        first_position=lines[0]["position"],
        last_position=lines[-1]["position"],
        last_id=lines[-1]["id"],
        content=rules.content_digest(packed),
    )
    fields = {name: getattr(seal, name) for name in Seal.__slots__}
    row = AuditSeal.objects.create(**fields | {"digest": rules.seal_digest(seal)})
    SealedLines.objects.create(seal=row, packed=packed)
    return row


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
def check_trail(actor: Actor, now: datetime, kept: Sequence[tuple[int, str]] = ()) -> Verdict:
    """Check the trail as `verify_trail`; that it was checked, and what came of it, stands in the trail itself."""
    leave = policy.require(actor, "trail.seal", None, now.date())
    verdict = verify_trail(actor, now, kept)
    found = {"seals": verdict.seals, "broken": len(verdict.broken), "unsealed": verdict.unsealed}
    write_line(actor, "trail.checked", Kind.EXECUTE, None, now, leave=leave, **found)
    return verdict


@transaction.atomic
def read_newest(actor: Actor, now: datetime, limit: int) -> Sequence[AuditLine]:
    """The newest lines of the whole trail, newest first. Looking into the trail stands in the trail (NEN 7513)."""
    leave = policy.require(actor, "trail.seal", None, now.date())
    lines = list(AuditLine.objects.order_by("-id")[:limit])
    write_line(actor, "trail.read", Kind.READ, None, now, leave=leave, object_kind="trail", lines=len(lines))
    return lines


@transaction.atomic
def give_seal(actor: Actor, now: datetime) -> AuditSeal | None:
    """The newest seal, to be kept outside this database: who owns it could make the whole chain anew."""
    leave = policy.require(actor, "trail.keep", None, now.date())
    seal = newest_seal(actor, now.date())
    if seal is not None:
        about = {"object_kind": "seal", "object_id": seal.id, "seal": seal.number}
        write_line(actor, "trail.seal_given", Kind.READ, None, now, leave=leave, **about)
    return seal


@transaction.atomic
def prune_lines(actor: Actor, years: int, now: datetime) -> Pruning | None:
    """Remove the lines that were sealed longer ago than `years`, at least the law's five; None where there are none.

    On PostgreSQL the database lets only the owner of the tables do it. Seals stay, so the chain stays checkable;
    that these lines went, and when, stands beside it and in the trail.
    """
    leave = policy.require(actor, "trail.prune", None, now.date())
    seal = last_prunable(actor, years, now)
    if seal is None:
        return None
    lines = lines_under(actor, seal, now)
    row = Pruning.objects.create(at=now, seal=seal.number, years=years, lines=lines.count())
    lines._raw_delete("default")
    SealedLines.objects.filter(seal__number__lte=seal.number)._raw_delete("default")
    about = {"object_kind": "trail", "object_id": row.id, "seal": seal.number, "lines": row.lines}
    write_line(actor, "trail.pruned", Kind.DELETE, None, now, leave=leave, **about)
    return row


@transaction.atomic
def note_backup(actor: Actor, event: str, now: datetime, **about: object) -> None:
    """That everything was saved elsewhere, or put back from there: who can read a backup has read every file."""
    leave = policy.require(actor, "backup.make", None, now.date())
    write_line(actor, event, Kind.EXECUTE, None, now, leave=leave, object_kind="backup", **about)


@dataclass(frozen=True, slots=True)
class Addressee:
    """To which organisation's privacy officer a question goes, and about which child."""

    organisation_id: UUID
    organisation: str
    child_name: str


@transaction.atomic
def ask_about(
    actor: Actor, subject: Subject, line: AuditLine, to: Addressee, words: str, now: datetime
) -> TrailQuestion:
    """Ask the privacy officer of an organisation about something that somebody did. Raises Invalid without words."""
    leave = policy.require(actor, "trail.ask", subject, now.date())
    if not words.strip():
        raise Invalid("question_needed", fields=("words",))
    row = TrailQuestion.objects.create(
        child_id=subject.child_id,
        child_name=to.child_name,
        organisation_id=to.organisation_id,
        organisation=to.organisation,
        asked_at=now,
        asked_by_id=actor.id,
        asked_by=actor.name,
        words=words.strip(),
        about_at=line.at,
        about_id=line.actor_id,
        about_name=line.actor_name,
        about_role=line.actor_role,
        about_event=line.event,
        due=rules.answer_due(now.date()),
    )
    about = {"leave": leave, "object_kind": QUESTION, "object_id": row.id}
    write_line(actor, "trail.asked", Kind.CREATE, subject, now, **about)
    return row


def _asked_of(actor: Actor, question_id: UUID, now: datetime) -> TrailQuestion:
    """A question to one of the actor's organisations. Raises Missing for another's, as for none."""
    guarded = guarded_by(actor, now.date())
    row = TrailQuestion.objects.filter(id=question_id, organisation_id__in=guarded).first()
    if row is None:
        raise Missing("no_such_question", question_id=question_id)
    return row


@transaction.atomic
def read_question(actor: Actor, question_id: UUID, now: datetime) -> TrailQuestion:
    """Open a question that was put to the actor's organisation. Raises Missing."""
    leave = policy.require(actor, "trail.answer", None, now.date())
    row = _asked_of(actor, question_id, now)
    about = {"leave": leave, "object_kind": QUESTION, "object_id": row.id}
    write_line(actor, "trail.question_read", Kind.READ, Subject(row.child_id, None), now, **about)
    return row


@transaction.atomic
def answer_question(actor: Actor, question_id: UUID, words: str, now: datetime) -> TrailQuestion:
    """Answer it, once. Raises Missing, Invalid without words, Conflict when a colleague answered first."""
    leave = policy.require(actor, "trail.answer", None, now.date())
    row = _asked_of(actor, question_id, now)
    if not words.strip():
        raise Invalid("answer_needed", fields=("words",))
    if row.answered_at is not None:
        raise Conflict("answered_already", mine=words, theirs=row.answer, by=row.answered_by)
    row.answer, row.answered_at = words.strip(), now
    row.answered_by_id, row.answered_by = actor.id, actor.name
    row.save(update_fields=["answer", "answered_at", "answered_by_id", "answered_by"])
    about = {"leave": leave, "object_kind": QUESTION, "object_id": row.id}
    write_line(actor, "trail.answered", Kind.UPDATE, Subject(row.child_id, None), now, **about)
    return row
