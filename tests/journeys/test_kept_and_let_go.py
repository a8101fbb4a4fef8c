"""A mother does not want her child counted; a quarter of a century later the privacy officer lets files go."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.people import Visitor
from tests.serving import KINDZORG, DemoData, demo_place, running

pytestmark = pytest.mark.browser
LATER = {"KINDZORG_TODAY": "2050-01-10"}
BORN = {"Yusuf": "2026-05-14"}


@pytest.fixture
def place(families: DemoData, tmp_path: Path) -> Any:
    with demo_place(families, tmp_path / "place") as place:
        yield place


@pytest.fixture
def come(open_page: Callable[..., Any], check_page: Callable[..., None]) -> Callable[..., Visitor]:
    def come(site: str, name: str, width: str = "wide", *, javascript: bool = True) -> Visitor:
        eyes = None if javascript else open_page(width)
        return Visitor(open_page(width, javascript=javascript), site, check_page, eyes).signs_in(name)

    return come


def says_no_and_takes_it_back(mother: Visitor) -> None:
    mother.opens("Yusuf Haddad")
    mother.goes_to("sharing")
    mother.follows("Bekijk of verander: Meetellen bij onderzoek")
    mother.reads("De gegevens mogen nu meetellen")
    mother.presses("Nee, niet meetellen")
    mother.reads("De gegevens tellen niet mee")
    assert not mother.offers("Nee, niet meetellen")
    mother.presses("Toch laten meetellen")
    mother.reads("De gegevens mogen nu meetellen")


def holds_one_and_lets_one_go(officer: Visitor) -> None:
    officer.goes_to("/start")
    officer.follows("Hoe lang dossiers bewaard worden")
    officer.follows("Een dossier langer bewaren")
    officer.writes("Achternaam van het kind", "Haddad")
    officer.writes("Geboortedatum", BORN["Yusuf"])
    officer.chooses("Er loopt een klacht.")
    officer.writes("Toelichting", "Zaak 12")
    officer.writes("Tot welke dag?", "2049-01-01")
    officer.presses("Bewaren")
    officer.reads("Kies een dag na vandaag.")
    officer.writes("Tot welke dag?", "2051-01-01")
    officer.presses("Bewaren")
    officer.reads("Er loopt een klacht.", "Langer bewaard, zie hieronder")
    box = officer.page.get_by_label("Sterre de Wit")
    box.check(force=True)
    officer.presses("Laat deze dossiers verwijderen")
    officer.reads("Geef aan dat u ze hebt bekeken.")
    assert box.is_checked()
    officer.chooses("Ik heb elk dossier bekeken dat ik heb aangekruist. Wat verwijderd is, komt nooit terug.")
    officer.presses("Laat deze dossiers verwijderen")
    officer.reads("bevestigd door Hanna Visser")


def test_from_a_no_to_a_file_that_is_gone(place: DemoData, come: Callable[..., Visitor]) -> None:
    with running(place, "demo") as site:
        says_no_and_takes_it_back(come(site, "Samira Haddad", "narrow", javascript=False))
    with running(place, "demo", **LATER) as site:
        officer = come(site, "Hanna Visser")
        holds_one_and_lets_one_go(officer)
        done = subprocess.run(
            [KINDZORG, "retention", "delete"], env=place.environment | {"KINDZORG_DEMO": "1"} | LATER,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0 and done.stdout.startswith("1 files deleted"), done.stderr
        officer.goes_to("/retention")
        officer.finds_nothing_of("Sterre")
        officer.goes_to("/start")
        officer.finds_nothing_of("Sterre")
        officer.goes_to("/retention")
        officer.follows("Niet langer bewaren: Yusuf Haddad")
        officer.reads("Zaak 12")
        officer.writes("Waarom hoeft het niet langer bewaard te worden?", "Afgedaan")
        officer.presses("Niet langer bewaren")
        officer.reads("Geen dossier wordt langer bewaard.")
