"""Authority, what a court forbids, whether the child can decide, and what it put in writing."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from kindzorg.access import policy
from kindzorg.access.ages import birthday
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import NewMember, add_member, correct_identity
from kindzorg.careteam.authority import actions, queries
from kindzorg.careteam.authority.rules import (
    NewAuthority,
    NewCapacity,
    NewRestriction,
    Stand,
    check_is_due,
    confirmation_is_late,
    parents_differ,
)
from kindzorg.careteam.models import Grant
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.careteam.rules import AuthorityKind, RestrictionKind, WishKind
from kindzorg.careteam.tests.world import NOW, TODAY, Family, World
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.people.actions import NewRelative, register_relative
from kindzorg.people.models import Relative, User
from kindzorg.people.rules import Relation

STRANGER = Actor(uuid4(), "Somebody")
TEN, THIRTEEN, SEVENTEEN = (birthday(TODAY, -years) for years in (10, 13, 17))
SEE, DECIDE = RestrictionKind.SEE, RestrictionKind.DECIDE
pytestmark = pytest.mark.django_db


def restrict(family: Family, kind: RestrictionKind, until: date | None = None) -> Any:
    new = NewRestriction(family.mother_row.id, kind, "rechtbank Utrecht, 1 september 2026", until)
    return actions.record_restriction(*family.as_("nurse"), new, NOW)


def assess(family: Family, able: bool, until: date = TODAY + timedelta(90), reason: str = "gesprek") -> Any:
    return actions.assess_capacity(*family.as_("doctor"), NewCapacity(able, reason, until), NOW)


def refused(code: str, act: Any) -> None:
    with pytest.raises(Invalid) as error:
        act()
    assert error.value.code == code


# --- authority ---------------------------------------------------------------------------------------------


def test_authority_has_a_source_a_check_and_an_end() -> None:
    family = Family(TEN)
    nurse, subject = family.as_("nurse")
    assert family.may("mother", "plan.agree")
    actions.check_authority(
        nurse, subject, family.authority.id, " uittreksel van vandaag ", NOW + timedelta(5)
    )
    (row,) = queries.authorities_for(*family.as_("mother"), TODAY)
    assert (row.source, row.checked_on) == ("uittreksel van vandaag", TODAY + timedelta(5))
    actions.end_authority(nurse, subject, row.id, "beschikking gezien", NOW)
    assert not family.may("mother", "plan.agree") and not family.may("mother", "plan.read")
    again = NewAuthority(family.mother_row.id, AuthorityKind.SOLE, "geboorteakte en erkenning")
    actions.record_authority(nurse, subject, again, NOW)
    assert [one.until for one in queries.authorities_for(nurse, subject, TODAY)] == [None, TODAY]
    with pytest.raises(Missing):
        actions.check_authority(nurse, subject, row.id, "register", NOW)
    with pytest.raises(Missing):
        actions.end_authority(nurse, subject, uuid4(), "register", NOW)


def test_an_institution_holds_authority_through_a_named_person() -> None:
    family = Family(TEN)
    nurse, subject = family.as_("nurse")
    house = family.world.home_care.id
    new = NewAuthority(family.mother_row.id, AuthorityKind.INSTITUTION, "beschikking", house)
    row = actions.record_authority(nurse, subject, new, NOW)
    assert (row.organisation_id, row.relative_id) == (house, family.mother_row.id)


def test_authority_that_is_not_said_well_is_refused() -> None:
    family = Family(TEN)
    nurse, subject = family.as_("nurse")
    who, joint = family.mother_row.id, AuthorityKind.JOINT
    for code, new in (
        ("authority_without_source", NewAuthority(who, joint, " ")),
        ("checked_in_the_future", NewAuthority(who, joint, "register", checked_on=TODAY + timedelta(1))),
        ("institution_not_named", NewAuthority(who, AuthorityKind.INSTITUTION, "beschikking")),
        ("institution_not_named", NewAuthority(who, joint, "register", family.world.home_care.id)),
    ):
        refused(code, lambda new=new: actions.record_authority(nurse, subject, new, NOW))
    refused(
        "authority_without_source",
        lambda: actions.check_authority(nurse, subject, family.authority.id, " ", NOW),
    )
    refused(
        "ended_without_reason", lambda: actions.end_authority(nurse, subject, family.authority.id, "", NOW)
    )
    other = Family(TEN).mother_row.id
    with pytest.raises(Missing):
        actions.record_authority(nurse, subject, NewAuthority(other, joint, "register"), NOW)


def test_a_check_is_due_after_a_year() -> None:
    assert check_is_due(None, TODAY) and check_is_due(TODAY - timedelta(366), TODAY)
    assert not check_is_due(TODAY - timedelta(365), TODAY)


@pytest.mark.parametrize(
    ("stands", "differ"),
    [
        ([Stand.YES, Stand.NO], True),
        ([Stand.YES, Stand.SILENT], False),
        ([Stand.NO, Stand.NO], False),
        ([], False),
    ],
)
def test_parents_differ_when_one_says_yes_and_the_other_no(stands: list[Stand], differ: bool) -> None:
    assert parents_differ(stands) is differ


# --- a court -----------------------------------------------------------------------------------------------


def test_who_may_not_see_is_shut_out_at_the_next_request_and_let_in_again_after_it() -> None:
    family = Family(TEN)
    mother, _ = family.as_("mother")
    ends = TODAY + timedelta(30)
    row = restrict(family, SEE, ends)
    assert not family.may("mother", "child.open") and not family.may(
        "mother", "child.open", ends - timedelta(1)
    )
    with pytest.raises(Refused):
        child_for(mother, family.id, TODAY)
    assert family.may("mother", "plan.agree", ends)
    assert Grant.objects.get(user_id=mother.id).until == birthday(TEN, 16)
    actions.end_restriction(*family.as_("nurse"), row.id, "hof, 2 oktober 2026", NOW)
    assert family.may("mother", "plan.agree")
    with pytest.raises(Missing):
        actions.end_restriction(*family.as_("nurse"), row.id, "nog eens", NOW)


def test_no_other_way_in_helps_who_may_not_see() -> None:
    """She is a nurse of this child too, by her work: the court's word goes before it."""
    family = Family(TEN)
    Relative.objects.filter(id=family.mother_row.id).update(user_id=family.accounts["second"].id)
    assert family.may("second", "plan.read")
    restrict(family, SEE)
    assert not family.may("second", "child.open")
    actor = actor_for(User.objects.get(id=family.accounts["second"].id))
    subject = Subject(family.id, TEN, may_see=False)
    assert policy.explain(actor, "plan.read", subject, TODAY).missing == "court_keeps_from_seeing"


