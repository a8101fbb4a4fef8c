"""The check that every page in a story passes can itself fail."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kindzorg

pytestmark = [pytest.mark.browser, pytest.mark.once]
OWN = (Path(kindzorg.__file__).parent / "ui/static/ui/kindzorg.js").read_text(encoding="utf-8")

GOOD = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>A page</title></head>
<body><main><h1>A page</h1><p>With a sentence.</p></main></body>
</html>
"""


def test_a_sound_page_passes(page: Any, check_page: Callable[..., None]) -> None:
    page.set_content(GOOD)
    check_page(page)


@pytest.mark.parametrize(
    ("found", "good", "bad"),
    [
        ("axe image-alt", "<p>", '<img src="data:,"><p>'),
        ("axe html-has-lang", ' lang="en"', ""),
        (r"html \S+ no-inline-style", "<p>", '<p style="margin:0">'),
        (r"html \S+ no-dup-id", "<p>", '<p id="one">a</p><p id="one">'),
    ],
)
def test_a_barrier_and_invalid_html_are_seen(
    page: Any, check_page: Callable[..., None], html_problems: Any, found: str, good: str, bad: str
) -> None:
    if found.startswith("html ") and not html_problems("<p id=1 id=1>"):
        pytest.skip("no html-validate here: sudo apt-get install nodejs npm")
    page.set_content(GOOD.replace(good, bad, 1))
    with pytest.raises(AssertionError, match=found):
        check_page(page)


def test_sideways_scrolling_is_seen(phone: Any, check_page: Callable[..., None]) -> None:
    phone.set_content(GOOD.replace("With a sentence.", "Longerthanatelephone" * 10))
    with pytest.raises(AssertionError, match="scrolls sideways at 360 px"):
        check_page(phone)


def test_the_page_is_checked_as_it_was_served(open_page: Callable[..., Any]) -> None:
    from tests.conftest import served

    page = open_page()
    page.route("**/*", lambda route: route.fulfill(body=GOOD, content_type="text/html"))
    page.goto("http://kindzorg.invalid/")
    page.evaluate("document.querySelector('p').remove()")
    assert "With a sentence." in served(page)
    assert "With a sentence." not in page.content()


def test_a_second_tap_while_the_first_is_under_way_sends_nothing_twice(open_page: Callable[..., Any]) -> None:
    page, sent = open_page(), []
    form = '<form method="post" action="/sent"><button>Bewaren</button></form><script src="/own.js"></script>'

    def answer(route: Any) -> None:
        if route.request.method == "POST":
            sent.append(route.request)
            route.fulfill(status=204)  # The page stays where it is, as while an answer is under way.
        elif route.request.url.endswith("own.js"):
            route.fulfill(body=OWN, content_type="text/javascript")
        else:
            route.fulfill(body=GOOD.replace("</main>", f"{form}</main>"), content_type="text/html")

    page.route("**/*", answer)
    page.goto("http://kindzorg.invalid/")
    tap = "document.querySelector('button').click()"
    with page.expect_request("**/sent"):
        page.evaluate(tap)
    page.evaluate(tap)
    page.wait_for_timeout(300)
    assert len(sent) == 1
    page.evaluate("document.forms[0].kzSent -= 5000")  # Some seconds later it is no second tap.
    with page.expect_request("**/sent"):
        page.evaluate(tap)
    page.wait_for_timeout(100)
    assert len(sent) == 2
