"""What a copy is made of. The page that is read and the data beside it are made from the same parts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from kindzorg.core.texts import text


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is said: its name in the data, its name for a reader, and what stands there."""

    key: str
    label: str
    value: Any


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was written down. `words` are somebody's own words; `file` is the name of what hangs on it in the
    copy, and `file_id` which one it is."""

    title: str
    fields: tuple[Field, ...] = ()
    words: str = ""
    at: datetime | date | None = None
    by: str = ""
    inside: tuple["Item", ...] = ()
    file: str = ""
    file_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Some of a chapter under one heading. `brief`: many small things, each on a line or two."""

    key: str
    title: str
    items: Sequence[Item]
    brief: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page, and one file of data."""

    key: str
    title: str
    lead: str
    sections: tuple[Section, ...]

    @property
    def count(self) -> int:
        """How many things stand in it."""
        return sum(len(section.items) for section in self.sections)


def said(*told: tuple[str, str, Any]) -> tuple[Field, ...]:
    """The fields of an item, without those of which nothing is said."""
    return tuple(
        Field(key, str(label), value) for key, label, value in told if value not in (None, "", [], ())
    )


def section(key: str, title: str, items: Iterable[Item], *, brief: bool = False) -> Section:
    """A section; the caller leaves out what is empty with `filled`."""
    return Section(key, str(title), list(items), brief)


def filled(*sections: Section) -> tuple[Section, ...]:
    """The sections in which something stands."""
    return tuple(one for one in sections if one.items)


def words(key: str, audience: str, **given: object) -> str:
    """A text of the copy for this reader."""
    return text(f"web.copies.{key}", audience, (get_language() or "nl")[:2]).format(**given)


def domain_words(domains: Iterable[str], audience: str) -> str:
    """Life domains by name."""
    language = (get_language() or "nl")[:2]
    return ", ".join(text(f"ui.domains.{one}", audience, language) for one in domains)
