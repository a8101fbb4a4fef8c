"""Every text that is shipped, as somebody looks for one to word anew: by room, by reader and by its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from kindzorg.core.languages import SOURCE
from kindzorg.core.texts import FALLBACK, content
from kindzorg.core.vocabulary import Audience
from kindzorg.people.house.rules import TextPlace, TextVersion, fixed_reason

PAGE = 30
# Texts of the demo and of the workshop of the makers: nobody at an organisation meets them.
UNSEEN = frozenset({"demo", "core"})
UNSEEN_TOPICS = frozenset({"ui.gallery", "ui.pictograms", "web.own_texts", "web.own_topics", "web.own_style"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One text of content: its room, its topic, and what is shipped, audience -> language -> text."""

    key: str
    room: str
    topic: str
    said: Mapping[str, Mapping[str, str]]

    def served(self, reader: str) -> str:
        """Whose text this reader gets; nothing where there is none for him."""
        to_the_right = FALLBACK[FALLBACK.index(Audience(reader)) :]
        return next((str(one) for one in to_the_right if one in self.said), "")

    def others(self, audience: str) -> tuple[Audience, ...]:
        """Who else reads the text for this audience, having none of his own."""
        return tuple(one for one in FALLBACK if one != audience and self.served(one) == audience)

    @property
    def fixed(self) -> str:
        """Why it cannot be worded anew; nothing where it can."""
        return fixed_reason(self.key)


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every text, by its key, in the order of rooms and files."""
    found: dict[str, Entry] = {}
    for path in sorted(SOURCE.glob("*/content/*.yaml")):
        room, topic = path.parent.parent.name, f"{path.parent.parent.name}.{path.stem}"
        if room not in UNSEEN and topic not in UNSEEN_TOPICS:
            for name, said in content(room, path.stem).items():
                if _is_text(said):
                    per_reader = {str(one): said[one] for one in FALLBACK if one in said}
                    found[f"{topic}.{name}"] = Entry(f"{topic}.{name}", room, topic, per_reader)
    return found


def _is_text(said: Any) -> bool:
    return isinstance(said, dict) and any("nl" in (said.get(one) or "") for one in FALLBACK)


def rooms() -> Sequence[str]:
    """The rooms that hold texts."""
    return list(dict.fromkeys(entry.room for entry in catalogue().values()))


def sought(
    words: str, room: str, reader: str, language: str, own: Mapping[TextPlace, TextVersion]
) -> list[TextPlace]:
    """Where each text stands that this reader gets in this room and that holds these words, shipped or own."""
    found, asked = [], words.casefold().split()
    for entry in catalogue().values():
        if (room and entry.room != room) or not (audience := entry.served(reader)):
            continue
        place = TextPlace(entry.key, audience, language)
        version, said = own.get(place), entry.said[audience]
        there = f"{said.get(language, '')} {said['nl']} {version.words if version else ''} {entry.key}"
        if all(one in there.casefold() for one in asked):
            found.append(place)
    return found
