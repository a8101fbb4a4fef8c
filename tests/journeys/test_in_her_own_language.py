"""Mothers who read Arabic: from an invitation to her yes to the plan, and her own words with a translation below."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.people import Visitor
from tests.journeys.test_coming_in import born, invites

pytestmark = pytest.mark.browser
NURSE = "Marit van der Laan"
WORDS = "أخاف أن يخرج الأنبوب في الليل (Fr 6)."
ARABIC = "button[name=language][value=ar]"


def from_right_to_left(visitor: Visitor) -> None:
    """The page is in Arabic, begins at the right, and is no wider than the telephone."""
    page = visitor.page
    assert page.locator("html").get_attribute("lang") == "ar"
    assert page.locator("h1").first.evaluate("one => getComputedStyle(one).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_from_her_invitation_to_her_yes(
    come_in: Callable[..., Visitor],
    open_page: Callable[..., Any],
    site: str,
    check_page: Callable[..., None],
) -> None:
    marit = come_in(NURSE, "Lotte van Beek")
    link = invites(marit, "Amina Saleh", "pleegouder", **{"Ja, samen met iemand anders": "uitspraak gezien"})

    amina = Visitor(open_page("narrow"), site, check_page)
    amina.goes_to(link.removeprefix(site))
    amina.goes_by(ARABIC)
    from_right_to_left(amina)
    day = born("6-lotte")
    for place, value in enumerate((day.day, day.month, day.year)):
        amina.page.locator(f"[name=born_{place}]").fill(str(value))
    amina.presses_next()
    from_right_to_left(amina)
    amina.goes_by("main a.kz-button")
    for field, value in (
        ("name", "Amina Saleh"),
        ("email", "amina@voorbeeld.nl"),
        ("password", "regen fiets maandag"),
    ):
        amina.page.locator(f"[name={field}]").fill(value)
    amina.presses_next()
    from_right_to_left(amina)
    amina.child = marit.child

    # The plan that the nurse offered waits for her too; she says yes.
    amina.goes_to("plan/versions/1/sign")
    from_right_to_left(amina)
    amina.page.locator("[name=answer][value=yes]").check(force=True)
    amina.goes_by("#answer button[type=submit]")
    from_right_to_left(amina)
    marit.goes_to("plan")
    marit.reads("Amina Saleh")


def test_she_answers_in_arabic_and_the_nurse_places_a_translation_below(
    come_in: Callable[..., Visitor],
) -> None:
    samira = come_in("Samira Haddad", "Yusuf Haddad", width="narrow")
    samira.page.locator(".kz-account__summary").last.click()
    samira.goes_by(ARABIC)
    samira.goes_to("needs/topic/nights")
    from_right_to_left(samira)
    assert samira.page.locator("[name=written_in]").input_value() == "ar"
    samira.page.locator("[name=now]").fill(WORDS)
    samira.presses_next()

    marit = come_in(NURSE, "Yusuf Haddad")
    marit.goes_to("needs/together/medical")
    marit.reads(WORDS, "In het Arabisch")
    said = marit.page.locator("[lang=ar]", has_text=WORDS)
    assert said.evaluate("one => getComputedStyle(one).direction") == "rtl"
    marit.follows("Zet er een vertaling bij")
    marit.writes("Hoe het nu is", "Ik ben bang dat het slangetje eruit gaat")
    marit.presses("Bewaren")
    marit.reads(WORDS, "Ik ben bang dat het slangetje eruit gaat", "Niet nagekeken door een tolk.")

    # Her words stand as she wrote them; the Dutch below them begins at the left, on her page too.
    samira.goes_to("needs/together/medical")
    from_right_to_left(samira)
    samira.reads(WORDS)
    dutch = samira.page.locator("[lang=nl]", has_text="slangetje")
    assert dutch.evaluate("one => getComputedStyle(one).direction") == "ltr"
