"""What a portrait is made of: topics, two voices, and wordings of which the newest counts. Pure.

Source: an individual care plan begins with who the child is (IZP 3.0: "wie is dit kind"). The questions are our own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kindzorg.access.roles import Role
from kindzorg.core.errors import Conflict, Invalid

# So short that all of it fits on one sheet of paper.
LONGEST = 300


class PortraitTopic(StrEnum):
    """What is told of a child, in the order of the page: what somebody should know first stands first."""

    FIRST = "first"
    COMFORT = "comfort"
    WRONG = "wrong"
    TALKING = "talking"
    SCARY = "scary"
    LIKES = "likes"
    DAY = "day"
    PEOPLE = "people"
    LATER = "later"


class PortraitVoice(StrEnum):
    """Whose words they are. They stand beside each other: nobody's take the place of the other's."""

    CHILD = "child"
    PARENT = "parent"


@dataclass(frozen=True, slots=True)
class NewPiece:
    """What somebody writes. `revision` is that of the wording which the form showed; 0 where there was none."""

    topic: PortraitTopic
    words: str
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """One wording. Without words it was taken away. `key` is the id of the first wording of its voice on its topic."""

    topic: PortraitTopic
    voice: PortraitVoice
    revision: int
    words: str
    by: str
    on_behalf_of: str
    at: datetime
    key: UUID | None = None


@dataclass(frozen=True, slots=True)
class TopicView:
    """One topic: what stands there now per voice, and the earlier wordings for who may know them, newest first."""

    topic: PortraitTopic
    pieces: tuple[Piece, ...] = ()
    earlier: tuple[Piece, ...] = ()


def voice_of(role: Role | None) -> PortraitVoice:
    """With whose voice somebody in this role writes. Who writes for a parent speaks as a parent."""
    return PortraitVoice.CHILD if role in (Role.CHILD, Role.YOUNG_PERSON) else PortraitVoice.PARENT


def check(new: NewPiece, newest: Piece | None) -> None:
    """Refuse what says nothing or too much, or was written over something newer. Raises Invalid, Conflict."""
    if len(new.words.strip()) > LONGEST:
        raise Invalid("portrait_long", fields=("words",), longest=LONGEST)
    if not new.words.strip() and not (newest and newest.words):
        raise Invalid("portrait_nothing", fields=("words",))
    if newest and newest.revision != new.revision:
        raise Conflict(
            "portrait_changed", theirs=newest.words, by=newest.by, revision=newest.revision, mine=new.words
        )


def portrait(pieces: Iterable[Piece], *, with_earlier: bool) -> tuple[TopicView, ...]:
    """Every topic with what stands there now: the child's own words first. `pieces` are oldest first."""
    found: dict[tuple[PortraitTopic, PortraitVoice], list[Piece]] = {}
    for piece in pieces:
        wordings = found.setdefault((piece.topic, piece.voice), [])
        wordings.append(replace(piece, key=wordings[0].key) if wordings else piece)
    return tuple(_topic(topic, found, with_earlier) for topic in PortraitTopic)


def _topic(
    topic: PortraitTopic, found: dict[tuple[PortraitTopic, PortraitVoice], list[Piece]], with_earlier: bool
) -> TopicView:
    wordings = [found.get((topic, voice), []) for voice in PortraitVoice]
    now = tuple(rows[-1] for rows in wordings if rows and rows[-1].words)
    before = [piece for rows in wordings for piece in reversed(rows) if piece.words and piece not in now]
    return TopicView(topic, now, tuple(before) if with_earlier else ())
