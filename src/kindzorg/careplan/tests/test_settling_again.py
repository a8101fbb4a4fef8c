"""Settling once more: what comes back into a draft, and what was declined after it was written."""

import pytest

from kindzorg.careplan import actions
from kindzorg.careplan.agreements.rules import AgreementState, Carried
from kindzorg.careplan.carrying.rules import Settlement

from .conftest import World
from .test_settling import comes_into_force, draft_rows, rows, settles, stays


@pytest.fixture
def changing(world: World) -> World:
    """A plan in force with three agreements that were taken on, and a draft of the next."""
    world.in_force(goals=1, agreements=3)
    for key in world.agreements:
        world.do("nurse", actions.answer_agreement, key, AgreementState.AGREED, "")
    world.do("nurse", actions.start_draft)
    return world


def test_what_is_put_back_does_not_bring_the_choice_of_the_last_round(changing: World) -> None:
    one, *others = changing.agreements
    settles(changing, Settlement(agreement_id=one, carried=Carried.ANEW), *stays(*others))
    comes_into_force(changing)
    changing.do("nurse", actions.answer_agreement, one, AgreementState.AGREED, "")
    changing.do("nurse", actions.start_draft)
    changing.do("nurse", actions.remove_agreement, one, "no longer needed", 1)
    changing.do("nurse", actions.put_back, one)
    assert draft_rows()[one] == ""
    assert rows(changing)[one].carried is None
