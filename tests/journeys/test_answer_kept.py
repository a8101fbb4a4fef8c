"""Daan keeps an answer of the scan and an item of his file from his parents on a telephone, and gives one back."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser
CHILD = "Daan Hofstra"


def test_daan_keeps_an_answer_and_an_item_and_gives_the_answer_back(
    come_in: Callable[..., Visitor],
) -> None:
    daan = come_in("Daan Hofstra", CHILD, width="narrow", javascript=False)
    daan.goes_to("needs")
    daan.follows("Wie leest wat?")
    daan.reads("Dit heb jij verteld.")
    daan.goes_by("main section a")
    daan.reads("Is dit niet voor je ouders?", "Ook niet in het plan")
    daan.presses("Ja, niet voor mijn ouders")
    daan.reads("Niet voor mijn ouders", "Mijn ouders mogen dit weer lezen")
    daan.presses("Mijn ouders mogen dit weer lezen")
    daan.goes_to("record")
    daan.goes_by("main a[href$='/keep']")
    daan.reads("Is dit niet voor uw ouders?")
    daan.presses("Ja, niet voor mijn ouders")
    daan.reads("Mijn ouders mogen dit weer lezen")
