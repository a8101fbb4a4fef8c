"""In which language words were written, and what a translation of them is. Pure.

The words stay as they were written; a translation stands under them and never takes their place. Who may not read the
words does not read a translation either: both are found by what the reader has read.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kindzorg.careteam.spoken.rules import SIGN, SPOKEN
from kindzorg.core.errors import Invalid, Missing

LONGEST = 6000
DUTCH = "nl"
WRITTEN = tuple(one for one in SPOKEN if one != SIGN)
"""What can be written: sign language cannot."""
SCRIPTS = {
    **dict.fromkeys(("ar", "fa", "ps", "ur"), "ARABIC"),
    **dict.fromkeys(("uk", "ru", "bg"), "CYRILLIC"),
    **dict.fromkeys(("ti", "am"), "ETHIOPIC"),
    "hy": "ARMENIAN",
    "hi": "DEVANAGARI",
    "zh": "CJK",
}
"""What Unicode calls the letters of languages that are not written as Dutch is."""


class WordsOf(StrEnum):
    """Whose words they are; also the first word of what the trail says of them."""

    NEEDS = "needs"
    REPORT = "report"
    PROPOSAL = "proposal"


class WordsStep(StrEnum):
    """What a row says: in which language it was written, a translation, or that an interpreter read a translation."""

    WRITTEN = "written"
    TRANSLATED = "translated"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """Words that somebody may read. `said_at` is when they were said so: better words need another translation.

    `permission` is by which right the actor takes part in it; `shown_id` under which id the trail speaks of it.
    """

    of: WordsOf
    object_id: UUID
    said_at: datetime
    words: Mapping[str, str]
    permission: str
    shown_id: UUID


@dataclass(frozen=True, slots=True)
class NewTranslation:
    """Words in another language, per field; who of the interpreters read it through, if one did."""

    into: str
    words: Mapping[str, str]
    interpreter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """One field in another language. `interpreter` is the name of who read it through; empty: nobody did."""

    id: UUID
    field: str
    language: str
    words: str
    by: str
    at: datetime
    interpreter: str = ""


@dataclass(frozen=True, slots=True)
class Tongue:
    """In which language one thing was written, empty where nobody said so; and its translations, newest first."""

    language: str = ""
    translations: tuple[Translated, ...] = ()

    def of_field(self, field: str) -> tuple[Translated, ...]:
        """The translations of one field, of each language the newest."""
        found: dict[str, Translated] = {}
        for one in self.translations:
            if one.field == field:
                found.setdefault(one.language, one)
        return tuple(found.values())


def check_language(language: str) -> None:
    """Raises Invalid for a language that is not in the list."""
    if language not in WRITTEN:
        raise Invalid("language_unknown", fields=("into",))


def can_be_in(language: str, words: Iterable[str]) -> bool:
    """Whether words can be in this language: not without one letter of its script. Who speaks Arabic and writes Dutch
    may leave the choice as it stands ready."""
    script = SCRIPTS.get(language, "")
    return any(unicodedata.name(letter, "").startswith(script) for said in words for letter in said)


def check_translation(original: Original, new: NewTranslation, written_in: str) -> dict[str, str]:
    """The words that are translated, per field. Raises Invalid without words, with too many, for an unknown language or
    the one in which it was written; Missing for a field that has no words."""
    check_language(new.into)
    if new.into == (written_in or DUTCH):
        raise Invalid("same_language", fields=("into",))
    words = {field: said.strip() for field, said in new.words.items() if said.strip()}
    if not words:
        raise Invalid("nothing_translated", fields=("into",))
    if any(len(said) > LONGEST for said in words.values()):
        raise Invalid("translation_long", fields=("into",), longest=LONGEST)
    if not set(words) <= set(original.words):
        raise Missing("no_such_words", object_id=original.object_id)
    return words


def offered(page_language: str, spoken: Iterable[str], *, types_for_another: bool = False) -> str:
    """The language that stands ready where somebody writes; empty where no choice is needed, as it will be Dutch.

    The language of the page, else the one that the writer speaks. Who types for another most often types Dutch.
    """
    spoken = [one for one in spoken if one in WRITTEN and one != DUTCH]
    if types_for_another:
        return DUTCH if spoken else ""
    if page_language in WRITTEN and page_language not in (DUTCH, "en"):
        return page_language
    return spoken[0] if spoken else ""


def fields_with_words(words: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    """The fields in which something stands, in this order."""
    return {name: words[name] for name in names if words.get(name, "").strip()}
