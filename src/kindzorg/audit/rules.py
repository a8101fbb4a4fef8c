"""How the trail is sealed: digests over lines, chained, so that whoever bends one line breaks what follows. Pure.

Source: NEN 7513 asks that the log cannot be changed unseen; the hash is SHA-256 (FIPS 180-4).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

# A line gets its id when it is made and shows itself when its transaction ends: seal what has settled.
SETTLES = timedelta(seconds=5)
# The worker seals each minute; what lies open longer was missed, or its seal was taken away.
SEALED_WITHIN = timedelta(minutes=10)
# A transaction is never open this long; older open lines are no longer looked for while sealing.
STRAGGLES = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that is wrong with the trail: `what` is changed, removed, unsealed, seal_changed or seal_missing."""

    what: str
    seal: int | None = None
    line_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal as stored: its place in the chain, its digest and that of the seal before it."""

    number: int
    at: datetime
    digest: str
    previous: str
    count: int


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def canonical(fields: Mapping[str, object]) -> str:
    """The one spelling of a line: JSON with sorted names, no spaces, moments in UTC with microseconds."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def line_digest(fields: Mapping[str, object]) -> str:
    """The SHA-256 of one line, in hexadecimal."""
    return hashlib.sha256(canonical(fields).encode()).hexdigest()


def seal_digest(number: int, at: datetime, previous: str, lines: Iterable[tuple[UUID, str]]) -> str:
    """The SHA-256 over the seal before, this seal's number and moment, and its lines in the order of their ids."""
    ordered = [[str(line_id), digest] for line_id, digest in sorted(lines)]
    fields = {"number": number, "at": at, "previous": previous, "lines": ordered}
    return hashlib.sha256(canonical(fields).encode()).hexdigest()


def first_id_at(moment: datetime) -> UUID:
    """The lowest UUIDv7 of this moment (RFC 9562, 5.7): every id made before it is lower."""
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62))


def broken_lines(
    sealed: Mapping[UUID, str], lines: Mapping[UUID, Mapping[str, object]], seal: int
) -> tuple[Broken, ...]:
    """What is wrong with the lines of one seal: those that are gone, and those that say something else now."""
    gone = (Broken("removed", seal, line_id) for line_id in sealed if line_id not in lines)
    bent = (
        Broken("changed", seal, line_id)
        for line_id, digest in sealed.items()
        if line_id in lines and line_digest(lines[line_id]) != digest
    )
    return (*gone, *bent)


def broken_seal(seal: Seal, before: Seal | None, sealed: Mapping[UUID, str]) -> tuple[Broken, ...]:
    """What is wrong with a seal: its own digest, or its place after the seal before it."""
    found = []
    if seal.number != (before.number if before else 0) + 1:
        found.append(Broken("seal_missing", seal.number))
    elif seal.previous != (before.digest if before else ""):
        found.append(Broken("seal_changed", seal.number))
    digest = seal_digest(seal.number, seal.at, seal.previous, sealed.items())
    if seal.digest != digest or seal.count != len(sealed):
        found.append(Broken("seal_changed", seal.number))
    return tuple(dict.fromkeys(found))
