"""How a needs scan is filled in, closed, handed over and compared. PURE: no Django, the time is an argument.

Three rules carry everything here. Answers stand side by side: nobody's answer replaces, averages or scores
another's. "Nothing needed here" is an answer. The words of the family are kept as they gave them; the nurse's
words stand apart. Source: hulpbehoeftescan kind en gezin (child and parents fill in, the nurse supplements).

`definition.py` holds what is asked, `answers.py` what is given, `rescan.py` what changed since the last scan,
this file what follows. Import everything from here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum, StrEnum
from itertools import chain, zip_longest
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid5

from kindzorg.core.errors import Incomplete
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.answers import (
    Answers,
    Carrying,
    Feeling,
    FirstPass,
    Helper,
    Importance,
    Said,
    ScanReader,
    TopicAnswer,
    check_answer,
    check_first_pass,
    current,
    in_domains,
    most_important,
    readable_by,
)
from kindzorg.needs.definition import (
    Amount,
    FormField,
    Respondent,
    ScanDefinition,
    Topic,
    Whose,
    definition,
    to_questionnaire,
)
from kindzorg.needs.rescan import Change, ChangeKind, Comparison, carried_forward, compare

# fmt: off
__all__ = [
    "Amount", "Answers", "Carrying", "Cell", "Change", "ChangeKind", "Comparison", "Feeling",
    "FirstPass", "FormField", "Helper", "Importance", "Need", "NeedsProfile", "NoNeed", "Respondent",
    "Said", "ScanDefinition", "ScanReader", "Status", "Topic", "TopicAnswer", "Whose", "carried_forward",
    "check_answer", "check_first_pass", "compare", "current", "definition", "family_silent", "hub",
    "in_domains", "later_topics", "minutes_left", "missing_to_close", "open_topics", "profile", "profile_as_data",
    "profile_from_data", "readable_by", "to_questionnaire",
]
# fmt: on

FAMILY = (Respondent.CHILD, Respondent.PARENT)


class Status(StrEnum):
    """Where a part of the scan stands, as the hub shows it."""

    NOT_STARTED = "not_started"
    BUSY = "busy"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Cell:
    """One square of the hub: `answered` of `opened` topics. Who skips a topic is finished with it."""

    domain: LifeDomain
    respondent: Respondent
    status: Status
    answered: int
    opened: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One need on one topic: what each of the family said, as given, and the nurse's words apart from it.

    A voice that says "nothing needed" stands among the others, so that a difference of view stays visible.
    `urgency` is the most important word anyone of the family chose, or the nurse's where they chose none.
    `links` are the other domains this need hangs together with; `linked_needs` the needs there and here.
    """

    id: UUID
    domain: LifeDomain
    topic: str
    whose: Whose
    urgency: Importance | None
    voices: tuple[TopicAnswer, ...]
    nurse_voices: tuple[TopicAnswer, ...]
    links: tuple[LifeDomain, ...] = ()
    linked_needs: tuple[UUID, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The need in the family's words, per person: what is needed, else the wish, else how it is now."""
        return tuple(said for voice in self.voices if (said := voice.needed or voice.wish or voice.now))

    @property
    def nurse_words(self) -> tuple[str, ...]:
        """The same in the nurse's words."""
        return tuple(said for voice in self.nurse_voices if (said := voice.needed or voice.wish or voice.now))

    @property
    def wished(self) -> tuple[str, ...]:
        """The situation the family wishes for."""
        return tuple(voice.wish for voice in self.voices if voice.wish)

    @property
    def managed(self) -> tuple[str, ...]:
        """What the family does itself."""
        return tuple(voice.managed for voice in self.voices if voice.managed)

    @property
    def helpers(self) -> tuple[str, ...]:
        """Who helps already."""
        return tuple(voice.helpers for voice in self.voices if voice.helpers)

    @property
    def wanted_from(self) -> tuple[Helper, ...]:
        """From whom help is wished, without repeats, in the order of the form."""
        asked = {helper for voice in self.voices for helper in voice.from_whom}
        return tuple(helper for helper in Helper if helper in asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoNeed:
    """Somebody looked at this and asks for nothing: a topic, or a whole domain (`topic` is None)."""

    domain: LifeDomain
    topic: str | None
    voices: tuple[FirstPass | TopicAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsProfile:
    """The frozen hand-over of phase 2 to the plan; needs in the order of the definition, voices as given."""

    scan_id: UUID
    definition_version: str
    needs: tuple[Need, ...]
    no_needs: tuple[NoNeed, ...]
    opening: tuple[Said, ...]
    strengths: tuple[Said, ...]
    carrying: tuple[Carrying, ...]
    closed_by: UUID
    closed_at: datetime


def open_topics(
    first_pass: Iterable[FirstPass], respondent: Respondent, scan: ScanDefinition | None = None
) -> tuple[Topic, ...]:
    """The topics that the first pass of this respondent opens now, in the order of the definition.

    As many as fit in the respondent's minutes (parents: 20 in all), shared out over the domains in turn, so
    that no domain waits for another. What does not fit is in `later_topics`.
    """
    return _shared_out(first_pass, respondent, scan or definition())[0]


def later_topics(
    first_pass: Iterable[FirstPass], respondent: Respondent, scan: ScanDefinition | None = None
) -> tuple[Topic, ...]:
    """The topics chosen that do not fit in the minutes: for another day, or together with the nurse."""
    return _shared_out(first_pass, respondent, scan or definition())[1]


def _shared_out(
    first_pass: Iterable[FirstPass], respondent: Respondent, scan: ScanDefinition
) -> tuple[tuple[Topic, ...], tuple[Topic, ...]]:
    chosen = {topic for given in first_pass if given.respondent is respondent for topic in given.topics}
    per_domain = [[t for t in scan.offered(respondent, domain) if t.id in chosen] for domain in LifeDomain]
    pace = scan.paces[respondent]
    left = None
    if pace.limit is not None:
        left = pace.limit - pace.opening - pace.carrying - pace.first_pass * len(LifeDomain)
    now: set[str] = set()
    for topic in filter(None, chain.from_iterable(zip_longest(*per_domain))):
        minutes = scan.minutes(topic, respondent)
        if left is None or minutes <= left:
            now.add(topic.id)
            left = None if left is None else left - minutes
    wanted = list(chain.from_iterable(per_domain))
    return tuple(t for t in wanted if t.id in now), tuple(t for t in wanted if t.id not in now)


def hub(answers: Answers, person_id: UUID | None = None) -> Mapping[LifeDomain, Mapping[Respondent, Cell]]:
    """The task list: how far each domain is per respondent; with `person_id` for that person only.

    With two parents a topic is answered when everyone who opened it has answered; done is when both are.
    """
    given = current(answers)
    return {
        domain: {who: _cell(given, domain, who, person_id) for who in Respondent} for domain in LifeDomain
    }


def _cell(given: Answers, domain: LifeDomain, who: Respondent, only: UUID | None) -> Cell:
    passes = [p for p in given.first_pass if p.respondent is who and p.passed and only in (None, p.person_id)]
    answers = [
        a
        for a in given.topics
        if a.respondent is who
        and only in (None, a.person_id)
        and (a.answered or a.skipped)
        and given.scan.topic(a.topic).domain is domain
    ]
    finished = {(a.person_id, a.topic) for a in answers}
    passed = {p.person_id for p in passes if p.domain is domain}
    opened = finished | {
        (person, topic.id)
        for person in passed
        for topic in open_topics([p for p in passes if p.person_id == person], who, given.scan)
        if topic.domain is domain
    }
    unfinished = {topic for _, topic in opened - finished}
    topics = {topic for _, topic in opened}
    if not passed and not finished:
        status = Status.NOT_STARTED
    elif unfinished or {person for person, _ in finished} - passed:
        status = Status.BUSY
    else:
        status = Status.DONE
    return Cell(domain, who, status, len(topics - unfinished), len(topics))


def missing_to_close(answers: Answers) -> tuple[LifeDomain, ...]:
    """The domains in which nobody has answered yet; the scan closes only when this is empty.

    "Nothing needed", for a topic or for the whole domain, is an answer; skipping or opening a topic is not.
    """
    return _without_answer(answers, tuple(Respondent))


def family_silent(answers: Answers) -> tuple[LifeDomain, ...]:
    """The domains in which neither child nor parents answered: to ask about before closing."""
    return _without_answer(answers, FAMILY)


def _without_answer(answers: Answers, by: Sequence[Respondent]) -> tuple[LifeDomain, ...]:
    given = current(answers)
    heard = {p.domain for p in given.first_pass if p.respondent in by and p.quiet}
    heard |= {given.scan.topic(a.topic).domain for a in given.topics if a.respondent in by and a.answered}
    return tuple(domain for domain in LifeDomain if domain not in heard)


def minutes_left(answers: Answers, respondent: Respondent, person_id: UUID, *, telling: bool = True) -> int:
    """How many minutes this person still needs, by our own estimate; for parents never more than 20.

    `telling` False: without the opening question and carrying power.
    """
    mine = current(_of(answers, respondent, person_id))
    scan = mine.scan
    pace = scan.paces[respondent]
    finished = {a.topic for a in mine.topics if a.answered or a.skipped}
    passed = {p.domain for p in mine.first_pass if p.passed}
    left = pace.first_pass * len(set(LifeDomain) - passed)
    if telling:
        left += (0 if mine.opening else pace.opening) + (0 if mine.carrying else pace.carrying)
    opened = open_topics(mine.first_pass, respondent, scan)
    return left + sum(scan.minutes(topic, respondent) for topic in opened if topic.id not in finished)


def _of(answers: Answers, respondent: Respondent, person_id: UUID) -> Answers:
    def own(given: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(g for g in given if g.respondent is respondent and g.person_id == person_id)

    return replace(
        answers,
        opening=own(answers.opening),
        strengths=own(answers.strengths),
        first_pass=own(answers.first_pass),
        topics=own(answers.topics),
        carrying=own(answers.carrying),
    )


def profile(answers: Answers, *, scan_id: UUID, closed_by: UUID, closed_at: datetime) -> NeedsProfile:
    """The hand-over of a scan that closes; what a child told the nurse first stays behind until it is shared.
    Raises Incomplete, with the domains, while one has no answer."""
    if missing := missing_to_close(answers):
        raise Incomplete("scan_domains_unanswered", missing=missing)
    given = current(answers)
    shared = [a for a in given.topics if a.answered and not a.nurse_first]
    per_topic = [(t, [a for a in shared if a.topic == t.id]) for t in given.scan.topics]
    needs = [need_of(scan_id, topic, voices) for topic, voices in per_topic if any(a.asks for a in voices)]
    return NeedsProfile(
        scan_id=scan_id,
        definition_version=answers.version,
        needs=linked(needs, given.scan),
        no_needs=(*_quiet_domains(given), *quiet_topics(per_topic)),
        opening=tuple(said for said in given.opening if said.words.strip()),
        strengths=tuple(said for said in given.strengths if said.words.strip()),
        carrying=given.carrying,
        closed_by=closed_by,
        closed_at=closed_at,
    )


def need_of(scan_id: UUID, topic: Topic, voices: Sequence[TopicAnswer]) -> Need:
    """The need that these voices on one topic make."""
    family = tuple(v for v in voices if v.respondent in FAMILY)
    nurse = tuple(v for v in voices if v.respondent not in FAMILY)
    return Need(
        id=uuid5(scan_id, topic.id),
        domain=topic.domain,
        topic=topic.id,
        whose=topic.for_whom,
        urgency=most_important(family) or most_important(nurse),
        voices=family,
        nurse_voices=nurse,
    )


def linked(needs: Sequence[Need], scan: ScanDefinition) -> tuple[Need, ...]:
    """Each need with the others that it hangs together with."""
    touching = {(t.id, other) for t in scan.topics for other in t.touches}

    def with_links(need: Need) -> Need:
        others = [o for o in needs if {(need.topic, o.topic), (o.topic, need.topic)} & touching]
        elsewhere = {other.domain for other in others} - {need.domain}
        return replace(
            need,
            links=tuple(domain for domain in LifeDomain if domain in elsewhere),
            linked_needs=tuple(other.id for other in others),
        )

    return tuple(with_links(need) for need in needs)


def _quiet_domains(given: Answers) -> Iterable[NoNeed]:
    """Whole domains in which somebody needs nothing, unless they asked for something there afterwards."""
    asking = {(a.respondent, a.person_id, given.scan.topic(a.topic).domain) for a in given.topics if a.asks}
    quiet = [p for p in given.first_pass if p.quiet and (p.respondent, p.person_id, p.domain) not in asking]
    for domain in LifeDomain:
        if voices := tuple(p for p in quiet if p.domain is domain):
            yield NoNeed(domain=domain, topic=None, voices=voices)


def quiet_topics(per_topic: Iterable[tuple[Topic, Sequence[TopicAnswer]]]) -> Iterable[NoNeed]:
    """The topics on which somebody spoke and nobody asks for anything."""
    for topic, voices in per_topic:
        if voices and not any(voice.asks for voice in voices):
            yield NoNeed(domain=topic.domain, topic=topic.id, voices=tuple(voices))


def profile_as_data(profile: NeedsProfile) -> dict[str, Any]:
    """The profile in words, lists and mappings that any JSON keeps whole; moments in ISO 8601."""
    data: dict[str, Any] = _plain(profile)
    return data


def profile_from_data(data: Mapping[str, Any]) -> NeedsProfile:
    """The profile that was stored. Raises KeyError or ValueError when the data is not one."""
    profile: NeedsProfile = _restored(NeedsProfile, data)
    return profile


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def _restored(kind: Any, value: Any) -> Any:
    if get_origin(kind) is tuple:
        return tuple(_restored(get_args(kind)[0], part) for part in value)
    if get_origin(kind) in (Union, UnionType):
        return None if value is None else _restored(_which(get_args(kind), value), value)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{name: _restored(hints[name], given) for name, given in value.items() if name in hints})
    if kind is datetime:
        return datetime.fromisoformat(value)
    return value if kind in (str, bool) else kind(value)


def _which(kinds: tuple[Any, ...], value: Any) -> Any:
    """The kind that was stored: of two dataclasses the one that has these fields, else the one beside None."""
    candidates = [kind for kind in kinds if kind is not type(None)]
    if len(candidates) == 1:
        return candidates[0]
    return next(kind for kind in candidates if set(value) <= {field.name for field in fields(kind)})
