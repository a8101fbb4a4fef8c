"""The clock of the doors. Rules and actions never ask it: they are given `now` and `on`."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """This moment in Dutch time, so that its date is the calendar's.

    In demo mode the day can be pinned, so that "goes home tomorrow" stays true.
    """
    moment = timezone.localtime()
    if pinned := settings.KINDZORG_TODAY:
        return moment.replace(year=pinned.year, month=pinned.month, day=pinned.day)
    return moment


def today() -> date:
    """The calendar day of `now` in the Netherlands."""
    return now().date()
