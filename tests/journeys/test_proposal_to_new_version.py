"""Sterre: what her mother proposes goes through the draft into a new version, and days later she sees what changed."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.people import Visitor
from tests.machine import TODAY
from tests.serving import DemoData, demo_place, running

pytestmark = pytest.mark.browser

CHILD = "Sterre de Wit"
AGREEMENT, WISH = "Bij Sterre blijven op vrijdag", "Oma kan ook bij Sterre slapen"
WORDS = "Bij Sterre blijven en blijven slapen op vrijdag"


@pytest.fixture
def on(families: DemoData, tmp_path: Path) -> Any:
    """`on(day)`: the same product, with all that was done in it, on that day."""
    with demo_place(families, tmp_path / "place") as place:
        yield lambda day: running(place, "demo", KINDZORG_TODAY=day.isoformat())


@pytest.fixture
def come(open_page: Callable[..., Any], check_page: Callable[..., None]) -> Callable[..., Visitor]:
    def come(site: str, name: str, *, width: str = "wide", javascript: bool = True) -> Visitor:
        eyes = None if javascript else open_page(width)
        visitor = Visitor(open_page(width, javascript=javascript), site, check_page, eyes).signs_in(name)
        visitor.opens(CHILD)
        return visitor

    return come


def settle(nurse: Visitor) -> None:
    """What a changed plan passes between the draft and the family: what becomes of each open agreement."""
    nurse.goes_to("plan/draft")
    nurse.follows("Voorleggen aan de familie")
    nurse.reads("Wat gebeurt er met de lopende afspraken")
    nurse.presses("Bewaren en verder")
    nurse.presses("Voorleggen aan de familie")


def proposes(mother: Visitor) -> None:
    """From the agreement itself; what is missing is said, and nothing that was typed is lost."""
    mother.goes_to("plan/full")
    mother.follows(AGREEMENT)
    mother.follows("Stel een wijziging voor")
    mother.writes("Waarom?", "Dan zijn wij een hele nacht vrij.")
    mother.presses("Voorstel versturen")
    mother.reads("Schrijf wat u wilt veranderen", "Dan zijn wij een hele nacht vrij.")
    mother.writes("Wat wilt u veranderen?", WISH)
    if mother.eyes is None:
        mother.unfolds("Wilt u het zelf opschrijven")
    mother.writes("Wat wordt het doel of de afspraak?", WORDS)
    mother.presses("Voorstel versturen")
    mother.reads("Wacht op antwoord", WISH)


def says_yes(parent: Visitor) -> None:
    parent.goes_to("plan/versions/3/sign")
    parent.chooses("Ja, ik ben het eens met dit plan")
    parent.presses("Stuur het antwoord")


def test_what_a_mother_proposes_comes_into_the_plan(
    on: Callable[[date], Any], come: Callable[..., Visitor]
) -> None:
    with on(TODAY) as site:
        proposes(come(site, "Linda de Wit", width="narrow"))

    # A day later Marit finds it on her start page, and takes it into the draft. The plan of now stays.
    with on(TODAY + timedelta(days=1)) as site:
        marit = come(site, "Marit van der Laan")
        marit.goes_to("plan/proposals")
        marit.follows(WISH)
        marit.presses("Overnemen in het concept")
        marit.reads(WORDS)
        linda = come(site, "Linda de Wit", width="narrow")
        linda.goes_to("plan/proposals")
        linda.reads("Het staat in het concept van het nieuwe plan.")
        linda.goes_to("plan/full")
        linda.finds_nothing_of(WORDS)
        settle(marit)
        for parent in (linda, come(site, "Rik de Wit", width="narrow", javascript=False)):
            says_yes(parent)
        karin = come(site, "Dr. Karin van Dijk")
        karin.goes_to("plan/versions/3/approve")
        karin.chooses("Ja, ik keur het goed")
        karin.presses("Stuur het antwoord")

    # Another day later Linda reads what changed since she was here, and what became of her proposal.
    with on(TODAY + timedelta(days=2)) as site:
        linda = come(site, "Linda de Wit", width="narrow")
        linda.reads("Er is een nieuw plan: versie 3")
        linda.follows("Er is een nieuw plan: versie 3")
        linda.reads(AGREEMENT, WORDS)
        linda.goes_to("plan/proposals")
        linda.follows(WISH)
        linda.reads("Het is in het plan gekomen.")
