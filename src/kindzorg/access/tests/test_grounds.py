"""Who decides, by the ground of an item: the table of the law, written once more to be read by a jurist."""

from datetime import date, timedelta

import pytest

from kindzorg.access.ages import birthday
from kindzorg.access.grounds import (
    BRACKETS,
    Deciders,
    Question,
    Side,
    bracket,
    deciders,
    enough_said_yes,
    grounds,
    may_say_no,
)
from kindzorg.core.vocabulary import Ground

BORN = date(2010, 6, 15)
LEAPING = date(2012, 2, 29)
HOLDERS, CHILD, BOTH, EITHER, OTHER, COURT = Deciders
CONSENT, INSPECT, WITHDRAW, RIGHTS, DESTROY = Question

# ground, question: under 12, 12-15, 16-17
LAW = {
    (Ground.WGBO, CONSENT): (HOLDERS, BOTH, CHILD),
    (Ground.JEUGDWET, CONSENT): (HOLDERS, BOTH, CHILD),
    (Ground.WABVPZ, CONSENT): (HOLDERS, BOTH, CHILD),
    (Ground.WMO, CONSENT): (HOLDERS, CHILD, CHILD),
    (Ground.WMO, INSPECT): (HOLDERS, EITHER, CHILD),
    (Ground.AVG, CONSENT): (HOLDERS, HOLDERS, CHILD),
    (Ground.AVG, WITHDRAW): (HOLDERS, EITHER, CHILD),
    (Ground.AVG, RIGHTS): (HOLDERS, EITHER, CHILD),
    (Ground.WGBO, DESTROY): (HOLDERS, CHILD, CHILD),
    (Ground.SCHOOL, CONSENT): (HOLDERS, HOLDERS, HOLDERS),
}


@pytest.mark.parametrize(("ground", "question"), LAW)
def test_who_decides_on_the_day_before_the_day_and_the_day_after_a_birthday(
    ground: Ground, question: Question
) -> None:
    for born in (BORN, LEAPING):
        for years, before, after in ((12, *LAW[ground, question][:2]), (16, *LAW[ground, question][1:])):
            day = birthday(born, years)
            found = [deciders(ground, question, born, day + timedelta(days)) for days in (-1, 0, 1)]
            assert found == [before, after, after], (born, years)


def test_every_ground_answers_every_question_with_its_source() -> None:
    assert set(grounds()) == {(ground, question) for ground in Ground for question in Question}
    for (ground, _question), row in grounds().items():
        assert row.source
        grown = OTHER if ground in (Ground.WGBO, Ground.JEUGDWET, Ground.WABVPZ) else COURT
        assert row.by_bracket["from_18"] == CHILD and row.by_bracket["cannot_decide_18"] == grown
        assert row.by_bracket["cannot_decide"] == HOLDERS


def test_without_a_birth_date_a_child_is_under_12() -> None:
    assert bracket(None, BORN) == "under_12"


@pytest.mark.parametrize(
    ("years", "can_decide", "column"),
    [
        (11, True, "under_12"),
        (11, False, "under_12"),
        (12, True, "from_12"),
        (12, False, "cannot_decide"),
        (16, True, "from_16"),
        (17, False, "cannot_decide"),
        (18, True, "from_18"),
        (18, False, "cannot_decide_18"),
    ],
)
def test_in_which_column_a_child_stands(years: int, can_decide: bool, column: str) -> None:
    assert bracket(BORN, birthday(BORN, years), can_decide=can_decide) == column
    assert column in BRACKETS


def test_a_girl_of_12_may_withdraw_what_she_could_not_give_alone() -> None:
    twelfth = birthday(BORN, 12)
    assert may_say_no(Ground.AVG, Side.CHILD, BORN, twelfth)
    assert not may_say_no(Ground.AVG, Side.CHILD, BORN, twelfth - timedelta(1))
    assert may_say_no(Ground.WGBO, Side.HOLDER, BORN, twelfth)
    assert not may_say_no(Ground.WGBO, Side.HOLDER, BORN, birthday(BORN, 16))
    assert not may_say_no(Ground.WMO, Side.HOLDER, BORN, twelfth)


@pytest.mark.parametrize(
    ("ground", "family"), [(Ground.WGBO, True), (Ground.AVG, False), (Ground.WMO, False)]
)
def test_the_family_of_an_adult_says_no_on_the_ground_of_treatment_alone(
    ground: Ground, family: bool
) -> None:
    day = birthday(LEAPING, 18)
    for on, curator in ((day - timedelta(1), False), (day, True), (day + timedelta(1), True)):
        about = (ground, Side.REPRESENTATIVE, LEAPING, on)
        assert may_say_no(*about, can_decide=False) == curator
        assert may_say_no(*about, can_decide=False, by_court=False) == (curator and family)
        assert not may_say_no(*about)


@pytest.mark.parametrize(
    ("needed", "child", "holders", "enough"),
    [
        (HOLDERS, False, [True, True], True),
        (HOLDERS, True, [True, False], False),
        (HOLDERS, True, [], False),
        (CHILD, True, [False], True),
        (CHILD, False, [True], False),
        (BOTH, True, [True], True),
        (BOTH, True, [True, False], False),
        (BOTH, False, [True], False),
        (EITHER, True, [], True),
        (EITHER, False, [True], True),
        (EITHER, False, [], False),
        (OTHER, False, [True], True),
        (OTHER, True, [], False),
        (COURT, True, [], False),
        (COURT, False, [True], True),
    ],
)
def test_whose_yes_is_enough(needed: Deciders, child: bool, holders: list[bool], enough: bool) -> None:
    assert enough_said_yes(needed, child, holders) == enough
