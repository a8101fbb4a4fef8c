"""What is measured, and which of the child's own ranges held then. Pure: it compares numbers, and advises nothing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from kindzorg.record.items import MeasurementItem, RangeItem
from kindzorg.record.rules import folded
from kindzorg.record.values import Quantity

UCUM = "http://unitsofmeasure.org"
# A telephone's clock may be a little ahead.
AHEAD = timedelta(minutes=10)
NUMBER = re.compile(r"[0-9]{1,6}([.,][0-9]{1,4})?")


class Measure(StrEnum):
    """What can be chosen, called after its nl-core profile; OWN is anything else, with a name and unit of its own."""

    WEIGHT = "BodyWeight"
    TEMPERATURE = "BodyTemperature"
    SATURATION = "O2Saturation"
    HEART_RATE = "HeartRate"
    FEEDING = "Feeding"
    OWN = "own"


UNITS: Mapping[Measure, tuple[str, str]] = {
    Measure.WEIGHT: ("kg", "kg"),
    Measure.TEMPERATURE: ("°C", "Cel"),
    Measure.SATURATION: ("%", "%"),
    Measure.HEART_RATE: ("per minuut", "/min"),
    Measure.FEEDING: ("ml", "mL"),
}
"""The unit in which each is written down: in words, and its code (UCUM)."""


# Moments outside these years are slips of a pen or a file, and no calendar here can show them in every zone.
YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class OwnRange:
    """One of the child's own ranges: its bounds, in which unit, and by whom it was set when."""

    low: Decimal | None
    high: Decimal | None
    unit: str
    by: str
    at: datetime

    def holds(self, value: Decimal) -> bool:
        """Whether an amount lies within it, its bounds included."""
        return not (
            (self.low is not None and value < self.low) or (self.high is not None and value > self.high)
        )


def decimal_of(said: str) -> Decimal | None:
    """A number as people write it, with a comma or a point; None for anything else."""
    plain = said.strip()
    return Decimal(plain.replace(",", ".")) if NUMBER.fullmatch(plain) else None


def unit_of(amount: Quantity) -> str:
    """The unit of an amount in the words of this product where its code is one of ours, else as it was sent."""
    return next((words for words, code in UNITS.values() if code == amount.code), amount.unit)


def kind_of(item: MeasurementItem | RangeItem) -> str:
    """What belongs together in one course: the same profile, else the same words."""
    return item.profile or folded(item.what.text)


def range_at(ranges: Iterable[OwnRange], at: datetime, unit: str) -> OwnRange | None:
    """The range that held at a moment: the last one set by then, in the same unit. What was measured before the first
    was set is compared with none. `ranges` are oldest first."""
    held = [one for one in ranges if one.at <= at and folded(one.unit) == folded(unit)]
    return held[-1] if held else None
