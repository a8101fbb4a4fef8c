"""What every page must hold, seen in a real browser: no barrier, valid HTML, no sideways scrolling."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

TOOLS = Path(__file__).parent / "tools"
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


class Barriers:
    """`Barriers().on(page)`: what axe finds. It takes a second, so it looks once at each kind of page per view."""

    def __init__(self) -> None:
        self.axe = Axe()
        self.seen: set[object] = set()

    def on(self, page: Any, view: str = "") -> list[str]:
        """The violations on this page; none where its kind was looked at before. `view`: for example a dark one."""
        kind = (view, page.viewport_size["width"], Skeleton(page.content()).kind())
        if kind in self.seen:
            return []
        self.seen.add(kind)
        return [
            f"axe {violation['id']}: {violation['help']} at {node['target']}"
            for violation in self.axe.run(page).response["violations"]
            for node in violation["nodes"]
        ]


@contextmanager
def html_validator(node: str) -> Iterator[Callable[[str], list[str]]]:
    """A function that says what html-validate finds in one page; Node is started once."""
    pipe = subprocess.PIPE
    validator = subprocess.Popen(
        [node, TOOLS / "validate.mjs"], stdin=pipe, stdout=pipe, text=True, bufsize=1
    )

    def problems(html: str) -> list[str]:
        print(json.dumps(html), file=validator.stdin, flush=True)
        answer = validator.stdout.readline() if validator.stdout else ""
        if not answer:
            raise RuntimeError("html-validate stopped: see its message above")
        found: list[str] = json.loads(answer)
        return found

    yield problems
    validator.communicate()


def scrolls_sideways(page: Any) -> bool:
    """Whether something is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
