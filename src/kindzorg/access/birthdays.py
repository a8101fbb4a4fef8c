"""The birthdays that change rights: when they are announced, and what changes on the day itself. Pure.

What changes is not written down here: it is what the policy says on the day, beside what it said the day before.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.ages import birthday
from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor, Grant, Subject
from kindzorg.access.roles import Role, Scope

AGES = (12, 16, 18)
MONTHS_AHEAD = (3, 1)
TOLD_FOR = timedelta(days=30)
SOMEBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Coming:
    """A birthday that changes rights: at which age, on which day, and how many months ahead it is announced now."""

    years: int
    day: date
    months: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The permissions that somebody gets and loses on a birthday."""

    gained: Sequence[str]
    lost: Sequence[str]


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def coming(birth_date: date | None, on: date) -> Coming | None:
    """The birthday that is announced on this day: from three months ahead, and anew from one month ahead."""
    for years in AGES if birth_date else ():
        day = birthday(birth_date, years)  # type: ignore[arg-type]
        months = [ahead for ahead in MONTHS_AHEAD if months_before(day, ahead) <= on < day]
        if months:
            return Coming(years, day, min(months))
    return None


def reached(birth_date: date | None, on: date) -> Coming | None:
    """The 12th birthday, for a month: from then on the child may take back what was agreed to for it (UAVG 5(3))."""
    if birth_date is None:
        return None
    day = birthday(birth_date, 12)
    return Coming(12, day, 0) if day <= on < day + TOLD_FOR else None


def last_reached(birth_date: date | None, on: date) -> Coming | None:
    """The last of these birthdays that was: who was told of it still finds what changed."""
    days = [(years, birthday(birth_date, years)) for years in AGES] if birth_date else []
    past = [Coming(years, day, 0) for years, day in days if day <= on]
    return past[-1] if past else None


def changes_on(day: date, role: Role, subject: Subject) -> Changes:
    """What somebody in this role may from this day on that he might not the day before, and the other way round."""
    grants = (Grant(role, Scope.CHILD, subject.child_id, date.min),)
    actor = Actor(SOMEBODY, "", grants, assurance=Assurance.HIGH)
    own = Subject(
        subject.child_id,
        subject.birth_date,
        has_authority=role == Role.AUTHORITY_HOLDER,
        represents=role == Role.REPRESENTATIVE,
        can_decide=subject.can_decide,
    )
    before, after = (
        {one for one in policy.permissions() if policy.may(actor, one, own, on)}
        for on in (day - timedelta(1), day)
    )
    return Changes(sorted(after - before), sorted(before - after))
