"""The database itself refuses to rewrite a plan, and reading it costs the same whatever its size."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kindzorg.careplan import actions, queries
from kindzorg.careplan.carrying.rules import Settlement
from kindzorg.careplan.models import (
    Agreement,
    AgreementStep,
    AgreementTerms,
    CarePlan,
    DomainChoice,
    Evaluation,
    Goal,
    GoalStep,
    GoalText,
    PlanVersion,
    Removal,
    Signature,
    StoredOutcome,
)
from kindzorg.careplan.rules import Evaluated
from kindzorg.careplan.tests.conftest import build, need, sign
from kindzorg.careplan.waiting import waiting_for
from kindzorg.careteam.queries import opened_children
from kindzorg.core.ids import new_id
from kindzorg.core.walls import behind_wall

pytestmark = pytest.mark.django_db


def refused(change) -> None:
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        change()


def full(world) -> None:
    """A plan in force with a row in every table, and a draft beside it."""
    play = need("play")
    world.draft(goals=2)
    PlanVersion.objects.update(needs=[play.stored()])
    world.do("nurse", actions.choose_no_goal, play.need_id, "goes well")
    world.agree()
    world.do("nurse", actions.evaluate_goal, world.goals[0], Evaluated(step=3))
    world.do("nurse", actions.freeze_outcome)
    world.do("nurse", actions.start_draft)
    world.do("nurse", actions.remove_agreement, world.agreements[1], "gone", 1)
    world.do("nurse", actions.add_agreement, world.nurse_does("new", goal_id=world.goals[1]))
    world.offer()


@pytest.mark.parametrize("table", [GoalText, AgreementTerms, DomainChoice, Removal])
def test_content_is_frozen_once_its_version_left_draft(world, table) -> None:
    full(world)
    row = table.objects.exclude(version__status="draft").first()
    refused(lambda: table.objects.filter(id=row.id).update(changed_by="somebody"))
    refused(lambda: table.objects.filter(id=row.id).delete())
    row.id = new_id()
    refused(lambda: row.save(force_insert=True))


def test_content_of_a_draft_is_not_frozen(world) -> None:
    world.draft()
    assert GoalText.objects.update(words="other") == 1
    assert AgreementTerms.objects.all().delete()[0] == 1


@pytest.mark.parametrize(
    "table", [CarePlan, Goal, Agreement, Signature, GoalStep, AgreementStep, Evaluation, StoredOutcome]
)
def test_identity_and_events_are_never_changed(world, table) -> None:
    full(world)
    row = table.objects.first()
    refused(lambda: table.objects.filter(id=row.id).update(ground="avg"))
    refused(lambda: table.objects.filter(id=row.id)._raw_delete(table.objects.db))


def test_a_version_that_left_draft_never_thaws(world) -> None:
    full(world)
    in_force = PlanVersion.objects.filter(status="in_force")
    refused(lambda: in_force.update(status="draft"))
    refused(lambda: in_force.update(needs=[]))
    refused(lambda: in_force.update(number=9))
    refused(lambda: in_force._raw_delete(in_force.db))
    number = PlanVersion.objects.get(status="offered").number
    for parent in ("mother", "father"):
        sign(world, parent, number)
    world.do("doctor", actions.approve_version, number, True, "")
    refused(lambda: PlanVersion.objects.filter(status="superseded").update(status="in_force"))
    refused(lambda: PlanVersion.objects.filter(status="superseded").update(why="other"))


def test_one_draft_and_one_plan_in_force(world) -> None:
    world.in_force()
    row = PlanVersion.objects.get()
    for status in ("in_force", "draft", "offered"):
        row.id, row.number, row.status = new_id(), row.number + 1, status
        if status == "draft":
            row.save(force_insert=True)
        else:
            with pytest.raises(DatabaseError), transaction.atomic():
                row.save(force_insert=True)


@pytest.mark.postgresql
def test_on_postgresql_only_who_sees_the_child_sees_its_plan(world) -> None:
    full(world)
    other = build()
    tables = (CarePlan, PlanVersion, Goal, GoalText, Agreement, AgreementTerms, DomainChoice, Removal)
    tables += (Signature, GoalStep, AgreementStep, Evaluation, StoredOutcome)
    with behind_wall(world.users["teacher"].id, world.moment.date()):
        assert all(table.objects.exists() for table in tables)
    with behind_wall(other.users["teacher"].id, world.moment.date()):
        assert not any(table.objects.exists() for table in tables)


@pytest.mark.postgresql
def test_on_postgresql_the_whole_way_goes_behind_the_wall(world) -> None:
    def walled(who, action, *given, **named):
        moment = world.now()
        with behind_wall(world.users[who].id, moment.date()):
            return action(*world.as_(who), *given, moment, **named)

    world.do = walled
    full(world)
    assert queries.plan_for(*world.as_("mother"), world.moment.date()).version.number == 1


def statements(read) -> int:
    """SQLite takes many rows in batches of 999 values, so there the adding of rows is not counted."""
    with CaptureQueriesContext(connection) as seen:
        read()
    batched = connection.vendor == "sqlite"
    return len([one for one in seen.captured_queries if not (batched and one["sql"].startswith("INSERT"))])


def reads(world) -> dict[str, int]:
    """How many statements each read costs."""
    on = world.moment.date() + timedelta(days=100)
    nurse, mother, teacher = world.as_("nurse"), world.as_("mother"), world.as_("teacher")
    version = queries.plan_for(*mother, on).version
    opened = opened_children(nurse[0], on)
    return {
        "plan_for": statements(lambda: queries.plan_for(*mother, on)),
        "draft_for": statements(lambda: queries.draft_for(*nurse, on)),
        "version_for": statements(lambda: queries.version_for(*mother, 1, on)),
        "part_for": statements(lambda: queries.part_for(*teacher, on)),
        "signing_for": statements(lambda: queries.signing_for(*mother, version, on)),
        "settling_for": statements(lambda: queries.settling_for(*nurse, on)),
        "checked_draft_for": statements(lambda: queries.checked_draft_for(*nurse, on)),
        "signed_version_for": statements(lambda: queries.signed_version_for(*mother, 1, on)),
        "shown_plan_for": statements(lambda: queries.shown_plan_for(*mother, on)),
        "versions_for": statements(lambda: queries.versions_for(*mother, on)),
        "changes_in": statements(lambda: queries.changes_in(*mother, 2, on)),
        "plan_outcome": statements(lambda: queries.plan_outcome(*mother, world.moment)),
        "waiting_for": statements(lambda: waiting_for(nurse[0], opened, on)),
    }


def writes(world) -> dict[str, int]:
    """How many statements the writes of the whole plan cost: copying it, and bringing it into force."""
    counts = {"start_draft": statements(lambda: world.do("nurse", actions.start_draft))}
    for number, key in enumerate(world.agreements):
        goal_id = world.goals[number // 2]
        content = world.nurse_does(f"changed {number}", goal_id=goal_id)
        world.do("nurse", actions.change_agreement, key, content, 1)
    found = queries.settling_for(*world.as_("nurse"), world.moment.date())
    given = [Settlement(agreement_id=one.id, carried=one.suggested) for one in found.rows]
    settle = lambda: world.do("nurse", actions.settle_agreements, given)  # noqa: E731
    counts["settle_agreements"] = statements(settle)
    counts["offer_version"] = statements(lambda: world.do("nurse", actions.offer_version))
    for parent in ("mother", "father"):
        sign(world, parent, 2)
    counts["approve_version"] = statements(lambda: world.do("doctor", actions.approve_version, 2, True, ""))
    return counts


def test_a_large_plan_costs_as_many_statements_as_a_small_one(world) -> None:
    large = build()
    for one, goals in ((world, 3), (large, 30)):
        one.in_force(goals, agreements=2)
        one.do("nurse", actions.evaluate_goal, one.goals[0], Evaluated(step=2))
    assert writes(world) == writes(large)
    for one in (world, large):
        one.do("nurse", actions.start_draft)
    small = reads(world)
    assert small == reads(large)
    assert small == {
        "plan_for": 3,
        "draft_for": 3,
        "version_for": 3,
        "part_for": 3,
        "signing_for": 1,
        "settling_for": 6,
        "checked_draft_for": 4,
        "signed_version_for": 1,
        "shown_plan_for": 3,
        "versions_for": 1,
        "changes_in": 5,
        "plan_outcome": 5,
        "waiting_for": 1,
    }
    assert len(queries.plan_for(*large.as_("mother"), large.moment.date()).agreements) == 60


def test_what_waits_costs_one_statement_for_any_number_of_children(world) -> None:
    worlds = [world, build(), build()]
    for one in worlds:
        one.in_force()
    actor, on = worlds[0].actor("nurse"), world.moment.date()
    everyone = [seen for one in worlds for seen in opened_children(one.actor("nurse"), on)]
    assert len(everyone) == 3
    assert statements(lambda: waiting_for(actor, everyone, on)) == 1
