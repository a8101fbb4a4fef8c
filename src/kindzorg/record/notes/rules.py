"""What a note says, and which rows of it count. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kindzorg.access.roles import Role
from kindzorg.careteam.marks.rules import OWN_GROUNDS, MarkView
from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import Ground, LifeDomain
from kindzorg.record.items import ItemKind

LONGEST = 5000
NEEDED_AT_HOME = frozenset({ItemKind.ALLERGY, ItemKind.DEVICE, ItemKind.DIRECTIVE, ItemKind.MEDICATION})
"""What who cares for the child at home must know each hour: a child does not keep it from its parents by itself. With
its nurse or doctor it can, as two professionals decide (good care, BW 7:457(3)). Own choice, te bevestigen."""


class Part(StrEnum):
    """In which of the three a note stands: about the child, of the family itself, or restricted."""

    CHILD = "child"
    FAMILY = "family"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class NewNote:
    """What somebody writes. `corrects` is the entry that it takes the place of; `about_id` whom it must not reach."""

    domain: LifeDomain
    words: str
    part: Part = Part.CHILD
    ground: Ground = Ground.WGBO
    corrects: UUID | None = None
    about_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NoteView:
    """One entry as it reads now, with the earlier wordings of it and the marks that the reader may know of."""

    id: UUID
    part: Part
    domain: LifeDomain
    ground: Ground
    words: str
    by: str
    by_id: UUID
    by_role: Role
    at: datetime
    earlier: tuple["NoteView", ...] = ()
    marks: tuple[MarkView, ...] = ()


def check_note(new: NewNote) -> None:
    """Refuse a note that says nothing or too much, or a restricted one that is not about safety. Raises Invalid."""
    if not new.words.strip():
        raise Invalid("note_says_nothing", fields=("words",))
    if len(new.words) > LONGEST:
        raise Invalid("note_too_long", fields=("words",), longest=LONGEST)
    if new.part == Part.RESTRICTED and new.domain != LifeDomain.SAFETY:
        raise Invalid("restricted_is_safety", fields=("domain",))


def may_be_kept(kind: ItemKind, ground: Ground) -> bool:
    """Whether a child from 12 may keep such an item of its file from its parents by itself."""
    return kind not in NEEDED_AT_HOME and ground in OWN_GROUNDS


def entries(rows: Iterable[NoteView], marks: Iterable[MarkView] = ()) -> tuple[NoteView, ...]:
    """One view per entry, its newest wording with the earlier ones; newest entry first. `rows` are oldest first."""
    found: dict[UUID, list[NoteView]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    known = list(marks)
    whole = [_whole(wordings, known) for wordings in found.values()]
    return tuple(reversed(whole))


def _whole(wordings: list[NoteView], marks: list[MarkView]) -> NoteView:
    last = wordings[-1]
    return NoteView(
        **{
            name: getattr(last, name)
            for name in ("id", "part", "domain", "ground", "words", "by", "by_id", "by_role")
        },
        at=last.at,
        earlier=tuple(reversed(wordings[:-1])),
        marks=tuple(mark for mark in marks if mark.object_id == last.id),
    )
