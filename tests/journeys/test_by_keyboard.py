"""The main tasks with a keyboard alone: nothing is clicked, and where one stands is always to be seen."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.people import SLOW, Visitor

pytestmark = pytest.mark.browser
FAR = 120  # more presses than any page should ask; then it is not reached at all
# What has the focus: its name as it is read, and whether a ring or a line around it shows so.
FOCUSED = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  const labels = [...(here.labels ?? [])].map(label => label.textContent);
  const group = here.closest("fieldset")?.querySelector("legend")?.textContent ?? "";
  const around = here.type === "radio" || here.type === "checkbox" ? [here.parentElement, here.labels?.[0]] : [];
  const ring = one => one && getComputedStyle(one).outlineStyle !== "none";
  return {
    name: [here.ariaLabel, ...labels, here.textContent, here.type === "radio" ? group : ""].join(" "),
    // In a field of a date or time the browser itself marks the day, the month and the button that stand in it.
    seen: ring(here) || style.boxShadow !== "none" || around.some(ring) || /date|time/.test(here.type),
  };
}"""


class Keys:
    """Somebody who has no mouse. The words name what is gone to, as it is read out."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    def goes_to(self, words: str, key: str = "Tab") -> None:
        """Press Tab until what has the focus says these words."""
        passed: list[str] = []
        for _ in range(FAR):
            self.page.keyboard.press(key)
            focused: Any = self.page.evaluate(FOCUSED)
            assert focused["seen"], f"{self.page.url}: nothing shows that {focused['name']!r} has the focus"
            passed.append(" ".join(focused["name"].split()))
            if words in passed[-1]:
                return
        pytest.fail(f"{self.page.url}: {words!r} is not reached by {key}, after {passed[-20:]}")

    def opens(self, words: str) -> None:
        """Go to a link or button and press Enter: another page comes."""
        self.goes_to(words)
        with self.page.expect_navigation(wait_until="load", timeout=SLOW):
            self.page.keyboard.press("Enter")

    def child(self) -> str:
        """The address of the child whose page is open, for what is not gone to step by step."""
        return "/" + "/".join(self.page.url.split("/")[3:5])

    def writes(self, field: str, words: str) -> None:
        """Go to a field and type."""
        self.goes_to(field)
        self.page.keyboard.type(words)


def at_the_door(open_page: Callable[..., Any], site: str, check_page: Callable[..., None]) -> Keys:
    visitor = Visitor(open_page("narrow"), site, check_page)
    visitor.goes_to("/sign-in")
    return Keys(visitor)


def test_a_mother_proposes_a_change(
    open_page: Callable[..., Any], site: str, check_page: Callable[..., None]
) -> None:
    keys = at_the_door(open_page, site, check_page)
    keys.goes_to("Naar de inhoud")
    keys.page.keyboard.press("Enter")
    expect(keys.page.locator("#main")).to_be_focused()
    keys.opens("Linda de Wit")
    keys.opens("Gezondheid")
    keys.opens("Stel een wijziging voor")
    keys.goes_to("Waar gaat uw voorstel over?")
    keys.page.keyboard.press("Space")
    expect(keys.page.get_by_label("Een nieuw doel")).to_be_checked()
    keys.page.keyboard.press("ArrowDown")
    expect(keys.page.get_by_label("Een nieuwe afspraak")).to_be_checked()
    keys.opens("Voorstel versturen")
    keys.goes_to("Wat wilt u veranderen?")  # the summary of what is missing leads to the field itself
    keys.page.keyboard.press("Enter")
    keys.page.keyboard.type("Graag op dinsdag een andere tijd.")
    keys.opens("Voorstel versturen")
    keys.visitor.reads("Graag op dinsdag een andere tijd.")


def test_a_father_answers_a_question_of_the_scan(
    come_in: Callable[..., Visitor],
    open_page: Callable[..., Any],
    site: str,
    check_page: Callable[..., None],
) -> None:
    marit = come_in("Marit van der Laan", "Noor van Essen")
    marit.goes_to("needs")
    marit.presses("Nieuwe scan beginnen vanaf deze")
    keys = at_the_door(open_page, site, check_page)
    keys.opens("Bart van Essen")
    keys.opens("Wat heeft u nodig?")
    keys.opens("Groeien en leren")
    keys.goes_to("School of opvang")
    if not keys.page.evaluate("document.activeElement.checked"):
        keys.page.keyboard.press("Space")
    keys.opens("Verder")
    keys.opens("Sla over")
    keys.visitor.goes_to(f"{keys.child()}/needs/topic/school")
    keys.writes("Hoe gaat het nu?", "Hij mist zijn klas.")
    keys.opens("Verder")
    keys.visitor.goes_to(f"{keys.child()}/needs/answers")
    keys.visitor.reads("School of opvang", "Hij mist zijn klas.")


def test_a_nurse_writes_a_report(
    open_page: Callable[..., Any], site: str, check_page: Callable[..., None]
) -> None:
    keys = at_the_door(open_page, site, check_page)
    keys.opens("Marit van der Laan")
    keys.opens("Sterre de Wit")
    keys.opens("Verslagen")
    keys.opens("Schrijf een verslag")
    keys.writes("Wat zag of deed u?", "Samen gebaren geoefend, ging vanzelf.")
    keys.goes_to("Meer: bij een doel")
    keys.page.keyboard.press("Enter")
    keys.goes_to("Bewaren")
    with keys.page.expect_navigation(wait_until="load", timeout=SLOW):
        keys.page.keyboard.press("Space")
    keys.visitor.reads("Samen gebaren geoefend, ging vanzelf.")
