"""How the trail is sealed and kept: digests over lines, chained, so that whoever bends one breaks what follows. Pure.

Source: NEN 7513 asks that the log cannot be changed unseen; the hash is SHA-256 (FIPS 180-4).
"""

import hashlib
import json
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from kindzorg.access.policy import EVERY_DOMAIN, Explanation, Subject
from kindzorg.access.roles import FAMILY, Role, Scope
from kindzorg.audit.events import Kind, Lifecycle, Purpose

# The worker seals each minute; what waits longer can be bent unseen all that time.
SEALED_WITHIN = timedelta(minutes=10)
# A line names the moment at which its request began, and is sealed within minutes: a day apart is no slow request.
MISDATED = timedelta(days=1)
# "Wordt ten minste 5 jaar bewaard vanaf het moment dat de logregel wordt geschreven": Besluit vaststelling
# bewaartermijn logging, under Begz 5(2).
SHORTEST_YEARS = 5
# As long as the file that it is about: 20 years (BW 7:454(3), Jeugdwet 7.3.8(3)). Why: docs/trail.md.
DEFAULT_YEARS = 20

PURPOSES: Mapping[Role, Purpose] = {
    **dict.fromkeys(FAMILY, Purpose.OWN_FILE),
    Role.SCHOOL: Purpose.SCHOOL,
    Role.MUNICIPALITY: Purpose.SUPPORT,
    Role.YOUTH_CARE: Purpose.SUPPORT,
    Role.TEAM_LEAD: Purpose.OVERSIGHT,
    Role.AUDITOR: Purpose.OVERSIGHT,
    Role.PRIVACY_OFFICER: Purpose.OVERSIGHT,
    Role.APPLICATION_MANAGER: Purpose.UPKEEP,
    Role.SYSTEM: Purpose.UPKEEP,
}
LIFECYCLES: Mapping[Kind, Lifecycle] = {
    Kind.CREATE: Lifecycle.MADE,
    Kind.READ: Lifecycle.USED,
    Kind.UPDATE: Lifecycle.CHANGED,
    Kind.DELETE: Lifecycle.REMOVED,
    Kind.EXECUTE: Lifecycle.USED,
}
# The last word of an event's name says what was done; these say more than the action code does.
LAST_WORDS: Mapping[str, Lifecycle] = {
    "printed": Lifecycle.PRINTED,
    "exported": Lifecycle.EXPORTED,
    "taken": Lifecycle.TAKEN_IN,
    "imported": Lifecycle.TAKEN_IN,
    "destroyed": Lifecycle.DESTROYED,
    "pruned": Lifecycle.DESTROYED,
}


# After so long of nothing somebody has left and came back.
VISIT = timedelta(minutes=30)


class Looked(Protocol):
    """What a line says of who did it, and when."""

    at: datetime
    actor_id: UUID
    actor_role: str
    organisation: str
    on_behalf_of: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Sought:
    """Which lines about a child somebody wants to see: of whom, of which organisation, from and until which moment.

    `others` leaves the reader out. `before` goes on where an earlier page ended.
    """

    person_id: UUID | None = None
    others: bool = False
    organisation_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that is wrong with the trail.

    `what` is changed, removed, inserted or misdated for a line; seal_changed, seal_missing or content_missing for
    a seal.
    """

    what: str
    seal: int | None = None
    line_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal as stored: its place in the chain, the range that it covers, its digest and that of the seal before."""

    number: int
    at: datetime
    previous: str
    count: int
    first_position: int
    last_position: int
    last_id: UUID
    content: str
    digest: str = ""

    @property
    def kept_as(self) -> str:
        """How it is written down outside the database."""
        return f"{self.number}:{self.digest}"


def purpose_for(role: Role | None, *, emergency: bool = False) -> Purpose | None:
    """What somebody in this role comes for; nothing for who had no business there. Source: NEN 7513, purpose of use."""
    if emergency:
        return Purpose.EMERGENCY
    return PURPOSES.get(role, Purpose.CARE) if role else None


def lifecycle_for(event: str, kind: Kind) -> Lifecycle:
    """What became of the thing itself, by the last word of the event's name. Source: NEN 7513, data life cycle."""
    return LAST_WORDS.get(event.rpartition(".")[2].rpartition("_")[2], LIFECYCLES[kind])


def basis_of(leave: Explanation | None) -> str:
    """By which right it was allowed, as role/scope/condition of the grant that explains it; empty where none does.

    Source: NEN 7513, authorisation protocol and protocol of the care relation.
    """
    if leave is None or leave.grant is None:
        return ""
    return f"{leave.grant.role}/{leave.grant.scope}/{leave.condition}"


def consent_of(leave: Explanation | None, subject: Subject | None, on: date) -> str:
    """What the family's consent left open to the grant on that day: "all", or the life domains.

    Empty where no consent is needed: for the family itself, for a job, and where it is not about a child.
    Source: NEN 7513, consent profile.
    """
    if leave is None or leave.grant is None or subject is None or leave.grant.role in (*FAMILY, Role.SYSTEM):
        return ""
    if leave.grant.emergency:
        return "emergency"
    reach = leave.grant.covers(on)
    if leave.grant.scope == Scope.ORGANISATION and leave.grant.scope_id is not None:
        reach &= subject.organisation_domains.get(leave.grant.scope_id, EVERY_DOMAIN)
    return "all" if reach == EVERY_DOMAIN else "|".join(sorted(reach))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def canonical(fields: Mapping[str, object]) -> str:
    """The one spelling of a line: JSON with sorted names, no spaces, moments in UTC with microseconds.

    What is empty is left out, so that a column added later changes no line that was sealed before.
    """
    said = {name: value for name, value in fields.items() if value not in (None, "", {}, False)}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def line_digest(fields: Mapping[str, object]) -> str:
    """The SHA-256 of one line, in hexadecimal."""
    return hashlib.sha256(canonical(fields).encode()).hexdigest()


