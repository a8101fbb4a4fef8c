"""A municipality stays silent: the question climbs to the coordinator and to the region, and never to the mother."""

import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.people import Visitor
from tests.machine import TODAY
from tests.serving import KINDZORG, PATIENCE, DemoData, demo_place, running

pytestmark = pytest.mark.browser
WHO = "Gemeente Waterveen"
NEEDED = "Elke maand een weekend logeren, op een plek die bij zijn dag en nacht past."
SENTENCES = (
    f"Wij hebben {WHO} gevraagd dit te regelen",
    f"{WHO} heeft nog niet geantwoord, en wij gaan erachteraan.",
    f"Het is nog niet geregeld met {WHO}; de coördinator zoekt het uit.",
    f"Het is nog niet geregeld met {WHO}; het netwerk in de regio lost het op.",
    f"{WHO} gaat dit regelen.",
)


@pytest.fixture
def come(open_page: Callable[..., Any], check_page: Callable[..., None]) -> Callable[..., Visitor]:
    def come(site: str, name: str, child: str = "", width: str = "wide") -> Visitor:
        visitor = Visitor(open_page(width), site, check_page).signs_in(name)
        if child:
            visitor.opens(child)
        return visitor

    return come


def on(place: DemoData, day: date) -> AbstractContextManager[str]:
    """The product on that day, after the worker has made its round."""
    moved = replace(
        place, environment=place.environment | {"KINDZORG_TODAY": day.isoformat(), "KINDZORG_DEMO": "1"}
    )
    subprocess.run([KINDZORG, "worker", "--once"], env=moved.environment, timeout=PATIENCE, check=True)
    return running(moved, "demo")


def reads_one_sentence(chantal: Visitor, number: int) -> None:
    """On her telephone: this sentence about it, none of the others, and nothing is asked of her."""
    chantal.goes_to("")
    chantal.reads(SENTENCES[number])
    others = [one for one in SENTENCES if one != SENTENCES[number]]
    chantal.finds_nothing_of(*others, "bindende verwijzing", NEEDED)
    chantal.goes_to("binding")
    chantal.reads(SENTENCES[number])
    chantal.finds_nothing_of("Antwoord", "Ga hiermee verder")


def test_silence_climbs_and_the_mother_reads_one_sentence(
    families: DemoData, tmp_path: Path, come: Callable[..., Visitor]
) -> None:
    with demo_place(families, tmp_path / "place") as place:
        with on(place, TODAY) as site:
            loes = come(site, "Loes Jansen", "Jesse Molenaar")
            loes.follows("Bindende verwijzingen")
            loes.reads("Opgelost")  # the bathroom
            loes.follows("Bindend verwijzen")
            loes.reads("Schrijf geen namen")
            loes.picks("Waar gaat het over?", "Jeugdwet")
            loes.chooses("Sociaal")
            loes.picks("Wie moet het regelen?", WHO)
            loes.writes("Wat is er nodig?", NEEDED)
            loes.writes("Waarom, en waarom van deze organisatie?", "Zijn ouders zijn op.")
            loes.writes("Vanaf welke dag is het nodig?", (TODAY + timedelta(30)).isoformat())
            loes.writes("Eerder antwoord nodig?", (TODAY + timedelta(7)).isoformat())
            loes.presses("Verstuur")
            loes.reads("Verstuurd", "Zijn ouders zijn op.")
            peter = come(site, "Peter Scholten")
            peter.reads("U kreeg een bindende verwijzing")
            petra = come(site, "Petra Molenaar", "Jesse Molenaar", "narrow")
            reads_one_sentence(petra, 0)
        with on(place, TODAY + timedelta(8)) as site:
            loes = come(site, "Loes Jansen")
            loes.reads("Een bindende verwijzing loopt vast")
            reads_one_sentence(come(site, "Petra Molenaar", "Jesse Molenaar", "narrow"), 2)
            ingrid = come(site, "Ingrid Postma")
            ingrid.follows("Vastgelopen verwijzingen in de regio")
            ingrid.finds_nothing_of("Jesse", "Zorgverzekeringswet", "Bij het netwerk in de regio")
        with on(place, TODAY + timedelta(30)) as site:
            ingrid = come(site, "Ingrid Postma")
            ingrid.follows("Vastgelopen verwijzingen in de regio")
            ingrid.reads("Bij het netwerk in de regio", WHO)
            ingrid.follows("Jeugdwet")
            ingrid.reads(NEEDED, "Er kwam geen antwoord binnen de termijn.")
            ingrid.finds_nothing_of("Jesse", "Molenaar", "Zijn ouders zijn op.")
            reads_one_sentence(come(site, "Petra Molenaar", "Jesse Molenaar", "narrow"), 3)
            ingrid.may_not_open(f"{come(site, 'Loes Jansen', 'Jesse Molenaar').child}/")
            peter = come(site, "Peter Scholten", "Jesse Molenaar")
            peter.follows("Antwoord")
            peter.follows("Antwoord")
            peter.chooses("Ja, wij nemen dit op ons")
            peter.presses("Verstuur")
            peter.reads("Aanvaard")
            reads_one_sentence(come(site, "Petra Molenaar", "Jesse Molenaar", "narrow"), 4)
            ingrid.goes_to("/network/stuck")
            ingrid.reads("Aanvaard")
