"""The calendar on somebody's telephone: made on a page, fetched without signing in, silent about everything."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from kindzorg.audit.models import AuditLine
from kindzorg.careplan.calendars.queries import Moment
from kindzorg.careplan.schedule import actions
from kindzorg.careplan.tests.conftest import NOW, TODAY, World, build
from kindzorg.careplan.tests.weeks import DAY, NIGHT, TUESDAY, at, off, plan, professional
from kindzorg.careplan.visits.rules import ZONE
from kindzorg.careteam.authority.actions import record_restriction
from kindzorg.careteam.authority.rules import NewRestriction
from kindzorg.careteam.consents.actions import record_consent
from kindzorg.careteam.consents.rules import Decision, PartyKind, PartyRef, Said
from kindzorg.careteam.rules import ConsentWay, RestrictionKind
from kindzorg.core.ids import new_id
from kindzorg.people.calendars.rules import MOST, PERIOD
from kindzorg.people.models import CalendarFeed, User
from kindzorg.referral.tests.conftest import counted
from kindzorg.web.calendar.ical import written

pytestmark = pytest.mark.django_db
PAGE = "/calendar"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    moment = NOW + timedelta(hours=6)
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: moment)
    return moment


@pytest.fixture
def week() -> World:
    world = build()
    world.in_force()
    return world


def makes(world: World, who: str) -> str:
    """Somebody makes a calendar; the address that the page shows, once."""
    browser = Client()
    browser.force_login(world.users[who])
    page = browser.post(PAGE).content.decode()
    again = browser.get(PAGE).content.decode()
    address = re.search(r">(http://testserver(/calendar/[\w-]{43}\.ics))<", page)
    assert address and address[1].replace("http:", "webcal:") in page
    assert ".ics" not in again
    return address[2]


def fetch(address: str) -> Any:
    """As a telephone does: without a cookie."""
    return Client().get(address)


def events_at(address: str) -> list[Any]:
    answer = fetch(address)
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.content).events)


def test_a_telephone_fetches_it_without_cookies_and_nothing_keeps_it(week: World) -> None:
    plan(week)
    answer = fetch(makes(week, "nurse"))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert not answer.cookies
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")
    parsed = Calendar.from_ical(answer.content)
    assert [zone["TZID"] for zone in parsed.timezones] == ["Europe/Amsterdam"]
    first = parsed.events[0]
    assert (first["SUMMARY"], first["STATUS"], first["SEQUENCE"]) == ("Zorgmoment N.", "CONFIRMED", 0)
    assert (first.start, first.end) == (
        datetime.combine(TODAY, time(23), ZONE),
        datetime.combine(TODAY + DAY, time(7), ZONE),
    )
    assert first["LAST-MODIFIED"].dt.utcoffset() == timedelta(0)
    assert {"LOCATION", "DESCRIPTION", "ATTENDEE", "ORGANIZER"}.isdisjoint(first)
    where = urlsplit(first["URL"])
    assert Client().get(where.path).headers["Location"].startswith(reverse("sign_in"))


def test_what_changes_keeps_its_name_and_counts_on(week: World) -> None:
    visit = plan(week)
    address = makes(week, "nurse")
    before = {one["UID"]: one for one in events_at(address)}
    assert len(before) == len(events_at(address))
    off(week, visit, on=TUESDAY)
    week.do("nurse", actions.take_over, at(visit, TUESDAY + DAY), professional(week, "colleague"), "")
    after = {one["UID"]: one for one in events_at(address)}
    assert set(after) == set(before)
    gone = [one for one in after.values() if one["STATUS"] == "CANCELLED"]
    assert [one.start.date() for one in gone] == [TUESDAY, TUESDAY + DAY]
    for one in gone:
        assert (one["SEQUENCE"], one["SUMMARY"]) == (1, "Gaat niet door: zorgmoment N.")
        assert one["LAST-MODIFIED"].dt > before[one["UID"]]["LAST-MODIFIED"].dt
    mothers = {one["UID"] for one in events_at(makes(week, "mother"))}
    assert mothers and mothers.isdisjoint(after)


def test_unknown_stopped_and_renewed_are_the_same_nothing(week: World) -> None:
    plan(week)
    old = makes(week, "nurse")
    new = makes(week, "nurse")
    assert events_at(new)
    browser = Client()
    browser.force_login(week.users["nurse"])
    assert browser.get(reverse("calendar_stop")).status_code == 405
    assert browser.post(reverse("calendar_stop")).headers["Location"] == PAGE
    assert browser.post(reverse("calendar_stop")).status_code == 404
    answers = [fetch(one) for one in (old, new, f"/calendar/{'x' * 43}.ics")]
    assert {(one.status_code, one.content, str(one.headers)) for one in answers} == {
        (404, b"", str(answers[0].headers))
    }
    assert "Cache-Control" in answers[0].headers and not answers[0].cookies


def test_it_is_not_asked_for_without_end(week: World, monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    address = makes(week, "mother")
    CalendarFeed.objects.update(counted=MOST, counted_from=now)
    answer = fetch(address)
    assert (answer.status_code, answer.content) == (429, b"")
    assert int(answer.headers["Retry-After"]) == PERIOD.total_seconds() + 1
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: now + PERIOD)
    assert fetch(address).status_code == 200


def test_a_court_and_the_end_of_access_count_at_the_next_fetch(week: World) -> None:
    plan(week)
    address = makes(week, "father")
    assert events_at(address)
    new = NewRestriction(week.relatives["father"], RestrictionKind.SEE, "order of the court")
    week.do("nurse", record_restriction, new)
    assert events_at(address) == []
    User.objects.filter(id=week.users["father"].id).update(is_active=False)
    assert fetch(address).status_code == 404


def test_a_consent_that_is_withdrawn_counts_at_the_next_fetch(week: World) -> None:
    plan(week, who=professional(week, "colleague"))
    address = makes(week, "colleague")
    assert events_at(address)
    said = Said(ConsentWay.IN_PERSON, (week.relatives["mother"], week.relatives["father"]))
    party = PartyRef(PartyKind.PROFESSIONAL, week.professionals["colleague"])
    week.do("nurse", record_consent, party, Decision(False), said)
    fetched = AuditLine.objects.filter(event="calendar.fetched").count()
    assert events_at(address) == [] and week.child_id.hex not in fetch(address).content.decode()
    assert AuditLine.objects.filter(event="calendar.fetched", child_id=week.child_id).count() == fetched


def test_each_fetch_is_one_line_for_each_child(week: World) -> None:
    plan(week)
    address = makes(week, "nurse")
    lines = AuditLine.objects.filter(event="calendar.fetched")
    for times in (1, 2):
        fetch(address)
        assert lines.count() == times
    line = lines.first()
    assert (line.child_id, line.actor_id, line.kind) == (week.child_id, week.users["nurse"].id, "R")
    assert line.permission == "schedule.read"
    assert fetch(makes(week, "colleague")).status_code == 200
    assert lines.count() == 2


def test_a_fetch_asks_few_statements_whatever_is_in_it(week: World) -> None:
    plan(week)
    address = makes(week, "nurse")
    with counted() as few:
        fetch(address)
    for _ in range(5):
        off(week, plan(week))
    with counted() as many:
        fetch(address)
    assert len(few) == len(many)


def test_a_browser_that_is_signed_in_as_somebody_else_gets_the_owners(week: World) -> None:
    plan(week)
    address = makes(week, "nurse")
    browser = Client()
    browser.force_login(week.users["teacher"])
    answer = browser.get(address)
    assert len(Calendar.from_ical(answer.content).events) == len(events_at(address))


def test_the_page_tells_each_reader_in_its_own_words(week: World) -> None:
    for who, word in (
        ("mother", "op uw telefoon"),
        ("child", "op je telefoon"),
        ("nurse", "alleen uw eigen"),
    ):
        browser = Client()
        browser.force_login(week.users[who])
        page = browser.get(PAGE)
        assert word in page.content.decode(), who
    nobody = Client()
    stranger = User.objects.create(username="stranger", name="Stranger", created_at=NOW)
    nobody.force_login(stranger)
    assert nobody.post(PAGE).status_code == 200
    assert not CalendarFeed.objects.exists()


# --- the clock -------------------------------------------------------------------------------------------------


def moment(start: datetime, end: datetime) -> Moment:
    return Moment(
        child_id=new_id(),
        letter="",
        series_id=new_id(),
        on=start.date(),
        start=start.astimezone(UTC),
        end=end.astimezone(UTC),
        off=False,
        changes=0,
        changed_at=NOW.astimezone(UTC),
    )


def moments() -> Iterator[tuple[datetime, datetime]]:
    """Over both changes of the clock: nights, and what begins or ends in the hour that is there twice."""
    for day in (date(2026, 10, 24), date(2027, 3, 27)):
        yield datetime.combine(day, time(23), ZONE), datetime.combine(day + DAY, time(7), ZONE)
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=ZONE)
    yield twice, twice.replace(hour=4)
    yield twice.replace(fold=1), twice.replace(hour=4)
    yield twice.replace(hour=1), twice.replace(fold=1)


@pytest.mark.parametrize(("start", "end"), list(moments()))
def test_a_moment_is_the_same_on_the_telephone_when_the_clock_changes(start: datetime, end: datetime) -> None:
    found = written([moment(start, end)], new_id(), start - 40 * DAY, end + 40 * DAY, lambda one: "http://x")
    event = Calendar.from_ical(found).events[0]
    assert event.start.astimezone(UTC) == start.astimezone(UTC)
    assert event.end.astimezone(UTC) == end.astimezone(UTC)
    assert event["SUMMARY"] == "Zorgmoment"


def test_a_telephone_that_knows_no_zones_reads_both_changes_of_the_clock() -> None:
    start = datetime(2026, 9, 20, 23, tzinfo=ZONE)
    found = written([moment(start, start + DAY)], new_id(), start, start + 60 * DAY, lambda one: "http://x")
    zone = Calendar.from_ical(found).timezones[0].to_tz(lookup_tzid=False)
    for day in (date(2026, 9, 21), date(2026, 11, 1)):
        at_noon = datetime.combine(day, time(12))
        assert at_noon.replace(tzinfo=zone).utcoffset() == at_noon.replace(tzinfo=ZONE).utcoffset()


def test_a_night_that_is_the_familys_own_says_no_more(week: World) -> None:
    plan(week, rhythm=replace(NIGHT, rule=""))
    body = fetch(makes(week, "mother")).content.decode()
    for word in ("Noor", "Test", "Nurse", "night", "sleep", "home"):
        assert not re.search(rf"\b{word}\b", body, re.IGNORECASE), word
