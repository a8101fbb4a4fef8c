"""Reading the trail. Who asks must have been let in to the child by the caller's `open_child`."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.audit import rules
from kindzorg.audit.events import Outcome
from kindzorg.audit.models import AuditLine, AuditSeal, Pruning, TrailQuestion
from kindzorg.audit.rules import Broken, Seal, Sought

# The kind under which a question of the family about a line stands in the trail.
QUESTION = "trail_question"
EVERYTHING = Sought()

# A transaction that is older than every running one has shown all its lines; its positions end below this.
# Positions are counted from `base` since the data came to this server: see the migration.
_HORIZON = """
pg_snapshot_xmin(pg_current_snapshot())::text::bigint
  + coalesce((SELECT base FROM audit_trailcounter ORDER BY number DESC LIMIT 1), 0)
"""


def _shown(actor: Actor, subject: Subject, hidden: Collection[UUID] | Q) -> QuerySet[AuditLine]:
    """The lines about a child that this reader may know of, newest first.

    `hidden` are the objects that must not show themselves to the reader, or the condition that finds their lines:
    nothing about them stands in any list, filter, count or file. Somebody's question about a line is between that one
    and the privacy officer.
    """
    lines = AuditLine.objects.filter(child_id=subject.child_id)
    if hidden:
        lines = lines.exclude(hidden if isinstance(hidden, Q) else Q(object_id__in=hidden))
    own = TrailQuestion.objects.filter(asked_by_id=actor.id, child_id=subject.child_id).values("id")
    questions = Q(object_kind=QUESTION) & ~Q(actor_id=actor.id) & ~Q(object_id__in=own)
    return lines.exclude(questions).order_by("-at", "-id")


def lines_for(
    actor: Actor,
    subject: Subject,
    on: date,
    sought: Sought = EVERYTHING,
    *,
    hidden: Collection[UUID] = (),
    limit: int = 300,
) -> Sequence[AuditLine]:
    """The newest lines about one child that the reader sought and may know of, newest first. One statement."""
    policy.require(actor, "trail.read", subject, on)
    lines = _shown(actor, subject, hidden)
    if sought.person_id:
        lines = lines.filter(actor_id=sought.person_id)
    if sought.others:
        lines = lines.exclude(actor_id=actor.id)
    if sought.organisation_id:
        lines = lines.filter(organisation_id=sought.organisation_id)
    if sought.since:
        lines = lines.filter(at__gte=sought.since)
    for end in filter(None, (sought.until, sought.before)):
        lines = lines.filter(at__lt=end)
    return list(lines[:limit])


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who stands in the lines about a child, to choose from."""

    id: UUID
    name: str
    organisation_id: UUID | None
    organisation: str


def parties_for(actor: Actor, subject: Subject, on: date, hidden: Collection[UUID] = ()) -> Sequence[Party]:
    """Everybody who stands in the lines that this reader may know of, by name. One statement."""
    policy.require(actor, "trail.read", subject, on)
    names = ("actor_id", "actor_name", "organisation_id", "organisation")
    rows = _shown(actor, subject, hidden).order_by("actor_name", "actor_id").values_list(*names).distinct()
    return [Party(*row) for row in rows]


def line_at(
    actor: Actor, subject: Subject, at: datetime, person_id: UUID, hidden: Collection[UUID] = ()
) -> AuditLine | None:
    """What somebody did at this moment, if the reader may know of it. No id is asked: ids show what lies between."""
    policy.require(actor, "trail.read", subject, at.date())
    return _shown(actor, subject, hidden).filter(at=at, actor_id=person_id).first()


def questions_for(actor: Actor, subject: Subject, on: date) -> Sequence[TrailQuestion]:
    """The actor's own questions about lines of this child, newest first."""
    policy.require(actor, "trail.read", subject, on)
    return list(
        TrailQuestion.objects.filter(child_id=subject.child_id, asked_by_id=actor.id).order_by("-asked_at")
    )


def guarded_by(actor: Actor, on: date) -> frozenset[UUID]:
    """The organisations for which the actor is the privacy officer on this day."""
    return frozenset(
        grant.scope_id
        for grant in actor.grants
        if grant.role == Role.PRIVACY_OFFICER and grant.scope == Scope.ORGANISATION and grant.holds(on)
        if grant.scope_id is not None
    )


def questions_to(actor: Actor, on: date, *, answered: bool = False) -> Sequence[TrailQuestion]:
    """The questions to the actor's organisations: those that wait, the most urgent first, or the last answered."""
    policy.require(actor, "trail.answer", None, on)
    rows = TrailQuestion.objects.filter(organisation_id__in=guarded_by(actor, on))
    if answered:
        return list(rows.filter(answered_at__isnull=False).order_by("-answered_at")[:20])
    return list(rows.filter(answered_at__isnull=True).order_by("due", "asked_at"))


