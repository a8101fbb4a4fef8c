"""What the palliative annex is made of, when it is open, whose words count, and when an agreement is confirmed. Pure.

Its parts follow the structure of the Dutch individual palliative care plan for children (IZP: who the child is, values
and wishes over the domains of body, mind, social life, upbringing, meaning and safety, the medical situation and how
it was told, treatment agreements, talks and the next look). All questions are our own (te bevestigen by a team for
palliative care for children).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from kindzorg.access.policy import is_family
from kindzorg.access.roles import Role
from kindzorg.careplan.talks.rules import LONGEST
from kindzorg.core.errors import Conflict, Invalid


class AnnexPart(StrEnum):
    """The parts in which somebody writes, in the order of the page."""

    MATTERS = "matters"
    KNOWN = "known"
    WISHES = "wishes"
    WHO = "who"


class AnnexTopic(StrEnum):
    """What can be said, in the order of the pages."""

    GOOD_DAY = "good_day"
    HOPE = "hope"
    WORRY = "worry"
    BODY = "body"
    MIND = "mind"
    SOCIAL = "social"
    GROWING = "growing"
    MEANING = "meaning"
    SAFETY = "safety"
    EXPECTATION = "expectation"
    TOLD = "told"
    CHILD_KNOWS = "child_knows"
    GOALS = "goals"
    PLACE_CARE = "place_care"
    PLACE_DYING = "place_dying"
    THERE = "there"
    SCHOOL = "school"
    SIBLINGS = "siblings"
    MEMORIES = "memories"
    AFTER = "after"
    DECIDES = "decides"
    CALL_DAY = "call_day"
    CALL_NIGHT = "call_night"


PARTS: Mapping[AnnexPart, tuple[AnnexTopic, ...]] = {
    AnnexPart.MATTERS: tuple(AnnexTopic)[:9],
    AnnexPart.KNOWN: tuple(AnnexTopic)[9:12],
    AnnexPart.WISHES: tuple(AnnexTopic)[12:20],
    AnnexPart.WHO: tuple(AnnexTopic)[20:],
}
# Of these it is told on the emergency card whom to call, where the family wants that.
CALLS = (AnnexTopic.CALL_DAY, AnnexTopic.CALL_NIGHT)


class AnnexVoice(StrEnum):
    """Whose words they are. They stand beside each other: each parent has an own voice."""

    CHILD = "child"
    PARENT = "parent"
    TOGETHER = "together"
    CARE = "care"


class AnnexQuestion(StrEnum):
    """What is said yes or no to: beginning, who reads along, what may show outside, a treatment agreement."""

    BEGIN = "begin"
    COACH = "coach"
    CHILD = "child"
    CARD = "card"
    OUTSIDE = "outside"
    SIGN = "sign"
    TREATMENT = "treatment"


CHOICES = (
    AnnexQuestion.CHILD,
    AnnexQuestion.COACH,
    AnnexQuestion.CARD,
    AnnexQuestion.OUTSIDE,
    AnnexQuestion.SIGN,
)


class TreatmentKind(StrEnum):
    """Of which kind of treatment something is agreed, in the order of the page."""

    RESUSCITATION = "resuscitation"
    ADMISSION = "admission"
    INTENSIVE = "intensive"
    BREATHING = "breathing"
    FEEDING = "feeding"
    ANTIBIOTICS = "antibiotics"
    BLOOD = "blood"
    SURGERY = "surgery"
    OTHER = "other"


class TreatmentChoice(StrEnum):
    """What is agreed: do it, do not, talk first. Or it was not spoken of yet."""

    DO = "do"
    DO_NOT = "do_not"
    TALK_FIRST = "talk_first"
    NOT_SPOKEN = "not_spoken"


class TreatmentState(StrEnum):
    """Where an agreement stands: everybody who must agree did, somebody has yet to, somebody said no."""

    CONFIRMED = "confirmed"
    TO_CONFIRM = "to_confirm"
    DISAGREED = "disagreed"
    NOT_SPOKEN = "not_spoken"


@dataclass(frozen=True, slots=True)
class Asked:
    """One who must agree to a treatment agreement, as the law stood on the day it was written; None: the child."""

    party: str
    relative_id: UUID | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexWordView:
    """One yes or no. `stands` is what held for the whole family after it; `agreement_id` for a treatment agreement."""

    question: AnnexQuestion
    yes: bool
    stands: bool
    family: bool
    by: str
    by_id: UUID
    at: datetime
    agreement_id: UUID | None = None
    relative_id: UUID | None = None
    reason: str = ""
    said_on: date | None = None
    signer: str = ""


@dataclass(frozen=True, slots=True)
class AnnexStanding:
    """What holds now: whether the family and the care side want it, and to what else the family says yes."""

    family: bool | None
    care: bool | None
    yes: frozenset[AnnexQuestion] = frozenset()

    @property
    def open(self) -> bool:
        """Whether it was begun: by both sides, and not stopped."""
        return bool(self.family and self.care)

    @property
    def stopped(self) -> bool:
        """Whether the family said that it does not want it, or not any more."""
        return self.family is False


def standing(words: Iterable[AnnexWordView]) -> AnnexStanding:
    """What holds after all that was said, oldest first."""
    begin: dict[bool, bool] = {}
    held: dict[AnnexQuestion, bool] = {}
    for one in words:
        if one.question == AnnexQuestion.BEGIN:
            begin[one.family] = one.stands
        elif one.question != AnnexQuestion.TREATMENT:
            held[one.question] = one.stands
    return AnnexStanding(
        begin.get(True), begin.get(False), frozenset(key for key, yes in held.items() if yes)
    )


def family_stands(yes: bool, by_id: UUID, earlier: Mapping[UUID, bool], deciding: Iterable[UUID]) -> bool:
    """What holds for the family after this word: a yes, unless another who decides now said no last.

    `earlier` is the last word of each account. Whoever does not decide any more does not count.
    """
    others = (earlier.get(one) for one in deciding if one != by_id)
    return yes and all(word is not False for word in others)


@dataclass(frozen=True, slots=True)
class NewAnnexPiece:
    """What somebody says on a topic. `skipped`: not wanting to speak of it now, which is an answer too.

    `revision` is that of the wording which the form showed; 0 where there was none.
    """

    topic: AnnexTopic
    voice: AnnexVoice
    words: str
    skipped: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexPieceView:
    """One wording. Without words, and not skipped, it was taken away. `key` is the id of the first of its line."""

    key: UUID
    topic: AnnexTopic
    voice: AnnexVoice
    speaker: UUID
    revision: int
    words: str
    skipped: bool
    by: str
    by_role: Role
    at: datetime

    @property
    def says(self) -> bool:
        """Whether something stands there."""
        return bool(self.words) or self.skipped


@dataclass(frozen=True, slots=True)
class AnnexTopicView:
    """One topic: what stands there now per voice, and the earlier wordings, newest first."""

    topic: AnnexTopic
    pieces: tuple[AnnexPieceView, ...] = ()
    earlier: tuple[AnnexPieceView, ...] = ()


def part_of(topic: AnnexTopic) -> AnnexPart:
    """The part in which a topic stands."""
    return next(part for part, topics in PARTS.items() if topic in topics)


def voices_for(role: Role | None, topic: AnnexTopic) -> tuple[AnnexVoice, ...]:
    """In whose voices somebody in this role may write on a topic, the most usual first.

    The child speaks for itself. What is expected is told by the paediatrician; a carer writes down what was said
    together, and does not speak for a parent.
    """
    if role in (Role.CHILD, Role.YOUNG_PERSON):
        return (AnnexVoice.CHILD,)
    if is_family(role):
        return (AnnexVoice.PARENT, AnnexVoice.TOGETHER, AnnexVoice.CHILD)
    if topic == AnnexTopic.EXPECTATION and role != Role.PAEDIATRICIAN:
        return ()
    if part_of(topic) in (AnnexPart.KNOWN, AnnexPart.WHO):
        return (AnnexVoice.CARE, AnnexVoice.TOGETHER)
    return (AnnexVoice.TOGETHER, AnnexVoice.CHILD)


def check_piece(new: NewAnnexPiece, newest: AnnexPieceView | None) -> None:
    """Refuse what says nothing or too much, or was written over something newer. Raises Invalid, Conflict."""
    if len(new.words) > LONGEST:
        raise Invalid("annex_too_long", fields=("words",), longest=LONGEST)
    if not new.skipped and not new.words.strip() and not (newest and newest.says):
        raise Invalid("annex_says_nothing", fields=("words",))
    if newest and newest.revision != new.revision:
        raise Conflict(
            "annex_changed", theirs=newest.words, by=newest.by, revision=newest.revision, mine=new.words
        )


def topics_view(pieces: Iterable[AnnexPieceView], topics: Sequence[AnnexTopic]) -> tuple[AnnexTopicView, ...]:
    """Every topic with what stands there now: the child's words first. `pieces` are oldest first."""
    lines: dict[tuple[AnnexTopic, AnnexVoice, UUID], list[AnnexPieceView]] = {}
    for piece in pieces:
        wordings = lines.setdefault((piece.topic, piece.voice, piece.speaker), [])
        wordings.append(replace(piece, key=wordings[0].key) if wordings else piece)
    order = {voice: index for index, voice in enumerate(AnnexVoice)}
    found = []
    for topic in topics:
        of_topic = sorted((key for key in lines if key[0] == topic), key=lambda key: order[key[1]])
        now = tuple(lines[key][-1] for key in of_topic if lines[key][-1].says)
        before = [one for key in of_topic for one in reversed(lines[key]) if one.words and one not in now]
        found.append(AnnexTopicView(topic, now, tuple(before)))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTreatment:
    """What is agreed of one kind of treatment. `entry_id` is that of an own kind which is said anew."""

    kind: TreatmentKind
    choice: TreatmentChoice
    why: str = ""
    discussed_with: str = ""
    discussed_on: date | None = None
    valid_from: date
    review_on: date | None = None
    name: str = ""
    entry_id: UUID | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentView:
    """An agreement as it reads now, with who must agree and what each said; `earlier` are its former wordings."""

    id: UUID
    entry_id: UUID
    kind: TreatmentKind
    choice: TreatmentChoice
    name: str
    why: str
    discussed_with: str
    discussed_on: date | None
    valid_from: date
    review_on: date | None
    revision: int
    by: str
    organisation: str
    at: datetime
    asked: tuple[Asked, ...]
    answers: tuple[AnnexWordView, ...] = ()
    earlier: tuple["TreatmentView", ...] = ()

    def answer_of(self, one: Asked) -> AnnexWordView | None:
        """What somebody last said to it."""
        said = [word for word in self.answers if word.relative_id == one.relative_id]
        return said[-1] if said else None

    @property
    def state(self) -> TreatmentState:
        """Where it stands. With nobody to ask it stays unconfirmed."""
        if self.choice == TreatmentChoice.NOT_SPOKEN:
            return TreatmentState.NOT_SPOKEN
        said = [self.answer_of(one) for one in self.asked]
        last = {word.relative_id: word.yes for word in self.answers}  # Also of who decides since.
        if not all(last.values()):
            return TreatmentState.DISAGREED
        confirmed = bool(said) and all(said)
        return TreatmentState.CONFIRMED if confirmed else TreatmentState.TO_CONFIRM

    def review_due(self, on: date) -> bool:
        """Whether it should have been looked at anew by now."""
        return self.review_on is not None and self.review_on <= on


