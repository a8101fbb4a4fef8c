"""What somebody hears who does not see the page: the names and the order in the accessibility tree."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser
# Roles that say nothing without a name.
NAMED = re.compile(
    r"- '?(link|button|img|textbox|radio|checkbox|combobox|figure|navigation|progressbar)(?![\w\"' ])"
)
SCAN = """
- main:
  - link "Stoppen en later verder"
  - text: /Vraag \\d van \\d/
  - progressbar "Vraag"
  - 'group "De gezondheid van uw kind: waar heeft u hulp bij nodig?"':
    - heading [level=1]
    - checkbox "De nacht" [checked]
  - button "Verder"
  - button "Sla over"
"""
PLAN = """
- main:
  - heading "Ons plan" [level=1]
  - link "Lees het plan"
  - heading "Gezondheid" [level=2]
  - article:
    - heading [level=3]:
      - link
    - text: /Stap 4 van 5/
  - heading "Groeien en leren" [level=2]
  - heading "Samen leven" [level=2]
  - heading "Veilig thuis" [level=2]
  - heading "Wie doet wat?" [level=2]
"""
WEEK = """
- main:
  - heading "De week" [level=1]
  - navigation "De week"
  - heading /vandaag/ [level=2]
  - list:
    - listitem:
      - link /09:00–13:00 Rik de Wit/
    - listitem:
      - link /19:00–22:00 Sanne Kok, Kinderthuiszorg Veldzicht/
"""
CARD = """
- main:
  - heading "Noodkaart van Sterre de Wit" [level=1]
  - heading "Wat te doen als het misgaat" [level=2]
  - heading "Allergieën" [level=2]
  - heading "Medicijnen" [level=2]
  - heading "Wie u belt" [level=2]
  - paragraph:
    - link "112"
  - link "Marit van der Laan 06 55 50 02 01"
"""


def test_a_page_without_a_name_is_heard(page: Any) -> None:
    page.set_content("<main><button></button><a href='#'>x</a></main>")
    assert NAMED.search(page.locator("main").aria_snapshot())


@pytest.mark.parametrize(
    ("name", "child", "address", "heard"),
    [
        ("Linda de Wit", "Sterre de Wit", "plan", PLAN),
        ("Linda de Wit", "Sterre de Wit", "week", WEEK),
        ("Linda de Wit", "Sterre de Wit", "card", CARD),
    ],
)
def test_what_a_mother_hears(
    come_in: Callable[..., Visitor], name: str, child: str, address: str, heard: str
) -> None:
    visitor = come_in(name, child, width="narrow")
    visitor.goes_to(address)
    expect(visitor.page.locator("body")).to_match_aria_snapshot(heard)
    whole = visitor.page.locator("body").aria_snapshot()
    assert not NAMED.search(whole), NAMED.search(whole)
    assert whole.index('"Naar de inhoud"') < whole.index("- banner") < whole.index("- main")


def test_what_a_father_hears_in_the_scan(come_in: Callable[..., Visitor]) -> None:
    marit = come_in("Marit van der Laan", "Sterre de Wit")
    marit.goes_to("needs")
    marit.presses("Nieuwe scan beginnen vanaf deze")
    rik = come_in("Rik de Wit", "Sterre de Wit", width="narrow")
    rik.goes_to("needs/choose/medical")
    expect(rik.page.locator("body")).to_match_aria_snapshot(SCAN)
