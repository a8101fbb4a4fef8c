"""Amounts over time as a picture, with a band behind them: where dots, line, band and scale stand. Pure.

It knows nothing of what they mean. Lengths are in units of the drawing; one unit is about one pixel on a narrow
telephone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 320.0, 200.0, 44.0, 308.0, 12.0, 172.0
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
LINES = 5

Band = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Dot:
    """An amount at a moment; `apart` is drawn as a square, so that it is not told by its colour alone."""

    at: datetime
    value: float
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole picture: the rows of the scale, the line, the marks, and where the band begins and how high it is."""

    rows: tuple[tuple[float, str], ...]
    line: str
    marks: tuple[tuple[float, float, bool], ...]
    band: tuple[float, float] | None
    first: datetime
    last: datetime


def draw(dots: Sequence[Dot], band: Band | None) -> Chart:
    """The picture of these amounts, oldest first. At least one. An end of the band that is None has no bound."""
    ends = [one for one in band or () if one is not None]
    low, step = _scale([*(dot.value for dot in dots), *ends])
    top = low + step * LINES
    first, last = dots[0].at, dots[-1].at

    def up(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - low) / (top - low), 1)

    marks = [(round(_across(dot.at, first, last), 1), up(dot.value), dot.apart) for dot in dots]
    shown = None
    if band:
        upper = TOP if band[1] is None else up(band[1])
        lower = BOTTOM if band[0] is None else up(band[0])
        shown = (upper, round(lower - upper, 1))
    return Chart(
        rows=tuple((up(low + step * number), _words(low + step * number)) for number in range(LINES + 1)),
        line="M" + "L".join(f"{x} {y}" for x, y, _apart in marks),
        marks=tuple(marks),
        band=shown,
        first=first,
        last=last,
    )


def _scale(values: Sequence[float]) -> tuple[float, float]:
    """Where the scale begins, and a round step with which it holds all values."""
    least, most = min(values), max(values)
    rough = max(most - least, abs(most) * 0.05, 0.5) / LINES
    size = 10.0 ** (len(str(int(rough))) - 1) if rough >= 1 else 0.1
    steps = [size * one for one in (*STEPS, 20.0, 25.0, 50.0)]
    for step in steps:
        low = step * (least // step)
        if low + step * LINES >= most:
            return low, step
    return least, rough


def _across(at: datetime, first: datetime, last: datetime) -> float:
    whole = (last - first).total_seconds()
    return (LEFT + RIGHT) / 2 if whole <= 0 else LEFT + (RIGHT - LEFT) * (at - first).total_seconds() / whole


def _words(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
