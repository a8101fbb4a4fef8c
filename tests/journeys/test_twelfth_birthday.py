"""A girl turns twelve: told ahead, and on the day itself she keeps a note from her mother."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.people import Visitor
from tests.machine import TODAY
from tests.serving import DemoData, demo_site

pytestmark = pytest.mark.browser
BIRTHDAY = TODAY + timedelta(7)
WORDS = "Ik wil liever alleen met de dokter praten."


@pytest.fixture
def on(
    families: DemoData, tmp_path: Path, open_page: Callable[..., Any], check_page: Callable[..., None]
) -> Callable[..., Any]:
    """`on(day)`: the product on that day, as a function by which people come in on a telephone without scripts."""

    def the_day(day: date) -> Any:
        moved = replace(families, environment=families.environment | {"KINDZORG_TODAY": day.isoformat()})
        return demo_site(moved, tmp_path / day.isoformat())

    return the_day


@pytest.fixture
def come(open_page: Callable[..., Any], check_page: Callable[..., None]) -> Callable[[str, str], Visitor]:
    def come(site: str, name: str) -> Visitor:
        page = open_page("narrow", javascript=False)
        visitor = Visitor(page, site, check_page, open_page("narrow")).signs_in(name)
        visitor.opens("Lotte van Beek")
        return visitor

    return come


def test_a_girl_turns_twelve(on: Callable[..., Any], come: Callable[[str, str], Visitor]) -> None:
    with on(BIRTHDAY - timedelta(1)) as site:
        lotte = come(site, "Lotte van Beek")
        lotte.reads("11 jaar", "Je bent bijna jarig")
        lotte.follows("Wat verandert er als je 12 wordt?")
        lotte.reads("ja of nee tegen je plan", "Je ouders lezen het dan niet")
        esther = come(site, "Esther Kuipers")
        esther.follows("Wat verandert er als uw kind 12 wordt?")
        esther.reads("Er verandert niets in wat u hier kunt doen")
        lotte.goes_to("notes/new")
        lotte.chooses("Thuis, school en vrienden")
        lotte.writes("Wat wil je zeggen?", WORDS)
        lotte.presses("Bewaren")
        lotte.reads(WORDS)
        lotte.finds_nothing_of("Niet voor mijn ouders")
        lotte.may_not_open(f"{lotte.child}/plan/versions/1/sign")
    with on(BIRTHDAY) as site:
        lotte, esther, marit = (
            come(site, name) for name in ("Lotte van Beek", "Esther Kuipers", "Marit van der Laan")
        )
        lotte.reads("12 jaar")
        lotte.finds_nothing_of("Je bent bijna jarig")
        lotte.goes_to("notes/new")
        lotte.chooses("Thuis, school en vrienden")
        lotte.writes("Wat wil je zeggen?", WORDS)
        lotte.presses("Bewaren")
        esther.goes_to("notes")
        esther.reads(WORDS)
        lotte.follows("Niet voor mijn ouders")
        lotte.reads(WORDS, "Ze zien ook niet dat hij er is")
        lotte.presses("Ja, niet voor mijn ouders")
        lotte.reads(WORDS, "Niet voor mijn ouders")
        for page in ("notes", "", "trail", "record"):
            esther.goes_to(page)
            esther.finds_nothing_of(WORDS, "markering")
        marit.goes_to("notes")
        marit.reads(WORDS, "Niet voor ouders", "door het kind zelf")
        lotte.goes_to("plan/versions/1/sign")
        lotte.reads("plan")
        lotte.goes_to("notes")
        lotte.presses("Mijn ouders mogen dit weer lezen")
        esther.goes_to("notes")
        esther.reads(WORDS)
