"""What is given in a scan: the words one may choose, and the answers as persons gave them. PURE.

An answer is never changed. Who thinks again gives a new one, and the last one of a person counts (`current`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from kindzorg.core.destroyed import BEGIN, gone
from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.definition import Amount, Respondent, ScanDefinition, Topic, Whose, definition
from kindzorg.needs.seats import Beside, Way


class Importance(StrEnum):
    """How important the family finds it, in their own judgement; most important first."""

    FIRST = "first"
    IMPORTANT = "important"
    WELCOME = "welcome"
    CAN_WAIT = "can_wait"


class Feeling(StrEnum):
    """The five faces a child may point at. Words, not marks: they are never counted."""

    VERY_BAD = "very_bad"
    BAD = "bad"
    SO_SO = "so_so"
    GOOD = "good"
    VERY_GOOD = "very_good"


class Helper(StrEnum):
    """From whom help is wished. It says nothing of who pays."""

    FAMILY = "family"
    FRIENDS = "friends"
    SCHOOL = "school"
    NURSE = "nurse"
    HOSPITAL = "hospital"
    THERAPIST = "therapist"
    MUNICIPALITY = "municipality"
    PEERS = "peers"
    VOLUNTEER = "volunteer"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Who gave an answer, and when. `entered_by` is who typed it for them; None if they did it themselves.

    `beside` is who helped a child with it, as was said that day.
    """

    respondent: Respondent
    person_id: UUID
    given_at: datetime
    entered_by: UUID | None = None
    beside: Beside | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat(Given):
    """How a child does its part: in which form (None: that of its age), and today beside whom."""

    way: Way | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Given):
    """Free words: to the opening question, or on what goes well."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPass(Given):
    """The one question of a domain: which topics to talk about, or nothing needed in the whole domain.

    Of a nurse, who supplements, `nothing_needed` means "nothing to add": it says nothing on what is needed.
    """

    domain: LifeDomain
    topics: tuple[str, ...] = ()
    nothing_needed: bool = False

    @property
    def passed(self) -> bool:
        """Whether the question was answered."""
        return self.nothing_needed or bool(self.topics)

    @property
    def quiet(self) -> bool:
        """Whether child or parent says that nothing is needed in the whole domain: an answer."""
        return self.nothing_needed and self.respondent is not Respondent.NURSE


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicAnswer(Given):
    """One person's answer on one topic, as given. A later answer of the same person is a new one beside it.

    `skipped`: the person chose to pass on; that is allowed and is not an answer. `nurse_first`: a child says
    this to the nurse only, who sees with the child what the parents may know; it stays out of the hand-over.
    """

    topic: str
    now: str = ""
    wish: str = ""
    managed: str = ""
    helpers: str = ""
    needed: str = ""
    importance: Importance | None = None
    from_whom: tuple[Helper, ...] = ()
    feeling: Feeling | None = None
    nothing_needed: bool = False
    skipped: bool = False
    nurse_first: bool = False

    @property
    def told(self) -> bool:
        """Whether anything was told, apart from a face."""
        words = (self.now, self.wish, self.managed, self.helpers, self.needed)
        return any(part.strip() for part in words) or bool(self.importance or self.from_whom)

    @property
    def answered(self) -> bool:
        """Whether this is an answer. "Nothing needed here" is one, skipping is not."""
        return not self.skipped and (self.nothing_needed or self.told or self.feeling is not None)

    @property
    def asks(self) -> bool:
        """Whether this makes the topic a need. In doubt it does: a need missed is worse than one too many.

        A face alone asks something only when it is a sad one.
        """
        if self.skipped or self.nothing_needed:
            return False
        return self.told or self.feeling in (Feeling.VERY_BAD, Feeling.BAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrying(Given):
    """How much rests on one family member, and how much they can carry. Own tool, not validated, no score.

    `member` is the name the family uses ("mama", "Bram"): brothers and sisters need no account.
    """

    member: str
    whose: Whose
    load: Amount | None = None
    power: Amount | None = None
    words: str = ""

    @property
    def heavy(self) -> bool:
        """A reason to talk, nothing more: much rests on someone who says to have little power left."""
        order = list(Amount)
        if self.load is None or self.power is None:
            return False
        return order.index(self.load) >= 3 and order.index(self.power) <= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Everything given in one scan so far, under one version of the definition, persons side by side."""

    version: str
    opening: tuple[Said, ...] = ()
    strengths: tuple[Said, ...] = ()
    first_pass: tuple[FirstPass, ...] = ()
    topics: tuple[TopicAnswer, ...] = ()
    carrying: tuple[Carrying, ...] = ()
    seats: tuple[Seat, ...] = ()

    @property
    def scan(self) -> ScanDefinition:
        """The definition under which these were given."""
        return definition(self.version)


