"""A mother closes the file to a school while the teacher has it open, and gives it back as easily."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser
SCHOOL = "Basisschool De Boomgaard"
OF_THE_CHILD = ("Noor", "Essen", "les", "zorg", "ziekenhuis")


@pytest.fixture
def els(come_in: Callable[..., Visitor]) -> Visitor:
    """The teacher, with the page of what she agreed to do open before her."""
    els = come_in("Els Verhoeven", "Noor van Essen")
    els.goes_to("plan")
    els.follows("Les thuis en meedoen via het scherm")
    return els


@pytest.fixture
def wietske(come_in: Callable[..., Visitor]) -> Visitor:
    """The mother, on her telephone with scripts switched off."""
    return come_in("Wietske van Essen", "Noor van Essen", width="narrow", javascript=False)


def closes(mother: Visitor) -> None:
    """Four taps, from the start page of the child; the reason is not asked again."""
    mother.follows("Wie mag wat zien?")
    mother.reads(SCHOOL, "Ziet alleen het eigen deel")
    mother.follows(f"Bekijk of verander: {SCHOOL}")
    mother.follows("Nee, mag niet meekijken")
    mother.reads("Waarom? (hoeft niet)")
    mother.presses("Nu dichtzetten")
    mother.reads("Het is bewaard", SCHOOL, "Ziet niets")


def gives_back(mother: Visitor) -> None:
    mother.follows("Wie mag wat zien?")
    mother.follows(f"Bekijk of verander: {SCHOOL}")
    mother.follows("Ja, mag meekijken")
    mother.presses("Verder")
    mother.reads("Controleer uw antwoorden", f"{SCHOOL} mag zien", "zien zij alleen hun eigen deel")
    mother.presses("Ja, dit klopt")
    mother.reads("Het is bewaard", SCHOOL, "Ziet alleen het eigen deel")


def test_a_yes_is_taken_back_while_the_page_is_open(els: Visitor, wietske: Visitor) -> None:
    agreement = els.page.url
    closes(wietske)

    # What stands on her screen leads nowhere any more, and what is refused says nothing of the child.
    meets_nothing(els, lambda: els.page.get_by_role("link", name="Dit is gedaan").click())
    for address in (agreement, f"{els.child}/", f"{els.child}/plan", f"{els.child}/team"):
        els.may_not_open(address)
        els.finds_nothing_of(*OF_THE_CHILD)
    els.goes_to("/start")
    els.reads("Dag Els Verhoeven")
    els.finds_nothing_of("Noor")

    gives_back(wietske)
    els.goes_to("/start")
    els.follows("Noor van Essen")
    els.goes_to("plan")
    els.reads("Les thuis en meedoen via het scherm")
    wietske.goes_to("trail")
    wietske.reads("Els Verhoeven")


def test_a_form_that_was_being_filled_changes_nothing_any_more(els: Visitor, wietske: Visitor) -> None:
    els.follows("Dit kan niet meer")
    field = els.page.locator("main textarea").first
    field.fill("De klas heeft een nieuwe juf.")
    closes(wietske)
    meets_nothing(els, lambda: els.page.locator("main button[type=submit]").first.click())
    gives_back(wietske)
    wietske.goes_to("plan")
    wietske.reads("Les thuis en meedoen via het scherm")
    wietske.finds_nothing_of("nieuwe juf")


def meets_nothing(visitor: Visitor, does: Callable[[], Any]) -> None:
    """What somebody does leads to a page that is not there, and that is silent about the child."""
    with visitor.page.expect_navigation(wait_until="load") as led:
        does()
    assert led.value.status == 404
    visitor.looks()
    visitor.reads("Deze pagina is er niet")
    visitor.finds_nothing_of(*OF_THE_CHILD)
