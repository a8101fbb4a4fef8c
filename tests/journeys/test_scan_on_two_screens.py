"""The scan on several screens: gone on with at home, typed by another, read back to agree to, and from paper."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser
CHILD = "Yusuf Haddad"


def test_begun_in_hospital_and_gone_on_with_at_home_on_the_telephone(
    come_in: Callable[..., Visitor],
) -> None:
    tablet = come_in("Samira Haddad", CHILD)
    tablet.goes_to("needs")
    tablet.follows("Verder waar u was")
    begun = tablet.page.url
    tablet.follows("Stoppen en later verder")

    # At home on her telephone, without scripts, she stands at the same question.
    phone = come_in("Samira Haddad", CHILD, width="narrow", javascript=False)
    phone.goes_to("needs")
    phone.follows("Samen invullen: voor u begint")
    phone.reads("U mag elk moment stoppen", "ook op een ander apparaat", "Nog ")
    phone.follows("Naar de eerste vraag")
    assert phone.page.url == begun
    phone.presses_skip()
    assert phone.page.url != begun
    phone.goes_to("needs/answers")
    phone.reads("In het ziekenhuis mag ik de sonde spoelen")


def test_the_nurse_types_the_mothers_telephone_follows_and_she_agrees(
    come_in: Callable[..., Visitor],
) -> None:
    marit = come_in("Marit van der Laan", CHILD)
    marit.goes_to("needs")
    marit.reads("Nog niets is nagelezen")
    marit.follows("Samira Haddad")
    marit.follows("Samen invullen: voor u begint")
    marit.reads("U vult dit in voor Samira Haddad")
    voice = marit.page.url.partition("?")[2]
    samira = come_in("Samira Haddad", CHILD, width="narrow")
    samira.goes_to("needs/follow")
    samira.reads("Dit is de vraag die nu open is")
    samira.finds_nothing_of("Dit is voor u opgeschreven")
    marit.goes_to(f"needs/topic/nights?{voice}")
    marit.writes("Hoe gaat het nu", "Wij slapen om de beurt")
    marit.writes("Uw eigen aantekening", "Nachtzorg bespreken")
    marit.presses_next()

    # Her own screen goes along by itself, with what was written down for her.
    samira.reads("Dit is voor u opgeschreven", "Wij slapen om de beurt", "Marit van der Laan")

    samira.goes_to("needs/summary")
    samira.reads("Klopt dit?", "Zij heeft hem nog nooit vastgehouden")
    samira.chooses("Ja, dit klopt")
    samira.presses("Bewaren en verder")
    night = samira.page.locator("section", has_text="Wij slapen om de beurt").last
    night.locator("summary").click()
    night.locator("textarea").fill("Ik slaap niet meer dan drie uur")
    samira.presses("Bewaren en verder")
    samira.reads("Dank u wel voor het nalezen", "De rest mag later")

    marit.goes_to("needs")
    marit.reads("Nagelezen met het gezin", "nagelezen en akkoord")
    marit.goes_to("needs/together/medical")
    marit.reads("Ik slaap niet meer dan drie uur", "Nachtzorg bespreken")


def test_the_coach_types_in_what_came_on_paper(come_in: Callable[..., Visitor]) -> None:
    fatma = come_in("Fatma Yildirim", CHILD)
    fatma.goes_to("/paper")
    fatma.reads("Die typt uw woorden over, onder uw naam")
    fatma.goes_to("needs")
    fatma.follows("Samira Haddad")
    voice = fatma.page.url.partition("?")[2]
    fatma.goes_to(f"needs/topic/eating?{voice}")
    fatma.writes("Hoe gaat het nu", "Hij drinkt kleine beetjes")
    fatma.presses_next()
    samira = come_in("Samira Haddad", CHILD, width="narrow", javascript=False)
    samira.goes_to("needs/together/medical")
    samira.reads("Hij drinkt kleine beetjes", "ingevuld door Fatma Yildirim")
    samira.goes_to("needs/topic/eating")
    samira.reads("Maak het laatste antwoord ongedaan")
