"""Somebody who opens every page that a link leads to, and presses nothing."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.journeys.people import IDS

OF_A_KIND = 2  # pages of one kind are opened at most so often per person; they differ in state
ELSEWHERE = re.compile(r"^/(static|sign-out|language)|\.(pdf|ics|csv|json|zip)$|/(file|small|export|paper)$")
LINKS = "[...document.querySelectorAll('a[href]:not([download])')].map(link => link.href)"


def everybody(page: Any, site: str) -> list[str]:
    """The people who have a card at the door of the demo."""
    page.goto(f"{site}/sign-in")
    names: list[str] = page.locator(".kz-choice__name").all_text_contents()
    return list(dict.fromkeys(names))


def signed_in(page: Any, site: str, name: str) -> None:
    """Choose a card."""
    page.goto(f"{site}/sign-in")
    card = page.locator(".kz-choice", has=page.get_by_text(name, exact=True)).first
    with page.expect_navigation(wait_until="load"):
        card.click()


def kind_of_page(url: str) -> str:
    """The address without what differs per child and thing."""
    return IDS.sub("x", urlsplit(url).path)


def pages(page: Any, site: str) -> Iterator[tuple[str, int, str]]:
    """Open page after page from the start, nearest first: the kind of page, the status, the HTML as it was served."""
    waiting, found, often = deque([f"{site}/start"]), {f"{site}/start"}, Counter[str]()
    while waiting:
        url = waiting.popleft()
        often[kind_of_page(url)] += 1
        if often[kind_of_page(url)] > OF_A_KIND:
            continue
        answer = page.goto(url)
        if "text/html" in answer.headers.get("content-type", ""):
            yield kind_of_page(page.url), answer.status, answer.text()
            for link in page.evaluate(LINKS):
                bare = urljoin(page.url, link).partition("#")[0]
                path = urlsplit(bare).path
                if bare.startswith(f"{site}/") and bare not in found and not ELSEWHERE.search(path):
                    found.add(bare)
                    waiting.append(bare)
