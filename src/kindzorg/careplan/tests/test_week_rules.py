"""Visits and what nobody covers, without a database: the clock's changes, nights, exceptions, and sums that add up."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kindzorg.careplan.agreements.rules import Who, WhoKind
from kindzorg.careplan.cover import rules as cover
from kindzorg.careplan.cover.rules import CareDemand, Gap, MayCover, NewDemand
from kindzorg.careplan.visits import rules
from kindzorg.careplan.visits.rules import (
    ZONE,
    Change,
    Holidays,
    Rhythm,
    SchoolRegion,
    Series,
    VisitChangeKind,
    Window,
)
from kindzorg.careteam.competences.rules import Competence
from kindzorg.core.errors import Invalid

SPRING, AUTUMN, NEXT_SPRING = date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)
MONDAY = date(2026, 9, 14)
DAY = timedelta(days=1)
NURSE = Who(kind=WhoKind.PROFESSIONAL, name="Nurse", professional_id=UUID(int=1))
OTHER = Who(kind=WhoKind.PROFESSIONAL, name="Other", professional_id=UUID(int=2))
MOTHER = Who(kind=WhoKind.RELATIVE, name="Mother", relative_id=UUID(int=3))
HOUSE = Who(kind=WhoKind.ORGANISATION, name="House", organisation_id=UUID(int=4))
NIGHT = Rhythm(starts_on=date(2026, 1, 1), start=time(23), minutes=480, rule="FREQ=DAILY")


def series(
    rhythm: Rhythm = NIGHT, *changes: Change, number: int = 9, who: Who = NURSE, **more: object
) -> Series:
    return Series(id=UUID(int=number), rhythm=rhythm, who=who, changes=changes, **more)  # type: ignore[arg-type]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def around(day: date, days: int = 1) -> Window:
    return Window(at(day - DAY, 12), at(day + days * DAY, 12))


def demand(*acts: str, rhythm: Rhythm = NIGHT, may: MayCover = MayCover.PROFESSIONAL) -> CareDemand:
    return CareDemand(id=UUID(int=50), said=NewDemand(rhythm=rhythm, acts=acts, may_cover=may, why="watch"))


def held(who: Who, *acts: str, until: date | None = None) -> dict[UUID, list[Competence]]:
    person = who.professional_id or who.relative_id or UUID(int=0)
    return {person: [Competence(act, person, date(2026, 1, 1), until) for act in acts]}


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 7), (AUTUMN, 9), (NEXT_SPRING, 7), (MONDAY, 8)])
def test_a_night_keeps_its_times_on_the_clock_when_the_clock_changes(day: date, hours: int) -> None:
    night = rules.expand([series()], Window(at(day, 0), at(day, 12)), {})[0]
    assert (night.start.astimezone(ZONE).time(), night.end.astimezone(ZONE).time()) == (time(23), time(7))
    assert night.end - night.start == timedelta(hours=hours)
    assert night.on == day - DAY


def test_a_time_that_the_clock_skips_is_never_less_than_nothing() -> None:
    when = rules.span(SPRING, time(2, 30), 30)
    assert when.minutes == 30
    assert Window(at(SPRING, 0), at(SPRING, 12)).minutes == 11 * 60


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("", [14]),
        ("FREQ=DAILY", [14, 15, 16, 17, 18, 19, 20]),
        ("FREQ=WEEKLY;BYDAY=MO,TH", [14, 17]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", [15]),
        ("FREQ=MONTHLY;BYDAY=3WE", [16]),
    ],
)
def test_a_rhythm_gives_its_days(rule: str, days: list[int]) -> None:
    rhythm = Rhythm(starts_on=MONDAY, start=time(9), minutes=60, rule=rule)
    found = rules.days_of(rhythm, MONDAY - DAY, MONDAY + 6 * DAY, {})
    assert [one.day for one in found] == days


def test_years_later_the_turns_are_still_those_of_the_first_day() -> None:
    rhythm = Rhythm(starts_on=date(2020, 1, 6), start=time(9), minutes=60, rule=rules.weekly([0, 3], 2))
    found = list(rules.days_of(rhythm, date(2026, 9, 1), date(2026, 9, 30), {}))
    assert found == [one for one in _slowly(rhythm) if date(2026, 9, 1) <= one <= date(2026, 9, 30)]
    assert all((one - date(2020, 1, 6)).days // 7 % 2 == 0 for one in found)


def _slowly(rhythm: Rhythm) -> list[date]:
    return list(rules.days_of(rhythm, rhythm.starts_on, date(2026, 12, 31), {}))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY",
        "FREQ=DAILY;COUNT=3",
        "BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;INTERVAL=0",
        "x",
        "FREQ=DAILY;INTERVAL=a",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=MONTHLY;BYDAY=99XMO",
        "FREQ=DAILY;INTERVAL=53",
    ],
)
def test_a_rule_that_could_be_anything_is_refused(rule: str) -> None:
    with pytest.raises(Invalid, match="rhythm_rule"):
        rules.check_rhythm(Rhythm(starts_on=MONDAY, start=time(9), minutes=60, rule=rule))


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"minutes": 0}, "rhythm_minutes"),
        ({"starts_on": date.min}, "day_unknown"),
        ({"starts_on": date(2200, 1, 1)}, "day_unknown"),
        ({"until": date.max}, "day_unknown"),
        ({"minutes": 1441}, "rhythm_minutes"),
        ({"until": MONDAY}, "rhythm_until"),
        ({"holidays": Holidays.NOT_IN}, "rhythm_region"),
        ({"region": SchoolRegion.NORTH}, "rhythm_region"),
    ],
)
def test_a_rhythm_that_cannot_be_is_refused(parts: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        rules.check_rhythm(Rhythm(**{"starts_on": MONDAY, "start": time(9), "minutes": 60, **parts}))  # type: ignore[arg-type]


def test_a_rhythm_that_can_be_is_let_through() -> None:
    rules.check_rhythm(Rhythm(starts_on=MONDAY, start=time(9), minutes=60))
    rules.check_rhythm(NIGHT)


def test_school_stops_in_the_holidays_and_the_holiday_carer_comes_then() -> None:
    calendar = {SchoolRegion.NORTH: [(MONDAY + 2 * DAY, MONDAY + 3 * DAY)]}
    weekdays = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    found = {
        when: [
            one.day
            for one in rules.days_of(
                Rhythm(
                    starts_on=MONDAY,
                    start=time(9),
                    minutes=60,
                    rule=weekdays,
                    holidays=when,
                    region=None if when == Holidays.ALWAYS else SchoolRegion.NORTH,
                ),
                MONDAY,
                MONDAY + 6 * DAY,
                calendar,
            )
        ]
        for when in Holidays
    }
    assert found == {
        Holidays.ALWAYS: [14, 15, 16, 17, 18],
        Holidays.NOT_IN: [14, 15, 18],
        Holidays.ONLY_IN: [16, 17],
    }


def change(kind: VisitChangeKind, on: date = MONDAY, **parts: object) -> Change:
    return Change(on=on, kind=kind, **parts)  # type: ignore[arg-type]


def only(*changes: Change, window: Window | None = None) -> list[rules.Occurrence]:
    return rules.expand([series(NIGHT, *changes)], window or Window(at(MONDAY, 12), at(MONDAY + DAY, 12)), {})


def test_the_last_thing_that_was_said_of_a_night_counts() -> None:
    (off,) = only(change(VisitChangeKind.CANCELLED, reason="ill"))
    assert (off.cancelled, off.reason, off.instead_of) == (True, "ill", "")
    (taken,) = only(change(VisitChangeKind.CANCELLED), change(VisitChangeKind.TAKEN_OVER, who=OTHER))
    assert (taken.cancelled, taken.who, taken.instead_of) == (False, OTHER, "Nurse")
    (back,) = only(
        change(VisitChangeKind.SWAPPED, who=OTHER),
        change(VisitChangeKind.TAKEN_OVER, who=NURSE, reason="back"),
    )
    assert (back.who, back.instead_of) == (NURSE, "Nurse")
    (same,) = only(change(VisitChangeKind.TAKEN_OVER))
    assert same.who == NURSE


def test_a_night_that_is_moved_stands_where_it_was_moved_to() -> None:
    moved = change(VisitChangeKind.MOVED, to_day=MONDAY + 20 * DAY, to_start=time(10))
    window = Window(at(MONDAY, 12), at(MONDAY + DAY, 12))
    assert only(moved) == []
    later = Window(at(MONDAY + 20 * DAY, 9), at(MONDAY + 20 * DAY, 12))
    (there,) = only(moved, window=later)
    assert (there.on, there.start, there.moved) == (MONDAY, at(MONDAY + 20 * DAY, 10), True)
    (stays,) = only(change(VisitChangeKind.MOVED, to_start=time(22)), window=window)
    assert stays.start == at(MONDAY, 22)


def test_a_move_of_a_night_that_never_was_brings_nothing() -> None:
    rhythm = Rhythm(starts_on=MONDAY, start=time(9), minutes=60, rule="FREQ=WEEKLY;BYDAY=MO")
    moved = change(VisitChangeKind.MOVED, on=MONDAY + DAY, to_day=MONDAY + 3 * DAY)
    week = Window(at(MONDAY, 0), at(MONDAY + 6 * DAY, 0))
    assert [one.on for one in rules.expand([series(rhythm, moved)], week, {})] == [MONDAY]


def test_a_series_that_ended_comes_no_more() -> None:
    end = change(VisitChangeKind.ENDED, on=MONDAY + 2 * DAY)
    found = only(end, window=Window(at(MONDAY, 12), at(MONDAY + 9 * DAY, 12)))
    assert [one.on for one in found] == [MONDAY, MONDAY + DAY]
    before = Rhythm(starts_on=MONDAY, start=time(9), minutes=60, rule="FREQ=DAILY", until=MONDAY + DAY)
    assert len(rules.expand([series(before, end)], around(MONDAY, 9), {})) == 1
    with pytest.raises(Invalid, match="no_such_visit"):
        rules.occurrence_on(series(NIGHT, end), MONDAY + 2 * DAY, {})
    with pytest.raises(Invalid, match="no_such_visit"):
        rules.occurrence_on(series(before), MONDAY + 3 * DAY, {})
    assert rules.occurrence_on(series(NIGHT, end), MONDAY, {}).on == MONDAY
    assert rules.occurrence_on(series(NIGHT), MONDAY, {}).person_id == UUID(int=1)


def test_nobody_is_in_two_places_at_once_but_an_organisation_can_be() -> None:
    there = only()
    night = Window(at(MONDAY, 22), at(MONDAY, 23, 30))
    assert rules.busy(NURSE, night, there)
    assert not rules.busy(NURSE, night, [])
    assert not rules.busy(OTHER, night, there)
    assert not rules.busy(NURSE, Window(at(MONDAY, 20), at(MONDAY, 23)), there)
    assert not rules.busy(NURSE, night, only(change(VisitChangeKind.CANCELLED)))
    assert not rules.busy(HOUSE, night, rules.expand([series(who=HOUSE)], around(MONDAY), {}))


# --- what nobody covers ------------------------------------------------------------------------------------

WINDOW = Window(at(MONDAY, 12), at(MONDAY + DAY, 12))


def gaps(wanted: CareDemand, *visits: Series, known: cover.Held | None = None) -> list[tuple[int, int, Gap]]:
    found = cover.uncovered([wanted], rules.expand(visits, WINDOW, {}), known or {}, WINDOW, {})
    return [(one.start.astimezone(ZONE).hour, one.end.astimezone(ZONE).hour, one.gap) for one in found]


def short(who: Who, hour: int, hours: int, number: int = 8, **more: object) -> Series:
    rhythm = Rhythm(starts_on=date(2026, 1, 1), start=time(hour), minutes=60 * hours, rule="FREQ=DAILY")
    return series(rhythm, number=number, who=who, **more)


def test_a_night_without_anybody_is_uncovered_and_with_somebody_is_not() -> None:
    assert gaps(demand()) == [(23, 7, Gap.NOBODY)]
    assert gaps(demand(), series()) == []
    assert gaps(demand(), series(NIGHT, change(VisitChangeKind.CANCELLED))) == [(23, 7, Gap.NOBODY)]
    assert gaps(demand(), short(NURSE, 1, 3)) == [(23, 1, Gap.NOBODY), (4, 7, Gap.NOBODY)]


def test_who_is_there_must_be_able_and_two_can_be_so_together() -> None:
    wanted = demand("suctioning", "oxygen")
    assert gaps(wanted, series()) == [(23, 7, Gap.NOT_ABLE)]
    assert gaps(wanted, series(), known=held(NURSE, "suctioning", "oxygen")) == []
    assert gaps(wanted, series(), known=held(NURSE, "suctioning", "oxygen", until=MONDAY)) == [
        (23, 7, Gap.NOT_ABLE)
    ]
    both = {**held(NURSE, "suctioning"), **held(OTHER, "oxygen")}
    assert gaps(wanted, series(), short(OTHER, 2, 5), known=both) == [(23, 2, Gap.NOT_ABLE)]
    found = cover.uncovered([wanted], rules.expand([series()], WINDOW, {}), held(NURSE, "oxygen"), WINDOW, {})
    assert [one.acts for one in found] == [("suctioning",)]
    assert found[0].window == Window(found[0].start, found[0].end)


def test_who_counts_follows_from_what_is_asked() -> None:
    assert gaps(demand(), series(who=MOTHER)) == [(23, 7, Gap.NOBODY)]
    assert gaps(demand(may=MayCover.ANYBODY), series(who=MOTHER)) == []
    assert gaps(demand("oxygen"), series(who=HOUSE, caring=True)) == []
    assert gaps(demand("oxygen"), series(who=HOUSE)) == [(23, 7, Gap.NOBODY)]
    anybody = demand("oxygen", may=MayCover.ANYBODY)
    assert gaps(anybody, series(who=HOUSE)) == [(23, 7, Gap.NOT_ABLE)]
    assert gaps(anybody, series(who=Who(name="Neighbour"))) == [(23, 7, Gap.NOT_ABLE)]
    assert gaps(demand(may=MayCover.ANYBODY), series(who=Who(name="Neighbour"))) == []
    assert gaps(demand(may=MayCover.ANYBODY), series(who=Who(name=" "))) == [(23, 7, Gap.NOBODY)]


def test_pieces_with_the_same_reason_are_one_stretch() -> None:
    assert gaps(demand("oxygen"), short(NURSE, 23, 4), short(OTHER, 3, 4, number=7)) == [
        (23, 7, Gap.NOT_ABLE)
    ]


MINUTES = st.integers(min_value=1, max_value=24 * 60)
STARTS = st.integers(min_value=0, max_value=24 * 60 - 1).map(lambda one: time(one // 60, one % 60))
DAYS = st.sampled_from([SPRING, AUTUMN, NEXT_SPRING, MONDAY]).flatmap(
    lambda day: st.integers(-2, 2).map(lambda more: day + more * DAY)
)
RULES = st.sampled_from(["", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,SA,SU", "FREQ=DAILY;INTERVAL=2"])
RHYTHMS = st.builds(Rhythm, starts_on=DAYS, start=STARTS, minutes=MINUTES, rule=RULES)
VISITS = st.lists(st.tuples(RHYTHMS, st.booleans(), DAYS), max_size=5)


@given(wanted=RHYTHMS, planned=VISITS, day=DAYS, length=st.integers(1, 9))
def test_what_is_covered_and_what_is_not_are_together_what_is_needed(
    wanted: Rhythm, planned: list[tuple[Rhythm, bool, date]], day: date, length: int
) -> None:
    window = Window(at(day, 5), at(day + length * DAY, 5))
    visits = [
        series(rhythm, *((change(VisitChangeKind.CANCELLED, on=on),) if off else ()), number=number)
        for number, (rhythm, off, on) in enumerate(planned)
    ]
    there = rules.expand(visits, window, {})
    need = demand(rhythm=wanted)
    found = cover.uncovered([need], there, {}, window, {})
    assert all(one.start < one.end for one in [*there, *found])
    assert all(window.start <= one.start and one.end <= window.end for one in found)
    wanted_times = list(cover.times_of(need, window, {}))
    covered = sum(_covered(when, there) for when in wanted_times)
    assert covered + sum(one.window.minutes for one in found) == sum(one.minutes for one in wanted_times)
    for one in found:
        assert not any(rules.overlaps(one, visit) and not visit.cancelled for visit in there)


def _covered(when: Window, there: list[rules.Occurrence]) -> int:
    """The minutes of the window in which anybody is there, counted one by one."""
    begin = int(when.start.timestamp()) // 60
    end = int(when.end.timestamp()) // 60
    inside = set[int]()
    for one in there:
        if not one.cancelled:
            first, last = int(one.start.timestamp()) // 60, int(one.end.timestamp()) // 60
            inside |= set(range(max(begin, first), min(end, last)))
    return len(inside)


@given(rhythm=RHYTHMS, day=DAYS)
def test_an_occurrence_keeps_the_clock_and_lasts_as_long_as_the_clock_says(rhythm: Rhythm, day: date) -> None:
    for one in rules.expand([series(rhythm)], around(day, 3), {}):
        real = (one.end - one.start).total_seconds() / 60
        assert real > 0
        assert abs(real - rhythm.minutes) in (0, 60) or real == rhythm.minutes
        shown = one.start.astimezone(ZONE)
        skipped = datetime.combine(one.on, rhythm.start, ZONE) != shown
        assert skipped or (shown.date(), shown.time()) == (one.on, rhythm.start)
