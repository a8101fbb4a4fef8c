"""One kind of measurement over time, with the child's own ranges for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.queries import marked_objects
from kindzorg.core.errors import Missing
from kindzorg.record.course.rules import YEARS, OwnRange, decimal_of, kind_of, range_at, unit_of
from kindzorg.record.items import ItemKind, MeasurementItem, RangeItem
from kindzorg.record.models import RecordItem
from kindzorg.record.queries import Filed

# How many are drawn and listed at most, the newest.
MOST = 400


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement with its moment, number and unit, and the range of the child's own that held then.

    None holds for what is no exact amount ("less than 90"): that is compared with nothing.
    """

    filed: Filed
    item: MeasurementItem
    at: datetime
    value: Decimal
    unit: str
    range: OwnRange | None

    @property
    def outside(self) -> bool:
        """Whether it lies outside the range that held then."""
        return self.range is not None and not self.range.holds(self.value)


@dataclass(frozen=True, slots=True)
class Course:
    """Measurements of one kind, oldest first; the range that holds now, and every one that was set, oldest first."""

    item: MeasurementItem | RangeItem
    measured: Sequence[Measured]
    now: OwnRange | None
    ranges: Sequence[OwnRange]


def course_for(actor: Actor, subject: Subject, item_id: UUID, on: date) -> Course:
    """The course in which this measurement or range stands. One statement. Raises Missing.

    Without what has no number: that stands in the list of all measurements.
    """
    policy.require(actor, "record.read", subject, on)
    rows = RecordItem.objects.filter(
        child_id=subject.child_id, withdrawn=False, kind__in=[ItemKind.MEASUREMENT, ItemKind.RANGE]
    )
    seen = rows.exclude(id__in=marked_objects(actor, subject, on)).order_by("created_at", "id")
    found = [Filed.of(row) for row in seen]
    asked = next((one.item for one in found if one.id == item_id), None)
    if not isinstance(asked, MeasurementItem | RangeItem):
        raise Missing("item_not_found", child_id=subject.child_id)
    alike = [(one, one.item) for one in found if _same(one, asked)]
    ranges = [_range(one, item) for one, item in alike if isinstance(item, RangeItem)]
    measured = [
        made
        for one, item in alike
        if isinstance(item, MeasurementItem) and (made := _measured(one, item, ranges))
    ]
    measured.sort(key=lambda one: one.at)
    return Course(asked, measured[-MOST:], ranges[-1] if ranges else None, ranges)


def _same(one: Filed, asked: MeasurementItem | RangeItem) -> bool:
    return isinstance(one.item, MeasurementItem | RangeItem) and kind_of(one.item) == kind_of(asked)


def _range(one: Filed, item: RangeItem) -> OwnRange:
    low, high = (decimal_of(each) for each in (item.low, item.high))
    return OwnRange(low, high, item.unit, one.by, one.at)


def _measured(one: Filed, item: MeasurementItem, ranges: Sequence[OwnRange]) -> Measured | None:
    amount = item.value.quantity
    at, value, unit = _moment(item.measured.start), decimal_of(amount.value), unit_of(amount)
    if at is None or value is None:
        return None
    held = None if amount.comparator else range_at(ranges, at, unit)
    return Measured(one, item, at, value, unit, held)


def _moment(said: str) -> datetime | None:
    """When it was measured: a day alone is its noon, a clock without a zone that of UTC; None for a month or less, and
    for a year that cannot be."""
    try:
        whole = (
            datetime.fromisoformat(said)
            if len(said) > 10
            else datetime.combine(date.fromisoformat(said), time(12))
        )
    except ValueError:
        return None
    if whole.year not in YEARS:
        return None
    return whole if whole.tzinfo else whole.replace(tzinfo=UTC)
