"""Samira on her telephone for the first time: four short pages, help where she is, and what she closes stays closed."""

import re
import time
from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor
from tests.journeys.test_coming_in import answers, at_the_door, born, comes_in, invites

pytestmark = pytest.mark.browser
assert at_the_door  # a fixture
TAPS, SECONDS = 4, 180


def opens_help(visitor: Visitor, *words: str) -> None:
    """The question mark in the header: with the keyboard, then read."""
    mark = visitor.page.locator("header summary", has_text="Uitleg over deze")
    mark.focus()
    visitor.page.keyboard.press("Enter")
    menu = visitor.page.locator("header details[open]")
    for some in words:
        assert some in menu.inner_text()
    box = menu.locator(".kz-account__menu").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= visitor.page.viewport_size["width"]
    visitor.looks()


def test_a_mother_starts_in_four_taps_and_finds_it_again(
    come_in: Callable[..., Visitor], at_the_door: Callable[..., Visitor]
) -> None:
    marit = come_in("Marit van der Laan", "Yusuf Haddad")
    said = {"Ja, samen met iemand anders": "uitspraak gezien"}
    mother = at_the_door(invites(marit, "Ceren Demir", "pleegouder", **said), javascript=True)
    answers(mother, born("1-yusuf"))
    comes_in(mother, "Ceren Demir", "ceren@voorbeeld.nl")

    # Four pages, one thing each. The words of all are counted beside it, in web/tests/test_first_time.py.
    begun, taps, words = time.monotonic(), 0, 0
    for title, told in (
        ("Welkom. Wat is dit?", "Eén plan voor de zorg van Yusuf thuis"),
        ("Wie is wie?", "Marit van der Laan"),
        ("Wie ziet wat u zegt?", "Ziet alles"),
        ("Wat nu?", "Het vraagteken bovenaan"),
    ):
        mother.reads(title, told)
        words += len(mother.page.locator("main").inner_text().split())
        if title != "Wat nu?":
            mother.follows("Verder")
            taps += 1
    mother.presses("Naar de startpagina")
    taps += 1
    assert mother.page.url.rstrip("/") == mother.child
    assert (taps, time.monotonic() - begun < SECONDS, words <= 350) == (TAPS, True, True)
    mother.finds_nothing_of("Nieuw hier?")

    # Help, at the same place on three pages; and from there the start once more.
    for page, says in (
        ("", "de eerste pagina"),
        ("week", "wie er deze week komt"),
        ("sharing", "wie mag meekijken"),
    ):
        mother.goes_to(page)
        opens_help(mother, says, "Wie kunt u vragen?")
    mother.follows("Het begin nog een keer lezen")
    mother.reads("Welkom. Wat is dit?")
    mother.goes_to("guidance")
    mother.reads("Mag ik nee zeggen?", "BW 7:448, 7:450 en 7:466 lid 1", "Te bevestigen door een jurist")


def test_what_she_knows_stays_closed_on_another_device(come_in: Callable[..., Visitor]) -> None:
    telephone = come_in("Wietske van Essen", "Noor van Essen", width="narrow", javascript=False)
    laptop = come_in("Wietske van Essen", "Noor van Essen")
    for one in (telephone, laptop):
        one.goes_to("sharing")
        one.reads("Wie beslist?", "Vanaf 16 jaar")
    telephone.presses("Weet ik al")
    assert re.search(r"/sharing$", telephone.page.url)
    for one in (telephone, laptop):
        one.goes_to("sharing")
        one.finds_nothing_of("Vanaf 16 jaar")
    laptop.goes_to("guidance")
    laptop.presses("Laat alle uitleg weer zien")
    telephone.goes_to("sharing")
    telephone.reads("Wie beslist?")
