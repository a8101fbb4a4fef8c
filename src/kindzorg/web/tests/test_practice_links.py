"""The way to the practice site: only where there is one, with what it is; and on that site what it says at the top."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.needs.tests.world import World, build

pytestmark = pytest.mark.django_db
SITE = "https://oefenen.example"


@pytest.fixture
def world(now: Any) -> World:
    return build(now)


def page_of(world: World, name: str, page: str, *given: Any) -> tuple[str, str]:
    """The header and the main part of a page of this person."""
    browser = Client()
    browser.force_login(world.users[name])
    html = browser.get(reverse(page, args=[world.child_id, *given])).content.decode()
    header, main = html.split("<main", 1)
    return header, main


@pytest.mark.parametrize(("name", "shown"), [("samira", True), ("marit", True), ("noor", False)])
def test_parents_and_professionals_find_it_in_the_help_and_at_the_end_of_the_start(
    world: World, settings: Any, name: str, shown: bool
) -> None:
    settings.KINDZORG_PRACTICE_ADDRESS = SITE
    for page in (page_of(world, name, "child_start")[0], page_of(world, name, "first_time", 4)[1]):
        assert (f'<a href="{SITE}">Oefenen met een verzonnen gezin</a>' in page) == shown
        assert all((words in page) == shown for words in ("een andere site", "Niets is echt", "ook anderen"))
    assert SITE not in page_of(world, name, "first_time", 3)[1]


@pytest.mark.parametrize("name", ["samira", "marit"])
def test_without_such_a_site_nothing_speaks_of_it(world: World, name: str) -> None:
    for page in (page_of(world, name, "child_start"), page_of(world, name, "first_time", 4)):
        assert "Oefenen" not in "".join(page)


def test_the_demo_stays_the_demo_and_practising_says_so(world: World, settings: Any) -> None:
    demo = page_of(world, "samira", "child_start")[0]
    assert "Demo: alle mensen hier zijn verzonnen." in demo and "Begin opnieuw" not in demo
    settings.KINDZORG_PRACTISING, settings.KINDZORG_REAL_ADDRESS = True, "https://plan.example"
    practice = page_of(world, "samira", "child_start")[0]
    assert "Oefenen: dit gezin is verzonnen. Niets hier is echt." in practice and "Demo:" not in practice
    assert f'<form method="post" action="{reverse("begin_anew")}">' in practice
    assert '<a href="https://plan.example">Terug naar Kindzorg</a>' in practice
    settings.KINDZORG_REAL_ADDRESS = ""
    assert "Terug naar Kindzorg" not in page_of(world, "samira", "child_start")[0]
