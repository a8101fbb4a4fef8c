"""Finn: two laws at once, and professionals who see it differently. His mother is never asked to choose."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser

QUARREL = ("De gemeente vindt", "Loes Jansen", "ziet het anders", "Peter Scholten")


def test_two_laws_hold_at_once_and_professionals_settle_it(come_in: Callable[..., Visitor]) -> None:
    # Chantal reads that it is being sorted out, and nothing of the quarrel.
    chantal = come_in("Chantal Bakkers", "Finn Bakkers", width="narrow")
    chantal.goes_to("referral")
    chantal.reads("De professionals overleggen nog over één punt. Dat lossen zij samen op.")
    chantal.finds_nothing_of(*QUARREL)

    # Both laws hold. Wim, the family doctor, sees it differently too, and says why.
    wim = come_in("Wim Hoekstra", "Finn Bakkers")
    wim.goes_to("referral")
    wim.reads("Verpleging en verzorging thuis", "De zorgverzekeraar", "De gemeente")
    wim.follows("Ik zie het anders")
    wim.presses("Mijn mening bewaren")
    wim.reads("Schrijf op waarom u het anders ziet. Dan kunt u er samen uitkomen.")
    wim.writes("Waarom ziet u het anders?", "Het gedrag heeft ook een eigen oorzaak.")
    wim.presses("Mijn mening bewaren")
    wim.reads("Wim Hoekstra", "Het gedrag heeft ook een eigen oorzaak.")
    chantal.goes_to("referral")
    chantal.finds_nothing_of(*QUARREL, "Wim Hoekstra", "eigen oorzaak")

    # They sit down together. What they agree on is written with each difference.
    marit = come_in("Marit van der Laan")
    marit.reads("Collega's zien de uitkomst verschillend")
    marit.opens("Finn Bakkers")
    for _difference in range(2):
        marit.goes_to("referral")
        marit.follows("Schrijf op wat u heeft afgesproken")
        marit.writes(
            "Wat heeft u afgesproken?", "Verpleging via de Zvw, hulp bij het gedrag via de Jeugdwet."
        )
        marit.presses("De afspraak bewaren")
    marit.reads("Opgelost door Marit van der Laan", "hulp bij het gedrag via de Jeugdwet")
    marit.goes_to("/start")
    marit.finds_nothing_of("Collega's zien de uitkomst verschillend")

    # Both laws are kept in the decision, and now it reads as one outcome for Chantal.
    marit.opens("Finn Bakkers")
    marit.goes_to("referral")
    marit.follows("Besluiten")
    marit.presses("Bevestig het besluit")
    marit.reads("Dit is besloten")
    chantal.goes_to("referral")
    chantal.reads("Dit is besloten", "De zorgverzekeraar", "De gemeente")
    chantal.finds_nothing_of(*QUARREL, "overleggen nog")


def test_who_has_no_part_in_it_finds_no_page(come_in: Callable[..., Visitor]) -> None:
    marit = come_in("Marit van der Laan", "Finn Bakkers")
    finn = marit.child.removeprefix(marit.site)
    marit.opens("Lotte van Beek")
    lotte = marit.child.removeprefix(marit.site)

    # A nurse of another organisation; she cares for other children.
    aukje = come_in("Aukje Dijkstra")
    aukje.finds_nothing_of("Finn", "Lotte")
    for part in (
        "/",
        "/referral",
        "/needs",
        "/plan",
        "/closure",
        "/record",
        "/team",
        "/way",
        "/trail",
        "/card",
    ):
        aukje.may_not_open(finn + part)

    # Finn's father has no authority: his own part, and no signature.
    ricardo = come_in("Ricardo Martina", width="narrow")
    for page in (
        f"{finn}/plan/draft",
        f"{finn}/closure/decide",
        f"{finn}/trail",
        f"{finn}/referral/questions/x",
    ):
        ricardo.may_not_open(page)
    ricardo.may_not_open(f"{lotte}/")

    # Lotte's teacher: only what is asked of the school.
    els = come_in("Els Verhoeven")
    els.may_not_open(f"{finn}/")
    for page in ("/record", "/needs", "/referral", "/plan/draft", "/plan/full", "/closure", "/trail"):
        els.may_not_open(lotte + page)
