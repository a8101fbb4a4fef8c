"""What becomes of open agreements when the plan changes: what is suggested, what may be said, what it does."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from kindzorg.careplan.adoption.rules import Content, Lack, differences, missing_before_offer, steps_in_force
from kindzorg.careplan.agreements.rules import AgreementContent, Carried
from kindzorg.careplan.agreements.rules import AgreementState as State
from kindzorg.careplan.carrying.rules import Look, Settlement, check_settlement, same, to_settle
from kindzorg.careplan.tests.conftest import goal
from kindzorg.core.errors import Invalid

TODAY = date(2026, 9, 14)
GOAL, ONE, TWO, NEW = (UUID(int=number) for number in range(1, 5))
SAID = AgreementContent(what="care at night", when="each night", goal_id=GOAL)
PLAN = Content(goals={GOAL: goal("sleep")}, agreements={ONE: SAID})


def row(draft: Content, state: State = State.AGREED, old: Content = PLAN):
    (found,) = to_settle(old, draft, {ONE: state}, TODAY)
    return found


def test_only_what_is_open_is_asked_about() -> None:
    asked = {state for state in State if to_settle(PLAN, PLAN, {ONE: state}, TODAY)}
    assert asked == {State.ASKED, State.MORE_INFO_ASKED, State.AGREED}
    assert to_settle(PLAN, PLAN, {}, TODAY) == ()
    without = {state for state in State if to_settle(PLAN, replace(PLAN, agreements={}), {ONE: state}, TODAY)}
    assert without == {*asked, State.DECLINED}


def test_what_did_not_change_stays_and_what_changed_is_asked_anew() -> None:
    same_one = row(PLAN)
    assert (same_one.suggested, same_one.carried, same_one.look, same_one.goal) == (
        "stays",
        None,
        None,
        "sleep",
    )
    paid = row(replace(PLAN, agreements={ONE: replace(SAID, payer="insurer")}))
    assert paid.suggested is Carried.STAYS
    moved = row(replace(PLAN, agreements={ONE: replace(SAID, when="Monday")}))
    assert (moved.suggested, moved.changed) == (Carried.ANEW, {"when"})


@pytest.mark.parametrize(
    ("draft", "look"),
    [
        (replace(PLAN, goals={}), Look.GOAL_GONE),
        (replace(PLAN, agreements={ONE: replace(SAID, until=date(2026, 9, 13))}), Look.OVER),
        (replace(PLAN, agreements={}), Look.NOT_HERE),
        (replace(PLAN, agreements={}, removed={ONE: ""}), Look.NOT_HERE),
    ],
)
def test_where_somebody_must_look_first_nothing_is_chosen(draft: Content, look: Look) -> None:
    found = row(draft)
    assert (found.suggested, found.look, found.carried) == (None, look, None)


def test_what_was_settled_is_chosen_already() -> None:
    anew = row(replace(PLAN, carried={ONE: Carried.ANEW}))
    assert (anew.carried, anew.suggested) == (Carried.ANEW, Carried.ANEW)
    gone = replace(PLAN, agreements={}, removed={ONE: "moved away"})
    assert (row(gone).suggested, row(gone).reason, row(gone).look) == (Carried.LAPSES, "moved away", None)
    other = row(replace(gone, agreements={NEW: SAID}, removed={ONE: ""}, replaced={ONE: NEW}))
    assert (other.suggested, other.replaced_by) == (Carried.REPLACED, NEW)
    assert row(gone).mark != row(PLAN).mark


def test_what_stayed_and_changed_after_that_is_asked_anew() -> None:
    draft = Content(agreements={ONE: replace(SAID, when="Monday")}, carried={ONE: Carried.STAYS})
    assert row(draft).suggested is Carried.ANEW


def test_a_need_in_place_of_a_goal_has_no_goal_to_name() -> None:
    loose = Content(agreements={ONE: replace(SAID, goal_id=None)})
    assert row(loose, old=loose).goal == ""
    lost = Content(agreements={ONE: SAID})
    assert row(lost, old=lost).goal == ""


def given(carried: Carried, reason: str = "", replaced_by: UUID | None = None) -> Settlement:
    return Settlement(agreement_id=ONE, carried=carried, reason=reason, replaced_by=replaced_by)


CHANGED = replace(PLAN, agreements={ONE: replace(SAID, when="Monday")})


@pytest.mark.parametrize(
    ("draft", "said", "code"),
    [
        (PLAN, given(Carried.STAYS), ""),
        (CHANGED, given(Carried.STAYS), "changed_is_asked_anew"),
        (CHANGED, given(Carried.ANEW), ""),
        (PLAN, given(Carried.LAPSES, " "), "reason_required"),
        (PLAN, given(Carried.LAPSES, "moved"), ""),
        (PLAN, given(Carried.REPLACED), "replacement_required"),
        (PLAN, given(Carried.REPLACED, replaced_by=ONE), "replacement_required"),
        (PLAN, given(Carried.REPLACED, replaced_by=TWO), "replacement_required"),
        (PLAN, given(Carried.REPLACED, replaced_by=NEW), ""),
    ],
)
def test_what_may_be_said(draft: Content, said: Settlement, code: str) -> None:
    if not code:
        check_settlement(row(draft), said, {NEW, ONE})
        return
    with pytest.raises(Invalid) as refused:
        check_settlement(row(draft), said, {NEW, ONE})
    assert (refused.value.code, refused.value.data["agreement_id"]) == (code, ONE)


def test_what_was_said_already_is_the_same() -> None:
    gone = row(replace(PLAN, agreements={}, removed={ONE: "moved"}))
    assert same(gone, given(Carried.LAPSES, "moved "))
    assert not same(gone, given(Carried.LAPSES, "ill"))
    assert not same(gone, given(Carried.STAYS))
    assert same(row(replace(PLAN, carried={ONE: Carried.STAYS})), given(Carried.STAYS, "not looked at"))
    other = row(replace(PLAN, agreements={}, removed={ONE: ""}, replaced={ONE: NEW}))
    assert same(other, given(Carried.REPLACED, replaced_by=NEW))
    assert not same(other, given(Carried.REPLACED, replaced_by=TWO))


def test_coming_into_force_asks_anew_what_is_open_and_lets_the_rest_be() -> None:
    anew = replace(PLAN, carried={ONE: Carried.ANEW})
    asked = {state for state in State if steps_in_force(PLAN, anew, {ONE: state})}
    assert asked == {State.ASKED, State.MORE_INFO_ASKED, State.AGREED}
    assert steps_in_force(PLAN, replace(PLAN, carried={ONE: Carried.STAYS}), {ONE: State.AGREED}) == {}


def test_asking_anew_is_a_change_and_so_is_what_replaces() -> None:
    (one,) = differences(PLAN, replace(PLAN, carried={ONE: Carried.ANEW}))
    assert (one.change, one.parts, one.asked_anew) == ("changed", (), True)
    assert differences(PLAN, replace(PLAN, carried={ONE: Carried.STAYS})) == ()
    gone = replace(PLAN, agreements={NEW: SAID}, removed={ONE: ""}, replaced={ONE: NEW})
    assert [(one.change, one.replaced_by) for one in differences(PLAN, gone)] == [
        ("added", None),
        ("removed", NEW),
    ]


def test_an_offer_waits_for_what_is_not_settled() -> None:
    lacks = missing_before_offer(PLAN, TODAY, must_agree=(), approver=None, unsettled=True)
    assert Lack(code="agreements_unsettled") in lacks
