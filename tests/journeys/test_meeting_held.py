"""Sterre: her mother puts something on the agenda first, the nurse holds the meeting and closes the minutes."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser

POINT = "Wie is er bij Sterre als Linda een week weg is?"
NOTE = "Oma Anneke slaapt dan in huis, Sanne neemt een nacht over."


def test_a_meeting_from_the_family_s_point_to_closed_minutes(come_in: Callable[..., Visitor]) -> None:
    # Rik puts his point on the agenda, on his telephone, before anybody else.
    rik = come_in("Rik de Wit", "Sterre de Wit", width="narrow", javascript=False)
    rik.goes_to("meetings")
    rik.goes_by("main ul.kz-list a")
    rik.reads("Agenda", "voorstel")
    rik.follows("Zet iets op de agenda")
    rik.writes("Wat wilt u zeggen?", POINT)
    rik.presses("Bewaren")
    rik.reads(POINT)
    rik.follows("Zeg of u komt")
    rik.chooses("Ik kom")
    rik.presses("Bewaren")
    rik.reads("Rik de Wit: komt")

    # Karin cannot be there, and sends word.
    karin = come_in("Dr. Karin van Dijk", "Sterre de Wit")
    karin.goes_to("meetings")
    karin.goes_by("main ul.kz-list a")
    karin.follows("Zeg of u komt")
    karin.chooses("Ik kom niet, maar geef mijn woord mee")
    karin.writes("Wat geeft u mee?", "De canule wisselen kan thuis blijven.")
    karin.presses("Bewaren")
    karin.reads("De canule wisselen kan thuis blijven.")

    # Marit writes the minutes per life domain, records a decision and closes.
    marit = come_in("Marit van der Laan", "Sterre de Wit")
    marit.goes_to("meetings")
    marit.goes_by("main ul.kz-list a")
    marit.reads(POINT)
    marit.follows("Schrijf op")
    marit.writes("Wat wilt u zeggen?", NOTE)
    marit.presses("Bewaren")
    marit.follows("Leg een besluit vast")
    marit.writes("Wat is er besloten?", "Oma Anneke oefent het uitzuigen nog een keer")
    marit.presses("Bewaren")
    marit.reads("Oma Anneke oefent het uitzuigen nog een keer", "concept van het plan")
    marit.follows("Sluit het verslag")
    marit.chooses("Rik de Wit", "Marit van der Laan")
    marit.presses("Bewaren")
    marit.reads("Aanwezig", "Gesloten door Marit van der Laan")

    # Linda was not there. She reads all of it.
    linda = come_in("Linda de Wit", "Sterre de Wit", width="narrow")
    linda.goes_to("meetings")
    linda.goes_by("main ul.kz-list a")
    linda.reads(NOTE, POINT, "Gesloten door")

    # The team lead sees minutes of work, and no child.
    ruud = come_in("Ruud Mulder", "Sterre de Wit")
    ruud.goes_to("/hours")
    ruud.reads("Onzichtbare werkzaamheden", "overleg")
    ruud.finds_nothing_of("Sterre", "Marit")
