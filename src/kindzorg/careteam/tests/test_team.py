"""Who joins, who is let in, who holds authority, and what opening a child leaves behind."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest

from kindzorg.access import policy
from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Hat, Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import (
    NewMember,
    add_member,
    correct_identity,
    grant_access,
    leave_team,
    let_child_in,
    register_child_with_team,
)
from kindzorg.careteam.authority.actions import record_authority
from kindzorg.careteam.authority.rules import NewAuthority
from kindzorg.careteam.consents.rules import AT_THE_TABLE
from kindzorg.careteam.models import Consent, Grant, Membership
from kindzorg.careteam.queries import (
    OpenedChild,
    actor_for,
    authority_holders,
    child_for,
    open_child,
    opened_children,
    team_for,
)
from kindzorg.careteam.rules import AuthorityKind
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, World
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.vocabulary import Audience, Ground, LifeDomain
from kindzorg.people.actions import NewChild, NewRelative, register_relative
from kindzorg.people.models import Child, User
from kindzorg.people.rules import Relation

STRANGER = Actor(uuid4(), "Somebody")
pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def parent(world: World, role: Role = Role.AUTHORITY_HOLDER, subject: Subject | None = None) -> Actor:
    """A parent with an account who joins in this role."""
    subject = subject or world.subject
    user = world.account("Moeder")
    new = NewRelative("Moeder", Relation.MOTHER, user_id=user.id)
    row = register_relative(world.nurse, subject, new, NOW)
    if role == Role.AUTHORITY_HOLDER:
        record_authority(
            world.nurse, subject, NewAuthority(row.id, AuthorityKind.JOINT, "uittreksel gezien"), NOW
        )
    add_member(world.nurse, subject, NewMember(role, relative_id=row.id), NOW)
    return actor_for(user)


def events() -> list[str]:
    return list(AuditLine.objects.order_by("id").values_list("event", flat=True))


def test_a_file_begins_with_its_first_member_who_is_let_in(world: World) -> None:
    member = Membership.objects.get(child_id=world.subject.child_id)
    assert (member.role, member.leads, member.organisation_id) == (
        Role.LEVEL5_NURSE,
        True,
        world.home_care.id,
    )
    assert events()[-2:] == ["child.registered", "member.added"] and str(member).startswith("level5_nurse of")
    opened = open_child(world.nurse, world.subject.child_id, "plan.read", "plan.read", NOW)
    assert (opened.role, opened.audience) == (Role.LEVEL5_NURSE, Audience.PROFESSIONAL)
    line = AuditLine.objects.latest("id")
    assert (line.event, line.actor_role, line.permission, line.object_id) == (
        "plan.read",
        "level5_nurse",
        "plan.read",
        opened.child.id,
    )


def test_a_holder_of_authority_is_let_in_until_the_16th_birthday(world: World) -> None:
    mother = parent(world)
    grant = Grant.objects.get(user_id=mother.id)
    assert (grant.until, str(grant)) == (
        date(2036, 3, 1),
        f"authority_holder over child {world.subject.child_id}",
    )
    opened = child_for(mother, world.subject.child_id, TODAY)
    assert opened.subject.has_authority and opened.audience == Audience.PARENT
    (held,) = authority_holders(mother, opened.subject, TODAY)
    assert (held.relative.name, held.source) == ("Moeder", "uittreksel gezien") and "joint" in str(held)
    with pytest.raises(Refused):
        child_for(mother, world.subject.child_id, date(2036, 3, 1))


def test_a_birth_date_that_becomes_known_ends_the_grants_of_the_parents(world: World) -> None:
    subject = world.child(birth_date=None)
    mother, aunt = parent(world, subject=subject), parent(world, Role.RELATIVE, subject)
    assert Grant.objects.get(user_id=mother.id).until is None
    correct_identity(world.nurse, subject, {"birth_date": date(2012, 2, 29)}, NOW)
    assert Grant.objects.get(user_id=mother.id).until == date(2028, 2, 29)
    assert events()[-2:] == ["child.corrected", "grant.end_moved"]
    mother = actor_for(User.objects.get(id=mother.id))
    assert child_for(mother, subject.child_id, date(2028, 2, 28)).subject.has_authority
    with pytest.raises(Refused):
        child_for(mother, subject.child_id, date(2028, 2, 29))
    others = Grant.objects.filter(scope_id=subject.child_id).exclude(user_id=mother.id)
    assert set(others.values_list("until", flat=True)) == {None} and aunt.grants


def test_a_correction_that_touches_no_birth_date_moves_no_grant(world: World) -> None:
    mother = parent(world)
    for values in ({"given_name": "Ster"}, {"birth_date": date(2020, 3, 1)}):
        correct_identity(world.nurse, world.subject, values, NOW)
        assert events()[-1] == "child.corrected"
    Grant.objects.filter(user_id=mother.id).update(until=TODAY)  # taken away
    correct_identity(world.nurse, world.subject, {"birth_date": date(2021, 3, 1)}, NOW)
    assert Grant.objects.get(user_id=mother.id).until == TODAY
    with pytest.raises(Refused):
        correct_identity(STRANGER, world.subject, {"birth_date": None}, NOW)


def test_an_organisation_and_somebody_without_an_account_join_without_a_grant(world: World) -> None:
    before = Grant.objects.count()
    add_member(world.nurse, world.subject, NewMember(Role.SCHOOL, organisation_id=world.home_care.id), NOW)
    row = register_relative(world.nurse, world.subject, NewRelative("Oma", Relation.GRANDPARENT), NOW)
    add_member(world.nurse, world.subject, NewMember(Role.RELATIVE, relative_id=row.id), NOW)
    assert Grant.objects.count() == before
    team = team_for(world.nurse, world.subject, TODAY)
    assert [one.role for one in team] == [Role.LEVEL5_NURSE, Role.SCHOOL, Role.RELATIVE]


def test_a_membership_with_an_end_lets_in_until_that_day(world: World) -> None:
    user = world.account("Oom")
    row = register_relative(world.nurse, world.subject, NewRelative("Oom", Relation.OTHER, user.id), NOW)
    tomorrow = TODAY + timedelta(1)
    world.parent()
    new = NewMember(Role.RELATIVE, relative_id=row.id, starts=TODAY, until=tomorrow, consent=AT_THE_TABLE)
    add_member(world.nurse, world.subject, new, NOW)
    assert len(opened_children(actor_for(user), TODAY)) == 1
    assert opened_children(actor_for(user), tomorrow) == []
    assert len(team_for(world.nurse, world.subject, tomorrow)) == 2


def test_a_child_meets_its_own_file_as_a_child_and_from_16_as_a_young_person(world: World) -> None:
    user = world.account("Sterre")
    let_child_in(world.nurse, world.subject, user.id, NOW)
    assert events()[-1] == "grant.given"
    child = actor_for(user)
    opened = child_for(child, world.subject.child_id, TODAY)
    assert (opened.role, opened.audience) == (Role.CHILD, Audience.CHILD)
    later = child_for(child, world.subject.child_id, date(2036, 3, 1))
    assert (later.role, later.audience) == (Role.YOUNG_PERSON, Audience.PARENT)


def test_the_role_of_a_system_job_is_not_for_people(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        grant_access(JOB, world.account("Sly").id, Role.SYSTEM, Scope.INSTALLATION, None, NOW)
    assert refused.value.code == "role_not_for_people"


def test_a_team_lead_sees_the_children_of_the_own_organisation(world: World) -> None:
    user = world.account("Lead")
    row = grant_access(JOB, user.id, Role.TEAM_LEAD, Scope.ORGANISATION, world.home_care.id, NOW)
    assert events()[-1] == "grant.given" and row.opens_children
    lead = actor_for(user)
    assert [one.role for one in opened_children(lead, TODAY)] == [Role.TEAM_LEAD]
    Membership.objects.update(until=TODAY)
    assert opened_children(lead, TODAY) == []
    with pytest.raises(Refused):
        child_for(lead, world.subject.child_id, TODAY)


def test_a_grant_can_cover_some_life_domains_only(world: World) -> None:
    Grant.objects.filter(role=Role.LEVEL5_NURSE).update(domains="medical|safety")
    (grant,) = [one for one in world.nurse.grants if one.role == Role.LEVEL5_NURSE]
    assert grant.domains == {LifeDomain.MEDICAL, LifeDomain.SAFETY}


def test_a_list_of_children_is_one_statement(world: World, django_assert_num_queries: Callable) -> None:
    for _ in range(3):
        world.child()
    nurse = world.nurse
    with django_assert_num_queries(1):
        assert len(opened_children(nurse, TODAY)) == 4


def test_the_actor_is_the_person_with_work_and_language(world: World) -> None:
    nurse = world.nurse
    assert (nurse.name, nurse.organisation_id, nurse.qualification) == (
        "Marit",
        world.home_care.id,
        "level5_paediatric_nurse",
    )
    nobody = actor_for(world.account("Nobody"))
    assert (nobody.organisation, nobody.grants, nobody.language) == ("", (), "nl")


def test_who_is_nurse_and_mother_wears_one_hat_at_a_time(world: World) -> None:
    """The grants of the other hat do not count, and a mother is not her employer's (never a mix)."""
    own, job = world.child(), world.nurse
    grant_access(JOB, world.nurse_account.id, Role.AUTHORITY_HOLDER, Scope.CHILD, own.child_id, NOW)
    both = actor_for(world.nurse_account, assurance=Assurance.SUBSTANTIAL)
    mother, nurse = policy.wearing(both, Hat.FAMILY), policy.wearing(both, Hat.PROFESSIONAL)
    assert (policy.hats_of(both), policy.hats_of(mother)) == (set(Hat), {Hat.FAMILY})
    assert {grant.role for grant in mother.grants} == {Role.AUTHORITY_HOLDER}
    assert set(nurse.grants) == set(job.grants)
    assert (mother.organisation, mother.organisation_id, mother.qualification) == ("", None, "")
    assert nurse.organisation_id == world.home_care.id
    assert {one.child.id for one in opened_children(mother, TODAY)} == {own.child_id}
    assert mother.assurance == nurse.assurance == Assurance.SUBSTANTIAL


