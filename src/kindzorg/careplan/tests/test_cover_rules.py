"""Demands, and the questions to cover them, without a database: what is asked, of whom, and where it stands."""

from datetime import time
from uuid import UUID

import pytest

from kindzorg.careplan.agreements.rules import Who, who_kept
from kindzorg.careplan.cover import rules as cover
from kindzorg.careplan.cover.rules import CoverState, MayCover, NewDemand
from kindzorg.careplan.visits import rules
from kindzorg.careplan.visits.rules import Window
from kindzorg.core.errors import Invalid, Refused
from kindzorg.core.vocabulary import LifeDomain

from .test_week_rules import (
    DAY,
    HOUSE,
    MONDAY,
    MOTHER,
    NIGHT,
    NURSE,
    WINDOW,
    at,
    date,
    demand,
    held,
    series,
    short,
)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"acts": ("juggling",)}, "act_unknown"),
        ({"acts": ("oxygen",), "domain": LifeDomain.SAFETY}, "demand_acts_medical"),
        ({"why": " "}, "demand_why"),
    ],
)
def test_a_demand_says_what_and_why(parts: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        cover.check_demand(NewDemand(**{"rhythm": NIGHT, "why": "watch", **parts}))  # type: ignore[arg-type]
    cover.check_demand(NewDemand(rhythm=NIGHT, acts=("oxygen",), why="watch"))
    cover.check_demand(NewDemand(rhythm=NIGHT, domain=LifeDomain.SAFETY, why="watch"))


def test_who_is_asked_must_be_free_able_and_of_the_right_kind() -> None:
    said = demand("oxygen").said
    when = Window(at(MONDAY, 23), at(MONDAY + DAY, 7))
    can = held(NURSE, "oxygen")[UUID(int=1)]
    cover.check_cover(said, NURSE, when, can, [])
    cover.check_cover(said, HOUSE, when, [], [])
    with pytest.raises(Invalid, match="cover_professional"):
        cover.check_cover(said, MOTHER, when, can, [])
    with pytest.raises(Invalid, match="cover_not_able") as refused:
        cover.check_cover(said, NURSE, when, [], [])
    assert refused.value.data["acts"] == ("oxygen",)
    with pytest.raises(Invalid, match="cover_elsewhere"):
        cover.check_cover(said, NURSE, when, can, [Window(at(MONDAY, 20), at(MONDAY, 23, 30))])
    cover.check_cover(
        demand(may=MayCover.ANYBODY).said, MOTHER, when, [], [Window(at(MONDAY, 20), at(MONDAY, 23))]
    )


def test_a_question_that_nobody_answered_in_time_lapsed() -> None:
    start, now = at(MONDAY, 23), at(MONDAY, 12)
    assert cover.state_at([], start, now) == CoverState.ASKED
    assert cover.state_at([CoverState.ASKED], start, start) == CoverState.LAPSED
    assert cover.state_at([CoverState.ASKED, CoverState.ACCEPTED], start, start) == CoverState.ACCEPTED


def test_who_is_asked_answers_and_who_asks_withdraws() -> None:
    step = cover.next_step
    assert step(CoverState.ASKED, CoverState.ACCEPTED, asked=True, asker=False) == "answered"
    assert step(CoverState.ASKED, CoverState.WITHDRAWN, asked=False, asker=True) == "withdrawn"
    with pytest.raises(Refused):
        step(CoverState.ASKED, CoverState.ACCEPTED, asked=False, asker=True)
    with pytest.raises(Refused):
        step(CoverState.ASKED, CoverState.WITHDRAWN, asked=True, asker=False)
    with pytest.raises(Invalid, match="cover_step"):
        step(CoverState.DECLINED, CoverState.ACCEPTED, asked=True, asker=False)
    with pytest.raises(Invalid, match="reason_required"):
        step(CoverState.ASKED, CoverState.DECLINED, asked=True, asker=False)
    assert step(CoverState.ASKED, CoverState.DECLINED, asked=True, asker=False, reason="away") == "answered"


def test_only_what_was_not_known_is_new() -> None:
    old = cover.uncovered([demand()], [], {}, WINDOW, {})
    assert cover.newly(old, old) == []
    assert cover.newly([], old) == old
    part = cover.uncovered([demand()], rules.expand([short(NURSE, 1, 3)], WINDOW, {}), {}, WINDOW, {})
    assert cover.newly(old, part) == []
    assert len(cover.newly(part, old)) == 1


def test_a_week_is_not_always_168_hours() -> None:
    assert cover.whole_week(MONDAY).minutes == 168 * 60
    assert cover.whole_week(date(2026, 3, 23)).minutes == 167 * 60


def test_where_somebody_is_already_and_an_organisation_can_send_two() -> None:
    there = rules.expand([series(), series(who=HOUSE, number=6)], WINDOW, {})
    assert cover.elsewhere(there, NURSE) == [Window(there[0].start, there[0].end)]
    assert cover.elsewhere(there, HOUSE) == []


def test_a_series_is_read_back_as_the_database_gives_it() -> None:
    row = {
        "id": str(UUID(int=5)), "agreement_id": None, "place": "home", "holidays": "not_in", "region": "north",
        "starts_on": "2026-09-14", "start": "23:00:00", "minutes": 480, "rule": "", "until": None, "house": None,
        "professional_user": None, "relative_user": str(UUID(int=7)), **who_kept(MOTHER),
        "organisation_id": None, "changes": [],
    }  # fmt: skip
    found = rules.series_from(row, MONDAY + DAY)
    assert (found.who, found.user_id, rules.ended_on(found.changes)) == (MOTHER, UUID(int=7), MONDAY + DAY)
    assert rules.series_from({**row, "who_kind": "", "start": time(23)}).who == Who()
