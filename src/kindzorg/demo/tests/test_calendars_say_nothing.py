"""The calendars of everybody in the demo hold no word of what was ever written of a child: not even one word of it."""

import re
from collections.abc import Iterator
from datetime import datetime, time

import pytest
from django.test import Client
from icalendar import Calendar

from kindzorg.access import policy
from kindzorg.access.policy import system_actor
from kindzorg.careplan.models import AgreementTerms
from kindzorg.careplan.visits.models import Visit
from kindzorg.careteam.queries import actor_for
from kindzorg.people.calendars.actions import make_feed
from kindzorg.people.models import Child, User

from .test_doors import clock
from .written import _is_text, _strings, tables

pytestmark = pytest.mark.django_db
assert clock  # a fixture
HOLDS = {
    *("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP"),
    *("CLASS", "URL"),
}
CARE = ("record", "referral", "needs", "careplan", "closure", "careteam")
OWN = {"zorgmoment", "zorgmomenten", "gaat", "niet", "door"}


def visits_for_all(now: datetime) -> None:
    """For each agreement in a plan in force a visit each day, of who does it or else of nobody who has an account."""
    terms = AgreementTerms.objects.filter(version__status="in_force").select_related("agreement")
    for row in terms:
        Visit.objects.create(
            child_id=row.child_id,
            owner_id=row.owner_id,
            by_id=system_actor("test").id,
            by="Test",
            created_at=now,
            agreement_id=row.agreement_id,
            place="home",
            starts_on=now.date(),
            start=time(9),
            minutes=60,
            rule="FREQ=DAILY",
            who_kind=row.who_kind or "other",
            who_name=row.who_name or "?",
            professional_id=row.professional_id,
            relative_id=row.relative_id,
        )


def said() -> Iterator[str]:
    """Everything that was written of a child in the rooms of care: codes and keys, which have no space, left out."""
    for table in (one for one in tables() if one._meta.app_label in CARE):
        texts = [one.attname for one in table._meta.concrete_fields if _is_text(one)]
        for row in table._default_manager.all():
            for name in texts:
                yield from (words for words, _ in _strings(getattr(row, name)) if " " in words)
    for child in Child.objects.all():
        yield str(child)


def calendars(now: datetime) -> Iterator[tuple[str, bytes]]:
    door = system_actor("calendar")
    for user in User.objects.order_by("username"):
        actor = actor_for(user)
        for hat in sorted(policy.hats_of(actor)):
            secret = make_feed(door, actor, hat, now)
            yield user.name, Client().get(f"/calendar/{secret}.ics").content


def test_no_calendar_holds_a_word_of_a_child(clock: datetime) -> None:
    visits_for_all(clock)
    texts = [*said(), *User.objects.values_list("name", flat=True)]
    written = {word for words in texts for word in re.findall(r"[^\W\d_]{3,}", words.lower())} - OWN
    assert len(written) > 500
    count = 0
    for name, body in calendars(clock):
        parsed = Calendar.from_ical(body)
        for event in parsed.events:
            count += 1
            assert set(event) == HOLDS, name
            assert re.fullmatch(r"(Zorgmoment|Gaat niet door: zorgmoment)( \w\.)?", event["SUMMARY"]), name
            assert re.fullmatch(r"http://testserver/children/[0-9a-f-]{36}/week", event["URL"]), name
            assert re.fullmatch(r"[0-9a-f]{40}@kindzorg", event["UID"]), name
            shown = f"{event['SUMMARY']} {event['STATUS']} {event['TRANSP']} {event['CLASS']}".lower()
            assert written.isdisjoint(re.findall(r"[^\W\d_]{3,}", shown)), name
    assert count > 100
