"""The truth tables of `truth.yaml` hold in the matrix, and the matrix says nothing that is not thought through."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import yaml

from kindzorg.access import policy
from kindzorg.access.ages import birthday
from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor, Grant, Subject
from kindzorg.access.roles import FAMILY, Role, Scope
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.people.rules import OrganisationKind

CHILD, OTHER = UUID(int=1), UUID(int=2)
ON = date(2026, 9, 14)
TABLES = yaml.safe_load((Path(__file__).parent / "truth.yaml").read_text(encoding="utf-8"))
DECIDES = ("plan.agree", "plan.approve", "referral.confirm", "closure.decide")


def situation(table: dict[str, object]) -> tuple[Actor, Subject]:
    """The actor and the child of one table. The child has its birthday today."""
    years = table["child"]
    born = None if years == "unknown" else birthday(ON, -int(str(years)))
    grants = (Grant(Role(str(table["role"])), Scope.CHILD, CHILD, ON),)
    actor = Actor(OTHER, "Somebody", grants, assurance=Assurance.SUBSTANTIAL)
    represents = bool(table.get("represents"))
    state = {"represents": represents, "can_decide": not represents}
    return actor, Subject(CHILD, born, has_authority=bool(table.get("authority")), **state)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{table['role']} of a child of {table['child']}")
def test_a_role_may_what_its_table_says_and_no_more(table: dict[str, list[str]]) -> None:
    actor, subject = situation(table)
    assert [one for one in table["may"] if not policy.may(actor, one, subject, ON)] == []
    assert [one for one in table["may_not"] if policy.may(actor, one, subject, ON)] == []


def test_every_role_has_a_table() -> None:
    assert {Role(table["role"]) for table in TABLES} == set(Role)


def test_every_permission_stands_in_a_table() -> None:
    named = {one for table in TABLES for one in (*table["may"], *table["may_not"])}
    assert named <= policy.permissions()
    unnamed = policy.permissions() - named
    # Rooms add permissions as they grow; what decides over a child is never added without a table.
    assert not [
        one for one in unnamed if one.endswith((".agree", ".approve", ".confirm", ".decide", ".close"))
    ]


def test_there_is_no_insurer() -> None:
    """An insurer gets no access to a child's file, neither as a role nor as an organisation (Wabvpz 15f)."""
    words = {str(word) for word in (*Role, *OrganisationKind)}
    assert not [word for word in words if "insur" in word or "payer" in word or "zorgkantoor" in word]
    assert not [role for role, _ in policy.matrix() if role not in Role]


@pytest.mark.parametrize("permission", DECIDES)
def test_a_machine_decides_nothing_about_a_child(permission: str) -> None:
    job = policy.system_actor("worker")
    assert not policy.may(job, permission, Subject(CHILD, date(2016, 1, 1)), ON)


def test_who_may_read_the_whole_plan_may_open_the_child() -> None:
    rows = policy.matrix()
    readers = {role for role, permission in rows if permission.endswith((".read", ".read_part"))}
    assert not [role for role in readers if (role, "child.open") not in rows]


def test_only_family_agrees_to_a_plan_and_only_a_doctor_approves_it() -> None:
    rows = policy.matrix()
    assert {role for role, permission in rows if permission == "plan.agree"} <= FAMILY
    assert {role for role, permission in rows if permission == "plan.approve"} == {
        Role.PAEDIATRICIAN,
        Role.GP,
    }
    assert {role for role, permission in rows if permission == "referral.confirm"} == {Role.LEVEL5_NURSE}


def test_the_matrix_is_sorted_so_that_two_people_add_rows_without_meeting() -> None:
    lines = policy.MATRIX.read_text(encoding="utf-8").splitlines()[1:]
    keys = [tuple(line.split(",")[:2][::-1]) for line in lines]
    assert keys == sorted(keys)
    assert all(row.domains <= set(LifeDomain) for row in policy.matrix().values())
