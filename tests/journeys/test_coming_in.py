"""Coming in: a foster mother with the nurse's link on her telephone, and a father without authority."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from kindzorg.demo import days, loading
from tests.journeys.people import Visitor
from tests.machine import TODAY

pytestmark = pytest.mark.browser

OF_THE_CHILD = ("Yusuf", "Finn", "kind", "zorg", "verpleegkundige", "ziekenhuis", "Veldzicht")


def born(family: str) -> date:
    """The birth date of the child of one demo family."""
    told = yaml.safe_load((Path(loading.FAMILIES) / f"{family}.yaml").read_text(encoding="utf-8"))
    return days.day(told["child"]["born"], TODAY)


@pytest.fixture
def at_the_door(
    open_page: Callable[..., Any], site: str, check_page: Callable[..., None]
) -> Callable[..., Visitor]:
    """Somebody with a link and no account, on a telephone with scripts switched off."""

    def come(link: str, *, javascript: bool = False) -> Visitor:
        eyes = None if javascript else open_page("narrow")
        visitor = Visitor(open_page("narrow", javascript=javascript), site, check_page, eyes)
        visitor.goes_to(link.removeprefix(site))
        return visitor

    return come


def invites(nurse: Visitor, name: str, relation: str, said: str = "", **authority: str) -> str:
    """The nurse makes the invitation of a parent; gives back the link. `said`: who told her that it is all right."""
    nurse.goes_to("team")
    nurse.follows("Iemand uitnodigen")
    nurse.chooses("Een ouder")
    nurse.presses_next()
    if nurse.page.get_by_label("Iemand anders", exact=True).count():
        nurse.chooses("Iemand anders")
    nurse.writes("Naam", name)
    nurse.picks("Wat is deze persoon van het kind?", relation)
    for choice, source in authority.items():
        nurse.chooses(choice)
        nurse.writes("Wat heeft u daarvan gezien?", source)
    if said:
        nurse.chooses(said, "Telefonisch")
    nurse.presses("Maak de uitnodiging")
    nurse.reads(f"De link voor {name}", "Er staat niets in over het kind")
    message = nurse.page.locator("#message").input_value()
    assert not [word for word in ("Yusuf", "Finn", "ziek") if word in message]
    found = re.search(r"http\S+", message)
    assert found
    return found[0]


def answers(visitor: Visitor, day: date) -> None:
    """Write a birth date and go on."""
    for label, value in (("Dag", day.day), ("Maand", day.month), ("Jaar", day.year)):
        visitor.writes(label, str(value))
    visitor.presses("Verder")


def comes_in(visitor: Visitor, name: str, email: str) -> None:
    """Make an account, and be at the child."""
    visitor.follows("Ja, ik doe mee")
    visitor.writes("Uw naam", name)
    visitor.writes("Uw e-mailadres", email)
    visitor.writes("Kies een wachtwoord", "regen")
    visitor.presses("Naar binnen")
    visitor.writes("Kies een wachtwoord", "regen fiets maandag")
    visitor.presses("Naar binnen")
    visitor.child = re.sub(r"(/children/[^/]+)/.*", r"\1", visitor.page.url)


def test_a_mother_comes_in_on_her_telephone(
    come_in: Callable[..., Visitor], at_the_door: Callable[..., Visitor]
) -> None:
    marit = come_in("Marit van der Laan", "Yusuf Haddad")
    link = invites(marit, "Hatice Demir", "pleegouder", **{"Ja, samen met iemand anders": "uitspraak gezien"})

    # Until the birth date is right the page says nothing of the child.
    hatice = at_the_door(link)
    hatice.reads("U bent uitgenodigd", "Marit van der Laan", "Hatice Demir")
    hatice.finds_nothing_of("Yusuf", "zorg", "verpleegkundige", "Veldzicht")
    answers(hatice, born("1-yusuf") + timedelta(days=1))
    hatice.reads("Dit klopt niet", "U kunt het nog 3 keer proberen")
    answers(hatice, born("1-yusuf"))
    hatice.reads("Doet u mee voor Yusuf?", "Marit van der Laan", "Veldzicht", "het hele plan")
    comes_in(hatice, "Hatice Demir", "hatice@voorbeeld.nl")
    hatice.reads("Yusuf")
    hatice.goes_to("team")
    hatice.reads("Hatice Demir", "via Marit van der Laan")

    # The link works once; who is in reads that, and a stranger learns nothing.
    hatice.goes_to(link.removeprefix(hatice.site))
    hatice.reads("U bent al binnen")
    stranger = at_the_door(link)
    stranger.reads("Deze link is al gebruikt")
    stranger.finds_nothing_of("Yusuf", "Veldzicht")

    # A wrong person says so; the nurse sees it and takes the invitation back.
    wrong = at_the_door(invites(marit, "Ayse Demir", "pleegouder"))
    wrong.presses("Ik ben niet Ayse Demir")
    wrong.reads("Bedankt dat u het zegt")
    marit.goes_to("team")
    marit.reads("Ayse Demir", "dit is niet voor mij")
    marit.presses("Trek in")
    marit.finds_nothing_of("Ayse Demir")


def test_a_father_without_authority_sees_his_part_and_reads_why(
    come_in: Callable[..., Visitor], at_the_door: Callable[..., Visitor]
) -> None:
    marit = come_in("Marit van der Laan", "Finn Bakkers")
    link = invites(marit, "Delano Rier", "vader", "Chantal Bakkers")
    father = at_the_door(link, javascript=True)
    answers(father, born("3-finn"))
    father.reads("ouder zonder gezag", "Waarom u niet alles ziet", "U blijft ouder")
    comes_in(father, "Delano Rier", "delano@voorbeeld.nl")
    father.reads("U ziet het deel waarbij u helpt")
    father.presses("Overslaan")
    father.reads("Waarom u niet alles ziet")
    for address in ("record", "trail", "invite"):
        father.may_not_open(f"{father.child}/{address}")

    # Chantal ends it; at his next step the pages are gone.
    chantal = come_in("Chantal Bakkers", "Finn Bakkers", width="narrow", javascript=False)
    chantal.goes_to("team")
    chantal.follows("Toegang stoppen: Delano Rier")
    chantal.reads("moet dat van de wet")
    chantal.presses("Ja, stop de toegang")
    father.may_not_open(f"{father.child}/")


def test_who_comes_in_before_the_family_said_yes_reads_that_it_is_awaited(
    come_in: Callable[..., Visitor], at_the_door: Callable[..., Visitor]
) -> None:
    marit = come_in("Marit van der Laan", "Finn Bakkers")
    gino = at_the_door(invites(marit, "Gino Rier", "vader"))
    answers(gino, born("3-finn"))
    comes_in(gino, "Gino Rier", "gino@voorbeeld.nl")
    gino.reads("Dag Gino Rier", "Er is nog geen plan met u gedeeld")
    gino.finds_nothing_of("Finn")


def test_the_care_coach_enters_for_a_mother_and_it_says_so(come_in: Callable[..., Visitor]) -> None:
    fatma = come_in("Fatma Yildirim")
    fatma.follows("Nog niet binnen")
    fatma.reads("Truus van Essen", "de uitnodiging is verlopen", "Gloria Martina", "nog niet gebruikt")
    fatma.opens("Noor van Essen")
    fatma.goes_to("team")
    fatma.follows("Samen iets invullen")
    fatma.chooses("Wietske van Essen", "Aan de telefoon")
    fatma.presses("Begin")
    banner = fatma.page.get_by_label("Invullen voor het gezin")
    assert "Wietske van Essen (Noor), aan de telefoon" in banner.inner_text()
    fatma.goes_to("/start")
    assert banner.count() == 1
    fatma.opens("Noor van Essen")
    fatma.may_not_open(f"{fatma.child}/plan/sign")
    wietske = come_in("Wietske van Essen", "Noor van Essen", width="narrow")
    wietske.goes_to("trail")
    wietske.reads("Kinderziekenhuis De Linde · namens Wietske van Essen", "begon samen in te vullen")
    fatma.goes_to("/start")
    fatma.presses("Stop")
    assert banner.count() == 0
