"""The care coach sees who needs her, calls, and starts together with a mother by one tap."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser


def test_the_coach_starts_together_with_a_mother(come_in: Callable[..., Visitor]) -> None:
    fatma = come_in("Fatma Yildirim")
    fatma.follows("Mijn gezinnen")
    fatma.reads("Wat kunnen we nu samen doen?", "Yusuf Haddad", "De vragen van de hulpbehoeftescan invullen")
    fatma.reads("Wie vastloopt", "Lotte van Beek", "Het plan bekijken dat op een ja of nee wacht")
    fatma.reads("Nog niet binnen", "Gloria Martina")
    fatma.finds_nothing_of("Daan", "Fenna", "Jesse")  # families of others
    fatma.presses("Samen met Samira Haddad")
    banner = fatma.page.get_by_label("Invullen voor het gezin")
    assert "Samira Haddad (Yusuf), aan de telefoon" in banner.inner_text()
    fatma.reads("Samira Haddad")

    # What was begun stands in the trail that the mother reads; a nurse has no such page.
    fatma.child = fatma.page.url.partition("/needs")[0]
    samira = come_in("Samira Haddad", "Yusuf Haddad", width="narrow")
    samira.goes_to("trail")
    samira.reads("namens Samira Haddad", "begon samen in te vullen")
    fatma.goes_to("/coach")
    fatma.presses("Stop")
    assert banner.count() == 0
    come_in("Marit van der Laan").may_not_open("/coach")


def test_a_coach_is_offered_and_the_mother_answers(come_in: Callable[..., Visitor]) -> None:
    marit = come_in("Marit van der Laan", "Jesse Molenaar")
    marit.reads("Bied een zorgcoach aan")
    marit.goes_to("coach")
    marit.presses("Bied een zorgcoach aan")
    marit.reads("Het gezin moet nog ja of nee zeggen")
    petra = come_in("Petra Molenaar", "Jesse Molenaar", width="narrow")
    petra.reads("Wilt u een zorgcoach?")
    petra.goes_to("coach")
    petra.follows("Ja of nee zeggen")
    petra.chooses("Nee, nu niet")
    petra.writes("Wilt u er meer over zeggen?", "Eerst de Wlz.")
    petra.presses("Bewaar het antwoord")
    petra.reads("U wilt nu geen zorgcoach. Wij vragen het u weer vanaf 14 december 2026.")
    petra.follows("Ja of nee zeggen")
    petra.chooses("Ja, wij willen een zorgcoach")
    petra.presses("Bewaar het antwoord")
    petra.reads("De verpleegkundige nodigt iemand uit")
    marit.goes_to("")
    marit.reads("Het gezin wil een zorgcoach: nodig iemand uit")
    marit.goes_to("coach")
    marit.reads("Eerst de Wlz.", "Ja gezegd")
    marit.follows("Nodig een zorgcoach uit")
