"""In which language words are, and what a translation of them may be."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kindzorg.core.errors import Invalid, Missing
from kindzorg.core.ids import new_id
from kindzorg.record.translated.rules import (
    LONGEST,
    NewTranslation,
    Original,
    Tongue,
    Translated,
    WordsOf,
    can_be_in,
    check_language,
    check_translation,
    fields_with_words,
    offered,
)

NOW = datetime(2026, 9, 14, 10, tzinfo=UTC)
KEY = new_id()
ORIGINAL = Original(
    of=WordsOf.REPORT,
    object_id=KEY,
    said_at=NOW,
    words={"words": "نام"},
    permission="report.write",
    shown_id=KEY,
)


@pytest.mark.parametrize(
    ("page", "spoken", "types", "ready"),
    [
        ("ar", (), False, "ar"),
        ("nl", (), False, ""),
        ("en", (), False, ""),
        ("nl", ("nl",), False, ""),
        ("nl", ("ti",), False, "ti"),
        ("nl", ("dse",), False, ""),
        ("nl", ("ar",), True, "nl"),
        ("ar", (), True, ""),
    ],
)
def test_who_writes_no_dutch_is_asked_in_which_language(
    page: str, spoken: Any, types: bool, ready: str
) -> None:
    assert offered(page, spoken, types_for_another=types) == ready


@pytest.mark.parametrize(
    ("language", "words", "can"),
    [
        ("ar", "نستيقظ 3 مرات", True),
        ("ar", "Wij staan 3 keer op", False),
        ("uk", "Ми не спимо", True),
        ("uk", "Wij slapen niet", False),
        ("tr", "Uyumuyoruz", True),
    ],
)
def test_words_without_a_letter_of_its_script_are_not_in_a_language(
    language: str, words: str, can: bool
) -> None:
    assert can_be_in(language, ["", words]) is can


def test_sign_language_and_unknown_ones_cannot_be_written() -> None:
    check_language("ar")
    for language in ("dse", "xx", ""):
        with pytest.raises(Invalid):
            check_language(language)


@pytest.mark.parametrize(
    ("new", "error"),
    [
        (NewTranslation("ar", {"words": "x"}), Invalid),
        (NewTranslation("nl", {"words": "  "}), Invalid),
        (NewTranslation("nl", {"words": "x" * (LONGEST + 1)}), Invalid),
        (NewTranslation("xx", {"words": "x"}), Invalid),
        (NewTranslation("nl", {"why": "x"}), Missing),
    ],
)
def test_a_translation_is_of_words_that_are_there_and_into_another_language(new: Any, error: Any) -> None:
    with pytest.raises(error):
        check_translation(ORIGINAL, new, "ar")


def test_what_is_translated_and_words_without_a_language_are_dutch() -> None:
    assert check_translation(ORIGINAL, NewTranslation("nl", {"words": " Hij sliep "}), "ar") == {
        "words": "Hij sliep"
    }
    with pytest.raises(Invalid):
        check_translation(ORIGINAL, NewTranslation("nl", {"words": "x"}), "")


def test_of_each_language_the_newest_translation_of_a_field() -> None:
    def one(field: str, language: str, words: str) -> Translated:
        return Translated(id=new_id(), field=field, language=language, words=words, by="Samira", at=NOW)

    tongue = Tongue("ar", (one("now", "nl", "nieuw"), one("now", "nl", "oud"), one("wish", "nl", "anders")))
    assert [said.words for said in tongue.of_field("now")] == ["nieuw"]
    assert fields_with_words({"b": "x", "a": " ", "c": "y"}, ("a", "b", "c")) == {"b": "x", "c": "y"}
