"""What a child tells of how it goes, for whom, and what of it counts. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kindzorg.core.errors import Invalid
from kindzorg.needs.answers import Feeling

# A few sentences: it is no letter.
LONGEST = 500
# How many faces the picture shows.
SHOWN = 12


class MoodReach(StrEnum):
    """For whom the child says it: parents and carers, its nurses, or nobody."""

    ALL = "all"
    NURSE = "nurse"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class NewMood:
    """What a child tells: a face, words if it likes, and for whom."""

    face: Feeling
    words: str = ""
    reach: MoodReach = MoodReach.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """One time that the child told it."""

    id: UUID
    face: Feeling
    words: str
    reach: MoodReach
    at: datetime


def check_mood(new: NewMood) -> None:
    """Raises Invalid ("mood_long") for more than a few sentences."""
    if len(new.words.strip()) > LONGEST:
        raise Invalid("mood_long", fields=("words",), longest=LONGEST)


def readable(moods: Iterable[Mood], *, itself: bool, nurse: bool) -> tuple[Mood, ...]:
    """What this reader may see: the child all, its nurses also what is for them, others what is for all."""
    seen = (
        {MoodReach.ALL}
        | ({MoodReach.NURSE} if nurse or itself else set())
        | ({MoodReach.SELF} if itself else set())
    )
    return tuple(one for one in moods if one.reach in seen)