def check_treatment(new: NewTreatment, newest_revision: int, on: date) -> None:
    """Refuse what is not whole. Who was spoken with and when belongs to it, as soon as it was spoken of.

    Raises Invalid, and Conflict where somebody else wrote in the meantime.
    """
    if new.kind == TreatmentKind.OTHER and not new.name.strip():
        raise Invalid("treatment_needs_name", fields=("name",))
    if new.choice != TreatmentChoice.NOT_SPOKEN:
        if not new.discussed_with.strip():
            raise Invalid("treatment_needs_whom", fields=("discussed_with",))
        if new.discussed_on is None or new.discussed_on > on:
            raise Invalid("treatment_needs_day", fields=("discussed_on",))
        if new.choice == TreatmentChoice.DO_NOT and not new.why.strip():
            raise Invalid("treatment_needs_why", fields=("why",))
    if new.review_on and new.review_on <= max(new.valid_from, on):
        raise Invalid("treatment_review_later", fields=("review_on",))
    if newest_revision != new.revision:
        raise Conflict("treatment_changed", revision=newest_revision)


def treatments_view(
    rows: Iterable[TreatmentView], words: Iterable[AnnexWordView]
) -> tuple[TreatmentView, ...]:
    """Each agreement as it reads now, in the order of the kinds. `rows` and `words` are oldest first."""
    said: dict[UUID | None, list[AnnexWordView]] = {}
    for word in words:
        said.setdefault(word.agreement_id, []).append(word)
    lines: dict[UUID, list[TreatmentView]] = {}
    for row in rows:
        lines.setdefault(row.entry_id, []).append(replace(row, answers=tuple(said.get(row.id, ()))))
    now = [replace(line[-1], earlier=tuple(reversed(line[:-1]))) for line in lines.values()]
    kinds = tuple(TreatmentKind)
    return tuple(sorted(now, key=lambda one: kinds.index(one.kind)))
