"""Taking back the own fresh answer to an agreement."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from kindzorg.careplan import actions
from kindzorg.careplan.agreements.rules import AgreementState, comes_back
from kindzorg.careplan.models import AgreementStep
from kindzorg.careplan.tests.weeks import plan
from kindzorg.core.errors import Invalid, Missing
from kindzorg.core.ids import new_id

from .conftest import World
from .doors import get, post


@pytest.fixture
def asked(world: World) -> World:
    """A plan in force with one agreement that the nurse is asked."""
    world.in_force()
    return world


def answers(world: World, state: AgreementState, reason: str = "") -> None:
    world.do("nurse", actions.answer_agreement, world.agreements[0], state, reason)


def takes_back(world: World, who: str = "nurse") -> None:
    world.do(who, actions.take_back_answer, world.agreements[0])


def states(world: World) -> list[str]:
    rows = AgreementStep.objects.filter(agreement_id=world.agreements[0]).order_by("created_at", "id")
    return list(rows.values_list("state", flat=True))


@pytest.mark.parametrize(
    "state", [AgreementState.AGREED, AgreementState.DECLINED, AgreementState.MORE_INFO_ASKED]
)
def test_it_stands_again_where_it_stood(asked: World, state: AgreementState) -> None:
    answers(asked, state, "w")
    takes_back(asked)
    assert states(asked) == ["asked", str(state), "asked"]
    with pytest.raises(Invalid):
        takes_back(asked)


def test_done_goes_back_to_what_was_said_before_with_its_words(asked: World) -> None:
    answers(asked, AgreementState.AGREED, "from Monday on")
    answers(asked, AgreementState.DONE)
    takes_back(asked)
    last = AgreementStep.objects.filter(agreement_id=asked.agreements[0]).order_by("-created_at")[0]
    assert (last.state, last.reason) == ("agreed", "from Monday on")


def test_what_taking_back_brought_is_not_taken_back_again(asked: World) -> None:
    key = asked.agreements[0]
    post(asked, "nurse", "plan_agreement", key, answer="agreed")
    post(asked, "nurse", "plan_agreement", key, answer="declined", reason="ill")
    assert "antwoord terugnemen" in get(asked, "nurse", "plan_agreement", key)
    for _again in range(2):
        assert post(asked, "nurse", "plan_answer_back", key).status_code == 302
    assert states(asked) == ["asked", "agreed", "declined", "agreed"]
    assert "antwoord terugnemen" not in get(asked, "nurse", "plan_agreement", key)
    # Who gives the same answer once more within the hour means it.
    post(asked, "nurse", "plan_agreement", key, answer="declined", reason="ill after all")
    post(asked, "nurse", "plan_answer_back", key)
    assert states(asked)[3:] == ["agreed", "declined"]


def test_what_came_back_is_told_by_its_last_steps() -> None:
    noon = datetime(2026, 9, 14, 12, tzinfo=UTC)
    me, other = UUID(int=1), UUID(int=2)
    steps = [("agreed", me, noon), ("declined", me, noon), ("agreed", other, noon)]
    assert comes_back(steps)
    assert not comes_back(steps[:2])
    assert not comes_back([steps[0], ("declined", other, noon), steps[2]])
    assert not comes_back([*steps[:2], ("asked", other, noon)])
    assert not comes_back([steps[0], ("declined", me, noon - timedelta(hours=2)), steps[2]])


def test_only_the_own_answer_for_an_hour_while_nobody_acted_on_it(asked: World) -> None:
    with pytest.raises(Invalid):  # Nobody answered yet.
        takes_back(asked)
    answers(asked, AgreementState.AGREED)
    with pytest.raises(Invalid):
        takes_back(asked, "colleague")
    plan(asked, agreement_id=asked.agreements[0])
    with pytest.raises(Invalid):  # Somebody planned on it.
        takes_back(asked)


def test_an_hour_later_it_stands(asked: World) -> None:
    answers(asked, AgreementState.AGREED)
    asked.moment += timedelta(minutes=61)
    with pytest.raises(Invalid):
        takes_back(asked)
    with pytest.raises(Missing):
        asked.do("nurse", actions.take_back_answer, new_id())


def test_who_answered_takes_it_back_on_the_page(asked: World) -> None:
    key = asked.agreements[0]
    assert "antwoord terugnemen" not in get(asked, "nurse", "plan_agreement", key)
    post(asked, "nurse", "plan_agreement", key, answer="agreed")
    assert "antwoord terugnemen" in get(asked, "nurse", "plan_agreement", key)
    assert "antwoord terugnemen" not in get(asked, "colleague", "plan_agreement", key)
    for _again in range(2):
        assert post(asked, "nurse", "plan_answer_back", key).status_code == 302
    assert states(asked) == ["asked", "agreed", "asked"]
