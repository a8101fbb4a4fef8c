"""A girl of nine does her part alone, on a small telephone: how she is, what she needs, and who may see it."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser
FEAR = "Prikken met drie mensen vind ik eng."
SECRET = "Ik mis Lisa heel erg."


def test_a_girl_of_nine_does_her_part_alone(come_in: Callable[..., Visitor]) -> None:
    marit = come_in("Marit van der Laan", "Noor van Essen")
    marit.goes_to("needs")
    marit.presses("Nieuwe scan beginnen vanaf deze")

    noor = come_in("Noor van Essen", "Noor van Essen", width="narrow")
    noor.follows("Kies een gezichtje")
    noor.chooses("niet zo goed", "Alleen mijn verpleegkundigen")
    noor.writes("Wil je er iets bij zeggen?", SECRET)
    noor.presses("Bewaren")
    noor.reads(SECRET, "alleen voor je verpleegkundigen")

    noor.goes_to("needs/seat")
    noor.chooses("Met plaatjes en gezichtjes")
    noor.presses("Verder")
    noor.goes_to("needs/choose/medical")
    noor.unchooses("Snappen wat je hebt")
    noor.presses_next()
    noor.reads("Pijn of je niet lekker voelen")
    noor.chooses("heel stom")
    noor.writes("Hoe gaat het nu?", FEAR)
    noor.presses_next()
    noor.reads("Wie mag dit zien?", FEAR)
    noor.chooses("Zeg dit eerst alleen tegen mijn verpleegkundige")
    noor.presses("Zo is het goed")

    wietske = come_in("Wietske van Essen", "Noor van Essen", width="narrow")
    wietske.goes_to("needs/together/medical")
    wietske.finds_nothing_of(FEAR)
    wietske.goes_to("mood")
    wietske.finds_nothing_of(SECRET)
    marit.goes_to("needs/together/medical")
    marit.reads(FEAR)
    marit.goes_to("mood")
    marit.reads(SECRET)