def test_who_may_not_decide_goes_on_reading() -> None:
    family = Family(TEN)
    row = restrict(family, DECIDE)
    assert family.may("mother", "plan.read") and not family.may("mother", "plan.agree")
    assert str(row).endswith("may not decide")


def test_a_second_professional_confirms_what_the_source_says() -> None:
    family = Family(TEN)
    row = restrict(family, SEE)
    nurse, subject = family.as_("nurse")
    refused("second_one_needed", lambda: actions.confirm_restriction(nurse, subject, row.id, NOW))
    late = TODAY + timedelta(8)
    assert confirmation_is_late(row.starts, None, late) and not confirmation_is_late(row.starts, None, TODAY)
    actions.confirm_restriction(*family.as_("second"), row.id, NOW)
    (kept,) = queries.restrictions_for(nurse, subject, TODAY)
    assert (kept.confirmed_by, kept.confirmed_on) == ("second", TODAY)
    assert not confirmation_is_late(kept.starts, kept.confirmed_by_id, late)
    refused("second_one_needed", lambda: actions.confirm_restriction(*family.as_("doctor"), row.id, NOW))


def test_a_restriction_that_is_not_said_well_is_refused() -> None:
    family = Family(TEN)
    nurse, subject = family.as_("nurse")
    for code, new in (
        ("restriction_without_source", NewRestriction(family.mother_row.id, SEE, "")),
        ("ends_in_the_past", NewRestriction(family.mother_row.id, SEE, "rechtbank", TODAY)),
    ):
        refused(code, lambda new=new: actions.record_restriction(nurse, subject, new, NOW))
    row = restrict(family, DECIDE)
    refused("ended_without_reason", lambda: actions.end_restriction(nurse, subject, row.id, "", NOW))


# --- can the child decide ----------------------------------------------------------------------------------


def test_an_assessment_gives_the_holders_their_place_back_until_its_day_of_review() -> None:
    family = Family(SEVENTEEN)
    mother = family.accounts["mother"].id
    sixteen, review = birthday(SEVENTEEN, 16), TODAY + timedelta(90)
    assert Grant.objects.get(user_id=mother).until == sixteen and not family.may("mother", "plan.read")
    row = assess(family, able=False)
    assert Grant.objects.get(user_id=mother).until == review and row.reason == "gesprek"
    assert family.may("mother", "plan.agree") and not family.may("child", "plan.agree")
    assert family.may("mother", "plan.agree", review - timedelta(1))
    assert not family.may("mother", "child.open", review) and family.may("child", "plan.agree", review)
    assert queries.capacity_for(*family.as_("mother"), TODAY) == row
    assess(family, able=True)
    assert Grant.objects.get(user_id=mother).until == sixteen and not family.may("mother", "child.open")
    assert family.may("child", "plan.agree") and str(row).startswith("capacity of")