G = TypeVar("G", bound=Given)


def current(answers: Answers) -> Answers:
    """The answers that count: of each person the last on each question, persons side by side.

    Who says later that nothing is needed in a whole domain, thereby takes back their own topics in it.
    """
    first_pass = _last((p, (p.respondent, p.person_id, p.domain)) for p in answers.first_pass)
    quiet = {(p.respondent, p.person_id, p.domain): p.given_at for p in first_pass if p.quiet}
    topics = _last((a, (a.respondent, a.person_id, a.topic)) for a in answers.topics)
    return replace(
        answers,
        opening=_last((said, (said.respondent, said.person_id)) for said in answers.opening),
        strengths=_last((said, (said.respondent, said.person_id)) for said in answers.strengths),
        first_pass=first_pass,
        topics=tuple(
            a
            for a in topics
            if quiet.get((a.respondent, a.person_id, answers.scan.topic(a.topic).domain), a.given_at)
            <= a.given_at
        ),
        carrying=_last((c, (c.respondent, c.person_id, c.member)) for c in answers.carrying),
    )


def _last(given: Iterable[tuple[G, object]]) -> tuple[G, ...]:
    found: dict[object, G] = {}
    for answer, question in given:
        if question not in found or answer.given_at >= found[question].given_at:
            found[question] = answer
    return tuple(found.values())


def check_answer(answer: TopicAnswer, scan: ScanDefinition) -> None:
    """Refuse an answer that cannot be meant: raises Invalid, or Missing for an unknown topic."""
    if answer.respondent not in scan.topic(answer.topic).asked_of:
        raise Invalid("topic_not_asked", topic=answer.topic, respondent=answer.respondent)
    if answer.nothing_needed and (answer.wish or answer.needed or answer.importance or answer.from_whom):
        raise Invalid("nothing_needed_and_asked", fields=("nothing_needed",), topic=answer.topic)
    if answer.nurse_first and answer.respondent is not Respondent.CHILD:
        raise Invalid("nurse_first_is_for_the_child", fields=("nurse_first",))


def check_first_pass(given: FirstPass, scan: ScanDefinition) -> None:
    """Refuse a first pass that says nothing, says both, or opens what is not offered: raises Invalid."""
    offered = {topic.id for topic in scan.offered(given.respondent, given.domain)}
    if given.nothing_needed and given.topics:
        raise Invalid("nothing_needed_and_topics", fields=("topics", "nothing_needed"), domain=given.domain)
    if not given.passed:
        raise Invalid("first_pass_empty", fields=("topics",), domain=given.domain)
    if strange := set(given.topics) - offered:
        raise Invalid("topics_not_offered", fields=("topics",), topics=sorted(strange))


def most_important(voices: Iterable[TopicAnswer]) -> Importance | None:
    """The most important word that any of these chose."""
    chosen = {voice.importance for voice in voices}
    return next((word for word in Importance if word in chosen), None)


