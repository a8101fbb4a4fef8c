"""Sterre's father learns to suction until he does it alone; on Sunday evening the nurse need not come any more."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser


def test_a_father_learns_and_the_hours_step_down(come_in: Callable[..., Visitor]) -> None:
    # Rik is half way. He reads what comes next, on a telephone too old for scripts.
    rik = come_in("Rik de Wit", "Sterre de Wit", width="narrow", javascript=False)
    rik.follows("Zelf leren doen")
    rik.reads(
        "Rik de Wit (u)",
        "Volgende stap: zelf doen, terwijl Sanne Kok meekijkt",
        "Wil dit niet doen. Dat is goed",
    )
    rik.follows("Wat wilt u zeggen?")
    rik.chooses("Ik wil dit leren")
    rik.writes("Wilt u er iets bij zeggen?", "Zondag durf ik het zelf.")
    rik.presses("Bewaren")
    rik.reads("Opgeschreven", "Zondag durf ik het zelf.")

    # Marit finds it on her start page, and writes down what she saw.
    marit = come_in("Marit van der Laan", "Sterre de Wit")
    marit.goes_to("learning")
    marit.reads("Wil dit leren", "Zondag durf ik het zelf.")
    marit.follows("Een stap opschrijven: Rik de Wit")
    marit.chooses("Zelf")
    marit.writes("Opnieuw kijken vóór", "2026-09-01")
    marit.writes("Een woord erbij", "Rustig en zeker.")
    marit.presses("Bewaren")
    marit.reads("drie jaar")
    marit.writes("Opnieuw kijken vóór", "2027-03-14")
    marit.presses("Bewaren")
    marit.reads("zelf gedaan, gezien door Marit van der Laan", "Gelukt")

    # From now on he counts in the week: he is there himself on Sunday evening, and the nurse's evenings end.
    marit.goes_to("week")
    marit.follows("Week erna")
    marit.goes_by("a[href*='/week/visits/']:has-text('19:00')")
    marit.follows("De hele reeks stopt")
    marit.writes("Waarom", "Rik zuigt nu zelf uit.")
    marit.presses("Bewaren")
    marit.reads("De komende vier weken ook niet ingevuld", "19:00–22:00")
    rik.goes_to("week/plan?agreement=own")
    rik.chooses("Rik de Wit", "zondag")
    rik.writes("Vanaf hoe laat?", "19:00")
    rik.writes("Tot hoe laat?", "22:00")
    rik.presses("Bewaren")
    rik.goes_to("week")
    rik.follows("Week erna")
    rik.reads("Alles is ingevuld", "19:00–22:00 Rik de Wit")
    rik.goes_to("learning")
    rik.reads("Gelukt", "Rik de Wit kan dit nu zelf")
