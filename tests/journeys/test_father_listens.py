"""A father who reads little fills in his part of the scan on his telephone: he listens, and taps instead of writing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.people import SLOW, Visitor
from tests.journeys.test_reading_aloud import VOICE

pytestmark = pytest.mark.browser


def test_a_father_who_reads_little_listens_and_taps(come_in: Callable[..., Visitor]) -> None:
    marit = come_in("Marit van der Laan", "Noor van Essen")
    marit.goes_to("needs")
    marit.presses("Nieuwe scan beginnen vanaf deze")

    bart = come_in("Bart van Essen", "Noor van Essen", width="narrow")
    bart.page.add_init_script(VOICE)
    bart.goes_to("needs/choose/medical")
    said = _listens(bart)
    assert "Pijn en ongemak" in " ".join(said), said
    bart.chooses("Pijn en ongemak")
    bart.presses_next()

    bart.goes_to("needs/topic/comfort")
    assert bart.page.locator("h1 svg").count(), "a picture stands beside the name of the topic"
    said = _listens(bart)
    assert "Hoe gaat het nu?" in " ".join(said), said
    assert "De ouders met gezag en de zorgverleners." in said, "who may see it is heard too"
    bart.page.get_by_text("Vertel meer").scroll_into_view_if_needed()
    bart.chooses("Dit moet eerst")
    bart.presses_next()
    bart.goes_to("needs/answers")
    bart.reads("Pijn en ongemak", "Dit moet eerst")

    marit.goes_to("needs/together/medical/comfort")
    marit.reads("Bart van Essen", "Eerst")


def _listens(who: Visitor) -> list[str]:
    """Let the page be read from beginning to end, and say what was heard."""
    who.page.evaluate("window.hold = false")
    play = who.page.get_by_role("button", name="Lees voor")
    play.click()
    expect(play).to_be_visible(timeout=SLOW)  # it is offered again at the end
    return [one[0] for one in who.page.evaluate("window.said")]
