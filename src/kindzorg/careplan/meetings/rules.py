"""What a meeting is about, who sees what of it, and the time that it takes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from kindzorg.access.policy import EVERY_DOMAIN
from kindzorg.access.roles import FAMILY, Role
from kindzorg.careplan.agreements.rules import Who
from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import LifeDomain

LONGEST = 4000
FURTHEST = timedelta(days=731)
# Long enough for a day's work; one meeting takes less.
MOST_MINUTES = 1440
USUAL_MINUTES = 60
# So many days ahead who has not said whether they come is reminded; who was asked within them was not forgotten.
REMIND = timedelta(days=2)
# A goal that is to be looked at within this time stands on the agenda already.
LOOK_AHEAD = timedelta(weeks=4)


class Says(StrEnum):
    """What somebody answers to being asked: comes, sends word, or cannot."""

    COMES = "comes"
    WORD = "word"
    CANNOT = "cannot"


class TimeKind(StrEnum):
    """What time was spent on, beside the care itself."""

    PREPARATION = "preparation"
    MEETING = "meeting"
    TRAVEL = "travel"
    CONSULTATION = "consultation"
    OTHER = "other"


class PointKind(StrEnum):
    """Why something stands on the agenda."""

    OWN = "own"
    SIGN = "sign"
    PROPOSAL = "proposal"
    AGREEMENT = "agreement"
    GOAL = "goal"


# Of what the plan puts on the agenda: kept when the minutes are closed. What people put there stays of itself, and a
# sign of strain is for who must speak about it, never for all who read the minutes.
KEPT = frozenset({PointKind.PROPOSAL, PointKind.AGREEMENT, PointKind.GOAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMeeting:
    """When and where; who chairs and who takes notes, by name."""

    starts_at: datetime
    chair: str
    scribe: str
    place: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Words for a meeting, of a life domain or of anything."""

    words: str
    domain: LifeDomain | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was decided: what somebody will do, for which goal or life domain; who, where and when if that is known."""

    what: str
    goal_id: UUID | None = None
    domain: LifeDomain | None = None
    who: Who = field(default_factory=Who)
    where: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Closing the minutes: who was there (accounts), how many minutes it took, and the agenda as it was."""

    present: tuple[UUID, ...]
    minutes: int
    agenda: tuple["Point", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTime:
    """Time of one person."""

    kind: TimeKind
    minutes: int
    on_day: date
    person_id: UUID
    meeting_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of the agenda: why it is there, in which words, of which life domain, and what it leads to."""

    kind: PointKind
    words: str
    domain: LifeDomain | None = None
    by: str = ""
    family: bool = False
    about_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidView:
    """What somebody said for a meeting: a point, an answer, a note or a decision, by its place in the meeting."""

    id: UUID
    words: str
    domain: LifeDomain | None
    by: str
    by_id: UUID
    role: Role
    organisation: str
    at: datetime
    says: Says | None = None
    proposal_id: UUID | None = None
    agreement_id: UUID | None = None

    @property
    def family(self) -> bool:
        """Whether somebody of the family said it."""
        return self.role in FAMILY


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingView:
    """A meeting, with what the reader may see of it. `held` is None while it is still to come."""

    id: UUID
    starts_at: datetime
    place: str
    link: str
    chair: str
    scribe: str
    by: str
    held: bool | None = None
    why_not: str = ""
    present: tuple[str, ...] = ()
    agenda: tuple[Point, ...] = ()
    points: tuple[SaidView, ...] = ()
    answers: tuple[SaidView, ...] = ()
    notes: tuple[SaidView, ...] = ()
    decisions: tuple[SaidView, ...] = ()
    closed_by: str = ""
    closed_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether its minutes can still be written."""
        return self.held is None


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a meeting somebody may see: which life domains; and, of who reads only a part, whether that one took
    part in it."""

    actor_id: UUID
    domains: frozenset[LifeDomain]
    whole: bool

    @property
    def all(self) -> bool:
        """Whether nothing is closed."""
        return self.whole and self.domains == EVERY_DOMAIN

    def sees_domain(self, domain: LifeDomain | None, took_part: bool) -> bool:
        """What is of an open domain; what is of anything for who sees every domain."""
        if not (self.whole or took_part):
            return False
        return self._open(domain)

    def _open(self, domain: LifeDomain | None) -> bool:
        return self.domains == EVERY_DOMAIN if domain is None else domain in self.domains

    def sees(self, one: SaidView, took_part: bool) -> bool:
        """The own, as long as its domain is open; else also by having taken part."""
        return self.sees_domain(one.domain, took_part or one.by_id == self.actor_id)


def check_meeting(new: NewMeeting, now: datetime) -> None:
    """Raises Invalid, with the field, for a moment that is over or too far, no place at all, or an unsafe link."""
    if not now - timedelta(hours=12) <= new.starts_at <= now + FURTHEST:
        raise Invalid("meeting_other_time", fields=("starts_at",))
    if not (new.place.strip() or new.link.strip()):
        raise Invalid("meeting_nowhere", fields=("place",))
    if new.link.strip() and not new.link.strip().startswith("https://"):
        raise Invalid("meeting_link_not_safe", fields=("link",))


def check_open(meeting: MeetingView) -> None:
    """Raises Invalid for a meeting of which the minutes are closed, or that does not go on."""
    if not meeting.open:
        raise Invalid("meeting_over")


def check_words(spoken: Spoken) -> None:
    """Raises Invalid for no words, or too many."""
    if not spoken.words.strip():
        raise Invalid("meeting_says_nothing", fields=("words",))
    if len(spoken.words) > LONGEST:
        raise Invalid("meeting_says_too_much", fields=("words",), longest=LONGEST)


def check_answer(says: Says, words: str) -> None:
    """Raises Invalid for sending word without a word."""
    if says is Says.WORD:
        check_words(Spoken(words=words))


def check_time(new: NewTime, on: date) -> None:
    """Raises Invalid, with the field, for no time, more than a day, or a day to come or long ago."""
    if not 1 <= new.minutes <= MOST_MINUTES:
        raise Invalid("time_minutes", fields=("minutes",))
    if not on - timedelta(days=366) <= new.on_day <= on:
        raise Invalid("time_other_day", fields=("on_day",))


def reminds(starts: date, asked: date, on: date) -> bool:
    """Whether this is the time to remind who has not answered: shortly before, of what was asked before that."""
    return asked < starts - REMIND <= on <= starts


def last_of(found: Iterable[SaidView], by: str) -> tuple[SaidView, ...]:
    """Of each person ("by_id") or life domain ("domain") the last wording, in the order in which they first came."""
    kept: dict[object, SaidView] = {}
    for one in sorted(found, key=lambda row: (row.at, row.id)):
        kept[getattr(one, by)] = one
    return tuple(kept.values())


def own_points(said: Iterable[SaidView]) -> tuple[Point, ...]:
    """What people put on the agenda, as its points."""
    return tuple(
        Point(kind=PointKind.OWN, words=one.words, domain=one.domain, by=one.by, family=one.family)
        for one in said
    )


def family_first(points: Iterable[Point]) -> tuple[Point, ...]:
    """What the family put on it before what others did, and that before what the plan puts there by itself."""
    order = list(PointKind)
    return tuple(sorted(points, key=lambda one: (not one.family, order.index(one.kind))))


def by_domain(points: Iterable[Point]) -> Mapping[LifeDomain | None, tuple[Point, ...]]:
    """The agenda per life domain, what is of none in particular first; only where something stands."""
    rows = family_first(points)
    found = {domain: tuple(one for one in rows if one.domain is domain) for domain in (None, *LifeDomain)}
    return {domain: there for domain, there in found.items() if there}


def totals(rows: Iterable[tuple[date, str, int]]) -> Mapping[tuple[date, TimeKind], int]:
    """Minutes per month (its first day) and kind."""
    found: dict[tuple[date, TimeKind], int] = {}
    for day, kind, minutes in rows:
        key = (day.replace(day=1), TimeKind(kind))
        found[key] = found.get(key, 0) + minutes
    return found
