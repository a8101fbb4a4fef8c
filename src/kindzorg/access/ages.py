"""Ages and birthdays. Pure."""

from datetime import date


def age(birth_date: date, on: date) -> int:
    """Age in whole years. Who was born on 29 February has a birthday on 1 March in other years (BW 1:2 practice)."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def birthday(birth_date: date, years: int) -> date:
    """The day on which somebody reaches this age."""
    try:
        return birth_date.replace(year=birth_date.year + years)
    except ValueError:
        return date(birth_date.year + years, 3, 1)