def test_unknown_and_forbidden_are_both_refused_and_leave_no_line(world: World) -> None:
    before = AuditLine.objects.count()
    with pytest.raises(Missing):
        open_child(world.nurse, uuid4(), "plan.read", "plan.read", NOW)
    with pytest.raises(Refused):
        open_child(STRANGER, world.subject.child_id, "plan.read", "plan.read", NOW)
    helper = parent(world, Role.PARENT_WITHOUT_AUTHORITY)
    lines = AuditLine.objects.count()
    with pytest.raises(Refused):
        open_child(helper, world.subject.child_id, "plan.read", "plan.read", NOW)
    assert AuditLine.objects.count() == lines > before


def test_a_consent_is_never_changed(world: World) -> None:
    row = Consent.objects.create(
        child_id=world.subject.child_id,
        owner=world.home_care,
        organisation=world.home_care,
        purpose="care",
        decision="given",
        standing="open",
        side="holder",
        way="self",
        decided_by_id=uuid4(),
        decided_by="Moeder",
        ground=Ground.WABVPZ,
        created_at=NOW,
    )
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Consent.objects.filter(id=row.id).update(decision="refused")
    assert str(row) == "given care"


def test_an_audience_follows_the_role() -> None:
    subject = Subject(uuid4(), None)
    assert OpenedChild(Child(), subject, None).audience == Audience.PROFESSIONAL
    assert OpenedChild(Child(), subject, Role.RELATIVE).audience == Audience.PARENT


