"""On what basis somebody looks along, and what the family's decisions do to it."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kindzorg.access import policy, sight
from kindzorg.access.parties import Basis, ConsentStanding, Decided, consented, parties
from kindzorg.access.roles import FAMILY, Role
from kindzorg.core.vocabulary import LifeDomain

MEDICAL, DEVELOPMENT, SOCIAL, SAFETY = LifeDomain
EVERY = frozenset(LifeDomain)
NEXT_YEAR = date(2027, 9, 1)
OPEN = Decided(ConsentStanding.OPEN, EVERY)
CLOSED = Decided(ConsentStanding.CLOSED, EVERY)
AWAITED = Decided(ConsentStanding.AWAITED, EVERY)


def test_every_role_has_a_line_and_a_reason() -> None:
    assert set(parties()) == set(Role)
    assert all(party.why for party in parties().values())


def test_who_opens_no_child_or_has_a_duty_of_its_own_is_not_asked_about() -> None:
    own = {role for role, party in parties().items() if party.basis == Basis.OWN}
    assert own & FAMILY == set()
    assert {role for role in Role if not policy.opens_children(role)} <= own


@pytest.mark.parametrize(
    ("role", "decisions", "word"),
    [
        # Directly involved carers look along from the start; the family can close the door (BW 7:457(2)).
        (Role.PAEDIATRIC_NURSE, [], "all"),
        (Role.PAEDIATRIC_NURSE, [AWAITED], "all"),
        (Role.PAEDIATRIC_NURSE, [CLOSED], ""),
        (Role.PAEDIATRIC_NURSE, [CLOSED, OPEN], "all"),
        (
            Role.PAEDIATRICIAN,
            [Decided(ConsentStanding.CLOSED, frozenset({SOCIAL}))],
            "medical|development|safety",
        ),
        # Others see nothing before the family said yes (BW 7:457(1)).
        (Role.SCHOOL, [], ""),
        (Role.SCHOOL, [AWAITED], ""),
        (Role.SCHOOL, [OPEN], "all"),
        (Role.SCHOOL, [OPEN, CLOSED], ""),
        (Role.SCHOOL, [OPEN, AWAITED], "all"),
        (
            Role.SCHOOL,
            [Decided(ConsentStanding.OPEN, frozenset({DEVELOPMENT}), NEXT_YEAR)],
            "development@2027-09-01",
        ),
        (
            Role.MUNICIPALITY,
            [OPEN, Decided(ConsentStanding.CLOSED, frozenset({MEDICAL}))],
            "development|social|safety",
        ),
        (Role.CARE_COACH, [], ""),
        (Role.RELATIVE, [], ""),
        # The family itself, and a duty of the organisation, do not hang on it.
        (Role.AUTHORITY_HOLDER, [CLOSED], "all"),
        (Role.CHILD, [CLOSED], "all"),
        (Role.PRIVACY_OFFICER, [CLOSED], "all"),
    ],
)
def test_what_the_family_decided_opens_and_closes(role: Role, decisions: list[Decided], word: str) -> None:
    assert sight.write(consented(role, sight.EVERYTHING, decisions)) == word


DECISIONS = some.lists(
    some.builds(
        Decided,
        some.sampled_from(ConsentStanding),
        some.frozensets(some.sampled_from(LifeDomain)),
        some.none(),
    )
)


@given(some.sampled_from(Role), some.frozensets(some.sampled_from(LifeDomain)), DECISIONS)
def test_consent_never_opens_more_than_was_agreed(
    role: Role, agreed: frozenset[LifeDomain], decisions: list[Decided]
) -> None:
    assert set(consented(role, dict.fromkeys(agreed), decisions)) <= agreed


@given(some.sampled_from(Role), DECISIONS)
def test_a_no_closes_at_once_whatever_was_said_before(role: Role, decisions: list[Decided]) -> None:
    if parties()[role].basis in (Basis.DIRECT, Basis.ASKED):
        assert consented(role, sight.EVERYTHING, [*decisions, CLOSED]) == {}


def test_who_takes_the_own_no_back_leaves_it_as_it_was() -> None:
    mother, father = uuid4(), uuid4()
    no, yes = replace(CLOSED, by=mother), replace(AWAITED, by=mother)
    assert consented(Role.SCHOOL, sight.EVERYTHING, [OPEN, no, yes]) == sight.EVERYTHING
    assert consented(Role.SCHOOL, sight.EVERYTHING, [no, yes]) == {}
    assert consented(Role.GP, sight.EVERYTHING, [no, yes]) == sight.EVERYTHING
    # Nobody takes back the no of another, and a yes until a day would not end.
    assert consented(Role.GP, sight.EVERYTHING, [replace(no, by=father), yes]) == {}
    assert consented(Role.GP, sight.EVERYTHING, [no, replace(no, by=father), yes]) == {}
    assert consented(Role.GP, sight.EVERYTHING, [no, replace(yes, until=NEXT_YEAR)]) == {}
    assert consented(Role.GP, sight.EVERYTHING, [no, yes, no]) == {}
    # Only as far as the yes goes.
    part = replace(yes, domains=frozenset({MEDICAL}))
    assert sight.write(consented(Role.GP, sight.EVERYTHING, [no, part])) == "medical"


def test_a_door_closed_to_a_person_stays_closed_when_that_of_the_house_is_opened() -> None:
    assert consented(Role.SCHOOL, sight.EVERYTHING, [CLOSED, OPEN], own=[CLOSED]) == {}
    assert consented(Role.SCHOOL, sight.EVERYTHING, [CLOSED, OPEN], own=[OPEN]) == sight.EVERYTHING
    assert consented(Role.SCHOOL, sight.EVERYTHING, [OPEN, CLOSED], own=[OPEN]) == {}
