"""Sterre's emergency card: given to grandma, opened from the square without an account, taken back again."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser


def test_a_grandmother_opens_the_card_until_it_is_taken_back(
    come_in: Callable[..., Visitor], open_page: Callable[..., Any], check_page: Callable[..., None]
) -> None:
    linda = come_in("Linda de Wit", "Sterre de Wit", width="narrow")
    linda.follows("Noodkaart van Sterre")
    linda.reads(
        "Wat te doen als het misgaat", "112 bellen en zeggen dat Sterre een canule heeft", "Er is een plan"
    )
    linda.follows("Kaart om weg te geven")
    linda.reads("oma Anneke", "Nog niemand heeft gekeken")
    linda.presses("Maak de kaart")
    linda.reads("Schrijf op voor wie de kaart is, of waar hij hangt")
    linda.writes("Voor wie, of waar?", "de buren")
    linda.chooses("een week")
    linda.presses("Maak de kaart")
    linda.reads("De kaart is klaar", "U ziet dit vierkant alleen nu")
    link = linda.page.get_by_label("Of stuur deze link").input_value()
    assert len(re.findall(rb"/Type\s*/Page\b", linda.page.pdf(format="A4"))) == 1  # It hangs on the fridge.
    linda.goes_to("card/share")
    linda.reads("de buren")
    assert link not in linda.page.content()

    # The neighbour holds the card: no account, an old telephone without scripts. Fetching the link shows nothing yet.
    outside = open_page("narrow", javascript=False)
    assert outside.goto(link).status == 200
    assert "Sterre" not in outside.content()
    eyes = open_page("narrow")
    eyes.goto(link)
    check_page(eyes)
    outside.get_by_role("button", name="Toon de kaart").click()
    words = outside.locator("main").inner_text()
    for some in ("Sterre de Wit", "112 bellen en zeggen dat Sterre een canule heeft", "Linda de Wit"):
        assert some in words
    eyes.get_by_role("button", name="Toon de kaart").click()
    check_page(eyes)
    assert not outside.context.cookies()

    # Linda is told, reads in the trail with which card, and takes it back.
    linda.goes_to("/notices")
    linda.reads("Iemand bekeek de noodkaart")
    linda.goes_to("trail")
    linda.reads("de buren")
    linda.goes_to("card/share")
    linda.reads("2 keer bekeken")
    linda.presses("Trek in")
    linda.finds_nothing_of("de buren")
    assert outside.goto(link).status == 404
    assert "Deze kaart werkt niet meer" in outside.locator("main").inner_text()
    assert not re.search("Sterre|canule", outside.content())
    eyes.goto(link)
    check_page(eyes)
