"""From a hospital's handover to a closed journey: nurse, parents and paediatrician, all in a browser."""

from collections.abc import Callable

import pytest

from kindzorg.demo.handover import handover_on
from tests.journeys.people import Visitor
from tests.journeys.scenes import (
    answer_the_tree,
    arrange_the_need,
    close_the_care,
    fill_in_the_scan,
    hand_over_file,
    leave_out_on_purpose,
    plan_the_goal,
)
from tests.machine import TODAY

pytestmark = pytest.mark.browser

ANOTHER_CHILD = {
    "Yusuf": "Amir",
    "yusuf": "amir",
    "Haddad": "Nasser",
    "Samira": "Nour",
    "Karim": "Hadi",
    "999901230": "999901242",
    "8841207": "8841999",
}


def the_handover_of_amir() -> bytes:
    """What the hospital sends about a baby whom nobody knows here."""
    sent = handover_on(TODAY).decode()
    for old, new in ANOTHER_CHILD.items():
        sent = sent.replace(old, new)
    return sent.encode()


def test_a_new_child_comes_in_and_it_becomes_clear_who_pays(come_in: Callable[..., Visitor]) -> None:
    marit = come_in("Marit van der Laan")

    # The hospital's handover. Nobody has to tell it again.
    marit.follows("Overdracht van het ziekenhuis inlezen")
    hand_over_file(marit, "overdracht-amir.json", the_handover_of_amir())
    marit.reads("onderdelen zijn opgenomen in het dossier")
    marit.follows("Naar het dossier")
    marit.reads("Koemelkeiwit", "Amir")

    # The same file again changes nothing.
    marit.opens("Amir Nasser")
    marit.goes_to("record/import")
    hand_over_file(marit, "overdracht-amir.json", the_handover_of_amir())
    marit.finds_nothing_of("verschillen bekijken")

    # The referral tree: only questions that can still change the outcome.
    marit.goes_to("referral")
    marit.follows("Begin")
    known = ("nursing_need", "permanent_supervision", "somatic_main", "medical_aids", "travel_help")
    answer_the_tree(marit, yes=known, unknown=("parents_overloaded",))
    marit.reads("Controleer de antwoorden")
    marit.presses("Toon de uitkomst")
    marit.reads("Verpleging en verzorging thuis", "De zorgverzekeraar")

    # Marit is a paediatric nurse of level 5: she may confirm what the insurer pays.
    marit.follows("Besluiten")
    marit.writes("Toelichting", "Verpleging thuis vanaf morgen.")
    marit.presses("Bevestig het besluit")
    marit.reads("Dit is besloten", "Verpleging thuis vanaf morgen.")

    # Phase 2 is open.
    marit.goes_to("needs")
    marit.presses("Scan openen")


def test_one_child_goes_from_needs_to_a_plan_in_force_to_goodbye(come_in: Callable[..., Visitor]) -> None:
    marit = come_in("Marit van der Laan", "Yusuf Haddad")
    samira = come_in("Samira Haddad", "Yusuf Haddad", width="narrow")
    karim = come_in("Karim Haddad", "Yusuf Haddad", width="narrow", javascript=False)

    what_the_family_needs(marit, samira, karim)
    the_plan_is_made(marit)
    everybody_agrees(come_in, samira, karim)
    a_goal_is_looked_at_together(marit)
    the_care_ends_well(come_in, marit, samira)


def what_the_family_needs(marit: Visitor, samira: Visitor, karim: Visitor) -> None:
    # Samira goes on where she was, on her telephone.
    samira.goes_to("needs")
    samira.reads("Verder waar u was")
    samira.follows("Verder waar u was")
    fill_in_the_scan(
        samira,
        topics={
            "development": ["Spelen en plezier"],
        },
        answers={
            "nights": {
                "Hoe gaat het nu?": "Ik word wakker van elk piepje.",
                "Hoe zou u het willen?": "Een paar nachten echt slapen.",
                "Wat is er nodig?": "Iemand die waakt.",
                "": "Dit moet eerst",
            },
            "play": {"Hoe zou u het willen?": "Dat hij op zijn buik kan spelen, met de slang."},
        },
    )
    samira.reads("Controleer uw antwoorden", "Ik word wakker van elk piepje.")
    samira.follows("Ik ben klaar")
    samira.reads("Dank u wel")

    # Karim has his own part, and scripts switched off.
    karim.goes_to("needs")
    karim.follows("Begin")
    fill_in_the_scan(karim, topics={}, answers={})
    karim.follows("Ik ben klaar")

    # Marit adds what she sees, beside the words of the family and never over them.
    marit.goes_to("needs")
    marit.follows("Begin met aanvullen")
    fill_in_the_scan(
        marit,
        topics={"medical": ["Zorg en slaap in de nacht"]},
        answers={"nights": {"Hoe is de situatie nu?": "De meter geeft vijf keer per nacht alarm."}},
    )
    marit.goes_to("needs/together/medical/nights")
    marit.reads("Ik word wakker van elk piepje.", "De meter geeft vijf keer per nacht alarm.")
    marit.goes_to("needs/close")
    marit.presses("Sluit af en geef door aan het plan")
    marit.reads("afgesloten")


def the_plan_is_made(marit: Visitor) -> None:
    marit.goes_to("plan")
    marit.follows("Begin met het plan")
    marit.presses("Begin vanuit de behoeften")
    marit.reads("voor u het kunt voorleggen", "Een paar nachten echt slapen.")

    plan_the_goal(marit, "Een paar nachten echt slapen.", NIGHTS)
    plan_the_goal(marit, "Dat ik weet wat ik moet doen", LEARNING)
    leave_out_on_purpose(
        marit, "Dat hij op zijn buik kan spelen", "Samira en Karim doen dit zelf, elke ochtend."
    )
    marit.reads("Er mist niets.")
    marit.follows("Voorleggen aan de familie")
    marit.reads("Samira Haddad", "Karim Haddad", "kinderarts")
    marit.presses("Voorleggen aan de familie")
    marit.reads("Versie 1 is onderweg")


