"""Who represents an adult that cannot decide, in which order, and from when until when. Pure.

Sources: BW 7:465(2) curator or mentor; BW 7:465(3) without one who was authorised in writing, then the partner, then a
parent, child, brother, sister, grandparent or grandchild; BW 1:378(2) and 1:381(1) a curator can be appointed before
the 18th birthday and counts from that day. Whether a mentor can be too was not read: te bevestigen (BW 1:450).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from kindzorg.access.ages import birthday
from kindzorg.careteam.rules import Known
from kindzorg.core.errors import Invalid


class RepresentationKind(StrEnum):
    """How somebody represents the grown child; the last three are those of BW 7:465(3), in their order."""

    CURATOR = "curator"
    MENTOR = "mentor"
    AUTHORISED = "authorised"
    PARTNER = "partner"
    FAMILY = "family"


BY_COURT = frozenset({RepresentationKind.CURATOR, RepresentationKind.MENTOR})
ORDER: Mapping[RepresentationKind, int] = {
    RepresentationKind.CURATOR: 0,
    RepresentationKind.MENTOR: 0,
    RepresentationKind.AUTHORISED: 1,
    RepresentationKind.PARTNER: 2,
    RepresentationKind.FAMILY: 3,
}
RECORDED_FROM = 17
"""From which age it is written down who will represent: a year is time to ask a judge (own choice)."""


@dataclass(frozen=True, slots=True)
class NewRepresentation:
    """That a relative represents the child from its 18th birthday: how, and where that was seen."""

    relative_id: UUID
    kind: RepresentationKind
    source: str
    checked_on: date | None = None


class Recorded(Protocol):
    """What was recorded: a row of the table, or a stand-in for it."""

    kind: str
    starts: date
    until: date | None


@dataclass(frozen=True, slots=True)
class InForce:
    """One who is recorded and whose record holds on the day that was asked for."""

    kind: RepresentationKind
    relative_id: UUID
    name: str
    user_id: UUID | None

    @property
    def by_court(self) -> bool:
        """Whether a judge appointed this one."""
        return self.kind in BY_COURT


def first_in_line(there: Iterable[InForce]) -> tuple[InForce, ...]:
    """Of those whose record holds, who represent: the first in the order of the law keep the others out.

    Two who stand equal represent together. Source: BW 7:465(2)-(3).
    """
    rows = list(there)
    first = min((ORDER[one.kind] for one in rows), default=0)
    return tuple(one for one in rows if ORDER[one.kind] == first)


def decides_itself(assessed: bool | None, there: Iterable[InForce]) -> bool:
    """Whether somebody can decide: as was assessed, and else unless a judge appointed a curator or mentor.

    That the judge's word goes before silence, and a doctor's assessment before both, is te bevestigen (BW 7:465(2)).
    """
    return assessed if assessed is not None else not any(one.by_court for one in there)


def begins(birth_date: date, recorded_on: date) -> date:
    """From when a record counts: never before the 18th birthday (BW 1:381(1), 7:465(2))."""
    return max(recorded_on, birthday(birth_date, 18))


def ends(row: Recorded, others: Iterable[Recorded], known: Known, on: date) -> date | None:
    """Until when, not included, this one is let in: the own end, death, who stands before this one in the law, and for
    who was not appointed by a judge the day on which the assessment is over.
    """
    before = (one for one in others if not over(one, on) and _order(one) < _order(row))
    days = [row.until, known.died_on, min((one.starts for one in before), default=None)]
    if RepresentationKind(row.kind) not in BY_COURT:
        days.append(known.unable_until or row.starts)
    return max(row.starts, min(day for day in days if day)) if any(days) else None


def _order(row: Recorded) -> int:
    return ORDER[RepresentationKind(row.kind)]


def over(row: Recorded, on: date) -> bool:
    """Whether a record ended."""
    return row.until is not None and row.until <= on


def check_representation(new: NewRepresentation, birth_date: date | None, on: date) -> None:
    """Refuse one without a source, checked in the future, or before the child is 17. Raises Invalid."""
    if birth_date is None or on < birthday(birth_date, RECORDED_FROM):
        raise Invalid("representation_too_early", years=RECORDED_FROM)
    if not new.source.strip():
        raise Invalid("representation_without_source", fields=("source",))
    if new.checked_on and new.checked_on > on:
        raise Invalid("checked_in_the_future", fields=("checked_on",))


def in_order(rows: Sequence[Recorded]) -> Sequence[Recorded]:
    """As the law names them: curator and mentor first."""
    return sorted(rows, key=lambda row: (_order(row), row.starts))
