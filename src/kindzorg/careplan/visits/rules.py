"""Series of visits, what is different on one day, and the occurrences that follow. Pure.

A series is kept in the time on the clock in the Netherlands: a night from 23:00 to 7:00 stays that on the days on which
the clock changes. What follows from it is in UTC, so that it can be compared and counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from kindzorg.careplan.agreements.rules import Who, WhoKind, same_party, who_from
from kindzorg.core import plain
from kindzorg.core.errors import Invalid
from kindzorg.people.rules import OrganisationKind

ZONE = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)
LONGEST = 24 * 60
"""The longest one visit may last, in minutes: longer is one a day."""
CARING = frozenset({OrganisationKind.HOME_CARE, OrganisationKind.HOSPITAL, OrganisationKind.DAY_CARE})
"""Organisations that answer themselves for the skill of whom they send."""
NOBODY = UUID(int=0)
EVER = (date(1970, 3, 1), date(2200, 1, 1))
"""The first day that a week can have, and the first that it cannot have any more."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Place(StrEnum):
    """Where the child is during a visit."""

    HOME = "home"
    SCHOOL = "school"
    DAY_CARE = "day_care"
    RESPITE = "respite"
    HOSPITAL = "hospital"
    ELSEWHERE = "elsewhere"


class Holidays(StrEnum):
    """Whether a series goes on in the school holidays."""

    ALWAYS = "always"
    NOT_IN = "not_in"
    ONLY_IN = "only_in"


class SchoolRegion(StrEnum):
    """The regions over which the school holidays are spread (WPO 15; dates by ministerial regulation)."""

    NORTH = "north"
    MIDDLE = "middle"
    SOUTH = "south"


