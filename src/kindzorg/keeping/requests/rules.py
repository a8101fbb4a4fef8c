"""What the family may ask of what stands in the file, until when it is answered, and why it may be refused. Pure.

Sources: correction AVG 16; deletion BW 7:455, Jeugdwet 7.3.9, AVG 17; the family's own statement beside what stays
BW 7:454(2) (te bevestigen); the term AVG 12(3) (te bevestigen: only a secondary source was read); who may ask
`access/grounds.csv`.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from kindzorg.access.grounds import Question, Side, counts, deciders
from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import Ground

LONGEST = 4000
# AVG 12(3): one month; two more when it is complex, if that is said within the first.
TERM, LONGER = 1, 3


class Asked(StrEnum):
    """What is asked: that something is put right, or that it goes."""

    CORRECT = "correct"
    REMOVE = "remove"


class About(StrEnum):
    """What it is about: something in the file, a note, a note of the family itself, an answer of the scan, a goal, an
    agreement or an evaluation of the plan, who the child is, a binding referral, a report, or the file in general
    words.

    Not what somebody told of its own load and power: a request is read by the other parent and by who decides.
    """

    ITEM = "item"
    NOTE = "note"
    FAMILY_NOTE = "family_note"
    ANSWER = "answer"
    GOAL = "goal"
    AGREEMENT = "agreement"
    EVALUATION = "evaluation"
    PORTRAIT = "portrait"
    BINDING = "binding"
    REPORT = "report"
    GENERAL = "general"


class RefusalReason(StrEnum):
    """Why a request is refused. Deletion: BW 7:455(2). What somebody judged or saw is not wrong because another
    sees it otherwise: then the family's own words are put beside it."""

    RIGHT = "right"
    JUDGEMENT = "judgement"
    OTHER_PERSON = "other_person"
    LAW = "law"


class RequestStanding(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    DELAYED = "delayed"
    REFUSED = "refused"
    TO_CORRECT = "to_correct"
    TO_DESTROY = "to_destroy"
    DESTROYED = "destroyed"


REASONS: Mapping[Asked, tuple[RefusalReason, ...]] = {
    Asked.CORRECT: (RefusalReason.RIGHT, RefusalReason.JUDGEMENT, RefusalReason.LAW),
    Asked.REMOVE: (RefusalReason.OTHER_PERSON, RefusalReason.LAW),
}
QUESTIONS = {Asked.CORRECT: Question.RIGHTS, Asked.REMOVE: Question.DESTROY}


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What somebody asks, in own words. Without `object_id` it is about the file in general."""

    asked: Asked
    about: About
    words: str
    object_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided. `all_agree`: the others with authority were heard and agree, for a deletion."""

    granted: bool
    words: str = ""
    reason: RefusalReason | None = None
    all_agree: bool = False


@dataclass(frozen=True, slots=True)
class Born:
    """What of the child the law asks after here; `by_court`: who represents it was appointed by a judge."""

    birth_date: date | None
    can_decide: bool = True
    by_court: bool = True


def may_ask(asked: Asked, ground: Ground, side: Side, born: Born, on: date) -> bool:
    """Whether somebody on this side may ask it of something with this legal ground (`grounds.csv`)."""
    needed = deciders(ground, QUESTIONS[asked], born.birth_date, on, can_decide=born.can_decide)
    return counts(needed, side, by_court=born.by_court)


def can_be_granted(asked: Asked, about: About) -> bool:
    """Whether it can be done here: what is to go must be pointed out."""
    return asked == Asked.CORRECT or about != About.GENERAL


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def due_on(asked_on: date, *, delayed: bool = False) -> date:
    """The last day on which it is answered (AVG 12(3))."""
    return months_later(asked_on, LONGER if delayed else TERM)


def may_delay(asked_on: date, on: date, standing: RequestStanding) -> bool:
    """Whether it can still be said that it takes longer: once, and within the first month."""
    return standing == RequestStanding.OPEN and on <= due_on(asked_on)


def check_words(words: str) -> None:
    """Raises Invalid for words that say nothing or too much."""
    if not words.strip():
        raise Invalid("words_needed", fields=("words",))
    if len(words) > LONGEST:
        raise Invalid("words_too_long", fields=("words",), longest=LONGEST)


def check_decision(decision: Decision, asked: Asked, about: About, *, others_hold: bool) -> None:
    """Raises Invalid for a decision that cannot be taken so."""
    if decision.granted:
        if not can_be_granted(asked, about):
            raise Invalid("cannot_be_destroyed", fields=("granted",))
        if asked == Asked.REMOVE and others_hold and not decision.all_agree:
            raise Invalid("others_not_heard", fields=("all_agree",))
        return
    if decision.reason not in REASONS[asked]:
        raise Invalid("reason_needed", fields=("reason",))
    check_words(decision.words)


def standing_of(asked: Asked, granted: bool | None, *, delayed: bool, done: bool) -> RequestStanding:
    """Where a request stands. `granted` is None while nobody decided; `done` once the content is gone."""
    if granted is None:
        return RequestStanding.DELAYED if delayed else RequestStanding.OPEN
    if not granted:
        return RequestStanding.REFUSED
    if asked == Asked.CORRECT:
        return RequestStanding.TO_CORRECT
    return RequestStanding.DESTROYED if done else RequestStanding.TO_DESTROY


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as its readers see it; of one that is not `readable` there are no words."""

    id: UUID
    child_id: UUID
    asked: Asked
    about: About
    object_id: UUID | None
    words: str
    by: str
    by_id: UUID
    at: datetime
    owner_id: UUID
    owner: str
    due: date
    standing: RequestStanding
    side: Side
    ground: Ground
    delay: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    answer: str = ""
    done_at: datetime | None = None
    readable: bool = True
