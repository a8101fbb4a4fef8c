"""Which acts there are, and who may be relied on to do them with this child. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from kindzorg.core.errors import Invalid

LONGEST = timedelta(days=3 * 365)
"""How long one look at somebody's skill counts at most, and where nobody says until when (own choice, to be
confirmed)."""
ENDS_SOON = timedelta(weeks=6)
"""How long before a competence ends it is said (own choice, to be confirmed)."""


class Act(StrEnum):
    """What a child at home may need done. `careteam/content/acts.yaml` says of each whether the Wet BIG reserves it."""

    NASOGASTRIC_TUBE = "nasogastric_tube"
    TUBE_FEEDING = "tube_feeding"
    MEDICINE_BY_TUBE = "medicine_by_tube"
    SUCTIONING = "suctioning"
    TRACHEOSTOMY = "tracheostomy"
    OXYGEN = "oxygen"
    VENTILATION = "ventilation"
    INFUSION_PUMP = "infusion_pump"
    CENTRAL_LINE = "central_line"
    INJECTION = "injection"
    BLADDER_CATHETER = "bladder_catheter"
    SEIZURE_MEDICINE = "seizure_medicine"
    STOMA_CARE = "stoma_care"


ACTS = tuple(str(act) for act in Act)


@dataclass(frozen=True, slots=True)
class Competence:
    """That somebody was seen to do this act with this child well enough, or no more: from a day, until a day."""

    act: str
    person_id: UUID
    seen_on: date
    until: date | None
    able: bool = True

    @property
    def ends(self) -> date:
        """The first day on which it counts no more: nobody is able for ever."""
        longest = self.seen_on + LONGEST
        return min(self.until or longest, longest)


@dataclass(frozen=True, slots=True)
class NewCompetence:
    """What is written down: an act of exactly one person, seen on which day, until when. `able` False takes it back."""

    act: str
    seen_on: date
    until: date | None = None
    professional_id: UUID | None = None
    relative_id: UUID | None = None
    able: bool = True


def check_competence(new: NewCompetence, on: date) -> None:
    """A known act, one person, seen by now, not so long ago that it counts no more, and not counting for ever.

    Raises Invalid: "act_unknown", "competence_of_one", "seen_later", "seen_long_ago", "competence_until".
    """
    if new.act not in ACTS:
        raise Invalid("act_unknown", fields=("act",), act=new.act)
    if (new.professional_id is None) == (new.relative_id is None):
        raise Invalid("competence_of_one", fields=("who",))
    if new.seen_on > on:
        raise Invalid("seen_later", fields=("seen_on",))
    if new.seen_on <= on - LONGEST:
        raise Invalid("seen_long_ago", fields=("seen_on",))
    if new.until is not None and not new.seen_on < new.until <= new.seen_on + LONGEST:
        raise Invalid("competence_until", fields=("until",))


def able_in(held: Iterable[Competence], on: date) -> frozenset[str]:
    """The acts that one person may be relied on to do on this day. Of each act the last that was seen counts.

    `held` stands in the order in which it was written down.
    """
    last = {one.act: one for one in sorted(held, key=lambda one: one.seen_on) if one.seen_on <= on}
    return frozenset(act for act, one in last.items() if one.able and on < one.ends)


def competent(acts: Collection[str], held: Iterable[Competence], on: date) -> bool:
    """Whether one person may be relied on for all of these acts on this day (Wet BIG 35: order and skill; Wkkgz)."""
    return set(acts) <= able_in(held, on)


def ends_soon(held: Sequence[Competence], on: date) -> list[Competence]:
    """Of what one person can be relied on for today, what ends within `ENDS_SOON`, the first first.

    `held` stands in the order in which it was written down.
    """
    last = {one.act: one for one in sorted(held, key=lambda one: one.seen_on) if one.seen_on <= on}
    found = [one for one in last.values() if one.able and on < one.ends <= on + ENDS_SOON]
    return sorted(found, key=lambda one: (one.ends, one.act))
