"""Who is registered, by whom, and what cannot be one."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.tests.world import JOB, NOW, World
from kindzorg.core.errors import Invalid, Refused
from kindzorg.people.actions import (
    NewChild,
    NewProfessional,
    NewRelative,
    correct_child,
    give_child_account,
    register_child,
    register_organisation,
    register_professional,
    register_region,
    register_relative,
    register_user,
)
from kindzorg.people.models import Child, Relative
from kindzorg.people.rules import OrganisationKind, Qualification, Relation, is_bsn

STRANGER = Actor(uuid4(), "Somebody")
# A number from the test range that authorities publish for practice; it belongs to nobody.
BSN = "999990019"


@pytest.mark.parametrize(
    ("number", "can_be"),
    [
        ("99999001²", False),
        (BSN, True),
        ("999990021", False),
        ("000000000", False),
        ("99999001", False),
        ("99999001x", False),
        ("", False),
    ],
)
def test_a_citizen_service_number_passes_the_eleven_test(number: str, can_be: bool) -> None:
    assert is_bsn(number) == can_be


@given(some.integers(1, 9), some.integers(0, 7))
def test_one_wrong_digit_is_seen(step: int, place: int) -> None:
    wrong = (int(BSN[place]) + step) % 10
    assert not is_bsn(f"{BSN[:place]}{wrong}{BSN[place + 1 :]}")


def last_line() -> tuple[str, object]:
    line = AuditLine.objects.latest("id")
    return line.event, line.object_id


@pytest.fixture
def world(db: None) -> World:
    return World()


def test_the_directory_holds_regions_organisations_accounts_and_professionals(world: World) -> None:
    region = register_region(JOB, "Regio Noord", NOW)
    assert last_line() == ("region.registered", region.id) and str(region) == "Regio Noord"
    house = register_organisation(JOB, "Huis", OrganisationKind.DAY_CARE, region.id, NOW, phone="0")
    assert last_line() == ("organisation.registered", house.id) and (str(house), house.phone) == ("Huis", "0")
    user = register_user(JOB, "marit", "Marit", NOW, language="en")
    assert last_line() == ("account.registered", user.id)
    assert not user.has_usable_password() and (str(user), user.language) == ("Marit", "en")
    work = register_professional(JOB, NewProfessional("Marit", house.id, Qualification.NURSE, user.id), NOW)
    assert last_line() == ("professional.registered", work.id) and str(work) == "Marit"


def test_a_child_may_have_neither_name_nor_birth_date_nor_number(world: World) -> None:
    child = register_child(world.nurse, NewChild(), world.home_care.id, NOW)
    assert last_line() == ("child.registered", child.id)
    assert str(child) == str(child.id) and child.bsn is None
    named = register_child(
        world.nurse, NewChild("Sterre", "V.", date(2020, 1, 1), bsn=BSN), world.home_care.id, NOW
    )
    assert str(named) == "Sterre V." and named.owner_id == world.home_care.id


@pytest.mark.parametrize(("number", "code"), [("999990021", "bsn_not_valid"), (BSN, "bsn_in_use")])
def test_a_number_that_cannot_be_one_or_is_in_use_is_refused(world: World, number: str, code: str) -> None:
    register_child(world.nurse, NewChild(bsn=BSN), world.home_care.id, NOW)
    before = Child.objects.count()
    with pytest.raises(Invalid) as invalid:
        register_child(world.nurse, NewChild(bsn=number), world.home_care.id, NOW)
    assert (invalid.value.code, invalid.value.fields) == (code, ("bsn",))
    assert Child.objects.count() == before


def test_a_relative_has_neither_authority_nor_access_by_being_one(world: World) -> None:
    user = world.account("Moeder")
    row = register_relative(world.nurse, world.subject, NewRelative("Moeder", Relation.MOTHER, user.id), NOW)
    assert last_line() == ("relative.registered", row.id)
    assert (str(row), row.owner_id) == ("Moeder", world.home_care.id)
    assert not user.grants.exists() and not row.authorities.exists()


def test_a_child_signs_in_as_itself(world: World) -> None:
    user = world.account("Sterre")
    give_child_account(world.nurse, world.subject, user.id, NOW)
    assert Child.objects.get(id=world.subject.child_id).user_id == user.id
    assert last_line() == ("child.account_given", user.id)


@pytest.mark.parametrize(
    "act",
    [
        lambda subject: register_region(STRANGER, "Regio", NOW),
        lambda subject: register_organisation(STRANGER, "Huis", OrganisationKind.SCHOOL, None, NOW),
        lambda subject: register_user(STRANGER, "x", "X", NOW),
        lambda subject: register_professional(
            STRANGER, NewProfessional("X", uuid4(), Qualification.NONE), NOW
        ),
        lambda subject: register_child(STRANGER, NewChild(), uuid4(), NOW),
        lambda subject: register_relative(STRANGER, subject, NewRelative("X", Relation.OTHER), NOW),
        lambda subject: give_child_account(STRANGER, subject, uuid4(), NOW),
    ],
)
def test_nobody_registers_without_leave(world: World, act: Callable[[Subject], object]) -> None:
    before = AuditLine.objects.count()
    with pytest.raises(Refused):
        act(world.subject)
    assert AuditLine.objects.count() == before and not Relative.objects.exists()


@pytest.mark.parametrize(("number", "code"), [("999990021", "bsn_not_valid"), (BSN, "bsn_in_use")])
def test_correcting_a_child_holds_the_number_to_the_same_rules(world: World, number: str, code: str) -> None:
    register_child(world.nurse, NewChild(bsn=BSN), world.home_care.id, NOW)
    with pytest.raises(Invalid) as invalid:
        correct_child(world.nurse, world.subject, {"bsn": number}, NOW)
    assert invalid.value.code == code
    correct_child(world.nurse, world.subject, {"given_name": "Ster", "owner_id": None}, NOW)
    child = Child.objects.get(id=world.subject.child_id)
    assert (child.given_name, child.owner_id, child.revision) == ("Ster", world.home_care.id, 2)