def told_in(given: Given) -> tuple[str, ...]:
    """The words of an answer, each as it was given."""
    words: tuple[str, ...]
    match given:
        case TopicAnswer():
            words = (given.now, given.wish, given.managed, given.helpers, given.needed)
        case Said() | Carrying():
            words = (given.words,)
        case _:
            words = ()
    return tuple(one for one in words if one.strip())


def is_destroyed(given: Given) -> bool:
    """Whether what stood here was destroyed on request."""
    return any(BEGIN in one for one in told_in(given))


def emptied(given: G, instead: str) -> G:
    """An answer after it was destroyed: `instead` where there were words, and nothing of what was chosen.

    What asked for something still does, and what did not still does not: no need comes or goes by it.
    """
    match given:
        case TopicAnswer():
            return TopicAnswer(  # type: ignore[return-value]
                respondent=given.respondent,
                person_id=given.person_id,
                given_at=given.given_at,
                entered_by=given.entered_by,
                topic=given.topic,
                now=instead,
                nothing_needed=given.nothing_needed,
                skipped=not (given.asks or given.nothing_needed),
                nurse_first=given.nurse_first,
                beside=given.beside,
            )
        case Carrying():
            return replace(given, load=None, power=None, words=instead)
        case Said():
            return replace(given, words=gone(given.words, instead))
        case _:
            return given


class ScanReader(StrEnum):
    """Who reads what others told in a scan."""

    NURSE = "nurse"
    ADULT = "adult"
    FROM_12 = "from_12"
    UNDER_12 = "under_12"

    @property
    def child(self) -> bool:
        """Whether it is the child itself, or the young person."""
        return self in (ScanReader.FROM_12, ScanReader.UNDER_12)

    def sees_others_on(self, topic: Topic) -> bool:
        """Whether this reader reads what others answered on this topic.

        What parents tell of themselves, of brothers and of sisters is the parents' part, which stands apart from the
        child's file: the child does not read it at any age. What is told of the child it reads from 12, when the
        file becomes its own to read (BW 7:456, 7:465(1)); before that people tell it. Own reading, te bevestigen.
        """
        return not self.child or (self is ScanReader.FROM_12 and topic.for_whom is Whose.CHILD)


def readable_by(answers: Answers, reader: ScanReader) -> Answers:
    """The answers that this reader may read.

    What a child told the nurse first is for the child and the nurses, for good; while that is its last word on a topic,
    so is what it said on that before (`answers` are oldest first). A child reads its own answers, and of those of
    others what `ScanReader.sees_others_on` says; the opening question and load and carrying power are the parents'.
    """
    if reader is ScanReader.ADULT:
        last = {(a.person_id, a.topic): a.nurse_first for a in answers.topics}
        return replace(
            answers,
            topics=tuple(a for a in answers.topics if not (a.nurse_first or last[a.person_id, a.topic])),
        )
    if not reader.child:
        return answers
    scan = answers.scan

    def own(given: Iterable[G]) -> tuple[G, ...]:
        return tuple(one for one in given if one.respondent is Respondent.CHILD)

    return Answers(
        version=answers.version,
        opening=own(answers.opening),
        strengths=own(answers.strengths),
        first_pass=own(answers.first_pass),
        topics=tuple(
            one
            for one in answers.topics
            if one.respondent is Respondent.CHILD or reader.sees_others_on(scan.topic(one.topic))
        ),
        carrying=own(answers.carrying),
        seats=answers.seats,
    )


def in_domains(
    answers: Answers, seen: Collection[LifeDomain], domain_of: Mapping[str, LifeDomain]
) -> Answers:
    """The answers about these domains; what is about no domain in particular only for who sees them all.

    `domain_of` gives the domain of a topic. Words that are about everything can hold anything.
    """
    if set(seen) == set(LifeDomain):
        return answers
    return replace(
        answers,
        opening=(),
        strengths=(),
        carrying=(),
        first_pass=tuple(one for one in answers.first_pass if one.domain in seen),
        topics=tuple(one for one in answers.topics if domain_of.get(one.topic) in seen),
    )
