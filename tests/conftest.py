"""A real browser, and what every page must hold: no barrier, valid HTML, no sideways scrolling."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.looking import FLAGS, TOOLS, Barriers, html_validator, scrolls_sideways
from tests.machine import TODAY, browser_binary, demanded, lacks
from tests.serving import DemoData, demo_data, demo_site

NARROW = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}
ANSWERS: dict[Any, Any] = {}
ON_POSTGRES = os.environ.get("KINDZORG_DATABASE_URL", "").startswith("postgres")


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
    with html_validator(node) as problems:
        yield problems


@pytest.fixture(scope="session")
def check_page(html_problems: Callable[[str], list[str]]) -> Callable[..., None]:
    """`check_page(page)`: axe without violations, valid HTML as it was served, no sideways scrolling.

    `fragments=True` looks at the document as it stands now instead of as it was served, for a page that
    htmx has changed. axe takes a second: it looks once at each kind of page per width. All of it on SQLite alone, as
    a page is the same page on either database.
    """
    if ON_POSTGRES:
        return lambda page, fragments=False: None
    barriers = Barriers()

    def checked(page: Any, *, fragments: bool = False) -> None:
        html = page.content() if fragments else served(page)
        problems = [f"html {problem}" for problem in html_problems(html)]
        if scrolls_sideways(page):
            problems.append(f"scrolls sideways at {page.viewport_size['width']} px: {widest(page)}")
        problems += barriers.on(page)
        assert not problems, f"{page.url}\n  " + "\n  ".join(problems)

    return checked


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
