"""How long a file is kept, and what keeps it longer. Pure.

Twenty years, counted from the last change, or as much longer as the care of a good care provider asks: BW 7:454(3).
The same twenty years for what falls under the Jeugdwet: 7.3.8(3). Neither knows a term of its own for minors (te
bevestigen; files of university hospitals may fall under the Archiefwet). The trail has its own term: docs/trail.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

# BW 7:454(3), Jeugdwet 7.3.8(3).
SHORTEST_YEARS = 20
# A hold says until when, so that somebody looks again. Our own choice.
LONGEST_HOLD_YEARS = 5


class HoldCause(StrEnum):
    """Why a file is kept beyond its term. Sources: AVG 17(3)(b) and (e); for good care BW 7:454(3)."""

    COMPLAINT = "complaint"
    CLAIM = "claim"
    INVESTIGATION = "investigation"
    GOOD_CARE = "good_care"
    FAMILY_ASKED = "family_asked"


@dataclass(frozen=True, slots=True)
class NewHold:
    """Why a file is kept, in a word and in a sentence, and until which day."""

    cause: HoldCause
    reason: str
    until: date


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file whose term is over: whose it is, when it last changed, and what was decided on it.

    `held` says that a hold is in force, `confirmed_by` who confirmed that it may go.
    """

    child_id: UUID
    name: str
    birth_date: date | None
    owner: str
    changed_on: date
    over_on: date
    held: bool = False
    confirmed_by: str = ""


def over_on(changed_on: date, years: int) -> date:
    """The first day on which a file of this last change has been kept long enough.

    Source: BW 7:454(3); never shorter than its twenty years.
    """
    return years_later(changed_on, max(years, SHORTEST_YEARS))


def years_later(day: date, years: int) -> date:
    """The same day so many years later; of 29 February the day after."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def changed_on(changes: Iterable[date | None], begun_on: date) -> date:
    """The last of these days; the day on which the file was begun where there is none."""
    return max([begun_on, *filter(None, changes)])


def still_confirmed(confirmed_on: date, over_on: date) -> bool:
    """Whether a confirmation counts for the term as it stands now: who gave it saw a term that was over.

    Care that began again since moves the end of the term beyond it, and then somebody looks again (AVG 5(1)(e)).
    """
    return confirmed_on >= over_on


def hold_problem(new: NewHold, on: date) -> str:
    """What is wrong with a hold: it has a reason, and an end that comes after today and not too far. Empty for nothing.

    Source: AVG 5(1)(e): no longer than is needed, so that somebody looks again.
    """
    if not new.reason.strip():
        return "reason_needed"
    if new.until <= on:
        return "until_past"
    return "until_too_far" if new.until > years_later(on, LONGEST_HOLD_YEARS) else ""


def blockers(due: Mapping[UUID, KeptFile], wanted: Iterable[UUID]) -> tuple[UUID, ...]:
    """Of the files that somebody wants to let go, those that may not: the term is not over, or a hold is in force."""
    return tuple(one for one in wanted if one not in due or due[one].held)
