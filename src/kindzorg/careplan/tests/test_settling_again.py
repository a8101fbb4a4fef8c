"""Settling once more: what comes back into a draft, and what was declined after it was written."""

from uuid import UUID

import pytest

from kindzorg.careplan import actions
from kindzorg.careplan.agreements.rules import AgreementState, Carried
from kindzorg.careplan.carrying.rules import Settlement
from kindzorg.core.errors import Incomplete

from .conftest import World
from .doors import get
from .test_settling import comes_into_force, draft_rows, last, rows, settles, stays


@pytest.fixture
def changing(world: World) -> World:
    """A plan in force with three agreements that were taken on, and a draft of the next."""
    world.in_force(goals=1, agreements=3)
    for key in world.agreements:
        world.do("nurse", actions.answer_agreement, key, AgreementState.AGREED, "")
    world.do("nurse", actions.start_draft)
    return world


def lacking_and_declined(world: World) -> UUID:
    """A draft made from a withdrawn version, without what came into the plan meanwhile and was declined."""
    world.settle()
    world.do("nurse", actions.add_agreement, world.nurse_does("another"))
    number = world.do("nurse", actions.offer_version).number
    world.do("nurse", actions.withdraw_version, "too early")
    world.do("nurse", actions.start_draft)
    new = world.do("nurse", actions.add_agreement, world.nurse_does("added later"))
    world.settle()
    comes_into_force(world)
    world.do("nurse", actions.start_draft, from_number=number)
    settles(world, *stays(*(one for one in rows(world) if one != new)))
    world.do("nurse", actions.answer_agreement, new, AgreementState.DECLINED, "not there on Monday")
    return new


def test_what_was_declined_and_is_not_in_the_draft_lapses_with_a_reason_only(changing: World) -> None:
    new = lacking_and_declined(changing)
    with pytest.raises(Incomplete) as refused:
        changing.do("nurse", actions.offer_version)
    assert [lack.code for lack in refused.value.data["missing"]] == ["agreements_unsettled"]
    assert rows(changing)[new].look == "not_here"
    found = get(changing, "nurse", "plan_settle")
    choice = found.split(f'name="carried_{new}"')[1].split("</select>")[0]
    assert 'value="lapses"' in choice and 'value="anew"' not in choice
    settles(changing, Settlement(agreement_id=new, carried=Carried.LAPSES, reason="not needed"))
    comes_into_force(changing)
    assert (last(new).state, last(new).reason) == ("lapsed", "not needed")


def test_what_was_declined_stays_declined_where_it_is_put_back(changing: World) -> None:
    new = lacking_and_declined(changing)
    settles(changing, *stays(new))
    assert new not in rows(changing)
    comes_into_force(changing)
    assert last(new).state == "declined"


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
