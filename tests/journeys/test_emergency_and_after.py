"""A nurse looks along in an emergency; the young man is told at once, and it is judged the next day."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kindzorg.demo import days
from tests.journeys.people import Visitor
from tests.machine import TODAY
from tests.serving import DemoData, demo_place, running

pytestmark = pytest.mark.browser
BORN = days.day("-17y6m", TODAY)
REASON = "Hij ligt bewusteloos op straat en heeft een pomp in zijn buik."
FOUND = "Het logboek klopt met de melding van de ambulance."


@pytest.fixture
def on(families: DemoData, tmp_path: Path) -> Any:
    """`on(day)`: the same product, with all that was done in it, on that day."""
    with demo_place(families, tmp_path / "place") as place:
        yield lambda day: running(place, "demo", KINDZORG_TODAY=day.isoformat())


@pytest.fixture
def come(open_page: Callable[..., Any], check_page: Callable[..., None]) -> Callable[..., Visitor]:
    def come(
        site: str, name: str, child: str = "", *, width: str = "wide", javascript: bool = True
    ) -> Visitor:
        eyes = None if javascript else open_page(width)
        visitor = Visitor(open_page(width, javascript=javascript), site, check_page, eyes).signs_in(name)
        if child:
            visitor.opens(child)
        return visitor

    return come


def looks_for(carer: Visitor, name: str, born: date, why: str = REASON) -> None:
    carer.writes("Achternaam van het kind", name)
    carer.writes("Geboortedatum van het kind", born.isoformat())
    carer.writes("Waarom moet u nu meekijken?", why)
    carer.presses("Nu meekijken")


def test_an_emergency_and_its_aftermath(on: Callable[..., Any], come: Callable[..., Visitor]) -> None:
    with on(TODAY) as site:
        daan = come(site, "Daan Hofstra", "Daan Hofstra", width="narrow", javascript=False)
        daan.finds_nothing_of("noodgeval")
        jelle = come(site, "Jelle Prins", width="narrow", javascript=False)
        jelle.may_not_open(f"{daan.child}/")
        jelle.goes_to("/start")
        jelle.follows("Meekijken in een noodgeval")
        looks_for(jelle, "Hofstra", BORN + timedelta(days=1))
        jelle.reads("Er is geen kind met precies deze naam en geboortedatum")
        jelle.finds_nothing_of("Daan")
        looks_for(jelle, "Hofstra", BORN, "Haast")
        jelle.reads("Schrijf in een hele zin waarom")
        looks_for(jelle, "Hofstra", BORN)
        jelle.child = daan.child
        sees_what_is_needed_now(jelle)
        told_at_once(daan)
    with on(TODAY + timedelta(1)) as site:
        jelle, daan = come(site, "Jelle Prins"), come(site, "Daan Hofstra", "Daan Hofstra", width="narrow")
        jelle.finds_nothing_of("Daan")
        for address in ("", "record", "plan"):
            jelle.may_not_open(f"{daan.child}/{address}")
        judges(come(site, "Hanna Visser"))
        daan.goes_to("sharing")
        daan.reads("vond het terecht", FOUND)


def sees_what_is_needed_now(jelle: Visitor) -> None:
    """The plan, the file and who is around him, and until when; nothing of the parents' own, nothing to change."""
    for page in ("", "plan", "record", "team"):
        jelle.goes_to(page)
        jelle.reads("Daan", "U kijkt mee in een noodgeval, tot")
        jelle.finds_nothing_of("Wie heeft gekeken", "Wie mag wat zien")
    for address in ("notes", "sharing", "trail", "needs", "referral", "way", "authority"):
        jelle.may_not_open(f"{jelle.child}/{address}")
    jelle.goes_to("/start")
    jelle.reads("Daan Hofstra")


def told_at_once(daan: Visitor) -> None:
    daan.goes_to("/notices")
    daan.reads("Iemand keek mee in een noodgeval", "nieuw")
    daan.presses("Bekijk")
    daan.reads(REASON)
    daan.goes_to("")
    daan.reads("Meegekeken in een noodgeval", "Jelle Prins", "Kinderthuiszorg Veldzicht")
    daan.follows("Lees waarom")
    daan.reads(REASON, "Het meekijken duurt nog")
    daan.goes_to("trail")
    daan.reads("Jelle Prins", "keek mee in een noodgeval", "Noodtoegang")


def judges(hanna: Visitor) -> None:
    hanna.reads("Te beoordelen: meegekeken in een noodgeval")
    hanna.goes_to("/emergency/reviews")
    hanna.follows("Beoordeel: Jelle Prins")
    hanna.reads(REASON)
    hanna.chooses("Ja")
    hanna.presses("Bewaren")
    hanna.reads("Schrijf op wat u vond")
    hanna.writes("Wat vond u?", FOUND)
    hanna.presses("Bewaren")
    hanna.reads("Er wacht niets op uw oordeel")