@pytest.mark.parametrize(
    "act",
    [
        lambda subject: grant_access(STRANGER, uuid4(), Role.AUDITOR, Scope.INSTALLATION, None, NOW),
        lambda subject: register_child_with_team(
            STRANGER, NewChild(), uuid4(), NewMember(Role.LEVEL5_NURSE), NOW
        ),
        lambda subject: add_member(STRANGER, subject, NewMember(Role.GP), NOW),
        lambda subject: let_child_in(STRANGER, subject, uuid4(), NOW),
        lambda subject: record_authority(
            STRANGER, subject, NewAuthority(uuid4(), AuthorityKind.SOLE, ""), NOW
        ),
        lambda subject: team_for(STRANGER, subject, TODAY),
        lambda subject: authority_holders(STRANGER, subject, TODAY),
    ],
)
def test_nobody_changes_or_reads_the_team_without_leave(
    world: World, act: Callable[[Subject], object]
) -> None:
    before = AuditLine.objects.count()
    with pytest.raises(Refused):
        act(world.subject)
    assert AuditLine.objects.count() == before


def test_who_leaves_loses_the_access_that_came_along_and_only_once(world: World) -> None:
    mother = parent(world)
    row = Membership.objects.get(role=Role.AUTHORITY_HOLDER)
    for at in (NOW, NOW + timedelta(days=3)):
        assert leave_team(world.nurse, world.subject, row.id, at).until == TODAY
    assert Grant.objects.get(user_id=mother.id).until == TODAY
    new = NewRelative("Oma", Relation.OTHER)
    granny = register_relative(world.nurse, world.subject, new, NOW)
    joined = add_member(world.nurse, world.subject, NewMember(Role.RELATIVE, relative_id=granny.id), NOW)
    assert leave_team(world.nurse, world.subject, joined.id, NOW).until == TODAY
    with pytest.raises(Missing):
        leave_team(world.nurse, world.subject, uuid4(), NOW)
