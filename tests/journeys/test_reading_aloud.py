"""Hard words and reading aloud in a real browser. There is no voice on a test machine: a stub stands in for it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Visitor

pytestmark = pytest.mark.browser
# Says nothing and notes what it was asked to say. With `hold` a sentence goes on until it is stopped.
VOICE = """
window.said = []; window.hold = true;
const voice = {
  getVoices: () => [{lang: "nl-NL"}], addEventListener() {}, now: null,
  cancel() { this.now = null; },
  speak(words) {
    window.said.push([words.text, words.lang, words.rate]); this.now = words;
    setTimeout(() => { if (!window.hold && this.now === words) words.onend({}); }, 1);
  },
};
Object.defineProperty(window, "speechSynthesis", {value: voice});
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""
PAGE = """<!doctype html><html lang="nl"><head><title>x</title></head><body><main id="main">
<div data-kz-reader hidden class="kz-reader"><button data-kz-reader-play data-state="start">
<span data-kz-reader-word="start">Lees voor</span><span data-kz-reader-word="pause" hidden>Pauze</span>
<span data-kz-reader-word="resume" hidden>Lees verder</span></button>
<button data-kz-reader-next data-kz-reader-busy hidden>Volgende</button>
<button data-kz-reader-stop data-kz-reader-busy hidden>Stop</button>
<select data-kz-reader-speed><option value="0.7">a</option><option value="0.95" selected>b</option></select></div>
<nav>Niet dit</nav><h1>Mijn plan</h1>
<p>Eén zin met <strong>nadruk</strong>. En de <button class="kz-word">Wlz</button> erbij!</p>
<p lang="ar">مرحبا <span lang="en">hello there</span></p><svg role="img" aria-label="een vis"><path d="M0 0"/></svg>
<svg aria-hidden="true"><title>niet</title></svg><p hidden>Niet dit</p><label><input type="radio"> Ja</label>
</main></body></html>"""
SAID = [
    ["Mijn plan", "nl"],
    ["Eén zin met nadruk.", "nl"],
    ["En de Wlz erbij!", "nl"],
    ["مرحبا", "ar"],
    ["hello there", "en"],
    ["een vis", "nl"],
    ["Ja", "nl"],
]


@pytest.fixture
def page(open_page: Callable[..., Any], site: str) -> Any:
    """A page of our own with the script of the product and a voice that can be looked into."""
    page = open_page("narrow")
    page.add_init_script(VOICE)
    page.route(
        f"{site}/read", lambda route: route.fulfill(body=PAGE, content_type="text/html; charset=utf-8")
    )
    page.goto(f"{site}/read")
    page.add_script_tag(url=f"{site}/static/ui/reader.js")
    page.evaluate("document.dispatchEvent(new Event('DOMContentLoaded'))")
    return page


def test_it_says_each_sentence_in_its_own_language_and_no_more(page: Any) -> None:
    page.evaluate("window.hold = false")
    page.get_by_role("button", name="Lees voor").click()
    expect(page.get_by_role("button", name="Lees voor")).to_be_visible()
    page.wait_for_function(f"window.said.length >= {len(SAID)}")
    assert [one[:2] for one in page.evaluate("window.said")] == SAID


def test_the_keyboard_pauses_goes_on_skips_and_stops_and_the_sentence_is_marked(page: Any) -> None:
    marked = "() => [...CSS.highlights.get('kz-reading')].map(String)"
    page.get_by_role("button", name="Lees voor").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(marked) == ["Mijn plan"]
    page.get_by_role("button", name="Volgende").press("Enter")
    assert page.evaluate(marked) == ["Eén zin met nadruk."]
    page.get_by_role("button", name="Pauze").press("Enter")
    assert page.evaluate("speechSynthesis.now") is None
    page.get_by_role("combobox").select_option("0.7")
    page.get_by_role("button", name="Lees verder").press("Enter")
    assert page.evaluate("window.said.at(-1)") == ["Eén zin met nadruk.", "nl", 0.7]
    page.get_by_role("button", name="Stop").press("Enter")
    assert page.evaluate(marked) == [] and page.evaluate("speechSynthesis.now") is None
    expect(page.get_by_role("button", name="Lees voor")).to_be_focused()
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()


def test_without_highlights_the_element_is_marked(open_page: Callable[..., Any], site: str) -> None:
    page = open_page("narrow")
    page.add_init_script(VOICE + "; delete CSS.highlights; delete window.Highlight;")
    page.route(
        f"{site}/read", lambda route: route.fulfill(body=PAGE, content_type="text/html; charset=utf-8")
    )
    page.goto(f"{site}/read")
    page.evaluate("Object.defineProperty(CSS, 'highlights', {value: undefined})")
    page.add_script_tag(url=f"{site}/static/ui/reader.js")
    page.evaluate("document.dispatchEvent(new Event('DOMContentLoaded'))")
    page.get_by_role("button", name="Lees voor").click()
    expect(page.locator("h1.kz-reading")).to_be_visible()


def test_without_scripts_a_word_is_explained_by_the_keyboard(come_in: Callable[..., Visitor]) -> None:
    linda = come_in("Linda de Wit", "Sterre de Wit", width="narrow", javascript=False)
    linda.goes_to("referral")
    assert not linda.offers("Lees voor")
    word = linda.page.locator(".kz-word").first
    box = linda.page.locator(f"#{word.get_attribute('popovertarget')}")
    expect(box).to_be_hidden()
    word.press("Enter")
    expect(box).to_be_visible()
    linda.looks()
    linda.page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    linda.goes_to("/words")
    linda.reads("Moeilijke woorden", "De Wet langdurige zorg.")


def test_a_parents_page_is_read_aloud(come_in: Callable[..., Visitor]) -> None:
    linda = come_in("Linda de Wit", "Sterre de Wit", width="narrow")
    linda.page.add_init_script(VOICE)
    linda.goes_to("referral")
    linda.page.get_by_role("button", name="Lees voor").click()
    linda.page.get_by_role("button", name="Volgende").click()
    assert linda.page.evaluate("window.said")[0] == ["Sterre de Wit", "nl", 0.95]
    linda.looks()
    linda.page.get_by_role("button", name="Stop").click()
