"""Through a hospital (OpenID Connect): too unsure, sure enough, and sure enough to read but not to decide."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.accounts import account, later, provider_file, signs_in_there
from tests.journeys.people import Visitor
from tests.provider import ONE, SECRET, TWO, Hospital, hospital
from tests.serving import DemoData, demo_place, for_real, free_port

pytestmark = pytest.mark.browser
REASON = "Zij is van school gewisseld."
SCHOOL, DOCTOR = "Basisschool De Boomgaard", "Huisartsenpraktijk Lindelaan"


@pytest.fixture(scope="module")
def linde(
    families: DemoData, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Hospital, DemoData]]:
    """A hospital that runs, and the product for real beside it. It knows marit and wietske by these names."""
    port = free_port()
    with (
        demo_place(families, tmp_path_factory.mktemp("elsewhere")) as place,
        hospital(f"http://localhost:{port}/sign-in/with/hospital/back") as provider,
    ):
        file = place.folder / "providers.toml"
        file.write_text(provider_file(provider, SECRET, {ONE: "low", TWO: "substantial"}), encoding="utf-8")
        with for_real(place, port, KINDZORG_OIDC=str(file)) as real:
            for name in ("marit", "wietske"):
                account(real, name, "--provider", "hospital", "--key", name)
            yield provider, real


@pytest.fixture
def come(
    linde: tuple[Hospital, DemoData], open_page: Callable[..., Any], check_page: Callable[..., None]
) -> Callable[..., Visitor]:
    """Somebody before the door; `javascript=False` with scripts switched off."""

    def come(width: str = "wide", *, javascript: bool = True) -> Visitor:
        eyes = None if javascript else open_page(width)
        page = open_page(width, javascript=javascript)
        return Visitor(page, linde[1].environment["KINDZORG_ADDRESS"], check_page, eyes)

    return come


def test_a_nurse_is_not_sure_enough_at_first(
    linde: tuple[Hospital, DemoData], come: Callable[..., Visitor]
) -> None:
    provider, _ = linde
    stranger = come(javascript=False)
    stranger.goes_to("/start")
    signs_in_there(stranger, provider, "stranger", TWO)
    stranger.reads("Wij kennen u hier nog niet", "Wat u kunt doen")
    marit = come(javascript=False)
    marit.goes_to("/start")
    signs_in_there(marit, provider, "marit", ONE)
    marit.reads("Laat zien dat u het bent", "Ziekenhuis De Linde")
    marit.finds_nothing_of("Noor", "Stel de app in")
    signs_in_there(marit, provider, "marit", ONE)
    marit.reads("Laat zien dat u het bent", "nog niet zeker genoeg hiervoor", "Kies daar een sterkere manier")
    signs_in_there(marit, provider, "marit", TWO)
    marit.reads("Dag Marit van der Laan", "Noor van Essen")

    # What asks that level is done.
    marit.opens("Noor van Essen")
    marit.goes_to("team")
    marit.follows("Iemand uitnodigen")
    marit.chooses("Een ouder")
    marit.presses_next()
    if marit.page.get_by_label("Iemand anders", exact=True).count():
        marit.chooses("Iemand anders")
    marit.writes("Naam", "Hatice Demir")
    marit.picks("Wat is deze persoon van het kind?", "pleegouder")
    marit.presses("Maak de uitnodiging")
    marit.reads("De link voor Hatice Demir")


def test_a_mother_reads_with_less_and_decides_with_more(
    linde: tuple[Hospital, DemoData], come: Callable[..., Visitor]
) -> None:
    provider, _ = linde
    wietske = come("narrow")
    wietske.goes_to("/start")
    signs_in_there(wietske, provider, "wietske", ONE)
    wietske.child = wietske.page.url.rstrip("/")
    wietske.reads("Noor van Essen")
    wietske.goes_to("sharing")
    wietske.follows(f"Bekijk of verander: {SCHOOL}")
    wietske.follows("Nee, mag niet meekijken")
    wietske.reads("Laat zien dat u het bent")
    signs_in_there(wietske, provider, "wietske", TWO)
    wietske.reads(f"{SCHOOL} mag niet meekijken")
    wietske.writes("Waarom?", REASON)
    wietske.presses("Nu dichtzetten")
    wietske.reads("Ziet niets")


def test_what_was_typed_comes_along_through_every_sign_in(
    linde: tuple[Hospital, DemoData], come: Callable[..., Visitor]
) -> None:
    provider, real = linde
    wietske = come("narrow", javascript=False)
    wietske.goes_to("/start")
    signs_in_there(wietske, provider, "wietske", TWO)
    wietske.child = wietske.page.url.rstrip("/")
    wietske.goes_to("sharing")
    wietske.follows(f"Bekijk of verander: {DOCTOR}")
    wietske.follows("Nee, mag niet meekijken")
    wietske.writes("Waarom?", REASON)
    later(real, 61)
    wietske.presses("Nu dichtzetten")
    wietske.reads("U bent uitgelogd")
    # Back, but not sure enough for this; nothing happened yet, and nothing is lost.
    signs_in_there(wietske, provider, "wietske", ONE)
    wietske.reads("Wat u had getypt is er nog", REASON)
    wietske.presses("Verstuur het nu")
    wietske.reads("Laat zien dat u het bent")
    signs_in_there(wietske, provider, "wietske", TWO)
    wietske.reads("Wat u had getypt is er nog", REASON)
    wietske.presses("Verstuur het nu")
    wietske.reads("Het is bewaard", DOCTOR, "Ziet niets")
    wietske.goes_to("/session/kept")
    wietske.finds_nothing_of(REASON)