NIGHTS = {
    "Wat spreekt u af?": "Waken in de nacht",
    "Wie doet het?": "Sanne Kok",
    "Waar?": "thuis",
    "Wanneer?": "maandag, woensdag en vrijdag, 23.00 tot 7.00 uur",
    "Onder welke wet?": "Zvw",
}
LEARNING = {
    "Wat spreekt u af?": "Samen de sonde inbrengen, tot het vertrouwd is",
    "Wie doet het?": "Jelle Prins",
    "Waar?": "thuis",
    "Wanneer?": "elke dag in de eerste week",
    "Onder welke wet?": "Zvw",
}


def everybody_agrees(come_in: Callable[..., Visitor], samira: Visitor, karim: Visitor) -> None:
    for parent in (samira, karim):
        parent.opens("Yusuf Haddad")
        parent.reads("Bent u het eens met het plan?")
        parent.goes_to("plan/versions/1/sign")
        parent.reads("Waken in de nacht", "Sanne Kok")
        parent.chooses("Ja, ik ben het eens met dit plan")
        parent.presses("Stuur het antwoord")
        parent.reads("Wie is het eens")

    # The parents agree; the paediatrician is responsible for the medical side.
    karin = come_in("Dr. Karin van Dijk", "Yusuf Haddad")
    karin.reads("Plan beoordelen en goedkeuren")
    karin.goes_to("plan/versions/1/approve")
    karin.chooses("Ja, ik keur het goed")
    karin.presses("Stuur het antwoord")
    karin.reads("Karin van Dijk", "goedgekeurd")

    # Now the plan is in force, and Sanne is asked for the nights.
    samira.goes_to("plan")
    samira.reads("Ons plan", "Een paar nachten echt slapen.")
    samira.follows("Lees het plan")
    sanne = come_in("Sanne Kok", "Yusuf Haddad")
    sanne.reads("Er wordt een afspraak van u gevraagd")
    sanne.goes_to("plan")
    sanne.follows("Waken in de nacht")
    sanne.chooses("Ja, afgesproken")
    sanne.presses("Stuur het antwoord")
    sanne.reads("afgesproken")


def a_goal_is_looked_at_together(marit: Visitor) -> None:
    marit.goes_to("plan")
    marit.follows("Een paar nachten echt slapen.")
    marit.follows("Samen bekijken")
    marit.chooses("2. een begin")
    marit.writes("Wat vinden kind en gezin?", "Twee nachten geslapen. Ik herken mezelf weer.")
    marit.presses("Bewaren")
    marit.reads("Hoe het ging", "Ik herken mezelf weer.")


def the_care_ends_well(come_in: Callable[..., Visitor], marit: Visitor, samira: Visitor) -> None:
    # The closure tree.
    marit.goes_to("closure")
    marit.follows("Begin")
    for answer in ("Verpleging is niet meer nodig", "Nee", "Ja"):
        marit.chooses(answer)
        marit.presses("Verder")
    marit.reads("behoeften gaan naar andere disciplines")

    # No closing with an open need.
    close_the_care(marit)
    marit.reads("De zorg kan nog niet worden afgesloten")

    # Each need: somebody takes it over, or nobody has to.
    marit.goes_to("closure")
    arrange_the_need(marit, "Iemand die waakt.", receiver="Huisartsenpraktijk Lindelaan")
    arrange_the_need(marit, "Samen oefenen.", none="Hier is geen hulp meer voor nodig")
    arrange_the_need(marit, "Dat hij op zijn buik kan spelen", none="Hier is geen hulp meer voor nodig")
    close_the_care(marit)
    marit.reads("We wachten op antwoord van wie dit overneemt.")

    # Who was asked says yes; only then the care may close.
    wim = come_in("Wim Hoekstra", "Yusuf Haddad")
    wim.reads("U wordt gevraagd iets over te nemen")
    wim.follows("Antwoord")
    wim.follows("Antwoord")
    wim.chooses("Ja, wij nemen dit over")
    wim.presses("Stuur het antwoord")
    close_the_care(marit)
    marit.reads("Huisartsenpraktijk Lindelaan", "Veldzicht: 055 500 02 00")

    # A warm goodbye, also for the family; the journey is closed.
    samira.goes_to("closure")
    samira.follows("Lees wat er geregeld is")
    samira.reads("Dank u wel", "Veldzicht: 055 500 02 00")
    samira.goes_to("way")
    samira.opens("Yusuf Haddad")


def test_a_child_says_it_herself(come_in: Callable[..., Visitor]) -> None:
    # Noor is eight, nearly nine. Marit opens a new scan, because a lot has changed.
    marit = come_in("Marit van der Laan", "Noor van Essen")
    marit.goes_to("needs")
    marit.presses("Nieuwe scan beginnen")

    # Noor has a page of her own: pictures, few words, and skipping is always allowed.
    noor = come_in("Noor van Essen", "Noor van Essen", width="narrow")
    noor.goes_to("needs/next")
    fill_in_the_scan(
        noor,
        topics={"medical": ["Pijn of je niet lekker voelen"]},
        answers={"comfort": {"": "niet leuk", "Hoe zou je het willen?": "Dat ik zelf aftel."}},
    )
    noor.reads("Dat ik zelf aftel.")
    noor.follows("Ik ben klaar")
    noor.opens("Noor van Essen")

    # What she says stands beside what the others say, in her words.
    marit.goes_to("needs/together/medical/comfort")
    marit.reads("Dat ik zelf aftel.")
