"""Which birthday is announced when, and what changes on it."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kindzorg.access.ages import birthday
from kindzorg.access.birthdays import AGES, Coming, changes_on, coming, last_reached, months_before, reached
from kindzorg.access.policy import Subject
from kindzorg.access.roles import Role

BORN, LEAP = date(2014, 9, 14), date(2016, 2, 29)
TWELVE = date(2026, 9, 14)


@pytest.mark.parametrize(
    ("on", "months"),
    [
        (date(2026, 6, 13), None),
        (date(2026, 6, 14), 3),
        (date(2026, 8, 13), 3),
        (date(2026, 8, 14), 1),
        (date(2026, 9, 13), 1),
        (TWELVE, None),
    ],
)
def test_a_birthday_is_announced_three_months_and_one_month_ahead(on: date, months: int | None) -> None:
    assert coming(BORN, on) == (Coming(12, TWELVE, months) if months else None)


def test_who_was_told_still_finds_what_changed() -> None:
    assert last_reached(BORN, TWELVE - timedelta(days=1)) is None
    assert last_reached(None, TWELVE) is None
    for years in AGES:
        day = birthday(BORN, years)
        assert (
            last_reached(BORN, day) == last_reached(BORN, day + timedelta(days=300)) == Coming(years, day, 0)
        )


def test_somebody_born_on_29_february_is_told_in_time_too() -> None:
    assert birthday(LEAP, 18) == date(2034, 3, 1)
    assert coming(LEAP, date(2033, 12, 1)) == Coming(18, date(2034, 3, 1), 3)
    assert coming(LEAP, date(2027, 11, 29)) == Coming(12, date(2028, 2, 29), 3)
    assert months_before(date(2027, 5, 31), 3) == date(2027, 2, 28)
    assert coming(None, TWELVE) is None


@given(some.dates(date(2000, 1, 1), date(2030, 1, 1)), some.sampled_from(AGES))
def test_every_birthday_is_announced_until_the_day_before(born: date, years: int) -> None:
    day = birthday(born, years)
    assert coming(born, day - timedelta(1)) == Coming(years, day, 1)
    assert coming(born, day) is None


@pytest.mark.parametrize(
    ("days", "told"), [(-1, False), (0, True), (29, True), (30, False)], ids=["before", "on", "last", "after"]
)
def test_for_a_month_after_the_twelfth_birthday_the_child_is_told(days: int, told: bool) -> None:
    assert (reached(BORN, TWELVE + timedelta(days)) is not None) is told
    assert reached(None, TWELVE) is None
    assert reached(BORN, birthday(BORN, 16)) is None


def test_what_changes_is_what_the_policy_says() -> None:
    child = Subject(UUID(int=1), BORN)
    own = changes_on(TWELVE, Role.CHILD, child)
    assert {"plan.agree", "mark.set_own", "wish.write"} <= set(own.gained) and not own.lost
    assert changes_on(TWELVE, Role.AUTHORITY_HOLDER, child).lost == []
    sixteen = changes_on(birthday(BORN, 16), Role.AUTHORITY_HOLDER, child)
    assert {"plan.read", "plan.agree", "record.read"} <= set(sixteen.lost) and not sixteen.gained
    assert "team.change" in changes_on(birthday(BORN, 16), Role.CHILD, child).gained
    assert changes_on(TWELVE, Role.CHILD, Subject(UUID(int=1), BORN, can_decide=False)).gained == []
