"""The term of a file, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kindzorg.core.ids import new_id
from kindzorg.keeping.retention import rules
from kindzorg.keeping.retention.rules import SHORTEST_YEARS, KeptFile


@pytest.mark.parametrize(
    ("changed", "years", "over"),
    [
        (date(2026, 9, 14), 20, date(2046, 9, 14)),
        (date(2026, 9, 14), 5, date(2046, 9, 14)),  # Never shorter than the law's.
        (date(2026, 9, 14), 30, date(2056, 9, 14)),
        (date(2024, 2, 29), 20, date(2044, 2, 29)),
        (date(2024, 2, 29), 21, date(2045, 3, 1)),
    ],
)
def test_the_term_is_counted_from_the_last_change(changed: date, years: int, over: date) -> None:
    assert rules.over_on(changed, years) == over


@given(st.dates(max_value=date(2100, 1, 1)), st.integers(0, 60))
def test_it_is_never_shorter_than_the_law_asks(changed: date, years: int) -> None:
    assert (rules.over_on(changed, years) - changed).days >= SHORTEST_YEARS * 365


def test_the_last_change_is_the_latest_that_is_known() -> None:
    begun = date(2020, 1, 1)
    assert rules.changed_on([], begun) == begun
    assert rules.changed_on([None, date(2021, 5, 5), date(2020, 3, 3)], begun) == date(2021, 5, 5)


def test_what_is_held_or_not_on_the_list_may_not_go() -> None:
    free, held, other = new_id(), new_id(), new_id()
    day = date(2020, 1, 1)
    due = {
        free: KeptFile(free, "", None, "", day, day),
        held: KeptFile(held, "", None, "", day, day, held=True),
    }
    assert rules.blockers(due, [free]) == ()
    assert rules.blockers(due, [free, held, other]) == (held, other)


def test_a_confirmation_counts_for_a_term_that_was_over_when_it_was_given() -> None:
    day = date(2046, 9, 14)
    assert rules.still_confirmed(day, day)
    assert not rules.still_confirmed(date(2046, 9, 13), day)
