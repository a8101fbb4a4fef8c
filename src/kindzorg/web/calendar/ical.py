"""The moments as iCalendar (RFC 5545), in words that say nothing: a telephone's maker may read along."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from icalendar import Calendar, Event

from kindzorg.careplan.calendars.queries import Moment
from kindzorg.careplan.visits.rules import ZONE

EVERY = timedelta(hours=4)
"""How often we ask a telephone to look; most decide for themselves."""


def written(
    moments: Sequence[Moment], owner_id: UUID, first: datetime, last: datetime, link: Callable[[UUID], str]
) -> bytes:
    """A calendar with these moments, from `first` to `last`; `link` gives the page of a child's week."""
    found = Calendar()
    found.add("prodid", "-//Kindzorg//kindzorg//NL")
    found.add("version", "2.0")
    found.add("x-wr-calname", gettext("Care moments"))
    found.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", EVERY)
    for one in moments:
        found.add_component(_event(one, owner_id, link(one.child_id)))
    if moments:
        # A night can have begun before the first moment.
        found.add_missing_timezones(first_date=first.date() - timedelta(days=2), last_date=last.date())
    return found.to_ical()


def _event(one: Moment, owner_id: UUID, url: str) -> Event:
    event = Event()
    # Of this owner alone: two telephones of two people show nobody that they hold the same moment.
    uid = salted_hmac(
        "kindzorg.calendar", f"{owner_id}/{one.series_id}/{one.on}", algorithm="sha256"
    ).hexdigest()
    event.add("uid", f"{uid[:40]}@kindzorg")
    event.add("dtstamp", one.changed_at)
    event.add("last-modified", one.changed_at)
    event.add("sequence", one.changes)
    event.add("dtstart", _on_the_clock(one.start))
    event.add("dtend", _on_the_clock(one.end))
    event.add("summary", _words(one))
    event.add("status", "CANCELLED" if one.off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if one.off else "OPAQUE")
    event.add("class", "PRIVATE")
    event.add("url", url)
    return event


def _words(one: Moment) -> str:
    letter = f" {one.letter}." if one.letter else ""
    # Not every telephone shows what is cancelled as such: so the words say it too.
    return (gettext("Not on: care moment") if one.off else gettext("Care moment")) + letter


def _on_the_clock(moment: datetime) -> datetime:
    """The time as the clock in the Netherlands shows it. In the hour that the clock shows twice a calendar takes the
    first; what is in the second stands in UTC."""
    local = moment.astimezone(ZONE)
    return moment if local.fold else local
