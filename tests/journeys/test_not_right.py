"""A mother finds two mistakes: one stays with her words beside it, one is destroyed. She takes everything along."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from tests.journeys.people import SLOW, Visitor

pytestmark = pytest.mark.browser
CHILD = "Sterre de Wit"


def asks(mother: Visitor, about: str, what: str, words: str) -> None:
    mother.goes_to("record")
    mother.follows(f"Iets klopt niet?: {about}")
    mother.reads(about, "U krijgt binnen een maand antwoord")
    mother.chooses(what)
    mother.writes("Wat moet er anders, en waarom?", words)
    mother.presses("Versturen")
    mother.reads("Kinderthuiszorg Veldzicht besluit vóór of op")


def test_one_stays_with_her_words_beside_it_and_one_is_destroyed(
    come_in: Callable[..., Visitor],
    open_page: Callable[..., Any],
    check_page: Callable[..., None],
    tmp_path: Path,
) -> None:
    linda = come_in("Linda de Wit", CHILD, width="narrow", javascript=False)
    marit = come_in("Marit van der Laan", CHILD)
    asks(
        linda, "Vernauwing van de luchtpijp", "Het klopt niet. Verbeter het.", "De arts zei dat dit over is."
    )
    marit.goes_to("/start")
    marit.reads("Het gezin vraagt om iets te verbeteren of weg te halen")
    marit.goes_to("requests")
    marit.follows("Iets in het dossier verbeteren")
    marit.follows("Besluit hierover")
    marit.chooses("Nee", "Het is het oordeel van de zorgverlener. Uw eigen kijk staat er nu naast.")
    marit.writes("Uw antwoord aan het gezin", "De kinderarts ziet het nog.")
    marit.presses("Stuur het antwoord")
    asks(linda, "Pleisters met latex", "Haal het weg, voor altijd.", "Dat was een ander kind.")
    marit.goes_to("requests")
    marit.follows("Iets uit het dossier weghalen")
    marit.follows("Het duurt langer")
    marit.writes("Waarom duurt het langer?", "Wij vragen het na bij het ziekenhuis.")
    marit.presses("Stuur het antwoord")
    marit.reads("Het duurt langer")
    marit.follows("Besluit hierover")
    marit.chooses("Ja, vernietig het: dit kan niet terug")
    marit.presses("Stuur het antwoord")
    marit.reads("Vraag het eerst aan de anderen met gezag")
    marit.chooses("Ik heb het ook aan Rik de Wit gevraagd: die is het ermee eens.")
    marit.presses("Stuur het antwoord")
    linda.goes_to("requests")
    linda.follows("Iets uit het dossier weghalen")
    _until_it_is_gone(linda)
    linda.goes_to("record")
    linda.reads("Het gezin zegt hierover:", "De arts zei dat dit over is.")
    linda.finds_nothing_of("latex")
    linda.follows("Alles over Sterre downloaden")
    with linda.page.expect_download() as taken:
        linda.page.get_by_role("button", name="Alles over Sterre downloaden").click()
    with ZipFile(taken.value.path()) as found:
        found.extractall(tmp_path)
    _opens_offline(tmp_path, open_page, check_page)


def _until_it_is_gone(linda: Visitor) -> None:
    """The worker needs a moment; she looks again."""
    for _look in range(20):
        if "Het is vernietigd" in linda.page.locator("main").text_content():
            break
        linda.page.wait_for_timeout(1_000)
        linda.page.reload()
    linda.reads(
        "Het is vernietigd. Marit van der Laan besloot dat", "Ook de woorden van het verzoek zijn weg"
    )
    linda.looks()


def _opens_offline(folder: Path, open_page: Callable[..., Any], check_page: Callable[..., None]) -> None:
    """Every page of the copy, from the disk, on a telephone: without a barrier."""
    assert "latex" not in " ".join(one.read_text("utf-8", "replace") for one in folder.rglob("*.*"))
    page = open_page("narrow")
    page.goto((folder / "begin-hier.html").as_uri())
    check_page(page)
    names = page.locator("main ul a").all_text_contents()
    assert len(names) == 18
    for name in names:
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.locator("h1")).to_have_text(name, timeout=SLOW)
        check_page(page)
        page.get_by_role("link", name="Naar het begin").click()
    page.get_by_role("link", name="Over de gegevens, voor een computer").click()
    check_page(page)
