"""When two files may be of one child, and which goes on."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kindzorg.careteam.tests.world import NOW
from kindzorg.keeping.merging.rules import (
    UNDONE_WITHIN,
    FileState,
    GoesOn,
    Identified,
    MergeReason,
    can_be_undone,
    doubles,
    doubts,
    goes_on,
    near_names,
    obstacle,
    suspected,
)

BORN = date(2026, 7, 14)
NUMBER, BIRTH = MergeReason.SAME_NUMBER, MergeReason.BIRTH_AND_NAME


def who(
    place: int, given: str = "", family: str = "", born: date | None = BORN, **more: object
) -> Identified:
    return Identified(UUID(int=place), given, family, born, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Demir", "Demir", True),
        ("Demir", "DEMIR ", True),
        ("Demir", "Demïr", True),
        ("Yusuf", "Yousuf", True),
        ("de Vries", "de Vries-Bakker", True),
        ("", "Demir", True),
        ("Yusuf", "Noor", False),
        ("Jansen", "Pietersen", False),
    ],
)
def test_names_that_may_be_one_name(one: str, other: str, near: bool) -> None:
    assert near_names(one, other) == near_names(other, one) == near


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        # A newborn who was not named yet.
        (who(1, "", "Demir"), who(2, "Yusuf", "Demir"), BIRTH),
        (who(1, "Yusuf", "Demir"), who(2, "Yousuf", "Demir"), BIRTH),
        # Twins have other given names, or nearly the same: a person says.
        (who(1, "Yusuf", "Demir"), who(2, "Aylin", "Demir"), None),
        (who(1, "Yusuf", "Demir"), who(2, "Yusuf", "Demir", born=BORN + timedelta(1)), None),
        (who(1, "Yusuf", "Demir", born=None), who(2, "Yusuf", "Demir"), None),
        # Nothing but a birth date says nothing.
        (who(1), who(2), None),
        (who(1, "Yusuf"), who(2, "", "Demir"), None),
        (who(1, "Yusuf"), who(2, "Yusuf", "Demir"), BIRTH),
        # A sender tells the number of the other file.
        (who(1, numbers=frozenset("a")), who(2, "Noor", born=None, number="a"), NUMBER),
        (who(1, numbers=frozenset("a")), who(2, numbers=frozenset("ab")), NUMBER),
        # Two numbers are two children, whatever else is alike.
        (who(1, "Yusuf", "Demir", number="a"), who(2, "Yusuf", "Demir", number="b"), None),
    ],
)
def test_a_suspicion(one: Identified, other: Identified, reason: MergeReason | None) -> None:
    assert suspected(one, other) == suspected(other, one) == reason
    expected = ((one.child_id, other.child_id, reason),) if reason else ()
    assert doubles([other, one]) == expected


@given(
    some.lists(
        some.tuples(some.sampled_from(["", "Yusuf", "Noor"]), some.sampled_from([None, BORN])), max_size=6
    )
)
def test_pairs_are_found_as_if_each_were_compared_with_each(people: list[tuple[str, date | None]]) -> None:
    files = [who(number, given, "Demir", born) for number, (given, born) in enumerate(people)]
    each = {
        (one.child_id, other.child_id)
        for one in files
        for other in files
        if one.child_id < other.child_id and suspected(one, other)
    }
    assert {(one, other) for one, other, _ in doubles(files)} == each


ONE, OTHER = FileState(who(1), NOW), FileState(who(2), NOW + timedelta(1))


@pytest.mark.parametrize(
    ("kept", "absorbed", "code"),
    [
        (ONE, OTHER, ""),
        (ONE, ONE, "same_file"),
        (replace(ONE, merged=True), OTHER, "already_merged"),
        (ONE, replace(OTHER, merged=True), "already_merged"),
        (replace(ONE, who=who(1, number="a")), replace(OTHER, who=who(2, number="b")), "different_numbers"),
        (replace(ONE, who=who(1, number="a")), OTHER, ""),
        (ONE, replace(OTHER, holds_others=True), "other_way_round"),
        (replace(ONE, holds_others=True), replace(OTHER, holds_others=True), "both_hold_others"),
        (replace(ONE, holds_others=True), OTHER, ""),
        (ONE, replace(OTHER, child_spoke=True), "child_spoke"),
        (replace(ONE, child_spoke=True), OTHER, ""),
    ],
)
def test_what_stands_in_the_way(kept: FileState, absorbed: FileState, code: str) -> None:
    assert obstacle(kept, absorbed) == code


@pytest.mark.parametrize(
    ("one", "other", "advice"),
    [
        (ONE, OTHER, GoesOn(UUID(int=1), "older")),
        (ONE, replace(OTHER, journey_open=True), GoesOn(UUID(int=2), "journey_open")),
        (replace(ONE, journey_open=True), replace(OTHER, journey_open=True), GoesOn(UUID(int=1), "older")),
        (
            replace(ONE, journey_open=True),
            replace(OTHER, plan_in_force=True, journey_open=True),
            GoesOn(UUID(int=2), "plan_in_force"),
        ),
        (replace(ONE, plan_in_force=True), replace(OTHER, plan_in_force=True), GoesOn(None, "two_plans")),
        (
            replace(ONE, plan_in_force=True),
            replace(OTHER, plan_in_force=True, holds_others=True),
            GoesOn(UUID(int=2), "holds_others"),
        ),
    ],
)
def test_which_file_goes_on(one: FileState, other: FileState, advice: GoesOn) -> None:
    assert goes_on(one, other) == goes_on(other, one) == advice


def test_what_speaks_against_one_child() -> None:
    one, other = who(1, "Yusuf", "Demir"), who(2, "Noor", "Bakker", born=BORN + timedelta(1))
    assert doubts(one, other) == ("birth_dates_differ", "names_differ")
    assert doubts(one, who(2, "Yusuf", "Demir", born=None)) == ()
    assert doubts(one, who(2, "Noor", "Demir")) == ("names_differ",)


def test_the_term_for_undoing() -> None:
    assert can_be_undone(NOW, NOW + UNDONE_WITHIN)
    assert not can_be_undone(NOW, NOW + UNDONE_WITHIN + timedelta(seconds=1))
