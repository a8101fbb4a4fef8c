"""Invented answers to build scans from, and strategies that make any."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.rules import (
    Amount,
    Answers,
    Carrying,
    Feeling,
    FirstPass,
    Helper,
    Importance,
    NeedsProfile,
    Respondent,
    Said,
    TopicAnswer,
    Whose,
    definition,
    profile,
)

SPACE = UUID(int=0)
NOOR, SAMIRA, JOOST, ANNEKE, MARIT = (
    uuid5(SPACE, name) for name in ("noor", "samira", "joost", "anneke", "marit")
)
RESPONDENT = {
    NOOR: Respondent.CHILD,
    SAMIRA: Respondent.PARENT,
    JOOST: Respondent.PARENT,
    ANNEKE: Respondent.PARENT,
    MARIT: Respondent.NURSE,
}
SCAN_ID = uuid5(SPACE, "scan")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SCAN = definition()


def by(person: UUID, at: datetime = MONDAY) -> dict[str, Any]:
    return {"respondent": RESPONDENT[person], "person_id": person, "given_at": at}


def answer(person: UUID, topic: str, at: datetime = MONDAY, **given: Any) -> TopicAnswer:
    return TopicAnswer(topic=topic, **by(person, at), **given)


def picks(person: UUID, domain: LifeDomain, *topics: str, at: datetime = MONDAY) -> FirstPass:
    """The first pass of a domain; without topics it says that nothing is needed there."""
    return FirstPass(domain=domain, topics=topics, nothing_needed=not topics, **by(person, at))


def scan(*given: FirstPass | TopicAnswer | Carrying, opening: tuple[Said, ...] = ()) -> Answers:
    return Answers(
        version=SCAN.version,
        opening=opening,
        first_pass=tuple(g for g in given if isinstance(g, FirstPass)),
        topics=tuple(g for g in given if isinstance(g, TopicAnswer)),
        carrying=tuple(g for g in given if isinstance(g, Carrying)),
    )


def quiet(person: UUID, *domains: LifeDomain) -> tuple[FirstPass, ...]:
    return tuple(picks(person, domain) for domain in domains)


def close(answers: Answers) -> NeedsProfile:
    """Closed by the nurse, the day after."""
    return profile(answers, scan_id=SCAN_ID, closed_by=MARIT, closed_at=MONDAY + timedelta(days=1))


# Time says nothing here: a busy machine draws a large scan slowly.
ON_ANY_SCAN = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

people = st.sampled_from([NOOR, SAMIRA, JOOST, MARIT])
moments = st.integers(0, 5).map(lambda hours: MONDAY + timedelta(hours=hours))
words = st.sampled_from(["", "Elke nacht op.", "Samen slapen", "  "])


@st.composite
def topic_answers(draw: st.DrawFn) -> TopicAnswer:
    person = draw(people)
    topic = draw(st.sampled_from(SCAN.offered(RESPONDENT[person])))
    return answer(
        person,
        topic.id,
        draw(moments),
        now=draw(words),
        wish=draw(words),
        needed=draw(words),
        importance=draw(st.none() | st.sampled_from(Importance)),
        from_whom=tuple(draw(st.lists(st.sampled_from(Helper), max_size=2))),
        feeling=draw(st.none() | st.sampled_from(Feeling)),
        nothing_needed=draw(st.booleans()),
        skipped=draw(st.booleans()),
        nurse_first=person == NOOR and draw(st.booleans()),
        entered_by=draw(st.none() | st.just(MARIT)),
    )


@st.composite
def first_passes(draw: st.DrawFn) -> FirstPass:
    person, domain = draw(people), draw(st.sampled_from(LifeDomain))
    offered = [topic.id for topic in SCAN.offered(RESPONDENT[person], domain)]
    return picks(person, domain, *draw(st.lists(st.sampled_from(offered), unique=True)), at=draw(moments))


@st.composite
def carryings(draw: st.DrawFn) -> Carrying:
    amounts = st.none() | st.sampled_from(Amount)
    return Carrying(
        member=draw(st.sampled_from(["mama", "Bram"])),
        whose=draw(st.sampled_from(Whose)),
        load=draw(amounts),
        power=draw(amounts),
        words=draw(words),
        **by(draw(people), draw(moments)),
    )


any_scan = st.builds(
    lambda passes, topics, carried: scan(*passes, *topics, *carried),
    st.lists(first_passes(), max_size=12),
    st.lists(topic_answers(), max_size=12),
    st.lists(carryings(), max_size=3),
)

# Anneke answers in none of these, so that her "nothing needed" makes every one of them ready to close.
any_scan_to_close = any_scan.map(
    lambda answers: replace(answers, first_pass=(*answers.first_pass, *quiet(ANNEKE, *LifeDomain)))
)
