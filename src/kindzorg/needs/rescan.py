"""What a later scan changed, person by person. PURE.

A rescan starts from the last one: only what is answered again can differ, and the earlier answer stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from uuid import UUID

from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.answers import Answers, Carrying, FirstPass, TopicAnswer, current
from kindzorg.needs.definition import Respondent, Topic

GIVEN_FIELDS = ("topic", "respondent", "person_id", "given_at", "entered_by", "skipped")
ANSWER_FIELDS = tuple(field.name for field in fields(TopicAnswer) if field.name not in GIVEN_FIELDS)


class ChangeKind(StrEnum):
    """What happened to one person's view of a topic between two scans."""

    NEW = "new"
    NEED_BEGAN = "need_began"
    NEED_ENDED = "need_ended"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One person's topic that differs from the earlier scan. `fields` names the questions answered otherwise.

    `after` is a FirstPass when the person now says that nothing is needed in the whole domain.
    """

    domain: LifeDomain
    topic: str
    respondent: Respondent
    person_id: UUID
    kind: ChangeKind
    before: TopicAnswer | None
    after: TopicAnswer | FirstPass
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a rescan changed: topics, and per family member load and carrying power (before, after)."""

    topics: tuple[Change, ...]
    carrying: tuple[tuple[Carrying | None, Carrying], ...]


def carried_forward(old_answers: Answers, new_answers: Answers) -> Answers:
    """The answers that hold in a rescan: what was not given again stays as it was given then, with its date.

    Hand this to `profile` and `missing_to_close`; the hub shows the new answers alone. A topic that the newer
    definition no longer has stays behind in the earlier scan.
    """
    old = current(old_answers)
    known = {topic.id for topic in new_answers.scan.topics}
    return current(
        Answers(
            version=new_answers.version,
            opening=old.opening + new_answers.opening,
            strengths=old.strengths + new_answers.strengths,
            first_pass=old.first_pass + new_answers.first_pass,
            topics=tuple(a for a in old.topics if a.topic in known) + new_answers.topics,
            carrying=old.carrying + new_answers.carrying,
            seats=old.seats + new_answers.seats,
        )
    )


def compare(old_answers: Answers, new_answers: Answers) -> Comparison:
    """What a rescan changed, per person and topic; what was not asked again is not a change.

    Pass each through `readable_by` first: this shows whatever it is given.
    """
    old, new = current(old_answers), current(new_answers)
    before = {(a.respondent, a.person_id, a.topic): a for a in old.topics if a.answered}
    changes = [
        change
        for a in new.topics
        if a.answered
        if (change := _change(new.scan.topic(a.topic), before.get((a.respondent, a.person_id, a.topic)), a))
    ]
    said = {(c.respondent, c.person_id, c.member): c for c in old.carrying}
    carried = [(said.get((c.respondent, c.person_id, c.member)), c) for c in new.carrying]
    return Comparison(
        topics=(*changes, *_ended_with_domain(old, new)),
        carrying=tuple((was, now) for was, now in carried if was is None or _weighs(was) != _weighs(now)),
    )


def _weighs(carrying: Carrying) -> tuple[object, ...]:
    return carrying.load, carrying.power, carrying.words


def _change(topic: Topic, before: TopicAnswer | None, after: TopicAnswer) -> Change | None:
    kind, differing = ChangeKind.NEW, tuple[str, ...]()
    if before is not None:
        differing = tuple(name for name in ANSWER_FIELDS if getattr(before, name) != getattr(after, name))
        if not differing:
            return None
        kind = ChangeKind.CHANGED
        if before.asks is not after.asks:
            kind = ChangeKind.NEED_BEGAN if after.asks else ChangeKind.NEED_ENDED
    return Change(
        domain=topic.domain,
        topic=topic.id,
        respondent=after.respondent,
        person_id=after.person_id,
        kind=kind,
        before=before,
        after=after,
        fields=differing,
    )


def _ended_with_domain(old: Answers, new: Answers) -> Iterable[Change]:
    """Needs of the earlier scan in a domain of which the same person now says that nothing is needed."""
    again = {(a.respondent, a.person_id, a.topic) for a in new.topics if a.answered}
    for given in (p for p in new.first_pass if p.quiet):
        for a in old.topics:
            who = (a.respondent, a.person_id)
            domain = old.scan.topic(a.topic).domain
            ended = who == (given.respondent, given.person_id) and domain is given.domain
            if ended and a.asks and (*who, a.topic) not in again:
                yield Change(
                    domain=domain,
                    topic=a.topic,
                    respondent=a.respondent,
                    person_id=a.person_id,
                    kind=ChangeKind.NEED_ENDED,
                    before=a,
                    after=given,
                )
