"""Dates in words, with the exact date kept beside them ("morgen om 14.00 uur")."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import dateformat, timezone
from django.utils.translation import gettext, pgettext

NEAR = 60
"""Days within which the weekday of a date in another year still helps."""


@dataclass(frozen=True)
class DateWords:
    """A moment as a person says it. `exact` is empty when the words already name the day and the month."""

    words: str
    exact: str
    iso: str


def date_words(moment: date | datetime, today: date) -> DateWords:
    """The words for a moment, seen from `today`, in the active language.

    Near days get a word (yesterday, today, tomorrow), days of this year weekday, day and month, others the year too.
    An aware datetime is shown in the current time zone.
    """
    if isinstance(moment, datetime):
        local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
        iso = local.isoformat(timespec="minutes")
        time = dateformat.format(local, pgettext("time format", "H:i"))
        day = local.date()
    else:
        day, time, iso = moment, "", moment.isoformat()
    words, exact = _day_words(day, today)
    if time:
        words = gettext("%(day)s at %(time)s") % {"day": words, "time": time}
    return DateWords(words=words, exact=exact, iso=iso)


def _day_words(day: date, today: date) -> tuple[str, str]:
    near = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}.get((day - today).days)
    exact = dateformat.format(day, "l j E" if day.year == today.year else "l j E Y")
    if near:
        return near, exact
    return (
        exact if day.year == today.year or abs((day - today).days) < NEAR else dateformat.format(day, "j E Y")
    ), ""
