"""The spine: one open journey, steps that stand in the table, and rows that never change."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import grant_access
from kindzorg.careteam.models import Grant
from kindzorg.careteam.queries import actor_for, child_for, opened_children
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, World
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.journey.actions import open_journey, reopen_journey, take_step
from kindzorg.journey.models import CareJourney, JourneyStep
from kindzorg.journey.queries import journey_for, phases_for, steps_for
from kindzorg.journey.rules import STEPS, Phase, Waiting, next_phases, step
from kindzorg.journey.views import age_words, child_frame

STRANGER = Actor(uuid4(), "Somebody")


@pytest.fixture
def world(db: None) -> World:
    return World()


def walk(world: World, *phases: Phase) -> CareJourney:
    """A journey that went through these phases."""
    journey = open_journey(world.nurse, world.subject, world.home_care.id, NOW)
    for phase in phases:
        journey = take_step(world.nurse, world.subject, phase, NOW)
    return journey


WHOLE = (Phase.NEEDS, Phase.CAREPLAN, Phase.CLOSURE, Phase.CLOSED)


@pytest.mark.parametrize(("start", "end"), list(product(Phase, Phase)))
def test_a_step_stands_in_the_table_or_is_refused(start: Phase, end: Phase) -> None:
    if (start, end) in STEPS:
        assert step(start, end) is STEPS[start, end] and end in next_phases(start)
    else:
        with pytest.raises(Invalid) as invalid:
            step(start, end)
        assert invalid.value.data == {"start": start, "end": end} and end not in next_phases(start)


def test_every_ending_passes_through_closure_and_every_phase_can_end() -> None:
    assert [start for start, end in STEPS if end == Phase.CLOSED] == [Phase.CLOSURE]
    for phase in (Phase.REFERRAL, Phase.NEEDS, Phase.CAREPLAN):
        assert Phase.CLOSURE in next_phases(phase)


def test_only_arrows_marked_so_lead_back() -> None:
    order = list(Phase)
    assert all((order.index(end) < order.index(start)) == one.back for (start, end), one in STEPS.items())


def test_something_waits_until_its_day_has_passed() -> None:
    waiting = Waiting(uuid4(), "referral_to_confirm", "referral", NOW, due=TODAY)
    assert not waiting.overdue(TODAY) and waiting.overdue(TODAY + timedelta(1))
    assert not Waiting(uuid4(), "x", "referral", NOW).overdue(TODAY)


def test_a_journey_goes_through_four_phases_to_its_end(world: World) -> None:
    journey = walk(world, *WHOLE)
    assert (journey.phase, journey.closed_at, str(journey)) == (
        Phase.CLOSED,
        NOW,
        f"{world.subject.child_id} in closed",
    )
    steps = steps_for(world.nurse, world.subject, TODAY)
    assert [(one.start, one.end) for one in steps] == [
        ("", "referral"),
        ("referral", "needs"),
        ("needs", "careplan"),
        ("careplan", "closure"),
        ("closure", "closed"),
    ]
    assert (steps[1].by, str(steps[1])) == ("Marit", "referral to needs")
    assert list(
        AuditLine.objects.filter(event__startswith="journey.").order_by("id").values_list("event", flat=True)
    ) == [
        "journey.opened",
        "journey.referral_decided",
        "journey.needs_known",
        "journey.ending_considered",
        "journey.closed",
    ]


def test_there_is_one_open_journey_and_a_readmission_does_not_start_another(world: World) -> None:
    walk(world, Phase.NEEDS)
    with pytest.raises(Conflict):
        open_journey(world.nurse, world.subject, world.home_care.id, NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        CareJourney.objects.create(
            child_id=world.subject.child_id,
            owner=world.home_care,
            opened_at=NOW,
            phase_since=NOW,
            created_at=NOW,
        )


def test_a_step_that_the_table_lacks_leaves_everything_as_it_was(world: World) -> None:
    walk(world)
    with pytest.raises(Invalid):
        take_step(world.nurse, world.subject, Phase.CLOSED, NOW)
    assert (CareJourney.objects.get().phase, JourneyStep.objects.count()) == (Phase.REFERRAL, 1)


def test_without_a_journey_there_is_nothing_to_step_nor_reopen(world: World) -> None:
    with pytest.raises(Missing):
        take_step(world.nurse, world.subject, Phase.NEEDS, NOW)
    with pytest.raises(Missing):
        reopen_journey(world.nurse, world.subject, NOW)
    walk(world, Phase.NEEDS)
    with pytest.raises(Missing):
        reopen_journey(world.nurse, world.subject, NOW)


def test_a_closed_journey_is_reopened_where_the_needs_are_looked_at_anew(world: World) -> None:
    walk(world, *WHOLE)
    journey = reopen_journey(world.nurse, world.subject, NOW, "opnieuw zorg nodig")
    assert (journey.phase, journey.closed_at, journey.steps.count()) == (Phase.NEEDS, None, 6)
    assert JourneyStep.objects.latest("id").note == "opnieuw zorg nodig"


def test_only_the_last_journey_is_reopened_and_not_beside_an_open_one(world: World) -> None:
    walk(world, *WHOLE)
    open_journey(world.nurse, world.subject, world.home_care.id, NOW + timedelta(days=1))
    with pytest.raises(Missing):
        reopen_journey(world.nurse, world.subject, NOW + timedelta(days=1))


def test_a_step_is_never_changed(world: World) -> None:
    walk(world)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        JourneyStep.objects.update(reason="x")
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        JourneyStep.objects.all()._raw_delete("default")


def test_the_frame_shows_the_pages_that_the_actor_may_open(world: World) -> None:
    walk(world, Phase.NEEDS)
    frame = frame_for(world.nurse, world)
    states = [phase["state"] for phase in frame["phases"]]
    assert (frame["phase"], frame["family"], states) == (
        Phase.NEEDS,
        False,
        ["done", "current", "todo", "todo"],
    )
    addresses = [tab["url"] for tab in frame["tabs"]]
    assert addresses and not [one for one in addresses if one.endswith("/trail")]
    user = world.account("Lead")
    grant_access(JOB, user.id, Role.TEAM_LEAD, Scope.ORGANISATION, world.home_care.id, NOW)
    theirs = frame_for(actor_for(user), world)
    assert not [tab for tab in theirs["tabs"] if tab["url"].endswith(("/record", "/trail"))]
    assert [bool(phase["url"]) for phase in theirs["phases"]][1:] == [False, False, False]


def frame_for(actor: Actor, world: World) -> Mapping[str, Any]:
    request = SimpleNamespace(actor=actor, today=TODAY)
    return child_frame(request, child_for(actor, world.subject.child_id, TODAY))


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (None, "geboortedatum nog niet bekend"),
        (TODAY - timedelta(weeks=5), "5 weken"),
        (date(2025, 10, 14), "11 maanden"),
        (date(2024, 9, 14), "2 jaar"),
    ],
)
def test_an_age_is_said_as_people_say_it(born: date | None, words: str) -> None:
    assert age_words(born, TODAY) == words


def test_what_was_noted_with_a_step_is_for_who_sees_every_domain(world: World) -> None:
    walk(world, Phase.NEEDS)
    take_step(world.nurse, world.subject, Phase.REFERRAL, NOW, "de diagnose veranderde")
    assert steps_for(world.nurse, world.subject, TODAY)[-1].note == "de diagnose veranderde"
    Grant.objects.filter(user=world.nurse_account, scope=Scope.CHILD).update(domains="social")
    assert {step.note for step in steps_for(world.nurse, world.subject, TODAY)} == {""}


def test_phases_of_many_children_are_one_statement(world: World, django_assert_num_queries: Callable) -> None:
    walk(world, Phase.NEEDS)
    fresh = world.child()
    assert journey_for(world.nurse, fresh, TODAY) is None
    nurse = world.nurse
    children = opened_children(nurse, TODAY)
    with django_assert_num_queries(1):
        assert phases_for(nurse, children, TODAY) == {world.subject.child_id: Phase.NEEDS}


@pytest.mark.parametrize(
    "act",
    [
        lambda subject: open_journey(STRANGER, subject, uuid4(), NOW),
        lambda subject: take_step(STRANGER, subject, Phase.NEEDS, NOW),
        lambda subject: reopen_journey(STRANGER, subject, NOW),
        lambda subject: journey_for(STRANGER, subject, TODAY),
        lambda subject: steps_for(STRANGER, subject, TODAY),
    ],
)
def test_nobody_steps_or_looks_without_leave(world: World, act: Callable[[Subject], object]) -> None:
    walk(world)
    with pytest.raises(Refused):
        act(world.subject)
    assert JourneyStep.objects.count() == 1
