"""Answers that are marked as not for a reader, and what then stands in a profile: as if they were never given. PURE.

A mark is on what one person says to one question, not on one row: who says it better later, says it under the same
mark, and so it is in every scan and hand-over in which it stands.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from kindzorg.access.roles import Role
from kindzorg.needs.answers import Answers, Carrying, FirstPass, Given, Said, TopicAnswer
from kindzorg.needs.definition import Respondent, definition
from kindzorg.needs.rules import NeedsProfile, linked, need_of, quiet_topics

MARKED = ("opening", "strengths", "topics", "carrying")
"""The parts of a scan in which an answer can be marked. Which topics are chosen follows the answers to them."""
SAID_AS = {
    Respondent.CHILD: Role.CHILD,
    Respondent.PARENT: Role.RELATIVE,
    Respondent.NURSE: Role.EMPLOYEE,
}
"""On which side of the family somebody speaks: nothing is kept from the side that said it."""


def key_of(part: str, one: Given) -> UUID:
    """Under which id marks and trail speak of an answer: what one person says to one question, however often."""
    return _key(part, one.person_id, _question(one))


def _question(one: Given) -> str:
    match one:
        case TopicAnswer():
            return one.topic
        case Carrying():
            return one.member
        case FirstPass():
            return str(one.domain)
        case _:
            return ""


def _key(part: str, person_id: UUID, question: str) -> UUID:
    return uuid5(person_id, f"needs {part} {question}")


def says_something(one: Given) -> bool:
    """Whether there is anything in an answer to keep from somebody: passing on a question is none."""
    match one:
        case TopicAnswer():
            return one.answered
        case Said():
            return bool(one.words.strip())
        case _:
            return True


def answers_without(answers: Answers, hidden: Collection[UUID]) -> Answers:
    """The answers but for those that are hidden."""
    if not hidden:
        return answers
    shown: dict[str, Any] = {
        part: tuple(one for one in getattr(answers, part) if key_of(part, one) not in hidden)
        for part in MARKED
    }
    return replace(
        answers, **shown, first_pass=tuple(_chosen_without(one, hidden) for one in answers.first_pass)
    )


def _chosen_without(given: FirstPass, hidden: Collection[UUID]) -> FirstPass:
    """Topics with a hidden answer were not chosen; where there was no other, they wait to be answered."""
    topics = tuple(topic for topic in given.topics if _key("topics", given.person_id, topic) not in hidden)
    return replace(given, topics=topics) if topics else given


def profile_without(profile: NeedsProfile, hidden: Collection[UUID]) -> NeedsProfile:
    """The hand-over as it would be had the hidden answers not been given."""
    if not hidden:
        return profile
    scan, given = definition(profile.definition_version), _voices(profile)
    per_topic = [
        (topic, [one for one in given.get(topic.id, ()) if key_of("topics", one) not in hidden])
        for topic in scan.topics
    ]
    asked = [(topic, voices) for topic, voices in per_topic if any(one.asks for one in voices)]
    told: dict[str, Any] = {
        part: tuple(one for one in getattr(profile, part) if key_of(part, one) not in hidden)
        for part in MARKED
        if part != "topics"
    }
    return replace(
        profile,
        needs=linked([need_of(profile.scan_id, topic, voices) for topic, voices in asked], scan),
        no_needs=(*(one for one in profile.no_needs if one.topic is None), *quiet_topics(per_topic)),
        **told,
    )


def _voices(profile: NeedsProfile) -> Mapping[str, Sequence[TopicAnswer]]:
    """What everybody said, by topic."""
    needs = {need.topic: [*need.voices, *need.nurse_voices] for need in profile.needs}
    quiet = {
        one.topic: [voice for voice in one.voices if isinstance(voice, TopicAnswer)]
        for one in profile.no_needs
        if one.topic
    }
    return needs | quiet