class VisitChangeKind(StrEnum):
    """What is different: this time not, at another time, by somebody else, swapped; or from this day on no more."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    TAKEN_OVER = "taken_over"
    SWAPPED = "swapped"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Window:
    """From a moment up to, not including, another; both know their zone."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        """How long it lasts in real time."""
        return int((self.end.astimezone(UTC) - self.start.astimezone(UTC)).total_seconds() // 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When something comes back: the time on the clock, how long, on which days, from and up to which day.

    `rule` is an RRULE of RFC 5545 without a start or an end (`FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH`); empty: once.
    """

    starts_on: date
    start: time
    minutes: int
    rule: str = ""
    until: date | None = None
    holidays: Holidays = Holidays.ALWAYS
    region: SchoolRegion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is different about the occurrence that was to be on day `on`; of one that ended: from that day."""

    on: date
    kind: VisitChangeKind
    reason: str = ""
    to_day: date | None = None
    to_start: time | None = None
    who: Who | None = None
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A visit that comes back, with what is different, oldest first. `user_id` is the account of who comes.

    `caring` says of an organisation whether it gives care, so that it sends somebody who is able.
    """

    id: UUID
    rhythm: Rhythm
    who: Who
    place: Place = Place.HOME
    agreement_id: UUID | None = None
    user_id: UUID | None = None
    caring: bool = False
    what: str = ""
    changes: Sequence[Change] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time that somebody is with the child. `on` names it: the day on which the series has it.

    `instead_of` is who was to come; `reason` why it is off.
    """

    series: Series
    on: date
    start: datetime
    end: datetime
    who: Who
    user_id: UUID | None
    cancelled: bool = False
    moved: bool = False
    reason: str = ""
    instead_of: str = ""

    @property
    def person_id(self) -> UUID | None:
        """The professional or relative who comes, if it is one person we know."""
        return self.who.professional_id or self.who.relative_id


def within(day: date) -> bool:
    """Whether the week knows this day. Near the ends of the calendar there is nothing to count with."""
    return EVER[0] <= day < EVER[1]


Holiday = tuple[date, date]
"""The first and the last day of a school holiday."""


def instant(day: date, at: time) -> datetime:
    """The moment at which the clock shows this, in UTC. A time that the clock skips is the one after the jump."""
    return datetime.combine(day, at, ZONE).astimezone(UTC)


def span(day: date, start: time, minutes: int) -> Window:
    """From this time on the clock until so many minutes later on the clock; never less than nothing."""
    begins = instant(day, start)
    later = datetime.combine(day, start) + timedelta(minutes=minutes)
    ends = instant(later.date(), later.time())
    return Window(begins, ends if ends > begins else begins + timedelta(minutes=minutes))


def parts_of(rule: str) -> Mapping[str, str]:
    """The parts of an RRULE. Raises Invalid ("rhythm_rule") for one that is not by day, week or month without end."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    known = set(parts) <= {"FREQ", "INTERVAL", "BYDAY"} and parts.get("FREQ") in (
        "DAILY",
        "WEEKLY",
        "MONTHLY",
    )
    every = parts.get("INTERVAL", "1")
    days = [one for one in parts.get("BYDAY", "").split(",") if one]
    named = all(one[-2:] in WEEKDAYS and (parts.get("FREQ") == "MONTHLY" or len(one) == 2) for one in days)
    if not (known and named and every.isdecimal() and 1 <= int(every) <= 52):
        raise Invalid("rhythm_rule", fields=("rule",))
    try:
        rrulestr(rule, dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 - days, not moments
    except ValueError:
        raise Invalid("rhythm_rule", fields=("rule",)) from None
    return parts


def weekly(days: Iterable[int], every: int = 1) -> str:
    """The rule for these days of the week (Monday is 0), every so many weeks."""
    named = ",".join(WEEKDAYS[day] for day in sorted(set(days)))
    return f"FREQ=WEEKLY;INTERVAL={every};BYDAY={named}"


def rhythm_from(row: Mapping[str, Any]) -> Rhythm:
    """A rhythm from the plain values in which a row keeps it; the time may have come through JSON."""
    start = row["start"]
    return Rhythm(
        starts_on=plain.day(row["starts_on"]) or date.min,
        start=time.fromisoformat(start) if isinstance(start, str) else start,
        minutes=row["minutes"],
        rule=row["rule"],
        until=plain.day(row["until"]),
        holidays=Holidays(row.get("holidays") or Holidays.ALWAYS),
        region=SchoolRegion(row["region"]) if row.get("region") else None,
    )


def _change_from(row: Mapping[str, Any]) -> Change:
    return Change(
        on=plain.day(row["on"]) or date.min,
        kind=VisitChangeKind(row["kind"]),
        reason=row["reason"],
        to_day=plain.day(row["to_day"]),
        to_start=time.fromisoformat(row["to_start"]) if row["to_start"] else None,
        who=who_from(row),
        user_id=plain.key(row["professional_user"]) or plain.key(row["relative_user"]),
    )


def series_from(row: Mapping[str, Any], ends: date | None = None) -> Series:
    """A series from the plain values in which the database gives it; `ends`: the agreement itself ended then."""
    changes = [_change_from(one) for one in row["changes"]]
    if ends is not None:
        changes.append(Change(on=ends, kind=VisitChangeKind.ENDED))
    return Series(
        id=plain.key(row["id"]) or NOBODY,
        rhythm=rhythm_from(row),
        who=who_from(row) or Who(),
        place=Place(row["place"]),
        agreement_id=plain.key(row["agreement_id"]),
        user_id=plain.key(row["professional_user"]) or plain.key(row["relative_user"]),
        caring=row["house"] in CARING,
        changes=tuple(changes),
    )


def check_rhythm(rhythm: Rhythm) -> None:
    """Raises Invalid: "day_unknown", "rhythm_minutes", "rhythm_until", "rhythm_region", "rhythm_rule"."""
    for name, day in (("starts_on", rhythm.starts_on), ("until", rhythm.until)):
        if day is not None and not within(day):
            raise Invalid("day_unknown", fields=(name,))
    if not 1 <= rhythm.minutes <= LONGEST:
        raise Invalid("rhythm_minutes", fields=("minutes",))
    if rhythm.until is not None and rhythm.until <= rhythm.starts_on:
        raise Invalid("rhythm_until", fields=("until",))
    if (rhythm.holidays == Holidays.ALWAYS) != (rhythm.region is None):
        raise Invalid("rhythm_region", fields=("region",))
    if rhythm.rule:
        parts_of(rhythm.rule)


def _days(rhythm: Rhythm, first: date, last: date) -> Iterator[date]:
    """The days of the rhythm from `first` to `last`, both included."""
    begin = max(first, rhythm.starts_on)
    if rhythm.until is not None:
        last = min(last, rhythm.until - DAY)
    if not rhythm.rule:
        if begin <= rhythm.starts_on <= last:
            yield rhythm.starts_on
        return
    anchor = _anchor(rhythm, begin)
    found = rrulestr(rhythm.rule, dtstart=datetime.combine(anchor, time()))
    for at in found.between(datetime.combine(begin, time()), datetime.combine(last, time()), inc=True):
        yield at.date()


def _anchor(rhythm: Rhythm, begin: date) -> date:
    """A day so many whole turns after the first, so that years of days need not be counted one by one."""
    parts = parts_of(rhythm.rule)
    turn = int(parts.get("INTERVAL", "1")) * {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 0}[parts["FREQ"]]
    gone = (begin - rhythm.starts_on).days
    return rhythm.starts_on + timedelta(days=gone // turn * turn) if turn else rhythm.starts_on


def in_holiday(day: date, holidays: Iterable[Holiday]) -> bool:
    """Whether a day is in one of these school holidays, first and last day included."""
    return any(first <= day <= last for first, last in holidays)


Calendar = Mapping[SchoolRegion, Sequence[Holiday]]


def days_of(rhythm: Rhythm, first: date, last: date, calendar: Calendar) -> Iterator[date]:
    """The days on which it comes, as its holidays say. A region without known holidays has none."""
    off = calendar.get(rhythm.region, ()) if rhythm.region else ()
    for day in _days(rhythm, first, last):
        free = in_holiday(day, off)
        if rhythm.holidays == Holidays.ALWAYS or free == (rhythm.holidays == Holidays.ONLY_IN):
            yield day


@dataclass(slots=True)
class _Day:
    """What the changes make of one day of a series."""

    day: date
    start: time
    who: Who
    user_id: UUID | None
    cancelled: bool = False
    moved: bool = False
    reason: str = ""
    others: list[str] = field(default_factory=list)

    def apply(self, change: Change) -> None:
        """A later change goes before an earlier one: who takes over brings a cancelled visit back."""
        match change.kind:
            case VisitChangeKind.CANCELLED:
                self.cancelled, self.reason = True, change.reason
            case VisitChangeKind.MOVED:
                self.day, self.start = change.to_day or self.day, change.to_start or self.start
                self.moved, self.cancelled, self.reason = True, False, change.reason
            case VisitChangeKind.TAKEN_OVER | VisitChangeKind.SWAPPED if change.who:
                self.others.append(self.who.name)
                self.who, self.user_id = change.who, change.user_id
                self.cancelled, self.reason = False, change.reason


def ended_on(changes: Iterable[Change]) -> date | None:
    """From which day a series is no more, of what was said of it; None while it goes on."""
    return min((one.on for one in changes if one.kind == VisitChangeKind.ENDED), default=None)


def _occurrence(series: Series, on: date) -> Occurrence:
    found = _Day(on, series.rhythm.start, series.who, series.user_id)
    for change in series.changes:
        if change.on == on:
            found.apply(change)
    when = span(found.day, found.start, series.rhythm.minutes)
    return Occurrence(
        series=series,
        on=on,
        start=when.start,
        end=when.end,
        who=found.who,
        user_id=found.user_id,
        cancelled=found.cancelled,
        moved=found.moved,
        reason=found.reason,
        instead_of=found.others[0] if found.others else "",
    )


def overlaps(one: Window | Occurrence, other: Window | Occurrence) -> bool:
    """Whether two stretches of time have a moment in common."""
    return one.start < other.end and other.start < one.end


def expand(series: Iterable[Series], window: Window, calendar: Calendar) -> list[Occurrence]:
    """Every occurrence that has a moment in the window, cancelled ones too, in order of time.

    One that was moved stands where it was moved to, also from outside the window.
    """
    first = window.start.astimezone(ZONE).date() - DAY
    last = window.end.astimezone(ZONE).date()
    found: list[Occurrence] = []
    for one in series:
        end = ended_on(one.changes)
        rhythm = one.rhythm
        if end is not None and (rhythm.until is None or end < rhythm.until):
            rhythm = replace(rhythm, until=end)
        days = set(days_of(rhythm, first, last, calendar))
        for change in one.changes:
            away = change.kind == VisitChangeKind.MOVED and change.on not in days
            if away and any(True for _ in days_of(rhythm, change.on, change.on, calendar)):
                days.add(change.on)
        found += [there for day in days if overlaps(there := _occurrence(one, day), window)]
    return sorted(found, key=lambda there: (there.start, there.end, there.on, str(there.series.id)))


def occurrence_on(series: Series, on: date, calendar: Calendar) -> Occurrence:
    """The occurrence that the series has on this day. Raises Invalid ("no_such_visit") where it has none."""
    end = ended_on(series.changes)
    there = any(True for _ in days_of(series.rhythm, on, on, calendar))
    if not there or (end is not None and end <= on):
        raise Invalid("no_such_visit", on=on)
    return _occurrence(series, on)


def busy(who: Who, when: Window, among: Iterable[Occurrence]) -> bool:
    """Whether this one is somewhere else with this child at that moment; nobody is in two places at once.

    An organisation can send two people.
    """
    if who.kind == WhoKind.ORGANISATION:
        return False
    return any(
        same_party(there.who, who) and not there.cancelled and overlaps(there, when) for there in among
    )
