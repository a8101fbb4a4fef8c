"""Sterre: the plan changes while it is in force. The care goes on; nobody overwrites anybody."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser

NIGHT, BEFORE, AFTER = "Waken in de nacht", "maandag, dinsdag en donderdag", "zondag, dinsdag en donderdag"


def test_a_practical_change_with_the_yes_of_the_family(come_in: Callable[..., Visitor]) -> None:
    marit = come_in("Marit van der Laan", "Sterre de Wit")
    linda = come_in("Linda de Wit", "Sterre de Wit", width="narrow")
    rik = come_in("Rik de Wit", "Sterre de Wit", width="narrow", javascript=False)

    # Another night suits better. Marit writes it in a draft; the plan of now stays.
    marit.goes_to("plan")
    marit.reads("Versie 2")
    marit.follows("Plan aanpassen")
    marit.writes("Waarom verandert het plan?", "Rik werkt voortaan op maandag thuis.")
    marit.presses("Begin vanuit het plan van nu")
    marit.follows(f"Wijzig: {NIGHT}")
    marit.writes("Wanneer?", f"{AFTER}, 23.00 tot 7.00 uur")
    marit.presses("Bewaren")
    # Before it is offered: what becomes of each open agreement. What changed is asked anew, all else stays; one that
    # lapses says why, and comes back with one tap when she thinks again.
    marit.follows("Voorleggen aan de familie")
    marit.reads("Wat gebeurt er met de lopende afspraken", "Dit is veranderd: wanneer.")
    marit.picks("Met twee scholen praten over wat Sterre nodig heeft", "Vervalt")
    marit.presses("Bewaren en verder")
    marit.reads("Schrijf de reden op")
    marit.writes("Waarom?: Met twee scholen praten over wat Sterre nodig heeft", "De Boomgaard is gekozen.")
    marit.presses("Bewaren en verder")
    marit.goes_to("plan/draft")
    marit.reads("Uit het plan gehaald", "De Boomgaard is gekozen.")
    marit.presses("Terugzetten")
    marit.follows("Voorleggen aan de familie")
    marit.presses("Bewaren en verder")
    marit.presses("Voorleggen aan de familie")

    # What changed, to read for everybody; the old plan is in force meanwhile.
    linda.opens("Sterre de Wit")
    linda.reads("Bent u het eens met het plan?")
    linda.goes_to("plan/versions/3/changes")
    linda.reads(NIGHT, BEFORE, AFTER, "Rik werkt voortaan op maandag thuis.")
    linda.goes_to("plan/full")
    linda.reads(BEFORE)
    linda.finds_nothing_of(AFTER)
    for parent in (linda, rik):
        parent.goes_to("plan/versions/3/sign")
        parent.chooses("Ja, ik ben het eens met dit plan")
        parent.presses("Stuur het antwoord")

    # Only "when" changed: it is in force with the family's yes. The paediatrician is told, and may object.
    linda.goes_to("plan/full")
    linda.reads(AFTER)
    karin = come_in("Dr. Karin van Dijk", "Sterre de Wit")
    karin.reads("Een praktische wijziging is ingegaan: kijk of u bezwaar heeft")
    karin.goes_to("plan/versions/3/approve")
    karin.chooses("Ik maak bezwaar")
    karin.presses("Stuur het antwoord")
    karin.reads("Schrijf de reden op")
    karin.writes("Bij bezwaar: waarom?", "Op maandag is de controle. Dan is een rustige nacht ervoor nodig.")
    karin.presses("Stuur het antwoord")
    marit.goes_to("plan")
    marit.reads("Op maandag is de controle.")
    marit.goes_to("plan/versions")
    marit.reads("Versie 3", "Versie 2", "Versie 1")


def test_two_people_change_the_same_goal(come_in: Callable[..., Visitor]) -> None:
    marit = come_in("Marit van der Laan", "Noor van Essen")
    wietske = come_in("Wietske van Essen", "Noor van Essen", width="narrow")
    first_goal = "section#goals article a"

    marit.goes_to("plan/draft")
    marit.goes_by(first_goal)
    goal = marit.page.url.removeprefix(marit.child + "/")
    wietske.goes_to(goal)

    marit.writes("Wat wilt u bereiken of behouden?", "Noor prikt zonder paniek, met zalf op tijd.")
    marit.presses("Bewaren")
    wietske.writes("Wat wilt u bereiken of behouden?", "Noor kiest zelf hoe ze geprikt wordt.")
    wietske.presses("Bewaren")

    # Wietske sees both texts, and makes one of them.
    wietske.reads(
        "Twee mensen hebben dit veranderd",
        "Noor prikt zonder paniek, met zalf op tijd.",
        "Noor kiest zelf hoe ze geprikt wordt.",
    )
    wietske.presses("Mijn tekst bewaren")
    marit.goes_to("plan/draft")
    marit.reads("Noor kiest zelf hoe ze geprikt wordt.")
