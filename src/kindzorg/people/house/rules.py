"""What an organisation may word anew, and how; what its style may be. Pure.

A text is filled in with `str.format`: what stands between braces is asked for by the code, and nothing else may stand
there.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kindzorg.core.errors import Invalid
from kindzorg.core.texts import content
from kindzorg.ui.colours import COLOUR, MODES, TOKENS, Colours, weak_in

LONGEST, LONGEST_NAME, LOGO_BYTES = 4000, 60, 200_000
PLACE = re.compile(r"\{[^{}]*\}|%\(\w+\)[a-z]")
KEY = re.compile(r"([a-z_]+)\.([a-z_]+)\.(.+)")
# Braces that name no place, what a browser could take for a tag, and characters that no keyboard has.
SIGNS = re.compile(r"[{}<>]|%\(|[\x00-\x08\x0b-\x1f\x7f\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Which text: its key, for whom, in which language."""

    key: str
    audience: str
    language: str


@dataclass(frozen=True, slots=True)
class NewText:
    """A text as it is typed, in the place of version `instead_of` (0: none before). Empty: as it is shipped, again."""

    place: TextPlace
    words: str
    instead_of: int


@dataclass(frozen=True, slots=True)
class TextVersion:
    """One version: what it says (nothing: as it is shipped), of which shipped text it was made, who wrote it, when."""

    place: TextPlace
    number: int
    words: str
    of: str
    by: str
    at: datetime

    def overtaken(self, shipped: str) -> bool:
        """Whether it counts, and what is shipped says something else by now than when it was written."""
        return bool(self.words) and self.of != mark_of(shipped)


def mark_of(shipped: str) -> str:
    """A mark that changes when the text does."""
    return hashlib.sha256(shipped.encode()).hexdigest()[:12]


def fixed_reason(key: str) -> str:
    """Why no organisation words this text anew; nothing where one may."""
    fixed: Mapping[str, Mapping[str, str]] = content("people", "fixed_texts")
    return fixed["keys"].get(key) or fixed["topics"].get(key.rsplit(".", key.count(".") - 1)[0], "")


def places_in(text: str) -> frozenset[str]:
    """What is filled in later: {name}, %(name)s."""
    return frozenset(PLACE.findall(text))


def tidied(words: str) -> str:
    """As it is kept: one kind of line end, nothing around it."""
    return words.replace("\r\n", "\n").replace("\r", "\n").strip()


def check_words(words: str, shipped: str) -> None:
    """Raises Invalid for what cannot stand in the place of the shipped text."""
    if len(words) > LONGEST:
        raise Invalid("words_too_long", fields=("words",), longest=LONGEST)
    asked, there = places_in(shipped), places_in(words)
    if asked - there:
        raise Invalid("places_lost", fields=("words",), places=", ".join(sorted(asked - there)))
    if there - asked:
        raise Invalid("places_added", fields=("words",), places=", ".join(sorted(there - asked)))
    if found := SIGNS.search(PLACE.sub("", words)):
        raise Invalid("signs", fields=("words",), sign=found[0] if found[0].isprintable() else "")


def shipped_text(place: TextPlace) -> str:
    """The text as it is shipped at exactly this place; empty where it is not translated yet.

    Raises Invalid("no_such_text") for a place that is not there.
    """
    try:
        room, topic, name = KEY.fullmatch(place.key).groups()  # type: ignore[union-attr]
        said: Any = content(room, topic)[name][place.audience]
        return str(said["nl"] and said.get(place.language, ""))
    except (OSError, LookupError, TypeError, AttributeError):
        raise Invalid("no_such_text") from None


def dutch_of(place: TextPlace) -> str:
    """What is shipped in Dutch for the same reader: what is filled in is the same in every language."""
    return shipped_text(TextPlace(place.key, place.audience, "nl"))


def fits(place: TextPlace, words: str) -> bool:
    """Whether these words can still stand there: a later release may fill in something else, or fix the text."""
    try:
        return not fixed_reason(place.key) and places_in(words) == places_in(dutch_of(place))
    except Invalid:
        return False


@dataclass(frozen=True, slots=True)
class NewStyle:
    """A name, a logo (a JPEG; None: none) and colours: mode -> token -> "#rrggbb", only what differs from the theme."""

    name: str
    logo: bytes | None = None
    colours: Colours = field(default_factory=dict)


def check_style(new: NewStyle) -> None:
    """Raises Invalid for what cannot be somebody's style: "colours_weak" says all that cannot be read, and how far."""
    if not new.name.strip() or len(new.name) > LONGEST_NAME:
        raise Invalid("name_length", fields=("name",), longest=LONGEST_NAME)
    if new.logo is not None and (not new.logo.startswith(b"\xff\xd8\xff") or len(new.logo) > LOGO_BYTES):
        raise Invalid("logo_not_fit", fields=("logo",))
    for mode, tokens in new.colours.items():
        if mode not in MODES or not all(
            name in TOKENS and COLOUR.fullmatch(colour) for name, colour in tokens.items()
        ):
            raise Invalid("colour_not_known")
    if weak := list(weak_in(new.colours)):
        raise Invalid("colours_weak", weak=weak)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is an organisation's own, as every page of its readers needs it. `style`: the id of that which counts."""

    words: Mapping[str, Mapping[str, Mapping[str, str]]]
    name: str = ""
    style: UUID | None = None
    has_logo: bool = False
    has_colours: bool = False
