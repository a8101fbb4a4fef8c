"""What Dutch lends to a page in another language: marked up where it can be, else bare, and said at the top."""

import pytest
from django.template import Context, Template
from django.utils.translation import gettext, ngettext, override

from kindzorg.core.languages import borrowed
from kindzorg.core.texts import pick
from kindzorg.ui.borrowed import NOTE, NOTE_END, SPAN, spoken, spoken_bytes
from kindzorg.ui.translation import mailed, translation_notes, unreviewed

LENT = borrowed("Bewaren")
SAID = f"{SPAN}Bewaren</span>"
NOTED = f"{NOTE}<p>deels {LENT}</p>{NOTE_END}"


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        (f"<p>{LENT}</p>", f"<p>{SAID}</p>"),
        ("<p>Sla</p>", "<p>Sla</p>"),
        (f"<title>{LENT}</title>", "<title>Bewaren</title>"),
        (f'<a title="{LENT} > dit">{LENT}</a>', f'<a title="Bewaren > dit">{SAID}</a>'),
        (
            f"<select><option>{LENT}</option></select>{LENT}",
            f"<select><option>Bewaren</option></select>{SAID}",
        ),
        (
            f"<svg><svg></svg><text>{LENT}</text></svg>{LENT}",
            f"<svg><svg></svg><text>Bewaren</text></svg>{SAID}",
        ),
        # Each stretch of text gets a span of its own, so that no span crosses a tag.
        (borrowed("een <b>twee</b> drie"), f"{SPAN}een </span><b>{SPAN}twee</span></b>{SPAN} drie</span>"),
        (borrowed(f"in {LENT} uit"), f"{SPAN}in </span>{SAID}{SPAN} uit</span>"),
        # A text that was cut short takes no more along than its own part of the page.
        (f"<form>{LENT[:-1]}</form><p>Sla</p>", f"<form>{SAID}</form><p>Sla</p>"),
    ],
)
def test_a_page_marks_up_what_is_lent(page: str, sent: str) -> None:
    assert spoken(page) == sent


def test_a_page_says_at_its_top_that_a_part_is_lent_and_only_then() -> None:
    assert spoken(f"{NOTED}<p>{LENT}</p>") == f"<p>deels {SAID}</p><p>{SAID}</p>"
    assert spoken(f"{NOTED}<p>كل شيء</p>") == "<p>كل شيء</p>"


def test_what_is_no_page_goes_out_without_marks() -> None:
    assert spoken_bytes(f"a,{LENT}".encode(), "text/csv; charset=utf-8") == b"a,Bewaren"
    assert spoken_bytes(f"<p>{LENT}</p>".encode(), "text/html") == f"<p>{SAID}</p>".encode()
    assert spoken_bytes(b"\xff\xfe", "text/html") == b"\xff\xfe"


def test_a_text_is_that_of_the_same_reader_or_lent() -> None:
    texts = {
        "child": {"nl": "Dag!", "en": "Hi!"},
        "parent": {"nl": "Goedendag", "en": "Hello", "tr": "Merhaba"},
    }
    assert pick(texts, "parent", "tr") == "Merhaba"
    # The words for parents are not given to a child because those for a child are missing.
    assert pick(texts, "child", "tr") == borrowed("Dag!")
    assert pick({"professional": {"nl": "x", "en": "y", "tr": "z"}}, "child", "tr") == "z"


def test_a_catalogue_lends_from_dutch_marked() -> None:
    with override("tr"):
        assert gettext("a text that is marked nowhere") == "a text that is marked nowhere"
        assert ngettext("a goal of nobody", "goals of nobody", 2) == borrowed("goals of nobody")


def test_every_page_in_a_language_that_nobody_checked_says_so_in_dutch_too() -> None:
    code, direction, words = unreviewed("ar")[-1]
    assert (code, direction) == ("nl", "ltr") and "nog niet nagekeken" in words
    assert unreviewed("nl") == unreviewed("en") == []
    with override("ar"):
        page = Template("{% translation_incomplete %}<p>{{ words }}</p>{% translation_unreviewed %}")
        assert 'lang="nl"' in page.render(Context({"words": "x"}))
        assert "kz-translation" in spoken(page.render(Context({"words": LENT})))
        assert "kz-translation" not in spoken(page.render(Context({"words": "x"})))


def test_a_mail_and_a_paper_say_it_at_their_foot() -> None:
    assert "nog niet nagekeken" in mailed("Merhaba\n", "tr")
    body = mailed(f"{LENT}\n", "tr")
    assert body.startswith("Bewaren\n\n") and "\ue0d0" not in body
    assert mailed("Goedendag\n", "nl") == "Goedendag\n"
    with override("nl"):
        assert translation_notes("Goedendag") == []