def test_a_holder_who_joins_while_the_child_cannot_decide_gets_the_same_end() -> None:
    family = Family(SEVENTEEN)
    assess(family, able=False)
    user = family.world.account("Vader")
    new = NewRelative("Vader", Relation.FATHER, user_id=user.id)
    father = register_relative(family.world.nurse, family.born, new, NOW)
    add_member(family.world.nurse, family.born, NewMember(Role.AUTHORITY_HOLDER, relative_id=father.id), NOW)
    assert Grant.objects.get(user_id=user.id).until == TODAY + timedelta(90)


def test_an_assessment_that_is_not_said_well_is_refused() -> None:
    family = Family(THIRTEEN)
    refused("capacity_without_reason", lambda: assess(family, False, reason=" "))
    refused("review_not_within_a_year", lambda: assess(family, False, until=TODAY))
    refused("review_not_within_a_year", lambda: assess(family, False, until=TODAY + timedelta(366)))
    for born in (TEN, None):
        refused("capacity_under_12", lambda born=born: assess(Family(born), False))


# --- in writing --------------------------------------------------------------------------------------------


def test_after_the_death_of_a_child_under_16_its_holders_look_unless_it_wrote_against_it() -> None:
    family, later = Family(THIRTEEN), TODAY + timedelta(4 * 365)
    correct_identity(*family.as_("nurse"), {"died_on": TODAY}, NOW)
    assert Grant.objects.get(user_id=family.accounts["mother"].id).until is None
    assert family.may("mother", "record.read") and family.may("mother", "record.read", later)
    family = Family(THIRTEEN)
    row = actions.write_wish(*family.as_("child"), WishKind.CLOSED_AFTER_DEATH, "Dit is van mij.", NOW)
    assert family.may("mother", "record.read") and str(row).startswith("closed_after_death")
    correct_identity(*family.as_("nurse"), {"died_on": TODAY}, NOW)
    assert not family.may("mother", "record.read") and not family.may("mother", "record.read", later)
    assert family.may("doctor", "record.read")


def test_a_wish_is_taken_back_as_easily_as_it_was_written() -> None:
    family = Family(THIRTEEN)
    child = family.as_("child")
    actions.write_wish(*child, WishKind.CLOSED_AFTER_DEATH, "Dit is van mij.", NOW)
    actions.write_wish(*child, WishKind.CLOSED_AFTER_DEATH, "Dit blijft van mij.", NOW)
    assert [one.words for one in queries.wishes_for(*child, TODAY)] == ["Dit blijft van mij."]
    actions.withdraw_wish(*child, WishKind.CLOSED_AFTER_DEATH, NOW)
    assert queries.wishes_for(*family.as_("doctor"), TODAY) == []
    with pytest.raises(Missing):
        actions.withdraw_wish(*child, WishKind.CLOSED_AFTER_DEATH, NOW)


def test_a_wish_has_its_age_and_its_words() -> None:
    child = Family(THIRTEEN).as_("child")
    refused("wish_too_early", lambda: actions.write_wish(*child, WishKind.REFUSES_TREATMENT, "geen", NOW))
    refused("wish_says_nothing", lambda: actions.write_wish(*child, WishKind.CLOSED_AFTER_DEATH, " ", NOW))
    young = Family(SEVENTEEN).as_("child")
    actions.write_wish(*young, WishKind.REFUSES_TREATMENT, "Geen beademing meer.", NOW)


def test_parents_read_no_written_wish_and_know_of_none() -> None:
    family = Family(THIRTEEN)
    with pytest.raises(Refused):
        queries.wishes_for(*family.as_("mother"), TODAY)


@pytest.mark.parametrize(
    "act",
    [
        lambda s: actions.check_authority(STRANGER, s, uuid4(), "", NOW),
        lambda s: actions.end_authority(STRANGER, s, uuid4(), "", NOW),
        lambda s: actions.record_restriction(STRANGER, s, NewRestriction(UUID(int=1), SEE, ""), NOW),
        lambda s: actions.confirm_restriction(STRANGER, s, uuid4(), NOW),
        lambda s: actions.end_restriction(STRANGER, s, uuid4(), "", NOW),
        lambda s: actions.assess_capacity(STRANGER, s, NewCapacity(True, "", TODAY), NOW),
        lambda s: actions.write_wish(STRANGER, s, WishKind.REFUSES_TREATMENT, "", NOW),
        lambda s: actions.withdraw_wish(STRANGER, s, WishKind.REFUSES_TREATMENT, NOW),
        lambda s: queries.authorities_for(STRANGER, s, TODAY),
        lambda s: queries.restrictions_for(STRANGER, s, TODAY),
        lambda s: queries.capacity_for(STRANGER, s, TODAY),
        lambda s: queries.wishes_for(STRANGER, s, TODAY),
    ],
)
def test_nobody_changes_or_reads_this_without_leave(act: Any) -> None:
    subject, before = World().subject, AuditLine.objects.count()
    with pytest.raises(Refused):
        act(subject)
    assert AuditLine.objects.count() == before
