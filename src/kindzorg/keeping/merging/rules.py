"""When two files may be of one child, what stands in the way of merging them, and which one goes on. Pure.

A citizen service number is one person's (Wabvpz art. 4-7); all else is a suspicion that a person judges: twins share
birth date and family name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from kindzorg.record.rules import folded

# How long a merge can be undone: long enough to be noticed, before too much has been built on it. Our own choice.
UNDONE_WITHIN = timedelta(days=30)
# From how alike on two names may be one name, written otherwise (0 to 1).
ALIKE = 0.7


class MergeReason(StrEnum):
    """Why two files are thought to be of one child."""

    SAME_NUMBER = "same_number"
    BIRTH_AND_NAME = "birth_and_name"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Identified:
    """Who a file says the child is. `numbers` are keyed hashes: its own, and those that senders tell."""

    child_id: UUID
    given_name: str
    family_name: str
    birth_date: date | None
    number: str = ""
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FileState:
    """Where a file stands: what decides whether it can be merged, and which one goes on.

    `child_spoke`: it holds what the child put in writing, or that it was assessed as not able to decide. That counts
    in the file where it stands, and nobody else can write it again.
    """

    who: Identified
    begun: datetime
    merged: bool = False
    holds_others: bool = False
    journey_open: bool = False
    plan_in_force: bool = False
    child_spoke: bool = False


@dataclass(frozen=True, slots=True)
class GoesOn:
    """Which file goes on. Without `child_id` a person must judge; `why` is a code for the words."""

    child_id: UUID | None
    why: str


def near_names(one: str, other: str) -> bool:
    """Whether two names may be one: alike but for spelling, one the beginning of the other, or not known yet."""
    a, b = folded(one), folded(other)
    if not a or not b or a.startswith(b) or b.startswith(a):
        return True
    return SequenceMatcher(None, a, b).ratio() >= ALIKE


def suspected(one: Identified, other: Identified) -> MergeReason | None:
    """Why two files may be of one child; None when nothing says so. Two different numbers are two children."""
    if one.number and other.number:
        return None
    told = {one.number, *one.numbers} & {other.number, *other.numbers} - {""}
    if told:
        return MergeReason.SAME_NUMBER
    if one.birth_date is None or one.birth_date != other.birth_date:
        return None
    if not (one.family_name and other.family_name) and not (one.given_name and other.given_name):
        return None
    names = near_names(one.family_name, other.family_name) and near_names(one.given_name, other.given_name)
    return MergeReason.BIRTH_AND_NAME if names else None


def doubles(files: Iterable[Identified]) -> tuple[tuple[UUID, UUID, MergeReason], ...]:
    """The pairs of files that may be of one child, each with the lower id first."""
    groups: dict[object, list[Identified]] = {}
    for one in files:
        for mark in {one.birth_date, one.number, *one.numbers} - {None, ""}:
            groups.setdefault(mark, []).append(one)
    found: dict[tuple[UUID, UUID], MergeReason] = {}
    for group in groups.values():
        for one, other in combinations(sorted(group, key=lambda file: file.child_id), 2):
            if reason := suspected(one, other):
                found[one.child_id, other.child_id] = reason
    return tuple((*pair, reason) for pair, reason in sorted(found.items()))


def obstacle(kept: FileState, absorbed: FileState) -> str:
    """Why these two cannot be merged, as a code; empty when they can.

    A merged file is never merged on: each merge can then be undone by itself.
    """
    if kept.who.child_id == absorbed.who.child_id:
        return "same_file"
    if kept.merged or absorbed.merged:
        return "already_merged"
    if kept.who.number and absorbed.who.number and kept.who.number != absorbed.who.number:
        return "different_numbers"
    if absorbed.holds_others:
        return "both_hold_others" if kept.holds_others else "other_way_round"
    if absorbed.child_spoke:
        return "child_spoke"
    return ""


def doubts(one: Identified, other: Identified) -> tuple[str, ...]:
    """What speaks against one child, as codes: to be looked at, not forbidden."""
    found = []
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        found.append("birth_dates_differ")
    if not near_names(one.family_name, other.family_name) or not near_names(one.given_name, other.given_name):
        found.append("names_differ")
    return tuple(found)


def goes_on(one: FileState, other: FileState) -> GoesOn:
    """Which file goes on: the one that others were merged into already, else the one in which the child spoke, else
    the one with the plan in force, else the one with the open journey, else the older.

    Two plans in force ask a judgement: the other plan stops, and somebody must know what in it still counts.
    """
    for name in ("holds_others", "child_spoke", "plan_in_force", "journey_open"):
        has = [file for file in (one, other) if getattr(file, name)]
        if len(has) == 1:
            return GoesOn(has[0].who.child_id, name)
        if len(has) == 2 and name == "plan_in_force":
            return GoesOn(None, "two_plans")
    older = min((one, other), key=lambda file: (file.begun, file.who.child_id))
    return GoesOn(older.who.child_id, "older")


def can_be_undone(merged_at: datetime, now: datetime) -> bool:
    """Whether the term for undoing a merge still runs."""
    return now - merged_at <= UNDONE_WITHIN
