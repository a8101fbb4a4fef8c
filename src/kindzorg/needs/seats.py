"""In which form a child answers the scan, and who sits beside it. PURE."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from kindzorg.needs.answers import Seat

ZONE = ZoneInfo("Europe/Amsterdam")


class Way(StrEnum):
    """In which form a child answers: with pictures and faces, in short sentences, or all that is asked."""

    PICTURES = "pictures"
    SHORT = "short"
    WHOLE = "whole"

    @property
    def telling(self) -> bool:
        """Whether words of its own are asked: the opening question, what goes well, how much it can handle."""
        return self is not Way.PICTURES


class Beside(StrEnum):
    """Who sat beside a child while it answered."""

    MOTHER = "mother"
    FATHER = "father"
    FAMILY = "family"
    NURSE = "nurse"
    OTHER = "other"


def way_for(years: int | None, seats: Sequence["Seat"]) -> Way:
    """The form in which a child answers: the last that was chosen, else that of its age in whole years.

    The bounds are our own choice (te bevestigen), but for 12: from then a child decides along (BW 7:450(2)). What it
    may decide follows from its age alone, never from the form.
    """
    if seats and seats[-1].way:
        return seats[-1].way
    if years is None or years < 8:
        return Way.PICTURES
    return Way.SHORT if years < 12 else Way.WHOLE


def seats_on(on: date, seats: Sequence["Seat"], entered_by: UUID | None) -> Sequence["Seat"]:
    """The seats that were taken today at this keyboard."""
    return [
        one for one in seats if (one.given_at.astimezone(ZONE).date(), one.entered_by) == (on, entered_by)
    ]


def beside_on(on: date, seats: Sequence["Seat"], entered_by: UUID | None) -> Beside | None:
    """Who sits beside the child today, as was said today at this keyboard; None: nobody, or not said."""
    said = seats_on(on, seats, entered_by)
    return said[-1].beside if said else None