def pack(lines: Iterable[tuple[UUID, str]]) -> bytes:
    """Ids and digests of lines, 48 bytes each, in the order of their ids."""
    return b"".join(line_id.bytes + bytes.fromhex(digest) for line_id, digest in sorted(lines))


def unpack(packed: bytes) -> Mapping[UUID, str]:
    """The digest of each line by its id, from what `pack` made."""
    parts = (packed[start : start + 48] for start in range(0, len(packed), 48))
    return {UUID(bytes=part[:16].ljust(16, b"\0")): part[16:].hex() for part in parts}


def content_digest(packed: bytes) -> str:
    """The SHA-256 over the packed lines of one seal. Apart from the seal's own, so that lines can be pruned."""
    return hashlib.sha256(packed).hexdigest()


def seal_digest(seal: Seal) -> str:
    """The SHA-256 over the seal before, this seal's number, moment and range, and the digest of its lines."""
    names = ("number", "at", "previous", "count", "first_position", "last_position", "last_id", "content")
    return hashlib.sha256(canonical({name: getattr(seal, name) for name in names}).encode()).hexdigest()


def moment_of(line_id: UUID) -> datetime:
    """When an id was made (UUIDv7; RFC 9562, 5.7)."""
    return datetime.fromtimestamp((line_id.int >> 80) / 1000, UTC)


def broken_lines(
    sealed: Mapping[UUID, str], lines: Mapping[UUID, Mapping[str, object]], seal: int
) -> tuple[Broken, ...]:
    """What is wrong with the lines in the range of one seal: gone, saying something else now, or put in later."""
    gone = (Broken("removed", seal, line_id) for line_id in sealed if line_id not in lines)
    bent = (
        Broken("changed", seal, line_id)
        for line_id, digest in sealed.items()
        if line_id in lines and line_digest(lines[line_id]) != digest
    )
    added = (Broken("inserted", seal, line_id) for line_id in lines if line_id not in sealed)
    return (*gone, *bent, *added)


def misdated_lines(
    lines: Iterable[Mapping[str, object]], seal: Seal, before: Seal | None
) -> tuple[Broken, ...]:
    """Lines that name a moment at which they cannot have been written.

    Written after the seal before theirs and before their own; a demo pins its day and tells of years past.
    """
    earliest = before.at - MISDATED if before else datetime.min.replace(tzinfo=UTC)
    latest = seal.at + MISDATED
    return tuple(
        Broken("misdated", seal.number, line["id"])  # type: ignore[arg-type]
        for line in lines
        if not line["demo"] and not earliest <= line["at"] <= latest  # type: ignore[operator]
    )


def broken_seal(seal: Seal, before: Seal | None) -> tuple[Broken, ...]:
    """What is wrong with a seal: its own digest, or its place after the seal before it."""
    found = []
    if seal.number != (before.number if before else 0) + 1:
        found.append(Broken("seal_missing", seal.number))
    elif seal.previous != (before.digest if before else ""):
        found.append(Broken("seal_changed", seal.number))
    if seal.digest != seal_digest(seal):
        found.append(Broken("seal_changed", seal.number))
    return tuple(dict.fromkeys(found))


def answer_due(asked: date) -> date:
    """By when a question is answered: within one month of receipt. Source: AVG 12(3)."""
    year, month = (asked.year + 1, 1) if asked.month == 12 else (asked.year, asked.month + 1)
    return date(year, month, min(asked.day, monthrange(year, month)[1]))


def visits_of(lines: Iterable[Looked], day_of: Callable[[datetime], date]) -> list[list[Looked]]:
    """Lines, newest first, taken together as visits, newest first: one person in one quality on one day.

    A new visit begins after half an hour of nothing, so that ten pages read in a row are one.
    """
    visits: list[list[Looked]] = []
    last: dict[tuple[object, ...], list[Looked]] = {}
    for line in lines:
        quality = (line.actor_id, line.actor_role, line.organisation, line.on_behalf_of, line.purpose)
        visit = last.get(quality)
        if visit and visit[-1].at - line.at <= VISIT and day_of(visit[-1].at) == day_of(line.at):
            visit.append(line)
        else:
            last[quality] = [line]
            visits.append(last[quality])
    return visits


def years_before(moment: datetime, years: int) -> datetime:
    """The same moment so many years earlier; for 29 February the day before."""
    day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
    return moment.replace(year=moment.year - years, day=day)


def prunable(sealed_at: datetime, now: datetime, years: int) -> bool:
    """Whether the lines under a seal of that moment have been kept for so many years, and the law's five at least.

    Counted from the seal: every line was written before it. Source: Besluit vaststelling bewaartermijn logging.
    """
    return sealed_at < years_before(now, max(years, SHORTEST_YEARS))
