"""When a child may not be counted for research or statistics. Pure.

Data may serve statistics or research without consent only within BW 7:458, and never where the patient objected:
7:458(2)(c) and AVG 21(1). Who objects: UAVG 5(4), under 12 the holders of authority, from 12 the child as well, from 16
the child alone (te bevestigen: 7:458 itself names no ages). Whoever says no is heard, whatever the others say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ResearchWord:
    """What one person said: an objection, or that it no longer holds.

    `whole` ends everybody's: said by who decides alone, from 16 (BW 7:447(1), UAVG 5(4)).
    """

    by_id: UUID
    by: str
    at: datetime
    refuses: bool
    whole: bool = False


def standing(words: Iterable[ResearchWord]) -> tuple[ResearchWord, ...]:
    """The objections that hold, oldest first: a person's last word counts, and one of any person is enough.

    Source: AVG 21(1); UAVG 5(4).
    """
    held: dict[UUID, ResearchWord] = {}
    for word in words:
        if word.whole:
            held.clear()
        held.pop(word.by_id, None)
        if word.refuses:
            held[word.by_id] = word
    return tuple(held.values())
