"""What a rescan changed, and what stays as it was given."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.rules import (
    Amount,
    Answers,
    Carrying,
    ChangeKind,
    FirstPass,
    TopicAnswer,
    Whose,
    carried_forward,
    compare,
    current,
    missing_to_close,
)
from kindzorg.needs.tests.answers import (
    JOOST,
    MARIT,
    MONDAY,
    ON_ANY_SCAN,
    SAMIRA,
    answer,
    any_scan,
    by,
    picks,
    quiet,
    scan,
)

LATER = MONDAY + timedelta(days=90)
HEAVY = answer(SAMIRA, "nights", now="Zwaar", needed="Iemand die waakt")

CHANGES = [
    # given in the rescan                                              kind                  what differs
    ([], None, ()),
    ([replace(HEAVY, given_at=LATER)], None, ()),
    ([answer(SAMIRA, "nights", LATER, skipped=True)], None, ()),
    ([answer(SAMIRA, "nights", LATER, now="Beter", needed="Iemand die waakt")], ChangeKind.CHANGED, ("now",)),
    (
        [answer(SAMIRA, "nights", LATER, nothing_needed=True)],
        ChangeKind.NEED_ENDED,
        ("now", "needed", "nothing_needed"),
    ),
    ([replace(picks(SAMIRA, LifeDomain.MEDICAL), given_at=LATER)], ChangeKind.NEED_ENDED, ()),
    ([replace(picks(SAMIRA, LifeDomain.SOCIAL), given_at=LATER)], None, ()),
    ([replace(picks(JOOST, LifeDomain.MEDICAL), given_at=LATER)], None, ()),
    ([answer(JOOST, "nights", LATER, now="Zwaar")], ChangeKind.NEW, ()),
]


@pytest.mark.parametrize(("again", "kind", "differing"), CHANGES)
def test_what_changed(
    again: list[TopicAnswer | FirstPass], kind: ChangeKind | None, differing: tuple[str, ...]
) -> None:
    changes = compare(scan(HEAVY), scan(*again)).topics
    assert [(change.kind, change.fields) for change in changes] == ([(kind, differing)] if kind else [])


def test_a_need_begins_where_nothing_was_needed() -> None:
    (change,) = compare(scan(answer(SAMIRA, "nights", nothing_needed=True)), scan(HEAVY)).topics
    assert change.kind is ChangeKind.NEED_BEGAN
    assert (change.before, change.after) == (answer(SAMIRA, "nights", nothing_needed=True), HEAVY)


def test_a_topic_answered_again_in_a_quiet_domain_is_told_once() -> None:
    again = scan(picks(SAMIRA, LifeDomain.MEDICAL), answer(SAMIRA, "nights", LATER, now="Beter"))
    assert [change.kind for change in compare(scan(HEAVY), again).topics] == [ChangeKind.CHANGED]


def test_carrying_is_compared_in_words_only() -> None:
    was = Carrying(member="mama", whose=Whose.PARENTS, load=Amount.MUCH, power=Amount.LITTLE, **by(SAMIRA))
    same, lighter = replace(was, given_at=LATER), replace(was, given_at=LATER, load=Amount.SOME)
    assert compare(scan(was), scan(same)).carrying == ()
    assert compare(scan(was), scan(lighter)).carrying == ((was, lighter),)
    assert compare(scan(), scan(was)).carrying == ((None, was),)


def test_what_was_not_asked_again_holds_with_its_own_date() -> None:
    old = scan(HEAVY, *quiet(SAMIRA, *list(LifeDomain)[1:]))
    new = scan(answer(MARIT, "eating", LATER, needed="Overleg"))
    holds = carried_forward(old, new)
    assert HEAVY in holds.topics
    assert missing_to_close(new) != ()
    assert missing_to_close(holds) == ()


def test_a_domain_now_quiet_ends_what_was_asked_there() -> None:
    quiet_now = replace(picks(SAMIRA, LifeDomain.MEDICAL), given_at=LATER)
    assert carried_forward(scan(HEAVY), scan(quiet_now)).topics == ()


@ON_ANY_SCAN
@given(any_scan)
def test_a_scan_compared_with_itself_has_not_changed(answers: Answers) -> None:
    changes = compare(answers, answers)
    assert [change for change in changes.topics if change.fields] == []
    assert changes.carrying == ()


@ON_ANY_SCAN
@given(any_scan)
def test_an_empty_rescan_keeps_everything(answers: Answers) -> None:
    assert carried_forward(answers, scan()) == current(answers)
