"""Days and moments that are counted from the day of the demo, so that "goes home tomorrow" stays true."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
PART = re.compile(r"([+-]?)(\d+)([ymwd])")
WORDS = re.compile(r"(?:today|(?:[+-]?\d+[ymwd])+)")
NOON = time(12, 0)


def _months_later(day: date, months: int) -> date:
    """The same day of another month, or the last one of that month."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def day(words: str, today: date) -> date:
    """The day that words such as `-3y4m`, `-12y+7d`, `+1d` or `today` name. A sign holds until the next one.

    y years, m months, w weeks, d days; years and months are counted first. Raises ValueError for other words.
    """
    if not WORDS.fullmatch(words):
        raise ValueError(f"{words!r} is no day: write for example -3y4m, -12y+7d or today")
    sign, months, days = 1, 0, 0
    for mark, number, unit in PART.findall(words):
        sign = {"-": -1, "+": 1}.get(mark, sign)
        count = sign * int(number)
        months += count * {"y": 12, "m": 1}.get(unit, 0)
        days += count * {"w": 7, "d": 1}.get(unit, 0)
    return _months_later(today, months) + timedelta(days=days)


def moment(words: str, today: date) -> datetime:
    """The moment that words such as `-40d 10:15` name, in Dutch time; without a clock time at noon."""
    name, _, clock = words.partition(" ")
    return datetime.combine(day(name, today), time.fromisoformat(clock) if clock else NOON, ZONE)
