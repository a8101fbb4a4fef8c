"""Until when a payer's decision holds, when one is reminded of that, and when it is over. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from kindzorg.core.errors import Invalid
from kindzorg.core.plain import day, key, moment
from kindzorg.core.texts import content
from kindzorg.core.vocabulary import Ground, Law

BACK, AHEAD = timedelta(days=366), timedelta(days=20 * 366)
"""How long ago, and how far ahead, a decision may end that is recorded now (own choice)."""
LONGEST = 1000
NOBODY = UUID(int=0)


class TermState(StrEnum):
    """Where the term of a payer's decision stands: it holds, it ends soon, it is over."""

    HOLDS = "holds"
    ENDS = "ends"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class NewTerm:
    """What is recorded: the kept entry, the last day on which the decision holds, and what the letter says."""

    entry: str
    until: date
    letter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermView:
    """The last day on which the decision for one entry holds, with who recorded it."""

    id: UUID
    entry: str
    law: Law | None
    ground: Ground
    until: date
    letter: str
    by: str
    organisation: str
    at: datetime


def weeks_before() -> int:
    """How many weeks before the last day one is reminded."""
    return int(content("referral", "indication_reminder")["weeks"])


def term_state(until: date, on: date, weeks: int) -> TermState:
    """Where it stands on this day; `until` itself is the last day on which it holds."""
    if until < on:
        return TermState.OVER
    return TermState.ENDS if until - on <= timedelta(weeks=weeks) else TermState.HOLDS


def check_term(new: NewTerm, kept: Collection[str], on: date) -> None:
    """Raises Invalid: "entry_not_kept", "term_far", "letter_too_long"."""
    if new.entry not in kept:
        raise Invalid("entry_not_kept", fields=("entry",))
    if not on - BACK <= new.until <= on + AHEAD:
        raise Invalid("term_far", fields=("until",))
    if len(new.letter) > LONGEST:
        raise Invalid("letter_too_long", fields=("letter",), longest=LONGEST)


def newest_terms(terms: Iterable[TermView]) -> Mapping[str, TermView]:
    """Per entry the one that was recorded last: that one counts. `terms` stand in the order of recording."""
    return {one.entry: one for one in terms}


def term_from(item: Mapping[str, Any]) -> TermView:
    """A term from plain values, as JSON gives them."""
    return TermView(
        id=key(item["id"]) or NOBODY,
        entry=item["entry"],
        law=Law(item["law"]) if item["law"] else None,
        ground=Ground(item["ground"]),
        until=day(item["until"]) or date.min,
        letter="",
        by=item["by"],
        organisation=item["organisation"],
        at=moment(item["at"]),
    )
