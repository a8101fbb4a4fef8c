"""`make crawl`: look at every page as everybody; `make screenshots`: keep pictures. Exit code 1 at a barrier.

Each kind of page, in each state, is looked at on a telephone and on a wide screen, in light and in dark: axe, valid
HTML, no sideways scrolling, also at 320 px (what a wide screen has left at 400 %), and nothing that moves for who asks
for rest.
"""

import argparse
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, sync_playwright

from crawl.walking import everybody, pages, signed_in
from tests.looking import FLAGS, Barriers, html_validator, scrolls_sideways
from tests.machine import TODAY, browser_binary
from tests.serving import demo_data, demo_site

PLACE = Path(__file__).parent.parent / "var" / "screenshots"
WIDTHS = {"telephone": 360, "wide": 1280}
SCHEMES = ("light", "dark")
ZOOMED = 320
HEIGHT = 900
ANIMATED = "document.getAnimations().filter(one => one.playState === 'running').length"


def main() -> int:
    """Returns the exit code."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        loaded, served = Path(folder, "loaded"), Path(folder, "served")
        loaded.mkdir()
        served.mkdir()
        with demo_data(loaded, TODAY.isoformat()) as data, demo_site(data, served) as site:
            people = options.people or _with_browser(everybody, site)
            walk = _pictures if options.screenshots else _barriers
            shares = [(walk, site, people[share::2], options.language) for share in range(2)]
            with ProcessPoolExecutor(2) as pool:
                told = list(pool.map(_share, shares))
    looked, problems = sum(one[0] for one in told), sorted({line for one in told for line in one[1]})
    print("\n".join(problems))
    print(f"{looked} pages opened as {len(people)} people, {len(problems)} problems")
    if options.screenshots:
        print(f"pictures: {PLACE}")
    return int(bool(problems))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m crawl", description=__doc__)
    parser.add_argument(
        "--screenshots", action="store_true", help="keep pictures instead of looking for barriers"
    )
    parser.add_argument("--language", default="nl", help="the language of the pages (default nl)")
    parser.add_argument("people", nargs="*", help="whom to walk as; everybody where nobody is named")
    return parser.parse_args()


def _with_browser(what: Any, *arguments: Any) -> Any:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_binary(), args=FLAGS)
        try:
            return what(browser.new_page(locale="nl-NL", timezone_id="Europe/Amsterdam"), *arguments)
        finally:
            browser.close()


def _share(share: tuple[Any, ...]) -> tuple[int, list[str]]:
    walk, *arguments = share
    looked: tuple[int, list[str]] = _with_browser(walk, *arguments)
    return looked


def _come_in(page: Any, site: str, name: str, language: str) -> None:
    page.context.clear_cookies()
    signed_in(page, site, name)
    if language != "nl":
        page.evaluate(
            """language => fetch('/language', {method: 'POST', redirect: 'manual', headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                'X-CSRFToken': document.querySelector('[name=csrfmiddlewaretoken]').value},
                body: 'language=' + language})""",
            language,
        )


def _barriers(page: Any, site: str, people: list[str], language: str) -> tuple[int, list[str]]:
    looked, problems, barriers = 0, [], Barriers()
    node = shutil.which("node") or ""
    page.emulate_media(reduced_motion="reduce")
    with html_validator(node) as invalid:
        for name in people:
            _come_in(page, site, name, language)
            print(f"{name} ...", file=sys.stderr, flush=True)
            for kind, status, html in pages(page, site):
                looked += 1
                found = [] if status == 200 else [f"status {status}"]
                found += [f"html {one}" for one in invalid(html)]
                try:
                    found += _seen(page, barriers)
                except Error as error:
                    found.append(f"cannot be looked at: {error.message.splitlines()[0]}")
                problems += [f"{kind} ({name}): {one}" for one in found]
    return looked, problems


def _seen(page: Any, barriers: Barriers) -> list[str]:
    found = []
    for width in (ZOOMED, *WIDTHS.values()):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if scrolls_sideways(page):
            found.append(f"scrolls sideways at {width} px")
        if width == ZOOMED:
            continue
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found += [f"{one} ({width} px, {scheme})" for one in barriers.on(page, scheme)]
    if page.evaluate(ANIMATED):
        found.append("moves, though rest is asked")
    return found


def _pictures(page: Any, site: str, people: list[str], language: str) -> tuple[int, list[str]]:
    taken: set[str] = set()
    for name in people:
        _come_in(page, site, name, language)
        who = name.split()[0].lower().strip(".")
        for kind, _status, _html in pages(page, site):
            path = kind.strip("/").replace("/", "-").removeprefix("children-x-") or "start"
            for width, pixels in WIDTHS.items():
                for scheme in SCHEMES:
                    place = PLACE / f"{language}-{scheme}-{width}" / f"{path}-{who}.png"
                    if str(place) in taken:
                        continue
                    taken.add(str(place))
                    place.parent.mkdir(parents=True, exist_ok=True)
                    page.set_viewport_size({"width": pixels, "height": HEIGHT})
                    page.emulate_media(color_scheme=scheme)
                    page.screenshot(path=place, full_page=True)
    return len(taken), []


if __name__ == "__main__":
    sys.exit(main())
