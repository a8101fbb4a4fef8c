"""A course of measurements in words and as a picture."""

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from kindzorg.access import policy
from kindzorg.careteam.queries import OpenedChild
from kindzorg.record.course.queries import Course, Measured
from kindzorg.record.course.rules import OwnRange
from kindzorg.record.rules import folded
from kindzorg.record.wording import amount_words, name_of, range_words, say
from kindzorg.ui.charts import Dot, draw

WORDS = (
    "lead",
    "own",
    "none",
    "table",
    "when",
    "value",
    "by",
    "earlier",
    "picture",
    "add",
    "set",
    "no_advice",
)


def words_for(audience: str) -> dict[str, str]:
    """All that the pages say."""
    return {key: say(f"course.{key}", audience) for key in (*WORDS, "add_title", "set_title", "set_lead")}


def course_page(request: Any, opened: OpenedChild, found: Course) -> dict[str, Any]:
    """The picture, the same as a table, and the ranges that were set."""
    audience, now = str(opened.audience), found.now
    # One picture has one unit: that of the newest. What was sent in another stands in the table alone.
    unit = folded(found.measured[-1].unit) if found.measured else ""
    # "Less than 90" is no point on a line.
    drawn = [
        one for one in found.measured if folded(one.unit) == unit and not one.item.value.quantity.comparator
    ]
    dots = [Dot(one.at, float(one.value), one.outside) for one in drawn]
    band = (_end(now.low), _end(now.high)) if now and folded(now.unit) == unit else None
    about = (opened.subject, request.today)
    return {
        "title": name_of(found.item, audience),
        "t": words_for(audience),
        "chart": draw(dots, band) if len(dots) > 1 else None,
        "own": _range_words(now, audience) if now else "",
        "earlier": [_range_words(one, audience) for one in reversed(found.ranges[:-1])],
        "rows": [_row(one, audience) for one in reversed(found.measured)],
        "may_add": policy.may(request.actor, "record.write", *about),
        "may_decide": policy.may(request.actor, "record.decide", *about),
        "may_set": policy.may(request.actor, "range.set", *about),
    }


def _end(bound: Decimal | None) -> float | None:
    return None if bound is None else float(bound)


def _range_words(one: OwnRange, audience: str) -> str:
    low, high = ("" if end is None else str(end) for end in (one.low, one.high))
    given = {"range": range_words(low, high, one.unit), "name": one.by, "date": _day(one)}
    return say("course.set_by", audience).format(**given)


def _day(one: OwnRange) -> str:
    return date_format(timezone.localtime(one.at), "j E Y")


def _row(one: Measured, audience: str) -> dict[str, Any]:
    outside = ""
    if one.outside and one.range:
        low, high = ("" if end is None else str(end) for end in (one.range.low, one.range.high))
        given = {
            "range": range_words(low, high, one.range.unit),
            "name": one.range.by,
            "date": _day(one.range),
        }
        outside = say("course.outside", audience).format(**given)
    return {
        "at": one.at,
        "value": amount_words(one.item.value.quantity),
        "by": one.filed.by if one.filed.entered else one.item.source,
        "note": one.item.note,
        "id": one.filed.id,
        "by_id": one.filed.by_id if one.filed.entered else None,
        "outside": outside,
    }
