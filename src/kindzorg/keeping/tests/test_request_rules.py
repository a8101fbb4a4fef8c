"""Who may ask what of the file, until when, and which decisions can be taken: tables, without a database."""

from datetime import date

import pytest

from kindzorg.access.ages import birthday
from kindzorg.access.grounds import Side
from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import Ground
from kindzorg.keeping.requests import rules
from kindzorg.keeping.requests.rules import About, Asked, Born, Decision, RefusalReason, RequestStanding

ON = date(2026, 9, 14)
C, R = Asked.CORRECT, Asked.REMOVE

# ground, age, side, what may be asked
TABLE = [
    (Ground.WGBO, 11, Side.HOLDER, {C, R}),
    (Ground.WGBO, 11, Side.CHILD, set()),
    (Ground.WGBO, 12, Side.HOLDER, {C}),
    (Ground.WGBO, 12, Side.CHILD, {C, R}),
    (Ground.WGBO, 16, Side.CHILD, {C, R}),
    (Ground.WGBO, 16, Side.HOLDER, set()),
    (Ground.JEUGDWET, 12, Side.HOLDER, {C}),
    (Ground.JEUGDWET, 12, Side.CHILD, {C, R}),
    (Ground.AVG, 12, Side.HOLDER, {C, R}),
    (Ground.AVG, 12, Side.CHILD, {C, R}),
]


@pytest.mark.parametrize(("ground", "years", "side", "expected"), TABLE)
def test_who_may_ask_follows_from_ground_and_age(
    ground: Ground, years: int, side: Side, expected: set[Asked]
) -> None:
    born = Born(birthday(ON, -years))
    assert {one for one in Asked if rules.may_ask(one, ground, side, born, ON)} == expected


def test_who_cannot_decide_has_its_holders_ask() -> None:
    born = Born(birthday(ON, -15), can_decide=False)
    assert rules.may_ask(R, Ground.WGBO, Side.HOLDER, born, ON)
    assert not rules.may_ask(R, Ground.WGBO, Side.CHILD, born, ON)


@pytest.mark.parametrize(
    ("asked_on", "due", "delayed"),
    [
        (date(2026, 9, 14), date(2026, 10, 14), date(2026, 12, 14)),
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30)),
        (date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 1)),
        (date(2028, 1, 30), date(2028, 2, 29), date(2028, 4, 30)),
    ],
)
def test_a_month_to_answer_and_two_more(asked_on: date, due: date, delayed: date) -> None:
    assert rules.due_on(asked_on) == due
    assert rules.due_on(asked_on, delayed=True) == delayed


def test_it_takes_longer_only_if_that_is_said_within_the_first_month_and_once() -> None:
    assert rules.may_delay(ON, date(2026, 10, 14), RequestStanding.OPEN)
    assert not rules.may_delay(ON, date(2026, 10, 15), RequestStanding.OPEN)
    assert not rules.may_delay(ON, ON, RequestStanding.DELAYED)


@pytest.mark.parametrize(
    ("decision", "asked", "about", "others", "code"),
    [
        (Decision(True), C, About.GENERAL, True, ""),
        (Decision(True), R, About.GENERAL, False, "cannot_be_destroyed"),
        (Decision(True), R, About.NOTE, True, "others_not_heard"),
        (Decision(True, all_agree=True), R, About.NOTE, True, ""),
        (Decision(True), R, About.ITEM, False, ""),
        (Decision(False, "nee"), C, About.ITEM, False, "reason_needed"),
        (Decision(False, "nee", RefusalReason.OTHER_PERSON), C, About.ITEM, False, "reason_needed"),
        (Decision(False, "", RefusalReason.LAW), R, About.ITEM, False, "words_needed"),
        (Decision(False, "nee", RefusalReason.LAW), R, About.GENERAL, True, ""),
        (Decision(False, "x" * 4001, RefusalReason.RIGHT), C, About.ITEM, False, "words_too_long"),
    ],
)
def test_which_decisions_can_be_taken(
    decision: Decision, asked: Asked, about: About, others: bool, code: str
) -> None:
    if not code:
        rules.check_decision(decision, asked, about, others_hold=others)
        return
    with pytest.raises(Invalid) as error:
        rules.check_decision(decision, asked, about, others_hold=others)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("asked", "granted", "delayed", "done", "expected"),
    [
        (C, None, False, False, RequestStanding.OPEN),
        (R, None, True, False, RequestStanding.DELAYED),
        (R, False, True, False, RequestStanding.REFUSED),
        (C, True, False, False, RequestStanding.TO_CORRECT),
        (R, True, False, False, RequestStanding.TO_DESTROY),
        (R, True, False, True, RequestStanding.DESTROYED),
    ],
)
def test_where_it_stands(
    asked: Asked, granted: bool | None, delayed: bool, done: bool, expected: RequestStanding
) -> None:
    assert rules.standing_of(asked, granted, delayed=delayed, done=done) == expected
