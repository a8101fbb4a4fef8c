"""One or two things over time on a scale of words, as a picture: where lines, marks and words stand. Pure.

It knows nothing of what they mean. Lengths are in units of the drawing; one unit is about one pixel on a narrow
telephone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, LEFT, RIGHT, TOP, ROW, FOOT = 320.0, 98.0, 306.0, 16.0, 30.0, 26.0
# The second thing is drawn a little lower, so that two that are equal are both seen.
APART = 3.0


@dataclass(frozen=True, slots=True)
class Point:
    """What was so at one moment: for each of them the place on the scale, from 0."""

    at: datetime
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """One of them: its line, and a mark at every moment."""

    line: str
    marks: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """The whole picture: the rows of the scale with their words, the curves, and the first and last day."""

    height: float
    rows: tuple[tuple[float, str], ...]
    curves: tuple[Curve, ...]
    first: datetime
    last: datetime


def draw(points: Sequence[Point], scale: Sequence[str]) -> Curves:
    """The picture of these moments, oldest first. `scale` are the words from the least up. At least one moment."""
    first, last = points[0].at, points[-1].at
    rows = tuple((TOP + ROW * (len(scale) - 1 - step), words) for step, words in enumerate(scale))
    places = [_across(point.at, first, last) for point in points]
    curves = [
        _curve(
            [
                (x, rows[point.steps[which]][0] + which * APART)
                for x, point in zip(places, points, strict=True)
            ]
        )
        for which in range(len(points[0].steps))
    ]
    return Curves(TOP + ROW * (len(scale) - 1) + FOOT, rows, tuple(curves), first, last)


def _across(at: datetime, first: datetime, last: datetime) -> float:
    whole = (last - first).total_seconds()
    return (LEFT + RIGHT) / 2 if whole <= 0 else LEFT + (RIGHT - LEFT) * (at - first).total_seconds() / whole


def _curve(marks: Sequence[tuple[float, float]]) -> Curve:
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in marks)
    return Curve(line, tuple((round(x, 1), round(y, 1)) for x, y in marks))
