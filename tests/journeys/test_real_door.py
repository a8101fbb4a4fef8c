"""The real door, outside the demo: password and code, a passkey, the end of a session, and out everywhere."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys.accounts import App, Key, first_password, later, passes_in_browser, signs_in, signs_out
from tests.journeys.people import Visitor
from tests.serving import DemoData, demo_place, for_real

pytestmark = pytest.mark.browser
WORDS = "Zij sliep vannacht slecht en had pijn."


@pytest.fixture(scope="module")
def real(families: DemoData, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoData]:
    """The product as it is served for real, with the families of the demo as its families."""
    with demo_place(families, tmp_path_factory.mktemp("real")) as place, for_real(place) as served:
        yield served


@pytest.fixture
def at_door(
    real: DemoData, open_page: Callable[..., Any], check_page: Callable[..., None]
) -> Callable[..., Visitor]:
    """`at_door(width, javascript=...)`: somebody in front of the door, not signed in."""

    def come(width: str = "wide", *, javascript: bool = True) -> Visitor:
        eyes = None if javascript else open_page(width)
        page = open_page(width, javascript=javascript)
        return Visitor(page, real.environment["KINDZORG_ADDRESS"], check_page, eyes)

    return come


def test_a_nurse_comes_in_with_code_and_passkey_and_puts_herself_out_everywhere(
    real: DemoData, at_door: Callable[..., Visitor]
) -> None:
    marit = at_door()
    key = Key(marit.page)
    first_password(marit, real, "marit")
    marit.reads("Eerst een tweede stap", "Een wachtwoord alleen kan worden geraden")
    marit.follows("Stel de app in")
    app = App(marit.page.locator(".kz-secret").text_content())
    marit.writes("Code", "000000")
    marit.presses("Verder")
    marit.reads("Deze code klopt niet")
    marit.writes("Code", app.code())
    marit.presses("Verder")
    marit.reads("U ziet deze codes alleen nu")
    marit.follows("Ik heb ze, ga verder")
    marit.reads("Dag Marit van der Laan", "Noor van Essen")

    # On the tablet of the ward, with scripts switched off: password and code.
    tablet = at_door("narrow", javascript=False)
    tablet.goes_to("/start")
    signs_in(tablet, "marit", "een ander wachtwoord")
    tablet.reads("Deze naam en dit wachtwoord horen niet bij elkaar")
    signs_in(tablet, "marit")
    tablet.reads("Uw tweede stap")
    tablet.writes("Code", app.code())
    tablet.presses("Verder")
    tablet.reads("Dag Marit van der Laan")

    adds_a_passkey(marit, key)
    comes_in_with_it(marit, key)

    marit.goes_to("/account/devices")
    marit.reads("Chrome op Linux", "(hier)")
    marit.presses("Overal anders uitloggen")
    marit.reads("U bent alleen hier ingelogd")
    tablet.goes_to("/start")
    tablet.reads("Inloggen", "E-mailadres of gebruikersnaam")
    marit.goes_to("/start")
    marit.reads("Dag Marit van der Laan")


def adds_a_passkey(marit: Visitor, key: Key) -> None:
    """A finger that the device does not know makes none; the owner's does."""
    marit.goes_to("/account")
    marit.follows("Bekijk: Tweede stap")
    marit.follows("Voeg een passkey toe")
    key.knows_finger(False)
    marit.page.get_by_role("button", name="Verder").click()
    marit.page.get_by_text("Dat lukte niet, of u stopte ermee").wait_for()
    marit.looks()
    assert key.kept() == []
    key.knows_finger(True)
    marit.writes("Naam van dit apparaat", "De laptop van Marit")
    marit.presses("Verder")
    marit.reads("De laptop van Marit")
    assert len(key.kept()) == 1


