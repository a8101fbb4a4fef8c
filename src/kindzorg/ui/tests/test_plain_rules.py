"""What makes a Dutch text hard to read: sentences, words, passive voice, what is shortened. No database."""

import pytest

from kindzorg.core.languages import is_borrowed
from kindzorg.core.texts import content
from kindzorg.core.vocabulary import Audience
from kindzorg.ui.plain.meanings import lists, words
from kindzorg.ui.plain.rules import Finding, Lists, Sign, findings, sentences, written_out

LISTS = Lists(simpler={"indien": "als", "gezag": "", "casus": "verhaal"}, explained={"gezag", "wlz"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kom om 14.00 uur. Bel eerst!", ["Kom om 14.00 uur.", "Bel eerst!"]),
        ("Kies: ja, nee; of later", ["Kies: ja, nee; of later"]),
        ("Hallo {name},\n\nDit is een mail.", ["Hallo X,", "Dit is een mail."]),
        ('Hij zei "ja." Daarna niets.', ['Hij zei "ja.', "Daarna niets."]),
        ("<strong>Dag</strong> %(name)s", ["Dag  X"]),
        ("Kijk op https://example.org/a.b eens", ["Kijk op X eens"]),
        ("... !", []),
    ],
)
def test_a_text_falls_into_sentences(text: str, expected: list[str]) -> None:
    assert list(sentences(text)) == expected


@pytest.mark.parametrize(
    ("reader", "words_in_it", "long"),
    [
        (Audience.CHILD, 10, False),
        (Audience.CHILD, 11, True),
        (Audience.PARENT, 15, False),
        (Audience.PARENT, 16, True),
        (Audience.PROFESSIONAL, 25, False),
        (Audience.PROFESSIONAL, 26, True),
    ],
)
def test_a_sentence_is_too_long_for_its_reader(reader: Audience, words_in_it: int, long: bool) -> None:
    text = " ".join(["woord"] * words_in_it) + "."
    assert findings(text, reader, LISTS) == ([Finding(Sign.LONG, text)] if long else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Indien u wilt, indien niet.", [Finding(Sign.HARD, "indien", "als")]),
        ("Wie heeft gezag?", []),
        ("De Wlz en het CIZ.", [Finding(Sign.SHORT, "CIZ")]),
        ("Het Centrum indicatiestelling zorg (CIZ) beslist.", []),
        ("Het CIZ (Centrum indicatiestelling zorg) beslist.", []),
        ("Fruit, bijv. een appel, o.a. rood.", [Finding(Sign.SHORT, "bijv."), Finding(Sign.SHORT, "o.a.")]),
        ("Schrijf naar CIZ@example.org of {BSN}.", []),
        ("De brief wordt morgen gelezen, denk ik.", [Finding(Sign.PASSIVE, "De brief wordt morgen gelezen")]),
        ("Er moet iets worden opgeschreven.", [Finding(Sign.PASSIVE, "Er moet iets worden opgeschreven.")]),
        ("U wordt gezond.", []),
        ("U heeft het gelezen, en het wordt mooi.", []),
    ],
)
def test_what_is_hard_is_seen(text: str, expected: list[Finding]) -> None:
    assert findings(text, Audience.PARENT, LISTS) == expected


def test_a_word_without_a_simpler_one_must_be_explained() -> None:
    assert findings("Het gezag.", Audience.CHILD, Lists({"gezag": ""}, ())) == [Finding(Sign.HARD, "gezag")]


def test_written_out_is_beside_it() -> None:
    assert written_out("MDO", "Een groot overleg (MDO)") and not written_out("MDO", "Een MDO (1)")


def test_each_word_of_the_list_has_its_forms_and_no_form_has_two_words() -> None:
    assert content("ui", "words").keys() == content("ui", "word_forms").keys()
    for language in ("nl", "en"):
        forms = [form.lower() for word in words(language) for form in word.forms]
        assert len(forms) == len(set(forms))
    assert "wlz" in lists().explained and lists().simpler["indien"] == "als"


def test_an_unknown_language_reads_the_dutch_forms() -> None:
    assert [word.key for word in words("tr")] == [word.key for word in words("nl")]
    assert is_borrowed(words("tr")[0].name) and not is_borrowed(words("en")[0].name)
