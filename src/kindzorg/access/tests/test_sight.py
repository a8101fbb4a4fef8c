"""How far a right reaches, written as one word and read back."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kindzorg.access import sight
from kindzorg.core.vocabulary import LifeDomain

ON = date(2026, 9, 14)
MEDICAL, DEVELOPMENT, SOCIAL, SAFETY = LifeDomain
SIGHTS = some.dictionaries(
    some.sampled_from(LifeDomain), some.none() | some.dates(ON - timedelta(3), ON + timedelta(3))
)


@pytest.mark.parametrize(
    ("word", "open_to"),
    [
        ("all", sight.EVERYTHING),
        ("", {}),
        ("medical", {MEDICAL: None}),
        ("medical|social@2027-03-01", {MEDICAL: None, SOCIAL: date(2027, 3, 1)}),
    ],
)
def test_a_word_says_what_is_open(word: str, open_to: sight.Sight) -> None:
    assert sight.read(word) == open_to
    assert sight.write(open_to) == word


@pytest.mark.parametrize("word", ["everything", "medical@soon", "medical,social"])
def test_a_word_that_is_not_known_opens_nothing(word: str) -> None:
    with pytest.raises(ValueError):
        sight.read(word)


@given(SIGHTS)
def test_what_is_written_is_read_back(open_to: sight.Sight) -> None:
    assert sight.read(sight.write(open_to)) == open_to


@given(SIGHTS, some.dates(ON - timedelta(5), ON + timedelta(5)))
def test_nothing_is_open_from_the_last_end_on(open_to: sight.Sight, on: date) -> None:
    end = sight.ends_on(open_to)
    is_open = bool(sight.domains_on(open_to, on))
    assert is_open == (bool(open_to) and (end is None or on < end))


@given(SIGHTS, SIGHTS, some.dates(ON - timedelta(5), ON + timedelta(5)))
def test_narrowing_leaves_what_both_leave(one: sight.Sight, other: sight.Sight, on: date) -> None:
    both = sight.narrowed(one, other)
    assert sight.domains_on(both, on) == sight.domains_on(one, on) & sight.domains_on(other, on)


def test_the_earlier_of_two_ends() -> None:
    assert sight.earlier(None, None) is None
    assert sight.earlier(ON, None) == sight.earlier(None, ON) == sight.earlier(ON, ON + timedelta(1)) == ON


@given(SIGHTS, SIGHTS, some.dates(ON - timedelta(5), ON + timedelta(5)))
def test_widening_leaves_what_either_leaves(one: sight.Sight, other: sight.Sight, on: date) -> None:
    either = sight.widened(one, other)
    assert sight.domains_on(either, on) == sight.domains_on(one, on) | sight.domains_on(other, on)