def comes_in_with_it(marit: Visitor, key: Key) -> None:
    """No name, no password, no code."""
    signs_out(marit)
    key.knows_finger(False)
    marit.page.get_by_role("button", name="Inloggen met een passkey").click()
    marit.page.get_by_text("Dat lukte niet, of u stopte ermee").wait_for()
    marit.looks()
    key.knows_finger(True)
    marit.presses("Inloggen met een passkey")
    marit.reads("Dag Marit van der Laan")
    marit.goes_to("/account")
    marit.reads("Een passkey, en een app met codes")


def test_what_is_being_typed_outlives_the_session_for_who_typed_it(
    real: DemoData, at_door: Callable[..., Visitor]
) -> None:
    wietske = at_door("narrow")
    wietske.page.clock.install()
    first_password(wietske, real, "wietske")
    wietske.child = wietske.page.url.rstrip("/")
    wietske.goes_to("notes/new")
    wietske.chooses("Gezondheid")
    wietske.writes("Wat wilt u opschrijven?", WORDS)

    # Typing is a sign of life. Warned before the end; the text stays, and so does the place where she was.
    with wietske.page.expect_response("**/session/stay"):
        passes_in_browser(wietske, 2)
    goes_by(real, wietske, 59)
    dialog = wietske.page.locator("#kz-session")
    dialog.wait_for()
    assert "Bent u er nog?" in dialog.inner_text()
    wietske.check_page(wietske.page)
    wietske.page.get_by_role("button", name="Blijf ingelogd").click()
    dialog.wait_for(state="hidden")
    assert wietske.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert wietske.page.get_by_label("Wat wilt u opschrijven?").input_value() == WORDS

    # Nobody is there: the page leaves by itself, and the next who signs in at this telephone reads nothing of it.
    goes_by(real, wietske, 61)
    wietske.page.wait_for_url("**/sign-in?*ended=1")
    wietske.looks()
    wietske.reads("U bent uitgelogd", "Wat u aan het typen was, is bewaard")
    bart_on_her_telephone(real, wietske)

    signs_in(wietske, "wietske")
    wietske.reads("Wat u had getypt is er nog", WORDS)
    wietske.follows("Verder waar u was")
    wietske.page.locator("#kz-restored").wait_for()
    wietske.reads("Wat wilt u opschrijven?")
    assert wietske.page.get_by_label("Wat wilt u opschrijven?").input_value() == WORDS
    assert wietske.page.get_by_label("Gezondheid").is_checked()
    wietske.presses("Bewaren")
    wietske.reads(WORDS)
    wietske.goes_to("/session/kept")
    wietske.finds_nothing_of("Wat u had getypt is er nog")


def goes_by(real: DemoData, visitor: Visitor, minutes: float) -> None:
    """So long nothing happened, at the server and on the screen."""
    later(real, minutes)
    passes_in_browser(visitor, minutes)


def bart_on_her_telephone(real: DemoData, telephone: Visitor) -> None:
    first_password(telephone, real, "bart")
    telephone.finds_nothing_of(WORDS)
    for address in ("/session/kept", "/start", "notes/new"):
        telephone.goes_to(address)
        telephone.finds_nothing_of(WORDS, "Wat u had getypt")
    assert telephone.page.locator("main textarea").first.input_value() == ""
    signs_out(telephone)


def test_without_scripts_what_was_sent_too_late_is_sent_after_all(
    real: DemoData, at_door: Callable[..., Visitor]
) -> None:
    chantal = at_door("narrow", javascript=False)
    first_password(chantal, real, "chantal")
    chantal.child = chantal.page.url.rstrip("/")
    chantal.goes_to("notes/new")
    chantal.chooses("Gezondheid")
    chantal.writes("Wat wilt u opschrijven?", WORDS)
    later(real, 61)
    chantal.presses("Bewaren")
    chantal.reads("U bent uitgelogd")
    signs_in(chantal, "chantal")
    chantal.reads("Wat u had getypt is er nog", WORDS)
    chantal.presses("Verstuur het nu")
    chantal.goes_to("notes")
    chantal.reads(WORDS)
