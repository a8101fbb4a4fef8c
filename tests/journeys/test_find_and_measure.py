"""Linda looks for a word, writes a weight down beside Sterre's own range, and reads who gives which medicine."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser


def test_a_mother_finds_what_was_written_without_scripts(
    come_in: Callable[..., Visitor], open_page: Callable[..., Any], check_page: Callable[..., None]
) -> None:
    linda = come_in("Linda de Wit", "Sterre de Wit", width="narrow")
    linda.follows("Zoeken")
    linda.writes("Wat zoekt u?", "slapen")
    linda.presses("Zoeken")
    linda.reads("geslapen", "Verslag", "gevonden")
    check_page(linda.page)
    linda.writes("Wat zoekt u?", "ijsbeer canule")
    linda.presses("Zoeken")
    linda.reads("Geen resultaat", "Probeer minder woorden")
    check_page(linda.page)
    linda.goes_to("trail")
    linda.reads("zocht in wat er over het kind staat")
    linda.finds_nothing_of("ijsbeer")


def test_a_mother_writes_a_weight_and_reads_the_medicines(
    come_in: Callable[..., Visitor], check_page: Callable[..., None]
) -> None:
    linda = come_in("Linda de Wit", "Sterre de Wit", width="narrow")
    linda.goes_to("record/measurements/new")
    check_page(linda.page)
    linda.chooses("Gewicht (kg)")
    linda.writes("Hoeveel?", "12,4")
    linda.presses("Bewaren")
    linda.reads("Gewicht", "12,4 kg", "buiten het eigen bereik van 13 tot en met 15,5 kg")
    check_page(linda.page)
    linda.goes_to("medication")
    linda.reads("Salbutamol vernevelen", "Macrogol sachet", "geven wij thuis", "Gestopt of niet meer gegeven")
    check_page(linda.page)
