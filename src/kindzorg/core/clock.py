"""The clock of the doors. Rules and actions never ask it: they are given `now` and `on`."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """This moment, timezone-aware. In demo mode the day can be pinned, so that "goes home tomorrow" stays true."""
    moment = timezone.now()
    if pinned := settings.KINDZORG_TODAY:
        local = timezone.localtime(moment)
        return local.replace(year=pinned.year, month=pinned.month, day=pinned.day)
    return moment


def today() -> date:
    """The calendar day of `now` in the Netherlands."""
    return timezone.localdate(now())
