"""Sterre's father learns to suction until he does it alone; on Sunday evening the nurse need not come any more."""

import re
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
    rik.reads("Zondag durf ik het zelf.")

    # The card says how it is done with Sterre. It was changed since Roos read it.
    rik.follows("Hoe we het doen: de kaart")
    rik.reads("Stap voor stap", "Handen wassen.", "Tips van wie het vaak doet", "Neurie zachtjes")
    rik.presses("Gezien en begrepen")
    rik.reads("U hebt deze kaart gezien en begrepen")

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
    rik.picks("Wie komt er?", "Rik de Wit")
    rik.chooses("zondag")
    rik.writes("Vanaf hoe laat?", "19:00")
    rik.writes("Tot hoe laat?", "22:00")
    rik.presses("Bewaren")
    rik.goes_to("week")
    rik.follows("Week erna")
    rik.reads("Alles is ingevuld", "19:00–22:00 Rik de Wit")
    rik.goes_to("learning")
    rik.reads("Gelukt", "Rik de Wit kan dit nu zelf")


def test_a_moment_with_nobody_able_is_seen_and_mended(come_in: Callable[..., Visitor]) -> None:
    # In three weeks Jelle counts no more for the line of Noor, and on Thursdays chemotherapy goes through it.
    marit = come_in("Marit van der Laan", "Noor van Essen")
    marit.goes_to("learning")
    marit.reads("Momenten waarop niemand dit kan", "donderdag", "bijna tijd")
    marit.follows("Vraag wie het kan")
    marit.reads("is niet bekwaam voor")
    # She looks on while he does it, writes that down, and the moment is mended.
    marit.goes_to("learning")
    marit.follows("Een stap opschrijven")
    marit.chooses("Jelle Prins")
    marit.picks("Om welke handeling gaat het?", "Centrale lijn")
    marit.chooses("Zelf")
    marit.writes("Opnieuw kijken vóór", "2027-05-14")
    marit.presses("Bewaren")
    marit.finds_nothing_of("Momenten waarop niemand dit kan")

    # Noor's card has a tip of her own, and who may write it changes it: then it asks anew.
    marit.goes_to("how")
    marit.reads("De prik bij Noor")
    marit.goes_to("how/injection")
    marit.reads("Ik tel van vijf naar nul", "Wietske van Essen")
    marit.follows("Kaart veranderen")
    marit.writes("Stap 4", "Kies samen een pleister.")
    marit.presses("Bewaren")
    marit.reads("Kies samen een pleister.", "versie 2", "zag deze kaart nog niet", "Wietske van Essen")
    wietske = come_in("Wietske van Essen", "Noor van Essen", width="narrow", javascript=False)
    wietske.goes_to("/notices")
    wietske.reads("Een werkkaart is veranderd")
    wietske.goes_to("how/injection")
    assert len(re.findall(rb"/Type\s*/Page\b", marit.page.pdf(format="A4"))) == 1
    wietske.presses("Gezien en begrepen")
    marit.goes_to("how/injection")
    marit.reads("Gezien en begrepen", "Wietske van Essen")
