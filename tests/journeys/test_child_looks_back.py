"""A girl of nine looks at her plan by herself, on a small telephone; her nurse sees it beside what the adults say."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser
GOOD = "Tekenen tijdens het infuus."
WISH = "Vaker naar school op dinsdag."


def test_a_girl_of_nine_says_how_her_plan_goes(come_in: Callable[..., Visitor]) -> None:
    noor = come_in("Noor van Essen", "Noor van Essen", width="narrow")
    noor.follows("Vertel wat jij vindt")
    faces = ["goed", "niet zo goed"]
    while noor.asks("Hoe gaat dit?"):
        if faces:
            noor.chooses(faces.pop(0))
            noor.presses_next()
        else:
            noor.presses_skip()
    noor.writes("Wat ging goed?", "Ik weet het niet.")
    noor.presses_next()
    noor.follows("Vorige vraag")
    noor.presses("Haal weg")
    noor.writes("Wat ging goed?", GOOD)
    noor.presses_next()
    noor.presses_skip()
    noor.writes("Wat wil je nu?", WISH)
    noor.presses_next()

    # Whoever looks now finds nothing: she has not said yet for whom it is.
    marit = come_in("Marit van der Laan", "Noor van Essen")
    marit.goes_to("reviews")
    marit.goes_by("main a[href*='/reviews/0']")
    marit.reads("Wietske van Essen")
    marit.finds_nothing_of(GOOD, WISH)

    noor.reads("Wie mag dit lezen?", GOOD, "niet zo goed")
    noor.presses("Zo is het goed")
    noor.reads("Kies wie dit mag lezen.")
    noor.chooses("Mijn ouders en wie voor mij zorgt")
    noor.presses("Zo is het goed")
    assert "Dankjewel" in noor.page.locator(".kz-messages").inner_text()
    noor.reads(GOOD, WISH)

    marit.goes_to(marit.page.url.removeprefix(marit.site))
    marit.reads(GOOD, WISH, "Wietske van Essen", "Noor van Essen: goed", "Noor van Essen: niet zo goed")
    assert marit.page.get_by_role("heading", name="Noor van Essen", exact=True).count() == 1
