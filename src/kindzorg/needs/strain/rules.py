"""When what somebody tells of load and carrying power is a reason to talk. Pure.

Own tool, not validated: no instrument is copied and nothing is added up between people. The thresholds are data
(`content/strain_signs.yaml`), to be confirmed by a professional.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise
from uuid import UUID

from kindzorg.core.errors import Invalid
from kindzorg.core.texts import content
from kindzorg.needs.definition import Amount

LONGEST = 500
ORDER = list(Amount)


class StrainSign(StrEnum):
    """Why it is a reason to talk: much rests on somebody with little power, or it goes down again and again."""

    HEAVY = "heavy"
    FALLING = "falling"


@dataclass(frozen=True, slots=True)
class NewStrain:
    """What somebody tells of itself. Not `shared` is for nobody else, and gives nobody a sign."""

    load: Amount | None
    power: Amount | None
    words: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One moment of one person: from a check of its own, or from a round of the scan (`check` is then None)."""

    at: datetime
    load: Amount
    power: Amount
    words: str = ""
    shared: bool = True
    check: UUID | None = None
    signs: tuple[StrainSign, ...] = ()

    @property
    def balance(self) -> int:
        """The power less the load, in steps of the five words: below nought much rests on little."""
        return ORDER.index(self.power) - ORDER.index(self.load)


@dataclass(frozen=True, slots=True)
class Talk:
    """What was agreed after a sign."""

    at: datetime
    agreed: str
    by: str


@dataclass(frozen=True, slots=True)
class Course:
    """One person over time, oldest first. `person_id` is the relative's id, or None for the child itself."""

    person_id: UUID | None
    name: str
    told: tuple[Told, ...]
    talks: tuple[Talk, ...] = ()

    @property
    def waiting(self) -> Told | None:
        """The newest sign about which nobody spoke yet."""
        spoken = max((talk.at for talk in self.talks), default=None)
        signs = [one for one in self.told if one.signs and (spoken is None or one.at > spoken)]
        return signs[-1] if signs else None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers of `content/strain_signs.yaml`."""

    load: Amount
    power: Amount
    times: int
    within: timedelta
    balance: int


@cache
def thresholds() -> Thresholds:
    """As they stand in the content."""
    signs: Mapping[str, Mapping[str, str]] = content("needs", "strain_signs")
    heavy, falling = signs["heavy"], signs["falling"]
    return Thresholds(
        Amount(heavy["load_at_least"]),
        Amount(heavy["power_at_most"]),
        int(falling["times"]),
        timedelta(days=int(falling["within_days"])),
        int(falling["balance_at_most"]),
    )


def check(new: NewStrain) -> tuple[Amount, Amount]:
    """Load and power of what is told. Raises Invalid where one of them was not chosen, or it is too long."""
    if new.load is None or new.power is None:
        fields = tuple(name for name in ("load", "power") if getattr(new, name) is None)
        raise Invalid("strain_choose", fields=fields)
    if len(new.words) > LONGEST:
        raise Invalid("strain_long", fields=("words",), longest=LONGEST)
    return new.load, new.power


def signs(told: Sequence[Told], limits: Thresholds) -> tuple[StrainSign, ...]:
    """What the last of these moments, oldest first, is a sign of; nothing without a moment."""
    if not told:
        return ()
    found = []
    last = told[-1]
    if ORDER.index(last.load) >= ORDER.index(limits.load) and ORDER.index(last.power) <= ORDER.index(
        limits.power
    ):
        found.append(StrainSign.HEAVY)
    near = [one.balance for one in told if last.at - one.at <= limits.within][-limits.times - 1 :]
    falls = all(later < before for before, later in pairwise(near))
    if len(near) > limits.times and falls and last.balance <= limits.balance:
        found.append(StrainSign.FALLING)
    return tuple(found)


def is_about(name: str, member: str) -> bool:
    """Whether the scan's name of a family member means this relative: the whole name, or the first of it."""
    said = member.strip().casefold()
    return bool(said) and said in (name.casefold(), name.casefold().split(" ", maxsplit=1)[0])
