"""Sterre: her father prepares for the review first, the nurse reads it, they step down with a net, and he goes back."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser

GOOD = "De nachten gaan goed, ook met een nacht minder."
HARD = "Mees vindt het druk als er veel mensen zijn."


def test_a_review_is_prepared_by_the_family_first_and_less_care_has_a_way_back(
    come_in: Callable[..., Visitor],
) -> None:
    # Rik has three questions on his telephone. Two of them are enough.
    rik = come_in("Rik de Wit", "Sterre de Wit", width="narrow", javascript=False)
    rik.goes_to("reviews")
    rik.reads("Samen terugkijken", "Dit is gelukt")
    rik.follows("Bereid u voor")
    rik.presses("Bewaren")
    rik.reads("Vul ten minste één van de drie vragen in")
    rik.writes("Wat gaat goed?", GOOD)
    rik.writes("Wat gaat niet goed?", HARD)
    rik.presses("Bewaren")
    rik.reads(GOOD, HARD)

    # Sanne comes after the family; she reads what it wrote before she writes her own.
    sanne = come_in("Sanne Kok", "Sterre de Wit")
    sanne.goes_to("reviews")
    sanne.follows("Bereid voor")
    sanne.writes("Wat gaat goed?", "Rustige nachten.")
    sanne.presses("Bewaren")
    shown = sanne.page.locator("main").inner_text()
    assert shown.index(GOOD) < shown.index("Rustige nachten.")

    # Marit holds the review: a day to look again is chosen at once.
    marit = come_in("Marit van der Laan", "Sterre de Wit")
    marit.goes_to("reviews")
    marit.goes_by("main a[href*='/reviews/0']")
    marit.reads(HARD)
    marit.follows("Het is gedaan")
    marit.writes("Wat is de conclusie?", "Een nacht minder, met een vangnet.")
    marit.presses("Bewaren")
    marit.reads("Een nacht minder, met een vangnet.")

    # Weeks later it is too much. In one tap Rik asks back what was agreed before.
    rik.goes_to("plan")
    rik.follows("Linda en Rik slapen")
    rik.reads("Afbouwen met een vangnet")
    rik.presses("Terug naar zoals het was")
    assert "het aangaat heeft bericht" in rik.page.locator(".kz-messages").inner_text()
    marit.goes_to("/notices")
    marit.reads("Iemand schaalt terug")
