"""Ruud gives a text his own words and his organisation its colours; Linda sees both, Hilde of another house neither."""

from collections.abc import Callable

import pytest

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser

STANDARD = "U zoekt in alles wat u hier mag lezen: verslagen, plan, scan, dossier en meer."
LONG = "U zoekt hier in alles wat over uw kind is geschreven en dat u zelf mag lezen van ons."
OWN = "Zoek hier in alles wat u mag lezen over uw kind."
PLUM = {
    "Kleur van links en nadruk (licht)": "#7a1f4f",
    "Zachte achtergrond (licht)": "#f8e8f0",
    "Kleur van knoppen (licht)": "#7a1f4f",
}


def brand(who: Visitor) -> str:
    """The colour of the links on the page that is open."""
    script = "getComputedStyle(document.documentElement).getPropertyValue('--kz-color-brand').trim()"
    return str(who.page.evaluate(script))


def house(who: Visitor) -> str:
    """The name of an organisation at the head of the page that is open."""
    return str(who.page.locator(".kz-page-header__organisation").inner_text()).strip()


def test_an_organisation_words_a_text_and_shows_its_colours_and_takes_both_back(
    come_in: Callable[..., Visitor],
) -> None:
    ruud = come_in("Ruud Mulder")
    ruud.follows("Eigen teksten en huisstijl")
    ruud.writes("Woorden uit de tekst", "zoekt alles hier mag lezen")
    ruud.presses("Zoeken")
    ruud.follows(STANDARD)
    ruud.writes("Uw tekst", LONG)
    ruud.presses("Eerst bekijken")
    ruud.reads("als u het bewaart", "Een lange zin: meer dan 15 woorden")
    ruud.writes("Uw tekst", OWN)
    ruud.presses("Bewaren")
    ruud.reads("Eerdere versies", STANDARD)

    ruud.goes_to("/organisation/style")
    ruud.writes("Kleur van links en nadruk (licht)", "#e08ab0")
    ruud.presses("Bekijken")
    ruud.reads("Te weinig verschil: 2,33 met de pagina", "Nodig is 4,5")
    for label, colour in PLUM.items():
        ruud.writes(label, colour)
    ruud.writes("Naam, zoals gezinnen u kennen", "Veldzicht thuis")
    ruud.presses("Bekijken")
    ruud.reads("Dit ziet nu alleen u")
    assert brand(ruud) == "#7a1f4f"

    linda = come_in("Linda de Wit", "Sterre de Wit", width="narrow")
    assert (brand(linda), house(linda)) == ("#0b5c63", "")
    linda.goes_to("search")
    linda.reads(OWN)
    ruud.presses("Deze huisstijl aanzetten")
    linda.goes_to("search")
    linda.reads(OWN)
    assert (brand(linda), house(linda)) == ("#7a1f4f", "Veldzicht thuis")

    hilde = come_in("Hilde Wijnstra", "Fenna Wijnstra", width="narrow")
    hilde.goes_to("search")
    hilde.reads(STANDARD)
    hilde.finds_nothing_of(OWN)
    assert (brand(hilde), house(hilde)) == ("#0b5c63", "")

    ruud.goes_to("/organisation/style")
    ruud.presses("Terug naar de stijl van Kindzorg")
    ruud.goes_to("/organisation/texts/web.search.lead/parent/nl")
    ruud.presses("Terug naar de standaardtekst")
    linda.goes_to("search")
    linda.reads(STANDARD)
    assert brand(linda) == "#0b5c63"
