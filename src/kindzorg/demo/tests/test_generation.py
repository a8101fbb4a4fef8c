"""Generated children obey every rule of the database, are the same for the same seed, and are for demos only."""

from collections import Counter
from datetime import date, datetime

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kindzorg.access.policy import system_actor
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.audit.models import TrailCounter
from kindzorg.careplan.models import PlanVersion
from kindzorg.careplan.queries import plan_for, versions_for
from kindzorg.careplan.rules import PlanView, VersionStatus
from kindzorg.careteam.queries import OpenedChild, actor_for, child_for, opened_children
from kindzorg.core.encryption import Sealed
from kindzorg.core.errors import Refused
from kindzorg.core.walls import behind_wall
from kindzorg.demo.generation import MARKED_CHILD, MARKED_NURSE, generate
from kindzorg.journey.models import CareJourney, JourneyStep
from kindzorg.journey.rules import Phase, step
from kindzorg.people.models import Child, User

MANY = 90
FILLED = ("people", "careteam", "journey", "careplan", "audit")


@pytest.fixture
def country(db: None, now: datetime) -> None:
    generate(MANY, 1, now)


def nurse_of(username: str = MARKED_NURSE) -> User:
    return User.objects.get(username=username)


def seen(today: date) -> dict[str, OpenedChild]:
    actor = actor_for(nurse_of())
    with behind_wall(actor.id, today):
        return {one.child.given_name + str(one.child.id): one for one in opened_children(actor, today)}


def plan_of(child_id: object, today: date) -> PlanView | None:
    actor = actor_for(nurse_of())
    with behind_wall(actor.id, today):
        return plan_for(actor, child_for(actor, child_id, today).subject, today)  # type: ignore[arg-type]


def rows() -> list[list[tuple[object, ...]]]:
    """Everything in the tables that are filled, but for what the database itself counts in the trail."""
    models = [one for one in apps.get_models() if one._meta.app_label in FILLED and one is not TrailCounter]
    names = [
        [one.attname for one in model._meta.concrete_fields if one.attname != "position"] for model in models
    ]
    return [
        # The same words are never encrypted twice to the same: what they say is compared.
        [tuple(map(said, row)) for row in model._default_manager.order_by("pk").values_list(*fields)]
        for model, fields in zip(models, names, strict=True)
    ]


def said(value: object) -> object:
    return value.open() if isinstance(value, Sealed) else value


@pytest.mark.django_db
def test_the_same_seed_on_the_same_day_gives_the_same_rows(now: datetime) -> None:
    def made(seed: int) -> list[list[tuple[object, ...]]]:
        with transaction.atomic():
            generate(8, seed, now)
            found = rows()
            transaction.set_rollback(True)
        return found

    first = made(1)
    assert made(1) == first
    assert made(2) != first


def test_the_marked_nurse_has_forty_children(country: None, today: date) -> None:
    names = seen(today)
    assert len(names) == 40
    assert sum(name.startswith(MARKED_CHILD) for name in names) == 1


def test_the_marked_plan_is_as_large_as_promised(country: None, today: date) -> None:
    child = Child.objects.get(given_name=MARKED_CHILD)
    plan = plan_of(child.id, today)
    assert plan is not None
    assert (len(plan.goals), len(plan.agreements), plan.version.number) == (12, 60, 10)
    assert any(goal.evaluation for goal in plan.goals)
    actor = actor_for(nurse_of())
    with behind_wall(actor.id, today):
        assert len(versions_for(actor, child_for(actor, child.id, today).subject, today)) == 10


def test_every_plan_in_force_reads_back(country: None, today: date) -> None:
    plans = [plan_of(one.child.id, today) for one in seen(today).values()]
    there = [plan for plan in plans if plan and plan.version.number == 1]
    assert len(there) > 15
    assert {(len(plan.goals), len(plan.agreements)) for plan in there} == {(2, 6)}
    assert all(plan.version.signatures and not plan.needs_without_answer for plan in there)


def test_journeys_stand_in_every_phase_and_came_by_the_table(country: None) -> None:
    assert CareJourney.objects.count() == MANY
    assert set(CareJourney.objects.values_list("phase", flat=True)) == {str(phase) for phase in Phase}
    for start, end, reason in JourneyStep.objects.exclude(start="").values_list("start", "end", "reason"):
        assert step(Phase(start), Phase(end)).reason == reason
    statuses = Counter(PlanVersion.objects.values_list("status", flat=True))
    assert 0.5 < statuses[VersionStatus.IN_FORCE] / MANY < 0.9
    assert statuses[VersionStatus.DRAFT] == 0


def test_a_team_lead_sees_the_children_of_the_organisation(country: None, today: date) -> None:
    lead = actor_for(nurse_of("bench-lead"))
    with behind_wall(lead.id, today):
        opened = opened_children(lead, today)
    assert {one.role for one in opened} == {Role.TEAM_LEAD}
    assert len(opened) > 40


@pytest.mark.django_db
def test_it_keeps_off_real_work(now: datetime, settings: object) -> None:
    settings.KINDZORG_DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="demo_only"):
        generate(1, 1, now)
    write_line(system_actor("worker"), "trail.sealed", Kind.EXECUTE, None, now)
    settings.KINDZORG_DEMO = True  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="real_work"):
        generate(1, 1, now)
    assert not Child.objects.exists()


def test_it_does_not_generate_twice(country: None, now: datetime) -> None:
    with pytest.raises(Refused, match="generated_already"):
        generate(1, 2, now)


@pytest.mark.django_db
def test_the_statements_of_a_plan_do_not_grow_with_it(
    now: datetime, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    def statements(goals: int) -> int:
        with transaction.atomic():
            monkeypatch.setattr(
                "kindzorg.demo.generation.MARKED_PLAN", {"goals": goals, "each": 3, "versions": 2}
            )
            generate(1, 1, now)
            client = Client()
            client.force_login(nurse_of())
            address = f"/children/{Child.objects.get().id}/plan"
            assert client.get(address).status_code == 200
            with CaptureQueriesContext(
                connection,
            ) as captured:
                client.get(address)
            transaction.set_rollback(True)
        return len(captured)

    assert statements(3) == statements(30)
