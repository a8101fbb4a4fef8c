"""Two things over time on a scale of words: every mark stands on its row and within the picture."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kindzorg.ui.curves import APART, LEFT, RIGHT, Point, draw

START = datetime(2026, 1, 5, 12, tzinfo=UTC)
SCALE = ("heel weinig", "weinig", "redelijk wat", "veel", "heel veel")


def test_more_stands_higher_and_later_stands_further() -> None:
    drawing = draw([Point(START, (0, 4)), Point(START + timedelta(days=9), (4, 0))], SCALE)
    first, second = drawing.curves
    assert first.marks[0][1] > first.marks[1][1] and second.marks[0][1] < second.marks[1][1]
    assert [x for x, _ in first.marks] == [LEFT, RIGHT] and first.line.startswith("M98.0 ")
    assert [words for _, words in drawing.rows] == list(SCALE) and drawing.rows[0][0] > drawing.rows[4][0]


def test_one_moment_stands_in_the_middle_and_two_that_are_equal_are_both_seen() -> None:
    drawing = draw([Point(START, (2, 2))], SCALE)
    (x, y), (other_x, other_y) = drawing.curves[0].marks[0], drawing.curves[1].marks[0]
    assert LEFT < x == other_x < RIGHT and other_y - y == APART
    assert drawing.first == drawing.last == START


def test_one_thing_alone_has_one_line() -> None:
    drawing = draw([Point(START, (1,)), Point(START + timedelta(days=9), (3,))], SCALE)
    assert len(drawing.curves) == 1


@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=40)
)
def test_nothing_stands_outside_the_picture(moments: list[tuple[int, int, int]]) -> None:
    points = [Point(START + timedelta(days=day), (one, other)) for day, one, other in sorted(moments)]
    drawing = draw(points, SCALE)
    for curve in drawing.curves:
        assert len(curve.marks) == len(points)
        assert all(LEFT <= x <= RIGHT and 0 < y < drawing.height - 10 for x, y in curve.marks)
