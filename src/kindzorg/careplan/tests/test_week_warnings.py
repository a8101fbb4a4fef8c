"""What the plan warns of: a competence that ends, and nursing by who is no paediatric nurse (condition 8)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from kindzorg.access.roles import Role
from kindzorg.careplan.agreements.rules import Who, WhoKind
from kindzorg.careplan.cover.queries import waits_in_weeks, weeks_ahead
from kindzorg.careplan.cover.rules import CareDemand, NewDemand, OtherNurse, not_paediatric
from kindzorg.careplan.learning.actions import record_step
from kindzorg.careplan.learning.rules import LearningMove, NewStep
from kindzorg.careplan.visits.rules import Occurrence, Rhythm, Series
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.competences.rules import ENDS_SOON, Competence, ends_soon
from kindzorg.careteam.queries import child_for
from kindzorg.people.actions import NewProfessional, register_professional
from kindzorg.people.rules import Qualification

from . import weeks
from .conftest import SYSTEM, TODAY, World, build
from .doors import get

DAY = timedelta(days=1)
WHO = UUID(int=1)
START = datetime(2026, 9, 14, 8, tzinfo=UTC)


def held(days: int, act: str = "oxygen", **parts: Any) -> Competence:
    return Competence(act, WHO, TODAY - 10 * DAY, TODAY + days * DAY, **parts)


def test_what_ends_within_six_weeks_is_said_first_the_first() -> None:
    soon = ENDS_SOON.days
    some = [held(soon), held(3, "suctioning"), held(soon + 1, "injection"), held(0, "ventilation")]
    assert [one.act for one in ends_soon(some, TODAY)] == ["suctioning", "oxygen"]
    assert ends_soon([held(3), held(300)], TODAY) == []
    assert ends_soon([held(3), held(3, able=False)], TODAY) == []
    later = Competence("oxygen", WHO, TODAY + DAY, TODAY + 3 * DAY)
    assert ends_soon([later], TODAY) == []


SERIES = Series(
    id=UUID(int=7), rhythm=Rhythm(starts_on=TODAY, start=START.time(), minutes=60, rule=""), who=Who()
)


def visit(kind: WhoKind = WhoKind.PROFESSIONAL, **parts: Any) -> Occurrence:
    who = Who(kind=kind, name="Iris", professional_id=WHO if kind is WhoKind.PROFESSIONAL else None)
    given: dict[str, Any] = {"start": START, "end": START + timedelta(hours=1), "on": TODAY}
    return Occurrence(**{"series": SERIES, "who": who, "user_id": None, **given, **parts})


def warned(*there: Occurrence, training: str = Qualification.NURSE, law: str = "zvw", acts: Any = ()) -> Any:
    rhythm = Rhythm(starts_on=TODAY, start=START.time(), minutes=600, rule="")
    demands = [CareDemand(id=UUID(int=8), said=NewDemand(rhythm=rhythm, acts=acts, why="x"))]
    return not_paediatric(there, demands, {WHO: training}, {SERIES.id: law}, ["injection"], {})


def test_nursing_is_for_a_paediatric_nurse() -> None:
    line = OtherNurse(who="Iris", on=TODAY)
    assert warned(visit()) == [line]
    assert warned(visit(), visit(start=START + DAY, on=TODAY + DAY)) == [line]  # Said once.
    assert warned(visit(), law="wlz") == [line]
    for training in (Qualification.PAEDIATRIC_NURSE, Qualification.PAEDIATRICIAN, Qualification.THERAPIST):
        assert warned(visit(), training=training) == []
    for other in (visit(cancelled=True), visit(WhoKind.RELATIVE)):
        assert warned(other) == []
    assert warned(visit(), law="jeugdwet") == []
    acts = ("injection", "oxygen")
    with_acts = OtherNurse(who="Iris", on=TODAY, acts=("injection",))
    assert warned(visit(), law="jeugdwet", acts=acts) == [with_acts]
    assert warned(visit(), training=Qualification.THERAPIST, acts=acts) == [with_acts]


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = build()
    made.in_force()
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    yield made


def waits(world: World, who: str) -> list[tuple[str, str]]:
    actor = world.actor(who)
    opened = child_for(actor, world.child_id, TODAY)
    found = waits_in_weeks(actor, [opened], weeks_ahead(actor, [opened], TODAY), TODAY)
    return [(one.kind, one.about) for one in found]


def test_a_competence_that_ends_is_told_to_that_one_and_to_who_looks_again(world: World) -> None:
    ends = TODAY + 20 * DAY
    step = NewStep(
        act="suctioning",
        move=LearningMove.ALONE,
        happened_on=TODAY,
        until=ends,
        relative_id=world.relatives["father"],
    )
    world.do("nurse", record_step, step)
    for who in ("nurse", "doctor", "father"):
        assert waits(world, who) == [("competence_ends", "Father")]
    for who in ("mother", "aunt", "child"):
        assert waits(world, who) == []


def test_the_week_says_who_is_no_paediatric_nurse(world: World) -> None:
    new = NewProfessional("Iris", world.organisations["home"], Qualification.NURSE)
    iris = register_professional(SYSTEM, new, world.now()).id
    subject = world.as_("nurse")[1]
    add_member(SYSTEM, subject, NewMember(Role.PAEDIATRIC_NURSE, professional_id=iris), world.now())
    weeks.plan(world, who=Who(kind=WhoKind.PROFESSIONAL, professional_id=iris))
    assert waits(world, "nurse") == [("other_nurse", "Iris")]
    assert waits(world, "doctor") == waits(world, "aunt") == []
    page = get(world, "nurse", "week")
    assert "geen kinderverpleegkundige is" in page and "randvoorwaarde 8" in page
    assert "randvoorwaarde 8" not in get(world, "aunt", "week")
