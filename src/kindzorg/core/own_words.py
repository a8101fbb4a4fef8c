"""Whose own words a reader gets: an organisation may word texts of content anew (docs/adr/0016).

The door says for each request whose house it is (`reading`); who opens the file of the child that the page is about
says that it is the house of that child (`about_child`). Outside a request, and where nobody worded anything anew, texts
are as they are shipped.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

# key -> audience -> language -> text, only what was reworded.
OwnWords = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class House:
    """An organisation, and a stamp that is another after each change in what is its own; None: nothing is."""

    id: UUID
    stamp: UUID | None


@dataclass(slots=True)
class Reading:
    """One request: whose house it is, and the child that the page is about. `load` finds what is that house's own."""

    load: Callable[[House], Any]
    house: House | None = None
    child_id: UUID | None = None

    @property
    def kept(self) -> Any:
        """What is the house's own; None where nothing is."""
        return self.load(self.house) if self.house and self.house.stamp else None


_NOW: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading(one: Reading) -> Iterator[Reading]:
    """Within the block texts are those of this house."""
    before = _NOW.set(one)
    try:
        yield one
    finally:
        _NOW.reset(before)


def about_child(child_id: UUID, house: House) -> None:
    """From now on texts are those of the house that keeps this child's file, if the page is about this child."""
    if (now := _NOW.get()) and now.child_id == child_id:
        now.house = house


def house_read() -> Any:
    """What is the own of the house of this moment; None where there is none."""
    now = _NOW.get()
    return now.kept if now else None


def reworded(key: str, texts: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    """The texts of a key with those of the house in their place. Never a text for a reader who had none of his own."""
    kept = house_read()
    own = kept.words.get(key) if kept else None
    if not own:
        return texts
    return {**texts, **{one: {**texts[one], **said} for one, said in own.items() if one in texts}}
