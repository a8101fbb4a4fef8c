"""Who must agree, and when a holder of authority's access ends: by age, read from a table."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kindzorg.access.ages import birthday
from kindzorg.access.roles import Role
from kindzorg.careteam.rules import Known, MustAgree, SigningParty, grant_end, grant_end_corrected, must_agree

ON = date(2026, 9, 14)
MOTHER, FATHER = uuid4(), uuid4()
HOLDERS = (MustAgree(SigningParty.AUTHORITY_HOLDER, MOTHER), MustAgree(SigningParty.AUTHORITY_HOLDER, FATHER))
CHILD = MustAgree(SigningParty.CHILD, None)
YOUNG_PERSON = MustAgree(SigningParty.YOUNG_PERSON, None)


@pytest.mark.parametrize(
    ("years", "can_decide", "who"),
    [
        (None, True, HOLDERS),
        (0, True, HOLDERS),
        (11, True, HOLDERS),
        (12, True, (CHILD, *HOLDERS)),
        (15, True, (CHILD, *HOLDERS)),
        (16, True, (YOUNG_PERSON,)),
        (18, True, (YOUNG_PERSON,)),
        # Who cannot weigh the own interests counts as under 12, until authority ends (BW 7:450(2), 1:233).
        (12, False, HOLDERS),
        (16, False, HOLDERS),
        (17, False, HOLDERS),
        (18, False, ()),
    ],
)
def test_who_must_agree(years: int | None, can_decide: bool, who: tuple[MustAgree, ...]) -> None:
    born = None if years is None else birthday(ON, -years)
    assert must_agree(born, [MOTHER, FATHER], ON, can_decide=can_decide) == who


@pytest.mark.parametrize(
    ("years", "before", "on_the_day"),
    [(12, HOLDERS, (CHILD, *HOLDERS)), (16, (CHILD, *HOLDERS), (YOUNG_PERSON,))],
)
def test_it_changes_on_the_birthday_itself(
    years: int, before: tuple[MustAgree, ...], on_the_day: tuple[MustAgree, ...]
) -> None:
    born = birthday(ON, -years)
    assert must_agree(born, [MOTHER, FATHER], ON) == on_the_day
    assert must_agree(born, [MOTHER, FATHER], ON - timedelta(1)) == before


@given(some.none() | some.dates(date(2000, 1, 1), date(2030, 1, 1)), some.booleans())
def test_under_18_somebody_always_must_agree(born: date | None, can_decide: bool) -> None:
    who = must_agree(born, [MOTHER], ON, can_decide=can_decide)
    assert who or (born and birthday(born, 18) <= ON and not can_decide)


BORN, SIXTEEN = date(2016, 2, 29), date(2032, 2, 29)


@pytest.mark.parametrize(
    ("role", "born", "until", "ends"),
    [
        (Role.AUTHORITY_HOLDER, BORN, None, SIXTEEN),
        (Role.AUTHORITY_HOLDER, BORN, date(2030, 1, 1), date(2030, 1, 1)),
        (Role.AUTHORITY_HOLDER, BORN, date(2040, 1, 1), SIXTEEN),
        (Role.AUTHORITY_HOLDER, None, None, None),
        (Role.RELATIVE, BORN, None, None),
        (Role.LEVEL5_NURSE, BORN, date(2030, 1, 1), date(2030, 1, 1)),
    ],
)
def test_a_holder_of_authority_looks_along_until_16_at_most(
    role: Role, born: date | None, until: date | None, ends: date | None
) -> None:
    assert grant_end(role, Known(born), until) == ends


UNABLE, DIED = date(2033, 6, 1), date(2031, 1, 1)


@pytest.mark.parametrize(
    ("known", "until", "ends"),
    [
        # Who cannot decide stays under authority while the assessment holds, until 18 at most (BW 7:465(2)).
        (Known(BORN, UNABLE), None, UNABLE),
        (Known(BORN, UNABLE), date(2033, 1, 1), date(2033, 1, 1)),
        (Known(BORN, date(2040, 1, 1)), None, date(2034, 3, 1)),
        # An assessment that ends before the 16th birthday takes nothing away.
        (Known(BORN, date(2030, 1, 1)), None, SIXTEEN),
        # Who held authority over a child that died before it was 16 goes on looking (BW 7:458a(2)).
        (Known(BORN, died_on=DIED), None, None),
        (Known(BORN, died_on=SIXTEEN), None, SIXTEEN),
    ],
)
def test_a_holder_looks_along_longer_when_the_law_says_so(
    known: Known, until: date | None, ends: date | None
) -> None:
    assert grant_end(Role.AUTHORITY_HOLDER, known, until) == ends


OTHER, OTHER_SIXTEEN, EARLY = date(2014, 5, 1), date(2030, 5, 1), date(2028, 1, 1)


@pytest.mark.parametrize(
    ("held", "agreed", "before", "after", "ends"),
    [
        (None, None, None, BORN, SIXTEEN),  # became known
        (EARLY, EARLY, None, BORN, EARLY),  # became known, and it was agreed for shorter
        (SIXTEEN, None, BORN, OTHER, OTHER_SIXTEEN),  # older than thought
        (OTHER_SIXTEEN, None, OTHER, BORN, SIXTEEN),  # younger than thought
        (SIXTEEN, None, BORN, None, None),  # not known after all
        (EARLY, None, BORN, OTHER, EARLY),  # ended by a person: stays
        (EARLY, None, BORN, date(2010, 1, 1), date(2026, 1, 1)),  # ended by a person, and 16 before that
        (EARLY, None, None, None, EARLY),
    ],
)
def test_a_grant_ends_by_the_birth_date_that_is_known_now(
    held: date | None, agreed: date | None, before: date | None, after: date | None, ends: date | None
) -> None:
    assert grant_end_corrected(held, agreed, Known(before), Known(after)) == ends


def test_a_grant_that_ended_opens_again_while_it_is_assessed_that_the_child_cannot_decide() -> None:
    known, assessed = Known(BORN), Known(BORN, UNABLE)
    assert grant_end_corrected(SIXTEEN, None, known, assessed) == UNABLE
    assert grant_end_corrected(UNABLE, None, assessed, known) == SIXTEEN
    assert grant_end_corrected(EARLY, None, known, assessed) == EARLY
