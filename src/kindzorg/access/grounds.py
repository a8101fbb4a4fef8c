"""Who decides and who looks, by the legal ground of an item and the age of the child. Pure.

There is no one table of ages: `grounds.csv` has a line per ground and question, each with its source, so that a
nurse and a jurist can read it. What it marks "to_be_confirmed" is a reading of the law that a jurist must confirm.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from kindzorg.access.ages import age
from kindzorg.access.roles import Role
from kindzorg.core.vocabulary import Ground

GROUNDS = Path(__file__).parent / "grounds.csv"


class Question(StrEnum):
    """What is asked about an item: to consent to sharing, to look, to withdraw, data rights (AVG), destruction."""

    CONSENT = "consent"
    INSPECT = "inspect"
    WITHDRAW = "withdraw"
    RIGHTS = "rights"
    DESTROY = "destroy"


class Deciders(StrEnum):
    """Who it takes. Holders: all who hold parental authority and may decide.

    Representative: curator or mentor, and without one who stands first in BW 7:465(3). Appointed: curator or mentor
    alone, for the law on data knows no family that represents an adult (UAVG 5(2)-(4)).
    """

    HOLDERS = "holders"
    CHILD = "child"
    CHILD_AND_HOLDERS = "child_and_holders"
    CHILD_OR_HOLDERS = "child_or_holders"
    REPRESENTATIVE = "representative"
    APPOINTED = "appointed"


class Side(StrEnum):
    """The side from which somebody decides."""

    CHILD = "child"
    HOLDER = "holder"
    REPRESENTATIVE = "representative"


SIDE_OF: Mapping[Role | None, Side] = {
    Role.CHILD: Side.CHILD,
    Role.YOUNG_PERSON: Side.CHILD,
    Role.AUTHORITY_HOLDER: Side.HOLDER,
    Role.REPRESENTATIVE: Side.REPRESENTATIVE,
}
SIDES: Mapping[Deciders, frozenset[Side]] = {
    Deciders.HOLDERS: frozenset({Side.HOLDER}),
    Deciders.CHILD: frozenset({Side.CHILD}),
    Deciders.CHILD_AND_HOLDERS: frozenset({Side.CHILD, Side.HOLDER}),
    Deciders.CHILD_OR_HOLDERS: frozenset({Side.CHILD, Side.HOLDER}),
    Deciders.REPRESENTATIVE: frozenset({Side.REPRESENTATIVE}),
    Deciders.APPOINTED: frozenset({Side.REPRESENTATIVE}),
}


@dataclass(frozen=True, slots=True)
class GroundRow:
    """One line of `grounds.csv`."""

    by_bracket: Mapping[str, Deciders]
    source: str
    sure: bool


BRACKETS = ("under_12", "from_12", "from_16", "from_18", "cannot_decide", "cannot_decide_18")


@cache
def grounds() -> Mapping[tuple[Ground, Question], GroundRow]:
    """The lines of `grounds.csv`. Raises ValueError on a word that it does not know."""
    with GROUNDS.open(encoding="utf-8", newline="") as lines:
        return {
            (Ground(line["ground"]), Question(line["question"])): GroundRow(
                {bracket: Deciders(line[bracket]) for bracket in BRACKETS},
                line["source"],
                line["sure"] == "yes",
            )
            for line in csv.DictReader(lines)
        }


def bracket(birth_date: date | None, on: date, *, can_decide: bool = True) -> str:
    """In which column of the table the child stands on this day; without a birth date as under 12."""
    years = 0 if birth_date is None else age(birth_date, on)
    if years >= 12 and not can_decide:
        return "cannot_decide_18" if years >= 18 else "cannot_decide"
    return next(name for name, least in zip(BRACKETS[3::-1], (18, 16, 12, 0), strict=True) if years >= least)


def deciders(
    ground: Ground, question: Question, birth_date: date | None, on: date, *, can_decide: bool = True
) -> Deciders:
    """Who it takes for this question on this day. Source: each line's own (`grounds.csv`)."""
    return grounds()[ground, question].by_bracket[bracket(birth_date, on, can_decide=can_decide)]


def counts(needed: Deciders, side: Side, *, by_court: bool = True) -> bool:
    """Whether somebody on this side is one of those; `by_court`: a representative whom a judge appointed."""
    return side in SIDES[needed] and (by_court or needed != Deciders.APPOINTED)


def may_say_no(
    ground: Ground,
    side: Side,
    birth_date: date | None,
    on: date,
    *,
    can_decide: bool = True,
    by_court: bool = True,
) -> bool:
    """Whether somebody on this side may refuse or withdraw alone: whose yes is needed, or who may withdraw."""
    both = (Question.CONSENT, Question.WITHDRAW)
    return any(
        counts(deciders(ground, question, birth_date, on, can_decide=can_decide), side, by_court=by_court)
        for question in both
    )


def enough_said_yes(needed: Deciders, child: bool, holders: Iterable[bool]) -> bool:
    """Whether those who said yes are enough. `holders`: for each holder (or representative) whether he said yes.

    Where holders are needed and there are none, nobody can say yes for them.
    """
    all_of_them = list(holders)
    every = bool(all_of_them) and all(all_of_them)
    match needed:
        case Deciders.CHILD:
            return child
        case Deciders.CHILD_AND_HOLDERS:
            return child and every
        case Deciders.CHILD_OR_HOLDERS:
            return child or every
    return every
