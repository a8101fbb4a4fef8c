"""A real browser, and what every page must hold: no barrier, valid HTML, no sideways scrolling."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.machine import TODAY, browser_binary, demanded, lacks
from tests.serving import DemoData, demo_data, demo_site

TOOLS = Path(__file__).parent / "tools"
NARROW = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}
ANSWERS: dict[Any, Any] = {}
AXED: set[object] = set()  # kinds of page that axe has looked at in this process
# Attributes whose values tell in which state an element is; of others (words, addresses, ids) only that they are there.
TELLING = {
    "class",
    "role",
    "type",
    "lang",
    "dir",
    "aria-current",
    "aria-expanded",
    "aria-hidden",
    "aria-invalid",
}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for the session; each test takes its own contexts from it."""
    binary = browser_binary()
    if binary is None:
        lacks("browser", "sudo apt-get install chromium")
    # Playwright's loop runs in this thread; Django would refuse its database to a thread with a loop.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=binary, args=FLAGS)
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def families(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoData]:
    """The demo families, loaded once; each site begins with a copy."""
    with demo_data(tmp_path_factory.mktemp("families"), TODAY.isoformat()) as data:
        yield data


@pytest.fixture(scope="module")
def site(families: DemoData, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the product with the demo families, started as `kindzorg demo` starts it; one per file."""
    with demo_site(families, tmp_path_factory.mktemp("site")) as address:
        yield address


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """`open_page(width="narrow"|"wide", javascript=True, **context)`: a page in a context of its own."""
    contexts = []

    def opened(width: str = "wide", *, javascript: bool = True, **options: Any) -> Any:
        viewport = NARROW if width == "narrow" else WIDE
        context = browser.new_context(
            viewport=viewport,
            java_script_enabled=javascript,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return remember(context.new_page())

    yield opened
    for context in contexts:
        context.close()
    ANSWERS.clear()


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """A page of 1280 px wide."""
    return open_page("wide")


@pytest.fixture
def phone(open_page: Callable[..., Any]) -> Any:
    """A page of 360 px wide."""
    return open_page("narrow")


@pytest.fixture(scope="session")
def html_problems() -> Iterator[Callable[[str], list[str]]]:
    """`html_problems(html)`: what html-validate finds in one page; nothing where there is no Node."""
    node = shutil.which("node")
    if node is None or not (TOOLS / "node_modules" / "html-validate").exists():
        if demanded("node"):
            pytest.fail("html-validate is demanded but not here: sudo apt-get install nodejs npm; make tools")
        yield lambda html: []
        return
    pipe = subprocess.PIPE
    validator = subprocess.Popen(
        [node, TOOLS / "validate.mjs"], stdin=pipe, stdout=pipe, text=True, bufsize=1
    )

    def problems(html: str) -> list[str]:
        print(json.dumps(html), file=validator.stdin, flush=True)
        answer = validator.stdout.readline()
        if not answer:
            raise RuntimeError("html-validate stopped: see its message above")
        found: list[str] = json.loads(answer)
        return found

    yield problems
    validator.communicate()


@pytest.fixture(scope="session")
def check_page(html_problems: Callable[[str], list[str]]) -> Callable[..., None]:
    """`check_page(page)`: axe without violations, valid HTML as it was served, no sideways scrolling.

    `fragments=True` looks at the document as it stands now instead of as it was served, for a page that
    htmx has changed. axe takes a second: it looks once at each kind of page per width, and on SQLite alone, as a
    page is the same page on either database.
    """
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def checked(page: Any, *, fragments: bool = False) -> None:
        html = page.content() if fragments else served(page)
        problems = [f"html {problem}" for problem in html_problems(html)]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            problems.append(f"scrolls sideways at {page.viewport_size['width']} px: {widest(page)}")
        kind = (page.viewport_size["width"], Skeleton(page.content()).kind())
        if kind not in AXED and not os.environ.get("KINDZORG_DATABASE_URL", "").startswith("postgres"):
            AXED.add(kind)
            problems += [
                f"axe {violation['id']}: {violation['help']} at {node['target']}"
                for violation in axe.run(page).response["violations"]
                for node in violation["nodes"]
            ]
        assert not problems, f"{page.url}\n  " + "\n  ".join(problems)

    return checked


class Skeleton(HTMLParser):
    """What a page is made of, without its words: each element with its states, and the headings in their order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[object] = set()
        self.headings: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add((tag, *sorted((name, value if name in TELLING else "") for name, value in attrs)))
        if re.fullmatch("h[1-6]", tag) and self.headings[-1:] != [tag]:
            self.headings.append(tag)

    def kind(self) -> int:
        """The same for two pages that differ in words alone."""
        return hash((frozenset(self.elements), tuple(self.headings)))


def served(page: Any) -> str:
    """The HTML of the page as the server gave it, before any script touched it."""
    answer = ANSWERS.get(page)
    return answer.text() if answer else page.content()


def remember(page: Any) -> Any:
    """Keep the last answer that the page itself (not a part of it) came with."""

    def kept(response: Any) -> None:
        request = response.request
        redirects = 300 <= response.status < 400
        if request.is_navigation_request() and request.frame == page.main_frame and not redirects:
            ANSWERS[page] = response

    page.on("response", kept)
    return page


def widest(page: Any) -> str:
    """The first element that sticks out, to name it in the failure."""
    found: str = page.evaluate(
        """() => {
            const edge = document.documentElement.clientWidth;
            const sticksOut = element => element.getBoundingClientRect().right > edge + 1;
            const out = [...document.body.querySelectorAll('*')].find(sticksOut);
            return out ? out.outerHTML.slice(0, 160) : 'unknown';
        }"""
    )
    return found
