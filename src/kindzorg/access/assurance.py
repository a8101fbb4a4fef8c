"""How sure it is that somebody is who they say (betrouwbaarheidsniveau), and how sure it must be for what. Pure.

The levels are those of eIDAS (Regulation (EU) 910/2014, article 8(2)). What needs which stands in `levels.csv`,
so that a privacy officer can read it: of the rows for somebody's hat the first that fits the permission counts.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from kindzorg.access.roles import Hat

LEVELS = Path(__file__).parent / "levels.csv"


class Assurance(StrEnum):
    """A level of assurance, lowest first."""

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


ORDER = tuple(Assurance)


@dataclass(frozen=True, slots=True)
class Level:
    """One line of `levels.csv`; `permission` may hold a * for any word."""

    hat: Hat
    permission: str
    level: Assurance


@cache
def levels() -> tuple[Level, ...]:
    """The lines of `levels.csv` in their order. Raises ValueError on a word that it does not know."""
    with LEVELS.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Level(Hat(line["who"]), line["permission"], Assurance(line["level"]))
            for line in csv.DictReader(lines)
        )


def enough(held: Assurance, needed: Assurance) -> bool:
    """Whether a level is at least as high as another."""
    return ORDER.index(held) >= ORDER.index(needed)


def highest(found: Iterable[Assurance]) -> Assurance:
    """The highest of these levels; low where there is none."""
    return max(found, key=ORDER.index, default=Assurance.LOW)


@cache
def needed(hat: Hat, permission: str, floor: Assurance = Assurance.LOW) -> Assurance:
    """The level that a permission needs of who wears this hat. `floor` is what the installation asks at the least.

    What no line names needs the highest level, so that a forgotten line keeps the door shut.
    """
    rows = (row.level for row in levels() if row.hat == hat and fnmatchcase(permission, row.permission))
    return highest((next(rows, Assurance.HIGH), floor))
