"""From the first draft to a plan in force, as a nurse, two parents and a paediatrician go it."""

import pytest

from kindzorg.careplan import queries
from kindzorg.careplan.models import AgreementStep, GoalStep

pytestmark = pytest.mark.django_db


def test_a_plan_comes_into_force(world) -> None:
    world.draft(goals=2, agreements=2)
    draft = queries.draft_for(*world.as_("nurse"), world.moment.date())
    assert [goal.content.words for goal in draft.goals] == ["goal 0", "goal 1"]
    assert {one.state for one in draft.agreements} == {"proposed"}
    assert world.agree().status == "in_force"
    plan = queries.plan_for(*world.as_("mother"), world.moment.date())
    assert {goal.state for goal in plan.goals} == {"active"}
    assert {one.state for one in plan.agreements} == {"asked"}
    assert [one.party for one in plan.version.signatures] == ["authority_holder", "authority_holder", "approver"]
    assert AgreementStep.objects.count() == 4
    assert GoalStep.objects.count() == 4
