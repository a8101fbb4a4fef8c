"""People at their screens, in the words of the stories: who comes in, what they press, what they read.

Every page that somebody comes to is looked at as a person would meet it: on a telephone and on a wide screen,
without a barrier, with valid HTML. Who comes in with `javascript=False` has scripts switched off.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.conftest import ON_POSTGRES, served

WIDTHS = {"narrow": {"width": 360, "height": 740}, "wide": {"width": 1280, "height": 900}}
SLOW = 30_000  # milliseconds; a busy machine is slow, and that is no bug
IDS = re.compile(
    r"(?<=/sign-in/new/)[\w-]+|[0-9a-f]{8}-[0-9a-f-]{27}|\d+|(?<=/questions/)\w+|(?<=/topic/)\w+|(?<=/choose/)\w+"
)
TOKEN = re.compile(r'value="\w{64}"')
SEEN: set[object] = set()  # pages that were looked at; one file of stories after another
SHOTS = os.environ.get("KINDZORG_SHOTS", "")  # a folder for pictures of every page, to look at


class Visitor:
    """Somebody in front of a browser. `child` is the address of the child whose pages are open."""

    def __init__(self, page: Any, site: str, check_page: Callable[..., None], eyes: Any = None) -> None:
        """`eyes`: a page with scripts, on which is looked at what a page without scripts was given."""
        self.name = ""
        self.eyes = eyes
        self.width = "narrow" if page.viewport_size == WIDTHS["narrow"] else "wide"
        self.page, self.site, self.check_page = page, site, check_page
        self.child = ""
        page.set_default_timeout(SLOW)
        page.set_default_navigation_timeout(SLOW)

    # --- coming in -----------------------------------------------------------------------------------------

    def signs_in(self, name: str) -> "Visitor":
        """Choose one's own card in the demo."""
        self.goes_to("/sign-in")
        self.name = name
        self._leads_on(self.page.locator(".kz-choice", has=self.page.get_by_text(name, exact=True)).first)
        return self

    def opens(self, child: str) -> None:
        """From the start page to the child. A family comes to its child at once."""
        self.goes_to("/start")
        if "/children/" not in self.page.url:
            self._leads_on(self.page.get_by_role("link", name=child, exact=True))
        self.child = re.sub(r"(/children/[^/]+)/.*", r"\1", self.page.url)

    def goes_to(self, address: str) -> None:
        """Type an address: of the site ("/start"), or of the child ("plan")."""
        whole = self.site + address if address.startswith("/") else f"{self.child}/{address}"
        self.page.goto(whole)
        self.looks()

    # --- doing ---------------------------------------------------------------------------------------------

    def follows(self, link: str) -> None:
        """Follow the first link that says so, with what a screen reader hears too ("Wijzig: Slapen")."""
        said = re.compile(re.escape(link).replace(":", r"\s*:"))
        self._leads_on(self.page.get_by_role("link", name=said).first)

    def goes_by(self, place: str) -> None:
        """Follow the first link at a place of the page (a CSS selector), whatever it says."""
        self._leads_on(self.page.locator(place).first)

    def presses(self, button: str) -> None:
        """Press the button that says so."""
        self._leads_on(self.page.get_by_role("button", name=button).first)

    def presses_next(self) -> None:
        """The button that saves and goes on."""
        self._leads_on(self.page.locator("main button[type=submit]:not([name])").first)

    def presses_skip(self) -> None:
        """Pass the question on."""
        self._leads_on(self.page.locator("button[name=skip]"))

    def offers(self, button: str) -> bool:
        """Whether there is such a button."""
        return bool(self.page.get_by_role("button", name=button).count())

    def chooses(self, *options: str) -> None:
        """Tick or choose options by their words."""
        for option in options:
            self.page.get_by_label(option, exact=True).first.check(force=True)

    def unchooses(self, option: str) -> None:
        """Take a tick away."""
        self.page.get_by_label(option, exact=True).first.uncheck(force=True)

    def picks(self, label: str, option: str) -> None:
        """Pick from a list."""
        field = self.page.get_by_label(label).first
        found = field.locator("option", has_text=option).first.get_attribute("value")
        field.select_option(found)

    def writes(self, label: str, words: str) -> None:
        """Write in the field of that name."""
        self.page.get_by_label(label).first.fill(words)

    def unfolds(self, summary: str) -> None:
        """Open a part that was folded."""
        self.page.locator("summary", has_text=summary).first.click()

    # --- reading -------------------------------------------------------------------------------------------

    def reads(self, *words: str) -> None:
        """These words stand on the page."""
        for some in words:
            expect(self.page.locator("main")).to_contain_text(some, timeout=SLOW)

    def finds_nothing_of(self, *words: str) -> None:
        """These words do not stand on the page, not even folded away."""
        text = self.page.locator("main").text_content()
        assert not [some for some in words if some in text], f"{self.page.url} says {words}"

    def may_not_open(self, address: str) -> None:
        """The page is not there for this person: "not found", and nothing of the child."""
        whole = self.site + address if address.startswith("/") else address
        answer = self.page.goto(whole)
        assert answer.status == 404, f"{whole}: {answer.status}"
        self.looks()

    def asks(self, *words: str) -> bool:
        """Whether the heading of the page asks one of these."""
        heading = self.page.locator("h1").first.text_content()
        return any(some in heading for some in words)

    # --- how it is seen ------------------------------------------------------------------------------------

    def _leads_on(self, place: Any) -> None:
        with self.page.expect_navigation(wait_until="load"):
            place.click()
        self.looks()

    def looks(self) -> None:
        """Look at the page: at both widths when one of these first comes to such a page, later at the own width.

        Families come with a telephone, professionals with a wide screen; so both see each kind of page at both.
        """
        if ON_POSTGRES and not SHOTS:
            return
        state = hash(TOKEN.sub("", self.page.content().replace(self.site, "")))
        kind = (self.width, self.kind_of_page())
        if state in SEEN:
            return
        widths = [name for name in WIDTHS if kind not in SEEN or name == self.width]
        SEEN.update({state, kind})
        page = self._same_page_with_scripts() if self.eyes else self.page
        for name in widths:
            page.set_viewport_size(WIDTHS[name])
            self.check_page(page)
            if SHOTS:
                self._takes_picture(page, name)
        page.set_viewport_size(WIDTHS[self.width])

    def _same_page_with_scripts(self) -> Any:
        """The very document that this person was given; what looks for barriers is a script itself."""
        given, address = served(self.page), self.page.url.partition("#")[0]
        self.eyes.unroute_all()
        self.eyes.route(address, lambda route: route.fulfill(body=given, content_type="text/html"))
        self.eyes.goto(address)
        return self.eyes

    def kind_of_page(self) -> str:
        """The address without what differs per child and thing."""
        return IDS.sub("x", self.page.url.removeprefix(self.site)).split("?")[0].split("#")[0]

    def _takes_picture(self, page: Any, width: str) -> None:
        path = self.kind_of_page().strip("/").replace("/", "-").removeprefix("children-x-")
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        who = self.name.partition(" ")[0].lower()
        page.screenshot(path=f"{SHOTS}/{path}-{who}-{width}.png", full_page=True)
