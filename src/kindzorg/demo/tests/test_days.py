"""Days counted from the day of the demo."""

from datetime import date, datetime

import pytest

from kindzorg.access.ages import age
from kindzorg.demo.days import ZONE, day, moment

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("today", date(2026, 11, 22)),
        ("+1d", date(2026, 11, 23)),
        ("-4m", date(2026, 7, 22)),
        ("-3y4m", date(2023, 7, 22)),
        ("-12y+7d", date(2014, 11, 29)),
        ("-2w", date(2026, 11, 8)),
        ("-9m", date(2026, 2, 22)),
    ],
)
def test_a_day(words: str, expected: date) -> None:
    assert day(words, SUNDAY) == expected


def test_the_last_day_of_a_shorter_month() -> None:
    assert day("-1m", date(2026, 3, 31)) == date(2026, 2, 28)
    assert day("-1y", date(2028, 2, 29)) == date(2027, 2, 28)
    assert day("-1m", date(2027, 1, 31)) == date(2026, 12, 31)


def test_a_moment_is_in_dutch_time() -> None:
    assert moment("-40d 10:15", SUNDAY) == datetime(2026, 10, 13, 10, 15, tzinfo=ZONE)
    assert moment("today", SUNDAY).hour == 12


@pytest.mark.parametrize("words", ["", "morgen", "-3", "3 days", "+1d later"])
def test_other_words_are_refused(words: str) -> None:
    with pytest.raises(ValueError, match="is no day"):
        day(words, SUNDAY)


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2028, 2, 25), date(2027, 2, 28)])
def test_twelve_next_week_whatever_the_day(today: date) -> None:
    born = day("-12y+7d", today)
    assert (age(born, day("+6d", today)), age(born, day("+7d", today))) == (11, 12)
