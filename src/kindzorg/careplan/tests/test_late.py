"""Agreements that are late: not answered in time, or over and not said to be done."""

from datetime import date, timedelta

import pytest

from kindzorg.careplan import actions
from kindzorg.careplan.agreements.rules import ANSWER_WITHIN, AgreementState, Late, late
from kindzorg.careplan.models import Evaluation, GoalStep
from kindzorg.careplan.waiting import waiting_for
from kindzorg.careteam.models import Grant
from kindzorg.careteam.queries import opened_children

from .doors import get

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 14)
END = DAY + ANSWER_WITHIN


@pytest.mark.parametrize(
    ("state", "until", "on", "expected"),
    [
        ("asked", None, END, None),
        ("asked", None, END + timedelta(days=1), (Late.UNANSWERED, END)),
        ("more_info_asked", None, END + timedelta(days=99), None),
        ("agreed", None, END + timedelta(days=99), None),
        ("agreed", DAY, DAY, None),
        ("agreed", DAY, DAY + timedelta(days=1), (Late.ENDED, DAY)),
        ("done", DAY, DAY + timedelta(days=1), None),
    ],
)
def test_when_an_agreement_is_late(state, until, on, expected) -> None:
    assert late(AgreementState(state), DAY, until, on) == expected


def waits(world, who: str, on: date) -> dict:
    children = opened_children(world.actor(who), on)
    found = waiting_for(world.actor(who), children, on)
    return {one.object_id: (one.kind, one.address, one.due) for one in found if "agreement" in one.kind}


def test_who_is_asked_and_who_guides_the_plan_see_that_it_is_late(world, settings) -> None:
    world.draft()
    until = DAY + timedelta(days=3)
    world.agreements.append(world.do("nurse", actions.add_agreement, world.nurse_does("bath", until=until)))
    assert world.agree().status == "in_force"
    asked, ended = world.agreements
    world.do("nurse", actions.answer_agreement, ended, AgreementState.AGREED, "")
    soon, late_on = DAY + timedelta(days=1), END + timedelta(days=1)
    assert waits(world, "nurse", soon) == {asked: ("agreement_to_answer", "plan", END)}
    assert waits(world, "colleague", soon) == {}
    over = ("agreement_ended", "plan_agreement", until)
    assert waits(world, "nurse", late_on) == {asked: ("agreement_to_answer", "plan", END), ended: over}
    assert waits(world, "colleague", late_on) == {
        asked: ("agreement_unanswered", "plan_agreement", END),
        ended: over,
    }
    assert waits(world, "mother", late_on) == waits(world, "doctor", late_on) == {}
    settings.KINDZORG_TODAY = late_on
    assert "Al meer dan twee weken geen antwoord" in get(world, "mother", "plan_full")
    assert "De afgesproken tijd is voorbij" in get(world, "mother", "plan_agreement", ended)


def test_what_is_closed_to_somebody_is_not_late_for_that_one(world) -> None:
    world.in_force()
    on = END + timedelta(days=1)
    assert waits(world, "colleague", on)
    Grant.objects.filter(user=world.users["colleague"]).update(domains="social")
    assert waits(world, "colleague", on) == {}


def test_what_is_done_leaves_its_goal_as_it_was(world) -> None:
    """Closing a task never closes a goal."""
    world.in_force()
    before = list(GoalStep.objects.values_list("id", flat=True))
    world.do("nurse", actions.answer_agreement, world.agreements[0], AgreementState.AGREED, "")
    world.do("nurse", actions.answer_agreement, world.agreements[0], AgreementState.DONE, "")
    assert list(GoalStep.objects.values_list("id", flat=True)) == before
    assert not Evaluation.objects.exists()
