"""How much of the scan is left, what a summary holds, and what it does to an answer that is not quite right. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from kindzorg.core.errors import Conflict, Invalid, Missing
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.answers import Answers, Carrying, Given, Said, TopicAnswer, is_destroyed
from kindzorg.needs.definition import Respondent, Topic
from kindzorg.needs.rules import open_topics
from kindzorg.needs.unseen import key_of, says_something

LONGEST = 4000
# The words that a need is made of: the first that there are (`rules.Need.words`).
MAIN = ("needed", "wish", "now")


class Understood(StrEnum):
    """What somebody says of one thing in the summary of what they told."""

    YES = "yes"
    NOT_QUITE = "not_quite"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Left:
    """What is still to do in one life domain: so many questions, by our estimate so many minutes.

    `chooses`: the first of them asks what to talk about; each topic that is chosen adds its own.
    """

    domain: LifeDomain
    questions: int
    minutes: int
    chooses: bool


def left_of(mine: Answers, respondent: Respondent, asked: Sequence[Topic]) -> tuple[Left, ...]:
    """Per life domain what one still has to do, of the topics that are asked here. `mine` counts now."""
    pace = mine.scan.paces[respondent]
    passed = {one.domain for one in mine.first_pass if one.passed}
    finished = {one.topic for one in mine.topics if one.answered or one.skipped}
    here = {one.id for one in asked}
    opened = [
        one
        for one in open_topics(mine.first_pass, respondent, mine.scan)
        if one.id in here and one.id not in finished
    ]

    def of(domain: LifeDomain) -> Left:
        topics = [one for one in opened if one.domain is domain]
        chooses = domain not in passed
        minutes = sum(mine.scan.minutes(one, respondent) for one in topics)
        return Left(domain, len(topics) + chooses, minutes + (pace.first_pass if chooses else 0), chooses)

    return tuple(of(domain) for domain in LifeDomain)


@dataclass(frozen=True, slots=True)
class Point:
    """One thing in the summary: an answer as it stands now. `domain` is None for what is about everything."""

    key: UUID
    part: str
    domain: LifeDomain | None
    given: Given


def points_of(mine: Answers) -> tuple[Point, ...]:
    """What somebody told that can be agreed to, in the order of the scan. What was destroyed is not asked about.

    `mine` counts now, of one person.
    """
    return tuple(_points(mine))


def _points(mine: Answers) -> Iterator[Point]:
    about_all: tuple[tuple[str, Sequence[Given]], ...] = (
        ("opening", mine.opening),
        ("strengths", mine.strengths),
        ("carrying", mine.carrying),
    )
    for part, given in about_all:
        for told in given:
            if _stands(told):
                yield Point(key_of(part, told), part, None, told)
    order = [topic.id for topic in mine.scan.topics]
    topics = sorted(filter(_stands, mine.topics), key=lambda one: order.index(one.topic))
    for domain in LifeDomain:
        for quiet in mine.first_pass:
            if quiet.domain is domain and quiet.quiet:
                yield Point(key_of("first_pass", quiet), "first_pass", domain, quiet)
        for one in topics:
            if mine.scan.topic(one.topic).domain is domain:
                yield Point(key_of("topics", one), "topics", domain, one)


def _stands(one: Given) -> bool:
    return says_something(one) and not is_destroyed(one)


@dataclass(frozen=True, slots=True)
class NewCheck:
    """What is said of one thing: of the answer `key` as it was given at `of`. Own words where it is not quite so, with
    the language in which they are; empty: in Dutch."""

    key: UUID
    of: datetime
    verdict: Understood
    words: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What was said of one thing, by whom and when; `typist` is who wrote it down for them.

    `better`: the answer that stands now is the own words that were said at it.
    """

    verdict: Understood
    by: str
    at: datetime
    typist: str = ""
    better: bool = False


def point_for(new: NewCheck, points: Sequence[Point]) -> Point:
    """The thing that a check is of. Raises Missing, and Conflict where somebody answered anew in between.

    Invalid where words that are not quite so come without what it is then, or with more than fits; not where a whole
    domain needs nothing: what it is then, is asked in the domain.
    """
    found = next((one for one in points if one.key == new.key), None)
    if found is None:
        raise Missing("answer_not_found")
    if found.given.given_at != new.of:
        raise Conflict("answer_changed")
    if new.verdict is Understood.NOT_QUITE and found.part != "first_pass" and not new.words.strip():
        raise Invalid("own_words_needed", fields=(f"words_{new.key}",))
    if len(new.words) > LONGEST:
        raise Invalid("own_words_long", fields=(f"words_{new.key}",), longest=LONGEST)
    return found


def corrected(given: Given, words: str) -> TopicAnswer | Said | Carrying | None:
    """The answer in the words that were said at the summary; None where there is none to put right by words.

    They take the place of the words that the plan begins with; all else stays as it was told.
    """
    match given:
        case TopicAnswer():
            name = next((one for one in MAIN if getattr(given, one).strip()), "now")
            said: dict[str, Any] = {name: words.strip()}
            return replace(given, nothing_needed=False, **said)
        case Said() | Carrying():
            return replace(given, words=words.strip())
        case _:
            return None


def standing(checks: Mapping[UUID, Check], points: Sequence[Point]) -> tuple[int, int]:
    """How many of these things were agreed to or put in own words, of how many."""
    agreed = [
        one.key for one in points if (said := checks.get(one.key)) and (said.better or said.verdict == "yes")
    ]
    return len(agreed), len(points)
