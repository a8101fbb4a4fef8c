"""Finding somebody's calendar: for its owner, and at the door by the secret of its address."""

from datetime import datetime
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.access.roles import Hat
from kindzorg.core.errors import Missing
from kindzorg.people.calendars.rules import counted, secret_hash
from kindzorg.people.models import CalendarFeed


def feed_of(actor: Actor, user_id: UUID, hat: Hat | None, now: datetime) -> CalendarFeed | None:
    """The calendar that lives for this account in this quality; None where there is none."""
    policy.require(actor, "account.keep", None, now.date())
    return CalendarFeed.objects.filter(user_id=user_id, hat=hat or "", revoked_at=None).first()


def feed_at(actor: Actor, secret: str, now: datetime) -> CalendarFeed:
    """The calendar at this secret, with its account.

    Raises Missing for unknown, stopped and of an account that is closed alike; Invalid ("calendar_too_often").
    """
    policy.require(actor, "account.keep", None, now.date())
    rows = CalendarFeed.objects.filter(secret_hash=secret_hash(secret), revoked_at=None, user__is_active=True)
    feed = rows.select_related("user").first()
    if feed is None:
        raise Missing("no_such_calendar")
    counted(feed.counted_from, feed.counted, now)
    return feed