def who_came(actor: Actor, subjects: Sequence[Subject], on: date) -> frozenset[tuple[UUID, UUID]]:
    """Of these children, who opened their pages at least once: (child, account)."""
    for subject in subjects:
        policy.require(actor, "family.assist", subject, on)
    lines = AuditLine.objects.filter(
        child_id__in=[subject.child_id for subject in subjects], kind="R", outcome="done"
    )
    return frozenset(
        (child, who) for child, who in lines.values_list("child_id", "actor_id").distinct() if child
    )


def since_last_visit(
    actor: Actor, subject: Subject, now: datetime, *, hidden: Collection[UUID] | Q = ()
) -> tuple[datetime | None, Sequence[AuditLine]]:
    """When this actor last opened this child's start page, and what others changed since, newest first: no reads, and
    nothing that is `hidden`. None for a first visit. One statement."""
    policy.require(actor, "journey.read", subject, now.date())
    visits = AuditLine.objects.filter(
        actor_id=actor.id, child_id=subject.child_id, event="child.start_read", at__lt=now
    )
    last = Subquery(visits.order_by("-at").values("at")[:1])
    visit = Q(actor_id=actor.id, event="child.start_read", at=F("before"))
    changed = Q(kind__in=("C", "U", "D"), outcome=Outcome.DONE, at__gt=F("before")) & ~Q(actor_id=actor.id)
    lines = _shown(actor, subject, hidden).filter(at__gte=last).annotate(before=last)
    found = list(lines.filter(visit | changed)[:21])
    before = found[0].before if found else None
    return before, [line for line in found if line.actor_id != actor.id][:20]


