"""Whose yes it takes and what a no does, without a database."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kindzorg.access.grounds import Side
from kindzorg.access.parties import ConsentStanding, Decided
from kindzorg.access.roles import Role
from kindzorg.careteam.consents import rules
from kindzorg.careteam.consents.rules import Decision, Family, Person, Word
from kindzorg.careteam.rules import ConsentDecision
from kindzorg.careteam.tests.world import TODAY
from kindzorg.core.vocabulary import Ground, LifeDomain

MEDICAL, DEVELOPMENT, SOCIAL, SAFETY = LifeDomain
YES, NO = Decision(True), Decision(False)
CHILD, MOTHER, FATHER = (UUID(int=number) for number in (1, 2, 3))


def family(years: int | None, holders: tuple[UUID, ...] = (MOTHER, FATHER), able: bool = True) -> Family:
    born = None if years is None else date(TODAY.year - years, 3, 1)
    people = tuple(Person(one, str(one.int), Side.HOLDER, one) for one in holders)
    return Family(born, able, Person(CHILD, "Kind", Side.CHILD, CHILD), people)


@pytest.mark.parametrize(
    ("years", "ground", "needed"),
    [
        (None, Ground.SCHOOL, {MOTHER, FATHER}),
        (8, Ground.WGBO, {MOTHER, FATHER}),
        (13, Ground.WGBO, {CHILD, MOTHER, FATHER}),
        (13, Ground.AVG, {MOTHER, FATHER}),
        (13, Ground.WMO, {CHILD}),
        (16, Ground.WGBO, {CHILD}),
        (16, Ground.SCHOOL, {MOTHER, FATHER}),
        (18, Ground.SCHOOL, {CHILD}),
    ],
)
def test_whose_yes_it_takes_follows_the_ground_and_the_age(
    years: int | None, ground: Ground, needed: set[UUID]
) -> None:
    assert {one.id for one in family(years).needed(ground, TODAY)} == needed
    assert not family(years).lacks(ground, TODAY)


def test_where_nobody_is_known_who_could_say_yes_it_stays_awaited() -> None:
    alone = family(8, holders=())
    assert alone.lacks(Ground.SCHOOL, TODAY)
    assert family(19, able=False).lacks(Ground.WGBO, TODAY)  # a curator or mentor
    words = [Word(CHILD, ConsentDecision.GIVEN, rules.EVERY)]
    (found,) = rules.outcomes(alone, Ground.SCHOOL, words, YES, TODAY)
    assert found.standing == ConsentStanding.AWAITED


def said(*words: tuple[UUID, ConsentDecision]) -> list[Word]:
    return [Word(who, what, rules.EVERY) for who, what in words]


GIVEN, REFUSED, WITHDRAWN = ConsentDecision


@pytest.mark.parametrize(
    ("years", "ground", "words", "standing"),
    [
        (8, Ground.SCHOOL, [(MOTHER, GIVEN)], "awaited"),
        (8, Ground.SCHOOL, [(MOTHER, GIVEN), (FATHER, GIVEN)], "open"),
        (8, Ground.SCHOOL, [(MOTHER, GIVEN), (FATHER, REFUSED), (MOTHER, GIVEN)], "awaited"),
        # Who changes his mind does not make the other say it again.
        (8, Ground.SCHOOL, [(MOTHER, GIVEN), (FATHER, REFUSED), (FATHER, GIVEN)], "open"),
        (13, Ground.WGBO, [(MOTHER, GIVEN), (FATHER, GIVEN)], "awaited"),
        (13, Ground.WGBO, [(MOTHER, GIVEN), (FATHER, GIVEN), (CHILD, GIVEN)], "open"),
        # From 12 the child can take it back alone (UAVG 5(3)), and its parents cannot undo that.
        (13, Ground.AVG, [(MOTHER, GIVEN), (CHILD, WITHDRAWN), (FATHER, GIVEN)], "awaited"),
        (13, Ground.AVG, [(MOTHER, GIVEN), (FATHER, GIVEN), (CHILD, WITHDRAWN), (CHILD, GIVEN)], "open"),
        # Under 12 what a child said does not count here.
        (11, Ground.AVG, [(CHILD, REFUSED), (MOTHER, GIVEN), (FATHER, GIVEN)], "open"),
        (16, Ground.WGBO, [(CHILD, GIVEN)], "open"),
    ],
)
def test_a_yes_opens_when_everybody_said_it(
    years: int, ground: Ground, words: list[tuple[UUID, ConsentDecision]], standing: str
) -> None:
    (found,) = rules.outcomes(family(years), ground, said(*words), YES, TODAY)
    assert found == Decided(ConsentStanding(standing), rules.EVERY)


def test_a_yes_to_less_opens_less_and_until_the_first_of_the_days() -> None:
    words = [
        Word(MOTHER, GIVEN, frozenset({DEVELOPMENT, SOCIAL}), TODAY + timedelta(30)),
        Word(FATHER, GIVEN, rules.EVERY, TODAY + timedelta(90)),
    ]
    decision = Decision(True, rules.EVERY, TODAY + timedelta(90))
    found = rules.outcomes(family(8), Ground.SCHOOL, words, decision, TODAY)
    assert set(found) == {
        Decided(ConsentStanding.OPEN, frozenset({DEVELOPMENT, SOCIAL}), TODAY + timedelta(30)),
        Decided(ConsentStanding.AWAITED, frozenset({MEDICAL, SAFETY}), TODAY + timedelta(90)),
    }
    over = rules.missing_yes(family(8), Ground.SCHOOL, words, SOCIAL, TODAY + timedelta(30))
    assert [one.id for one in over] == [MOTHER]


def test_a_no_closes_at_once_and_parents_who_differ_are_seen() -> None:
    words = said((MOTHER, GIVEN), (FATHER, REFUSED))
    assert rules.outcomes(family(8), Ground.SCHOOL, words, NO, TODAY) == (
        Decided(ConsentStanding.CLOSED, rules.EVERY),
    )
    assert rules.disagree(family(8), Ground.SCHOOL, words, TODAY)
    assert not rules.disagree(family(8), Ground.SCHOOL, words[:1], TODAY)
    only = Decision(True, frozenset({SOCIAL}))
    assert [one.domains for one in rules.outcomes(family(8), Ground.SCHOOL, words, only, TODAY)] == [{SOCIAL}]


def test_a_party_that_treats_the_child_is_judged_as_such() -> None:
    assert rules.party_role([Role.COORDINATOR, Role.GP]) == Role.GP
    assert rules.party_role([Role.MUNICIPALITY, Role.SCHOOL]) == Role.SCHOOL
    assert rules.purpose_of(Role.SCHOOL) == "education" and rules.purpose_of(Role.GP) == "care"


@given(some.permutations([(MOTHER, GIVEN), (FATHER, GIVEN), (CHILD, GIVEN)]))
def test_the_order_in_which_they_say_yes_does_not_matter(order: list[tuple[UUID, ConsentDecision]]) -> None:
    (found,) = rules.outcomes(family(13), Ground.WGBO, said(*order), YES, TODAY)
    assert found.standing == ConsentStanding.OPEN
