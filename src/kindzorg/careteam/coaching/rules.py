"""Where the offer of a care coach stands, what may follow, and when it is made again. Pure.

Offering one is a core recommendation of the quality standard; the family accepts or not (routemap, flyer).
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from kindzorg.access.birthdays import months_before
from kindzorg.careteam.rules import CoachMove as CoachMove
from kindzorg.core.errors import Conflict, Invalid

AGAIN_AFTER = 3  # months
LONGEST = 2000


class CoachStanding(StrEnum):
    """Where it stands: nobody offered one yet, the family has yet to say, yes, no, or a coach is in the team."""

    NOT_OFFERED = "not_offered"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    THERE = "there"


# A family may come back on its no, and on its yes as long as no coach is in.
COACH_STEPS: Mapping[CoachStanding, tuple[CoachMove, ...]] = {
    CoachStanding.NOT_OFFERED: (CoachMove.OFFERED,),
    CoachStanding.OFFERED: (CoachMove.ACCEPTED, CoachMove.DECLINED),
    CoachStanding.ACCEPTED: (CoachMove.DECLINED,),
    CoachStanding.DECLINED: (CoachMove.OFFERED, CoachMove.ACCEPTED),
    CoachStanding.THERE: (),
}


def standing_of(last: CoachMove | None, *, there: bool) -> CoachStanding:
    """Where it stands after the last step, and whether a coach takes part in the care now."""
    if there:
        return CoachStanding.THERE
    return CoachStanding(str(last)) if last else CoachStanding.NOT_OFFERED


def check_move(standing: CoachStanding, move: CoachMove) -> None:
    """Raises Conflict for a step that cannot follow: somebody else was first."""
    if move not in COACH_STEPS[standing]:
        raise Conflict("coach_moved_on", standing=standing)


def again_on(on: date, chosen: date | None) -> date:
    """When it is offered again after a no: the day that the family chose, else three months later.

    Raises Invalid for a day that is not after today and within a year.
    """
    if chosen is None:
        return months_before(on, -AGAIN_AFTER)
    if not on < chosen <= months_before(on, -12):
        raise Invalid("again_within_a_year", fields=("again_on",))
    return chosen


def check_words(words: str) -> None:
    """Raises Invalid for more than fits."""
    if len(words) > LONGEST:
        raise Invalid("words_too_long", fields=("words",), longest=LONGEST)
