"""What a talk is, and which of them are over or to come. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kindzorg.core.errors import Invalid

LONGEST = 2000
SHORT = 200


class TalkKind(StrEnum):
    """A talk that was held or is planned, or the day on which all of it is looked at anew."""

    HELD = "held"
    PLANNED = "planned"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class NewTalk:
    """A talk, or the day of the next look. `words` is what was agreed in it, or what it should be about."""

    kind: TalkKind
    on: date
    with_whom: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class TalkView:
    """One talk as it was written down, and by whom."""

    kind: TalkKind
    on: date
    with_whom: str
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Talks:
    """The talks that were held, newest first; those to come, soonest first; and the day of the next look."""

    held: tuple[TalkView, ...] = ()
    planned: tuple[TalkView, ...] = ()
    next_look: date | None = None

    def look_due(self, on: date) -> bool:
        """Whether that day is there."""
        return self.next_look is not None and self.next_look <= on


def check_talk(new: NewTalk, on: date) -> None:
    """Refuse a talk with nobody, one held in the future, and one planned in the past. Raises Invalid."""
    if max(len(new.words), len(new.with_whom)) > LONGEST or len(new.with_whom) > SHORT:
        raise Invalid("annex_too_long", fields=("words",), longest=LONGEST)
    if new.kind != TalkKind.REVISION and not new.with_whom.strip():
        raise Invalid("talk_needs_whom", fields=("with_whom",))
    if new.kind == TalkKind.HELD and new.on > on:
        raise Invalid("talk_not_yet", fields=("on",))
    if new.kind != TalkKind.HELD and new.on <= on:
        raise Invalid("talk_over", fields=("on",))


def talks_of(rows: Sequence[TalkView], on: date) -> Talks:
    """All of them as pages show them. `rows` are oldest first: the newest day of a next look counts."""
    held = sorted((one for one in rows if one.kind == TalkKind.HELD), key=lambda one: one.on, reverse=True)
    planned = [one for one in rows if one.kind == TalkKind.PLANNED and one.on >= on]
    looks = [one.on for one in rows if one.kind == TalkKind.REVISION]
    return Talks(tuple(held), tuple(sorted(planned, key=lambda one: one.on)), looks[-1] if looks else None)
