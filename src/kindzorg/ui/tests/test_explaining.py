"""Hard words explained in the HTML of a page: the first time each, where a button may stand, for who needs it."""

import pytest
from django.template import engines

from kindzorg.ui.plain.explaining import explained

BUTTON = '<button type="button" class="kz-word" popovertarget="word-wlz">Wlz</button>'


def first(html: str, audience: str = "parent", language: str = "nl") -> str:
    """The HTML without its boxes."""
    return explained(html, audience, language).split('<div class="kz-word-box"')[0].rstrip()


def test_a_word_becomes_a_button_once_and_its_box_says_what_it_means() -> None:
    page = explained("<p>De Wlz, en nog eens de Wlz.</p>", "child", "nl")
    assert f"<p>De {BUTTON}, en nog eens de Wlz.</p>" in page
    assert 'id="word-wlz" popover' in page and "Een wet voor wie altijd veel zorg nodig heeft." in page
    assert page.count('popover role="dialog"') == 1


def test_each_reader_gets_its_own_words_and_language() -> None:
    assert "De Wet langdurige zorg. Deze wet" in explained("<p>Wlz</p>", "parent", "nl")
    assert "This law is for people" in explained("<p>Wlz</p>", "parent", "en")


@pytest.mark.parametrize(
    "html",
    [
        "<h1>De Wlz</h1>",
        '<p><a href="/x">De Wlz</a></p>',
        "<p><button>De Wlz</button></p>",
        "<label>De <span>Wlz</span></label>",
        "<details><summary>De Wlz</summary></details>",
        '<textarea name="x">De Wlz</textarea>',
        '<p><span class="kz-visually-hidden">De Wlz</span></p>',
        "<p hidden>De Wlz</p>",
        '<p title="De Wlz">Niets</p>',
        "<!-- it's de Wlz --><p>Niets</p>",
        "<p>WLZ-kind, wlz, kind@Wlz.nl</p>",
        "<p>Is het veilig thuis?</p>",
    ],
)
def test_what_may_hold_no_button_stays_as_it_was(html: str) -> None:
    assert explained(html, "parent", "nl") == html


def test_after_what_is_closed_it_goes_on() -> None:
    html = '<p><a href="/x?a=1&gt;2">Wlz</a><br>De <img alt="Wlz > x"> Wlz<svg><path d="M0"/></svg></p>'
    assert first(html) == html.replace("> Wlz<svg", f"> {BUTTON}<svg")


def test_a_word_at_the_beginning_of_a_sentence_counts_and_the_longest_form_wins() -> None:
    assert 'popovertarget="word-authority_register">Gezagsregister<' in first("<p>Gezagsregister</p>")
    assert 'popovertarget="word-authority">ouderlijk gezag<' in first("<p>Het ouderlijk gezag.</p>")


@pytest.mark.parametrize(
    ("audience", "explains"), [("parent", True), ("child", True), ("professional", False)]
)
def test_the_tag_explains_for_families_alone(audience: str, explains: bool) -> None:
    template = engines["django"].from_string(
        "{% explained audience %}<p>{{ words }} &amp; Wlz</p>{% endexplained %}"
    )
    page = template.render({"audience": audience, "words": "<b>"})
    assert ("kz-word-box" in page) == explains
    assert "<p>&lt;b&gt; &amp; " in page
