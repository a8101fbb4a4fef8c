"""The languages of the product: which are complete, which are being translated, and who read a translation.

Dutch and English are complete. The others fall back to Dutch, visibly: a text that is lent by Dutch stands between two
marks (BEGIN, END), which every way out of the house turns into what its medium can say (kindzorg.ui.borrowed).
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

SOURCE = Path(__file__).parent.parent
# In their own names: who looks for a language looks for the word it has there.
COMPLETE = {"nl": "Nederlands", "en": "English"}
TRANSLATED = {"ar": "العربية", "tr": "Türkçe", "uk": "Українська", "pl": "Polski"}
NAMES = COMPLETE | TRANSLATED
# What is not translated is lent by Dutch: it is what the people around the family speak and can read out to them.
LENDER = "nl"
RIGHT_TO_LEFT = frozenset({"ar"})
# Private characters: no keyboard has them, and they are no part of any text that a person writes.
BEGIN, END = "\ue0d0", "\ue0d1"
MARKS = re.compile(f"[{BEGIN}{END}]")


def borrowed(text: str) -> str:
    """A Dutch text on its way to somebody who reads another language, between marks."""
    return f"{BEGIN}{text}{END}" if text.strip() else text


def unmarked(text: str) -> str:
    """The text without marks, where a mark can say nothing: a title, an attribute, a plain mail."""
    return MARKS.sub("", text)


def is_borrowed(text: str) -> bool:
    """Whether some of it is lent by Dutch."""
    return BEGIN in text


def direction(language: str) -> str:
    """The value of `dir` for this language."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def as_one(text: str, language: str) -> str:
    """An amount or a number that reads from left to right, also within a line that does not.

    Without this "2,5 mg" stands as "mg 2,5" in Arabic, and the parts of a telephone number in the wrong order.
    """
    return f"\u2066{text}\u2069" if text and language in RIGHT_TO_LEFT else text


def quoted(text: str, language: str) -> str:
    """What somebody said, between quotation marks that stay at its own ends, also on a page that runs the other way."""
    return f"\u2068“{text}”\u2069" if language in RIGHT_TO_LEFT else f"“{text}”"


@dataclass(frozen=True, slots=True)
class Review:
    """A person who speaks the language read the translation of a room. `of` is the fingerprint of what was read."""

    language: str
    room: str
    by: str
    on: date
    of: str


@cache
def reviews() -> tuple[Review, ...]:
    """Who read which translation (core/content/reviews.yaml)."""
    path = SOURCE / "core" / "content" / "reviews.yaml"
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return tuple(Review(**one) for one in found["reviews"])


def files(language: str, room: str) -> Iterator[Path]:
    """The files that hold the translation of a room."""
    yield from sorted((SOURCE / room / "content" / language).glob("*.yaml"))
    yield from sorted((SOURCE / room / "locale" / language).glob("LC_MESSAGES/*.po"))


def rooms(language: str) -> tuple[str, ...]:
    """The rooms of which something is translated into this language."""
    there = {path.relative_to(SOURCE).parts[0] for path in SOURCE.glob(f"*/content/{language}/*.yaml")}
    there |= {path.relative_to(SOURCE).parts[0] for path in SOURCE.glob(f"*/locale/{language}/*/*.po")}
    return tuple(sorted(there))


def fingerprint(language: str, room: str) -> str:
    """What the translation of a room is now: twelve characters that change with any change in it."""
    digest = hashlib.sha256()
    for path in files(language, room):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def is_reviewed(language: str) -> bool:
    """Whether a person read all of it as it is now. Dutch and English are written, not translated."""
    if language not in TRANSLATED:
        return True
    read = {(one.room, one.of) for one in reviews() if one.language == language}
    there = rooms(language)
    return bool(there) and all((room, fingerprint(language, room)) in read for room in there)
