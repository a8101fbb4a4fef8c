"""Somebody's own calendar: its secret is kept by nobody, one lives at a time, and it is not asked for without end."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor, system_actor
from kindzorg.access.roles import Hat
from kindzorg.audit.models import AuditLine
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.people.actions import register_user
from kindzorg.people.calendars.actions import make_feed, note_fetch, stop_feed
from kindzorg.people.calendars.queries import feed_at, feed_of
from kindzorg.people.calendars.rules import MOST, PERIOD, counted, secret_hash
from kindzorg.people.models import CalendarFeed

DOOR = system_actor("calendar")


@pytest.fixture
def owner(db: None, now: datetime) -> Actor:
    user = register_user(DOOR, "mother", "Mother", now)
    return Actor(id=user.id, name="Mother", grants=(), assurance=Assurance.SUBSTANTIAL)


def test_it_is_counted_within_a_period_and_anew_after_it(now: datetime) -> None:
    assert counted(None, 0, now) == (now, 1)
    assert counted(now, 1, now + PERIOD - timedelta(seconds=1)) == (now, 2)
    assert counted(now, MOST, now + PERIOD) == (now + PERIOD, 1)
    assert counted(now, MOST - 1, now) == (now, MOST)
    with pytest.raises(Invalid, match="calendar_too_often") as error:
        counted(now, MOST, now)
    assert error.value.data["until"] == now + PERIOD


def test_the_secret_holds_32_bytes_and_is_kept_nowhere(owner: Actor, now: datetime) -> None:
    secret = make_feed(DOOR, owner, Hat.FAMILY, now)
    assert len(secret) == 43
    row = CalendarFeed.objects.get()
    assert (row.secret_hash, row.level, row.hat) == (secret_hash(secret), "substantial", "family")
    assert secret not in str(CalendarFeed.objects.values().get())
    line = AuditLine.objects.get(event="account.calendar_made")
    assert (line.actor_id, line.object_id, line.permission) == (owner.id, row.id, "account.keep")
    assert secret not in str(line.detail)
    assert feed_at(DOOR, secret, now) == row
    assert str(owner.id) in str(row)


def test_a_new_one_ends_the_old_one_of_the_same_hat_alone(owner: Actor, now: datetime) -> None:
    work, first, second = (
        make_feed(DOOR, owner, hat, now) for hat in (Hat.PROFESSIONAL, Hat.FAMILY, Hat.FAMILY)
    )
    with pytest.raises(Missing, match="no_such_calendar"):
        feed_at(DOOR, first, now)
    assert feed_at(DOOR, second, now) == feed_of(DOOR, owner.id, Hat.FAMILY, now)
    assert feed_at(DOOR, work, now) == feed_of(DOOR, owner.id, Hat.PROFESSIONAL, now)
    assert feed_of(DOOR, owner.id, None, now) is None
    row = CalendarFeed.objects.get(secret_hash=secret_hash(first))
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeed.objects.filter(id=row.id).update(revoked_at=None)


def test_stopped_is_as_unknown_and_as_an_account_that_is_closed(owner: Actor, now: datetime) -> None:
    secret = make_feed(DOOR, owner, Hat.FAMILY, now)
    CalendarFeed.objects.get().user.__class__.objects.filter(id=owner.id).update(is_active=False)
    with pytest.raises(Missing, match="no_such_calendar"):
        feed_at(DOOR, secret, now)
    CalendarFeed.objects.get().user.__class__.objects.filter(id=owner.id).update(is_active=True)
    stop_feed(DOOR, owner, Hat.FAMILY, now)
    for wrong in (secret, "", "x" * 43):
        with pytest.raises(Missing, match="no_such_calendar"):
            feed_at(DOOR, wrong, now)
    assert AuditLine.objects.filter(event="account.calendar_stopped").count() == 1
    with pytest.raises(Missing, match="no_such_calendar"):
        stop_feed(DOOR, owner, Hat.FAMILY, now)


def test_who_is_here_for_no_child_gets_none(owner: Actor, now: datetime) -> None:
    with pytest.raises(Invalid, match="no_hat"):
        make_feed(DOOR, owner, None, now)


def test_only_the_door_keeps_them(owner: Actor, now: datetime) -> None:
    secret = make_feed(DOOR, owner, Hat.FAMILY, now)
    feed = feed_at(DOOR, secret, now)
    for ask in (
        lambda: make_feed(owner, owner, Hat.FAMILY, now),
        lambda: stop_feed(owner, owner, Hat.FAMILY, now),
        lambda: note_fetch(owner, owner, feed, {}, now),
        lambda: feed_of(owner, owner.id, Hat.FAMILY, now),
        lambda: feed_at(owner, secret, now),
    ):
        with pytest.raises(Refused):
            ask()


def test_a_fetch_is_counted_and_too_many_are_refused(owner: Actor, now: datetime) -> None:
    secret = make_feed(DOOR, replace(owner, assurance=Assurance.HIGH), Hat.FAMILY, now)
    for _ in range(MOST):
        note_fetch(DOOR, owner, feed_at(DOOR, secret, now), {}, now)
    row = CalendarFeed.objects.get()
    assert (row.last_fetched_at, row.counted_from, row.counted) == (now, now, MOST)
    with pytest.raises(Invalid, match="calendar_too_often"):
        feed_at(DOOR, secret, now)
    assert feed_at(DOOR, secret, now + PERIOD) == row
