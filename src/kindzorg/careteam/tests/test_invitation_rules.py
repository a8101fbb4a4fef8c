"""Who may invite whom, when a link opens the door, whose part may be ended: truth tables, no database."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kindzorg.access import policy
from kindzorg.access.roles import Role
from kindzorg.careteam.invitations import rules
from kindzorg.careteam.invitations.rules import InvitationState, InvitedAs, Kept
from kindzorg.people.rules import OrganisationKind, Qualification

NOW = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
TABLE = yaml.safe_load((Path(__file__).parent / "who_may_invite.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Row:
    """What the table of invitations holds of its state."""

    expires_at: datetime = NOW + timedelta(days=14)
    used_at: datetime | None = None
    revoked_at: datetime | None = None
    not_me_at: datetime | None = None
    wrong: int = 0


@pytest.mark.parametrize(("role", "alone"), list(product(Role, (False, True))))
def test_who_may_invite_whom(role: Role, alone: bool) -> None:
    expected = TABLE.get(str(role), {}).get("alone" if alone else "invites", [])
    found = [one for one in InvitedAs if rules.may_invite(role, one, decides_alone=alone)]
    assert found == [one for one in InvitedAs if one in expected]


def test_only_who_may_change_the_team_may_invite() -> None:
    assert {role for role in Role if (role, "team.change") in policy.matrix()} - {Role.SYSTEM} == set(
        rules.INVITE_OTHERS
    )


@pytest.mark.parametrize(
    ("kind", "qualification", "roles"),
    [
        (OrganisationKind.SCHOOL, Qualification.TEACHER, {Role.SCHOOL}),
        (OrganisationKind.SCHOOL, Qualification.PAEDIATRICIAN, set()),
        (OrganisationKind.HOSPITAL, Qualification.TEACHER, rules.AROUND),
        (OrganisationKind.HOSPITAL, Qualification.PAEDIATRICIAN, rules.AROUND | {Role.PAEDIATRICIAN}),
        (OrganisationKind.HOME_CARE, Qualification.NURSE, rules.AROUND | {Role.PAEDIATRIC_NURSE}),
        (
            OrganisationKind.HOME_CARE,
            Qualification.LEVEL5_PAEDIATRIC_NURSE,
            rules.AROUND | {Role.PAEDIATRIC_NURSE, Role.LEVEL5_NURSE},
        ),
        (OrganisationKind.GP_PRACTICE, Qualification.GP, {Role.GP}),
        (OrganisationKind.THERAPY, Qualification.THERAPIST, {Role.THERAPIST}),
        (OrganisationKind.MUNICIPALITY, Qualification.OFFICIAL, {Role.MUNICIPALITY, Role.CASE_MANAGER}),
        (OrganisationKind.NETWORK, Qualification.OFFICIAL, set()),
    ],
)
def test_a_role_goes_with_the_work(
    kind: OrganisationKind, qualification: Qualification, roles: set[Role]
) -> None:
    assert rules.roles_for(kind, qualification) == roles


@given(st.sampled_from(OrganisationKind), st.sampled_from(Qualification))
def test_no_work_makes_somebody_family_or_more_than_a_member(
    kind: OrganisationKind, qualification: Qualification
) -> None:
    assert all(
        not policy.is_family(role) and policy.opens_children(role)
        for role in rules.roles_for(kind, qualification)
    )


@pytest.mark.parametrize(
    ("invited", "role", "authority", "at_the_door"),
    [
        (InvitedAs.PARENT, None, True, Role.AUTHORITY_HOLDER),
        (InvitedAs.PARENT, None, False, Role.PARENT_WITHOUT_AUTHORITY),
        (InvitedAs.RELATIVE, None, True, Role.RELATIVE),
        (InvitedAs.PAID_HELPER, None, True, Role.PAID_HELPER),
        (InvitedAs.PROFESSIONAL, Role.GP, True, Role.GP),
    ],
)
def test_a_relation_is_no_right(
    invited: InvitedAs, role: Role | None, authority: bool, at_the_door: Role
) -> None:
    assert rules.role_at_the_door(invited, role, has_authority=authority) == at_the_door


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, InvitationState.OPEN),
        ({"expires_at": NOW + timedelta(microseconds=1)}, InvitationState.OPEN),
        ({"expires_at": NOW}, InvitationState.EXPIRED),
        ({"wrong": rules.TRIES - 1}, InvitationState.OPEN),
        ({"wrong": rules.TRIES}, InvitationState.LOCKED),
        ({"not_me_at": NOW, "wrong": 9}, InvitationState.NOT_ME),
        ({"revoked_at": NOW, "not_me_at": NOW}, InvitationState.REVOKED),
        ({"used_at": NOW, "revoked_at": NOW, "expires_at": NOW}, InvitationState.USED),
    ],
)
def test_where_an_invitation_stands(changed: dict[str, object], state: InvitationState) -> None:
    assert rules.state_of(replace(Row(), **changed), NOW) == state


def test_a_typing_error_costs_nothing_and_guessing_does() -> None:
    waits = [rules.next_try(wrong, NOW) for wrong in range(5)]
    assert waits[0] is None
    assert waits[1] == NOW
    assert waits[2:] == [NOW + rules.WAITS[1], NOW + rules.WAITS[2], NOW + rules.WAITS[2]]
    assert rules.next_try(2, None) is None


@pytest.mark.parametrize(
    ("ender", "role", "own", "keeps", "kept"),
    [
        (Role.AUTHORITY_HOLDER, Role.GP, False, False, None),
        (Role.AUTHORITY_HOLDER, Role.LEVEL5_NURSE, False, True, Kept.FILE),
        (Role.LEVEL5_NURSE, Role.LEVEL5_NURSE, True, True, Kept.FILE),
        (Role.LEVEL5_NURSE, Role.LEVEL5_NURSE, True, False, None),
        (Role.AUTHORITY_HOLDER, Role.AUTHORITY_HOLDER, False, False, Kept.AUTHORITY),
        (Role.AUTHORITY_HOLDER, Role.AUTHORITY_HOLDER, True, False, None),
        (Role.LEVEL5_NURSE, Role.AUTHORITY_HOLDER, False, False, Kept.AUTHORITY),
        (Role.YOUNG_PERSON, Role.AUTHORITY_HOLDER, False, False, None),
        (Role.AUTHORITY_HOLDER, Role.PARENT_WITHOUT_AUTHORITY, False, False, None),
        (Role.AUTHORITY_HOLDER, Role.CHILD, False, False, Kept.CHILD),
        (Role.CHILD, Role.CHILD, True, False, None),
    ],
)
def test_whose_part_may_be_ended(ender: Role, role: Role, own: bool, keeps: bool, kept: Kept | None) -> None:
    assert rules.kept_by_law(ender, role, own=own, keeps_the_file=keeps) == kept


def test_somebody_may_always_leave_but_the_last_of_who_keeps_the_file() -> None:
    assert {rules.kept_by_law(role, role, own=True, keeps_the_file=False) for role in Role} == {None}


def test_what_a_role_sees_says_the_matrix() -> None:
    def sees(role: Role) -> dict[str, bool]:
        return dict(rules.sees_of(role, {need for one, need in policy.matrix() if one == role}))

    assert sees(Role.AUTHORITY_HOLDER) == dict.fromkeys(
        ("plan", "needs", "record", "team", "sign", "trail"), True
    )
    school = sees(Role.SCHOOL)
    assert (school["plan"], school["part"], school["record"], school["sign"]) == (False, True, False, False)


def test_a_visit_ends_after_an_hour() -> None:
    assert rules.on_visit(NOW, NOW)
    assert rules.on_visit(NOW, NOW + timedelta(minutes=59))
    assert not rules.on_visit(NOW, NOW + timedelta(hours=1))
    assert not rules.on_visit(NOW + timedelta(seconds=1), NOW)


def test_two_tokens_have_two_hashes() -> None:
    assert rules.token_hash("a") != rules.token_hash("b")
    assert len(rules.token_hash("a")) == 64
