"""Sterre: a waking night falls open. Who is not able is not asked; who is able says yes; the week is whole again."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser

ILL = "Sanne is ziek"
LOUD = ("Nog niet ingevuld", "23:00–07:00", "Niemand")


def test_a_night_falls_open_and_is_covered(come_in: Callable[..., Visitor]) -> None:
    # This week Sanne said that she is ill: nobody is there on Tuesday night. Linda sees it at once, on a phone too
    # old for scripts.
    linda = come_in("Linda de Wit", "Sterre de Wit", width="narrow", javascript=False)
    linda.reads("Wie komt er vandaag?", "Er zijn uren waarop er nog niemand is")
    linda.follows("De hele week")
    linda.reads(*LOUD, ILL, "Sanne Kok")

    # Next week's Monday night Sanne cannot come either. She says it herself.
    sanne = come_in("Sanne Kok", "Sterre de Wit", width="narrow")
    sanne.goes_to("week")
    sanne.follows("Week erna")
    sanne.goes_by("a[href*='/week/visits/']:has-text('Sanne Kok')")
    sanne.follows("Kan niet")
    sanne.presses("Bewaren")
    sanne.reads("Schrijf in een paar woorden waarom")
    sanne.writes("Waarom?", "Bruiloft van mijn zus")
    sanne.presses("Bewaren")
    sanne.reads("De komende vier weken ook niet ingevuld")

    # Loes, who arranges the week, is told. She asks who can: the nurse of the day care may not change a cannula.
    loes = come_in("Loes Jansen", "Sterre de Wit")
    loes.goes_to("/notices")
    loes.reads("Er zijn uren waarop er niemand is")
    loes.goes_to("week")
    loes.reads("Niet ingevuld")
    loes.follows("Wie kan?")
    loes.reads("Kan nu niet", "Roos Timmer", "is niet bekwaam voor: tracheostomazorg")
    loes.chooses("Marit van der Laan")
    loes.presses("Vraag")
    loes.reads("Gevraagd: Marit van der Laan")

    # Marit finds the question on her start page, and takes the night.
    marit = come_in("Marit van der Laan", "Sterre de Wit")
    marit.reads("Kunt u open uren invullen?")
    marit.follows("Antwoord: Kunt u open uren invullen?")
    marit.reads("Loes Jansen", "uitzuigen")
    marit.chooses("Ja, ik kom")
    marit.presses("Stuur het antwoord")

    # The picture is whole.
    linda.goes_to("week")
    linda.reads("Alles is ingevuld", "Marit van der Laan")
    linda.finds_nothing_of("Nog niet ingevuld")
