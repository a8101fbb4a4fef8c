"""Where everything stands on the care map: the child in the middle, a ring for each group around it. Pure.

The rings are rounded rectangles in one another, so that they can be narrow and tall: two columns of people, above and
below the child, read well on a telephone however many there are. Lengths are in units of the drawing; one unit is
about one pixel on a narrow telephone.
"""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

WIDTH = 320.0
STEP = 4.0  # by how much a ring is narrower than the one around it, on each side
EDGE = 5.0  # between a ring and the people in it
GUTTER = 16.0  # down the middle, where the lines run
GAP = 7.0
MIDDLE = 104.0  # the height of the child's own place
NAME, ROLE, LABEL = 14.0, 11.5, 12.0  # sizes of letters
PADDING = 7.0
# How wide a letter is at most, of its size: a wider letter is squeezed to what was reckoned with.
LETTER = 0.6
LEADING = 1.25


@dataclass(frozen=True, slots=True)
class Line:
    """One line of words: where it begins, its size, and how wide it may be if it would be wider."""

    words: str
    x: float
    y: float
    size: float
    strong: bool
    squeezed: float | None


@dataclass(frozen=True, slots=True)
class Box:
    """One person: the place of the box, the words in it, and the line that leads to it from the middle."""

    who: Any
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]
    path: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Ring:
    """One group: the rounded rectangle, and where its name stands."""

    key: str
    name: str
    x: float
    y: float
    width: float
    height: float
    boxes: tuple[Box, ...]

    @property
    def label(self) -> tuple[float, float]:
        """Where the name of the group begins."""
        return self.x + 12, self.y + LABEL + 5


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole map: its height, the middle, and the rings from the outside in, as they must be drawn."""

    height: float
    middle: tuple[float, float]
    rings: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Who stands on the map: `who` is what the page knows of this one; `strong` who leads or coordinates."""

    who: Any
    name: str
    role: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one ring, the nearest to the child first in the list of groups."""

    key: str
    name: str
    people: Sequence[Person]


@dataclass(slots=True)
class _Half:
    """What of a ring lies above the child, or below it: rows of two."""

    rows: list[list[Person]] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)

    @property
    def height(self) -> float:
        return sum(self.heights) + GAP * len(self.heights)


def draw(groups: Iterable[Group]) -> Drawing:
    """The map of these groups, those without people left out. Nothing overlaps, whatever the number and the names."""
    there = [one for one in groups if one.people]
    halves = [_halves(one, index, len(there)) for index, one in enumerate(there)]
    head = [above.height + EDGE + LABEL + 8 for above, _ in halves]
    foot = [below.height + EDGE for _, below in halves]
    top = sum(head) + STEP
    middle = (WIDTH / 2, top + MIDDLE / 2)
    rings = []
    for index in reversed(range(len(there))):
        y, end = top - sum(head[: index + 1]), top + MIDDLE + sum(foot[: index + 1])
        x, width = _frame(index, len(there))
        boxes = [
            *_boxes(halves[index][0], x, width, y + LABEL + 8 + EDGE, middle),
            *_boxes(halves[index][1], x, width, end - foot[index] + GAP, middle),
        ]
        rings.append(Ring(there[index].key, there[index].name, x, y, width, end - y, tuple(boxes)))
    return Drawing(top + MIDDLE + sum(foot) + STEP, middle, tuple(rings))


def _frame(index: int, count: int) -> tuple[float, float]:
    inset = STEP * (count - index)
    return inset, WIDTH - 2 * inset


def _halves(group: Group, index: int, count: int) -> tuple[_Half, _Half]:
    """The rows of one ring, as many above the child as below it, or one more above."""
    _, width = _frame(index, count)
    rows = [list(group.people[start : start + 2]) for start in range(0, len(group.people), 2)]
    cut = (len(rows) + 1) // 2
    return _half(rows[:cut], _column(width)), _half(rows[cut:], _column(width))


def _half(rows: list[list[Person]], column: float) -> _Half:
    return _Half(rows, [max(_height(one, column) for one in row) for row in rows])


def _column(width: float) -> float:
    return (width - 2 * EDGE - GUTTER) / 2


def _said(person: Person, column: float) -> Iterator[tuple[str, float, bool]]:
    """The lines of words of one person, with their size."""
    for words, size, strong in ((person.name, NAME, True), (person.role, ROLE, False)):
        letters = max(1, int((column - 2 * PADDING) / (size * LETTER)))
        for line in textwrap.wrap(words, letters, break_long_words=False, break_on_hyphens=False):
            yield line, size, strong


def _height(person: Person, column: float) -> float:
    return sum(size * LEADING for _, size, _ in _said(person, column)) + 2 * PADDING


def _boxes(half: _Half, x: float, width: float, top: float, middle: tuple[float, float]) -> Iterator[Box]:
    column, y = _column(width), top
    for row, height in zip(half.rows, half.heights, strict=True):
        for place, person in enumerate(row):
            left = x + EDGE + place * (column + GUTTER)
            edge = left + column if place == 0 else left
            path = f"M{middle[0]:.1f} {middle[1]:.1f}V{y + height / 2:.1f}H{edge:.1f}"
            lines = tuple(_lines(person, left, y, column))
            yield Box(person.who, left, y, column, height, lines, path, person.strong)
        y += height + GAP


def _lines(person: Person, left: float, top: float, column: float) -> Iterator[Line]:
    y, room = top + PADDING, column - 2 * PADDING
    for words, size, strong in _said(person, column):
        wide = len(words) * size * LETTER > room
        yield Line(words, left + PADDING, y + size, size, strong, room if wide else None)
        y += size * LEADING
