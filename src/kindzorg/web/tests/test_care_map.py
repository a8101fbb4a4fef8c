"""The care map: nothing overlaps, whatever the number and the names; the page is a picture and a list."""

import re
from itertools import combinations
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kindzorg.access.ages import birthday
from kindzorg.access.roles import Role
from kindzorg.careteam.models import Membership
from kindzorg.careteam.tests.world import NOW, TODAY, Family
from kindzorg.people.models import User
from kindzorg.people.rules import OrganisationKind
from kindzorg.web.care_map import Around, group_of
from kindzorg.web.rings import GUTTER, LETTER, WIDTH, Box, Drawing, Group, Person, draw

NAMES = (
    "Dr. Karin van Dijk",
    "Linda",
    "Maximiliaan Alexander van Heeckeren tot Waliën",
    "Kinderthuiszorgvereniging",
)


def crowd(*sizes: int) -> list[Group]:
    return [
        Group(
            str(key),
            f"Groep {key}",
            [
                Person(number, NAMES[number % 4], "kinderverpleegkundige", number == 0)
                for number in range(size)
            ],
        )
        for key, size in zip(Around, sizes, strict=False)
    ]


def boxes(drawing: Drawing) -> list[Box]:
    return [box for ring in drawing.rings for box in ring.boxes]


def apart(one: Any, other: Any) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


def check(drawing: Drawing, people: int) -> None:
    found = boxes(drawing)
    assert len(found) == people
    assert all(apart(one, other) for one, other in combinations(found, 2))
    for ring in drawing.rings:
        assert ring.x >= 0 and ring.x + ring.width <= WIDTH and ring.y >= 0
        assert ring.y + ring.height <= drawing.height
        for box in ring.boxes:
            assert ring.x <= box.x and box.x + box.width <= ring.x + ring.width
            assert box.y >= ring.label[1] + 3 and box.y + box.height <= ring.y + ring.height
            assert box.x + box.width <= WIDTH / 2 - GUTTER / 2 or box.x >= WIDTH / 2 + GUTTER / 2
    for outer, inner in zip(drawing.rings, drawing.rings[1:], strict=False):
        assert outer.x < inner.x and outer.y < inner.y and outer.y + outer.height > inner.y + inner.height
        assert all(apart(box, inner) for box in outer.boxes)
    if drawing.rings:  # The child's own place, inside the nearest ring.
        near = drawing.rings[-1]
        assert all(abs(box.y + box.height / 2 - drawing.middle[1]) > 50 for box in near.boxes)


def check_words(drawing: Drawing) -> None:
    for box in boxes(drawing):
        ends = [line.y for line in box.lines]
        assert ends == sorted(ends) and box.y < ends[0] and ends[-1] < box.y + box.height
        for line in box.lines:
            width = min(line.squeezed or 999, len(line.words) * line.size * LETTER)
            assert box.x < line.x and line.x + width <= box.x + box.width


@pytest.mark.parametrize(
    "sizes", [(0,), (1,), (2, 1), (5, 7, 4, 2, 3, 4), (25,), (1, 0, 0, 0, 0, 1), (3, 6, 5, 4, 3, 4)]
)
def test_three_or_twenty_five_people_all_find_their_place(sizes: tuple[int, ...]) -> None:
    drawing = draw(crowd(*sizes))
    check(drawing, sum(sizes))
    check_words(drawing)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_nothing_overlaps_whatever_the_numbers(sizes: list[int]) -> None:
    check(draw(crowd(*sizes)), sum(sizes))


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=8))
def test_no_name_is_wider_or_higher_than_its_box(names: list[str]) -> None:
    drawing = draw([Group("family", "Familie", [Person(one, one, "moeder") for one in names])])
    check(drawing, len(names))
    check_words(drawing)


def test_the_nearest_group_is_the_innermost_ring_and_every_line_begins_at_the_child() -> None:
    drawing = draw(crowd(2, 3, 1))
    assert [ring.key for ring in drawing.rings] == ["hospital", "home", "family"]
    start = f"M{drawing.middle[0]:.1f} {drawing.middle[1]:.1f}V"
    assert all(box.path.startswith(start) for box in boxes(drawing))


def test_two_hundred_units_more_people_make_it_taller_and_not_wider() -> None:
    few, many = draw(crowd(2, 1)), draw(crowd(5, 7, 4, 2, 3, 4))
    assert many.height > few.height + 200 and {ring.x + ring.width <= WIDTH for ring in many.rings} == {True}


@pytest.mark.parametrize(
    ("role", "house", "group"),
    [
        (Role.AUTHORITY_HOLDER, "", Around.FAMILY),
        (Role.RELATIVE, "", Around.FAMILY),
        (Role.PAID_HELPER, "", Around.HOME),
        (Role.PAEDIATRIC_NURSE, OrganisationKind.DAY_CARE, Around.HOME),
        (Role.PAEDIATRICIAN, OrganisationKind.HOSPITAL, Around.HOSPITAL),
        (Role.CARE_COACH, OrganisationKind.HOSPITAL, Around.HOSPITAL),
        (Role.SCHOOL, OrganisationKind.SCHOOL, Around.SCHOOL),
        (Role.CASE_MANAGER, OrganisationKind.YOUTH_CARE, Around.MUNICIPALITY),
        (Role.GP, OrganisationKind.GP_PRACTICE, Around.OTHERS),
        (Role.CASE_MANAGER, "", Around.OTHERS),
    ],
)
def test_everybody_has_a_ring(role: Role, house: str, group: Around) -> None:
    assert group_of(role, house) == group


@pytest.mark.django_db
def test_the_page_is_a_picture_and_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    family = Family(birthday(TODAY, -9))
    for who in ("mother", "child", "nurse"):
        browser = Client()
        browser.force_login(User.objects.get(id=family.accounts[who].id))
        page = browser.get(reverse("child_map", args=[family.id])).content.decode()
        picture, rest = page.split("</svg></g><text", 1)[0], page.split("<h2>", 1)[1]
        for name in ("Moeder", "doctor", "second", "Marit"):
            assert name in picture and name in rest
        assert not re.search(r'kz-map[^>]*(?:[xy]|width|height|viewBox)="[^"]*,', picture)
        assert "houdt de zorg bij elkaar" in rest and "kz-map__line--strong" in picture
        team = browser.get(reverse("child_team", args=[family.id])).content.decode()
        for member in Membership.objects.filter(child_id=family.id):
            assert f'#m-{member.id}"' in picture and f'id="m-{member.id}"' in team