def changed_since(
    actor: Actor,
    subject: Subject,
    since: datetime | Subquery,
    now: datetime,
    *,
    hidden: Collection[UUID] | Q = (),
) -> QuerySet[AuditLine]:
    """The newest of what others changed since a moment (or what finds it), likewise; not yet asked for."""
    policy.require(actor, "journey.read", subject, now.date())
    told = Q(kind__in=("C", "U", "D"), outcome=Outcome.DONE, at__gt=since) & ~Q(actor_id=actor.id)
    return AuditLine.objects.filter(id__in=_shown(actor, subject, hidden).filter(told).values("id")[:20])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the trail found. `last` is worth keeping outside this database: see `verify_trail`.

    `pruned` are the seals whose lines were removed because their time was over; `unsealed` the lines that the
    worker has yet to seal, and since when the oldest of them waits.
    """

    seals: int
    lines: int
    last: Seal | None
    broken: tuple[Broken, ...]
    pruned: int = 0
    unsealed: int = 0
    unsealed_since: datetime | None = None


def _after(seal: AuditSeal | Seal | None) -> Q:
    """The lines after the range of a seal."""
    if seal is None:
        return Q()
    later = Q(position__gt=seal.last_position) | Q(id__gt=seal.last_id)
    return Q(position__gte=seal.last_position) & later


def _up_to(seal: AuditSeal | Seal) -> Q:
    """The lines in or before the range of a seal."""
    earlier = Q(position__lt=seal.last_position) | Q(id__lte=seal.last_id)
    return Q(position__lte=seal.last_position) & earlier


def unsealed_lines(actor: Actor, last: AuditSeal | None, now: datetime) -> QuerySet[AuditLine]:
    """The settled lines after the last seal, in the order in which they are sealed.

    On PostgreSQL those whose transaction is older than every running one: what commits later has a later position.
    On SQLite there is one writer at a time, so every line that shows itself has settled.
    """
    policy.require(actor, "trail.seal", None, now.date())
    lines = AuditLine.objects.filter(_after(last)).order_by("position", "id")
    if connection.vendor == "postgresql":
        lines = lines.filter(position__lt=RawSQL(_HORIZON, []))  # noqa: S611
    return lines


def newest_seal(actor: Actor, on: date) -> AuditSeal | None:
    """The last link of the chain: what is given out, so that somebody else holds it too."""
    policy.require(actor, "trail.keep", None, on)
    return AuditSeal.objects.order_by("-number").first()


def seal_by_id(actor: Actor, seal_id: UUID, on: date) -> AuditSeal:
    """One seal, to word it in a mail."""
    policy.require(actor, "trail.keep", None, on)
    return AuditSeal.objects.get(id=seal_id)


def seal_numbered(actor: Actor, number: int, on: date) -> AuditSeal | None:
    """The seal of this number, to hold beside one that was kept elsewhere."""
    policy.require(actor, "trail.keep", None, on)
    return AuditSeal.objects.filter(number=number).first()


def waiting_to_be_sealed(actor: Actor, on: date) -> int:
    """How many lines no seal covers yet."""
    policy.require(actor, "trail.keep", None, on)
    last = AuditSeal.objects.order_by("-number").first()
    return AuditLine.objects.filter(_after(last)).count()


def last_prunable(actor: Actor, years: int, now: datetime) -> AuditSeal | None:
    """The newest seal whose lines have been kept long enough, if any before it were not pruned yet."""
    policy.require(actor, "trail.prune", None, now.date())
    pruned = Pruning.objects.order_by("-seal").values_list("seal", flat=True).first() or 0
    last = None
    for seal in AuditSeal.objects.filter(number__gt=pruned).order_by("number").iterator(chunk_size=100):
        if not rules.prunable(seal.at, now, years):
            break
        last = seal
    return last


def looks_at(
    actor: Actor, subject: Subject, object_id: UUID, event: str, on: date
) -> Sequence[tuple[str, datetime]]:
    """Who else looked at what stands under this id in the trail, and when, newest first; at most twenty.

    For a thing of which the lines do not stand on the page of the trail; who calls this says that it is the actor's.
    """
    policy.require(actor, "child.open", subject, on)
    rows = AuditLine.objects.filter(child_id=subject.child_id, object_id=object_id, event=event)
    others = rows.exclude(actor_id=actor.id).order_by("-at", "-id")
    return list(others.values_list("actor_name", "at")[:20])


def lines_under(actor: Actor, seal: AuditSeal, now: datetime) -> QuerySet[AuditLine]:
    """The lines in the range of a seal and of all before it."""
    policy.require(actor, "trail.prune", None, now.date())
    return AuditLine.objects.filter(_up_to(seal))


def verify_trail(actor: Actor, now: datetime, kept: Sequence[tuple[int, str]] = ()) -> Verdict:
    """Check every seal and every line in its range, and count what is not sealed yet.

    `kept` are numbers and digests of seals as they were written down elsewhere: only that shows that somebody made
    the whole chain anew, or took away its end with the lines under it.
    """
    policy.require(actor, "trail.seal", None, now.date())
    broken: list[Broken] = []
    before: Seal | None = None
    seals = lines = pruned = 0
    prunings = list(Pruning.objects.order_by("seal", "at"))
    for seal, packed in _seals():
        rows = {row["id"]: row for row in _range(before, seal)}
        broken += rules.broken_seal(seal, before)
        broken += [
            Broken(what, seal.number) for number, digest in kept if (what := _bent(number, digest, seal))
        ]
        if packed is None and _pruned_by(prunings, seal):
            broken += [Broken("inserted", seal.number, line_id) for line_id in rows]
            pruned += 1
        else:
            broken += _broken_content(seal, packed, rows)
            broken += rules.misdated_lines(rows.values(), seal, before)
            lines += seal.count
        before, seals = seal, seals + 1
    newest = before.number if before else 0
    broken += [Broken("seal_missing", number) for number, _ in kept if number > newest]
    placeless = AuditLine.objects.filter(position__isnull=True).values_list("id", flat=True)
    broken += [Broken("inserted", None, line_id) for line_id in placeless[:1000]]
    waiting = AuditLine.objects.filter(_after(before)).order_by("position", "id").values_list("id", flat=True)
    oldest = waiting.first()
    since = rules.moment_of(oldest) if oldest else None
    return Verdict(seals, lines, before, tuple(broken), pruned, waiting.count(), since)


def _seals() -> Iterator[tuple[Seal, bytes | None]]:
    """Every seal in its order, with the packed lines under it, if they are still there."""
    names = [*Seal.__slots__, "lines__packed"]
    for row in AuditSeal.objects.order_by("number").values(*names).iterator(chunk_size=50):
        packed = row.pop("lines__packed")
        yield Seal(**row), None if packed is None else bytes(packed)


def _range(before: Seal | None, seal: Seal) -> Sequence[Mapping[str, Any]]:
    return list(AuditLine.objects.filter(_after(before), _up_to(seal)).values())


def _bent(number: int, digest: str, seal: Seal) -> str:
    """What is wrong with a seal beside what was kept of it elsewhere."""
    return "seal_changed" if number == seal.number and digest != seal.digest else ""


def _pruned_by(prunings: Sequence[Pruning], seal: Seal) -> bool:
    """Whether the lines of a seal were removed after their time, as one of the prunings says."""
    return any(seal.number <= one.seal and rules.prunable(seal.at, one.at, one.years) for one in prunings)


def _broken_content(
    seal: Seal, packed: bytes | None, rows: Mapping[UUID, Mapping[str, object]]
) -> tuple[Broken, ...]:
    """What is wrong with the lines of one seal. A line that is not in its range may have been moved."""
    if packed is None:
        return (Broken("content_missing", seal.number),)
    sealed = rules.unpack(packed)
    moved = AuditLine.objects.filter(id__in=[line_id for line_id in sealed if line_id not in rows])
    there = {**rows, **{row["id"]: row for row in moved.values()}}
    bent = rules.content_digest(packed) != seal.content or seal.count != len(sealed)
    changed = (Broken("seal_changed", seal.number),) if bent else ()
    return (*changed, *rules.broken_lines(sealed, there, seal.number))
