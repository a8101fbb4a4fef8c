"""Making, renewing and stopping somebody's own calendar, and what is written down when it is fetched."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Hat
from kindzorg.audit.actions import write_line, write_reads
from kindzorg.audit.events import Kind
from kindzorg.core.errors import Invalid, Missing
from kindzorg.people.calendars.rules import counted, secret_hash
from kindzorg.people.models import CalendarFeed


def _live(who: Actor, hat: Hat | None) -> QuerySet[CalendarFeed]:
    return CalendarFeed.objects.filter(user_id=who.id, hat=hat or "", revoked_at=None)


@transaction.atomic
def make_feed(actor: Actor, who: Actor, hat: Hat | None, now: datetime) -> str:
    """Give somebody a calendar in this quality, and return its secret, which is never kept; the one before it ends.

    It is never surer of its owner than the session in which it was made. Raises Invalid ("no_hat") for who is here
    for no child.
    """
    leave = policy.require(actor, "account.keep", None, now.date())
    if hat is None:
        raise Invalid("no_hat")
    _live(who, hat).update(revoked_at=now)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        user_id=who.id,
        hat=hat,
        level=who.assurance,
        secret_hash=secret_hash(secret),
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "calendar", "object_id": feed.id}
    write_line(who, "account.calendar_made", Kind.CREATE, None, now, **about)
    return secret


@transaction.atomic
def stop_feed(actor: Actor, who: Actor, hat: Hat | None, now: datetime) -> None:
    """End somebody's calendar: its address answers from now on as one that never was. Raises Missing without one."""
    leave = policy.require(actor, "account.keep", None, now.date())
    feed = _live(who, hat).first()
    if feed is None:
        raise Missing("no_such_calendar")
    feed.revoked_at = now
    feed.save(update_fields=["revoked_at"])
    about = {"leave": leave, "object_kind": "calendar", "object_id": feed.id}
    write_line(who, "account.calendar_stopped", Kind.UPDATE, None, now, **about)


@transaction.atomic
def note_fetch(
    actor: Actor, who: Actor, feed: CalendarFeed, read: Mapping[str, Sequence[Subject]], now: datetime
) -> None:
    """Write down that the calendar was fetched: one line for each child in it, under the permission in `read`."""
    policy.require(actor, "account.keep", None, now.date())
    since, times = counted(feed.counted_from, feed.counted, now)
    CalendarFeed.objects.filter(id=feed.id).update(last_fetched_at=now, counted_from=since, counted=times)
    for permission, subjects in read.items():
        write_reads(who, "calendar.fetched", subjects, now, permission)
