"""Ending a part, the care coach, and the directory: effect, trail and refusal."""

from dataclasses import replace

import pytest

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.invitations import queries
from kindzorg.careteam.invitations.actions import (
    begin_visit,
    end_part,
    end_visit,
    leave,
)
from kindzorg.careteam.invitations.rules import HowTogether, InvitedAs, Kept
from kindzorg.careteam.models import Membership
from kindzorg.careteam.queries import actor_for, child_for, open_child, opened_children
from kindzorg.careteam.tests.inviting import (
    FATHER,
    GRANDMOTHER,
    MOTHER,
    come_in,
    events,
    everybody_may_look,
    issue,
    subject_for,
)
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, World
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.people.actions import (
    NewProfessional,
    register_organisation,
    register_professional,
)
from kindzorg.people.models import Relative
from kindzorg.people.rules import OrganisationKind, Qualification

# --- ending ------------------------------------------------------------------------------------------------


def test_whose_part_is_ended_sees_nothing_any_more(world: World) -> None:
    mother, _ = come_in(world, MOTHER)
    user, member = come_in(world, GRANDMOTHER)
    holder = actor_for(mother)
    open_child(actor_for(user), world.subject.child_id, "child.open", "child.start_read", NOW)
    end_part(holder, subject_for(world, holder), member.id, NOW)
    with pytest.raises((Missing, Refused)):
        child_for(actor_for(user), world.subject.child_id, TODAY)
    member.refresh_from_db()
    assert member.until == TODAY
    assert events()[-1] == "member.ended"
    with pytest.raises(Missing):
        end_part(holder, subject_for(world, holder), member.id, NOW)


def test_who_keeps_the_file_stays_until_a_colleague_takes_over(world: World) -> None:
    user, _ = come_in(world, MOTHER)
    mother = actor_for(user)
    subject = subject_for(world, mother)
    nurse = Membership.objects.get(professional=world.nurse_work)
    with pytest.raises(Invalid, match="kept_by_law") as caught:
        end_part(mother, subject, nurse.id, NOW)
    assert caught.value.data["why"] == Kept.FILE
    colleague = register_professional(
        JOB, NewProfessional("Jelle", world.home_care.id, Qualification.NURSE), NOW
    )
    add_member(world.nurse, world.subject, NewMember(Role.PAEDIATRIC_NURSE, colleague.id), NOW)
    end_part(mother, subject, nurse.id, NOW)


def test_somebody_may_leave_and_nobody_else_in_their_name(world: World) -> None:
    user, member = come_in(world, FATHER)
    _, other = come_in(world, GRANDMOTHER)
    everybody_may_look(world)
    father = actor_for(user)
    subject = subject_for(world, father)
    with pytest.raises(Missing):
        leave(father, subject, other.id, NOW)
    leave(father, subject, member.id, NOW)
    with pytest.raises((Missing, Refused)):
        child_for(actor_for(user), world.subject.child_id, TODAY)


def test_an_organisation_without_a_person_can_be_ended(world: World) -> None:
    school = register_organisation(JOB, "School", OrganisationKind.SCHOOL, world.region.id, NOW)
    member = add_member(world.nurse, world.subject, NewMember(Role.SCHOOL, organisation_id=school.id), NOW)
    end_part(world.nurse, world.subject, member.id, NOW)
    member.refresh_from_db()
    assert member.until == TODAY


# --- the care coach ----------------------------------------------------------------------------------------


def coach(world: World) -> Actor:
    user = world.account("Fatma")
    work = register_professional(
        JOB, NewProfessional("Fatma", world.home_care.id, Qualification.NURSE, user.id), NOW
    )
    add_member(world.nurse, world.subject, NewMember(Role.CARE_COACH, work.id), NOW)
    everybody_may_look(world)
    return actor_for(user)


def test_the_coach_sees_who_never_came_in(world: World) -> None:
    fatma = coach(world)
    come_in(world, MOTHER)
    user, _ = come_in(world, GRANDMOTHER)
    everybody_may_look(world)
    open_child(actor_for(user), world.subject.child_id, "child.open", "child.start_read", NOW)
    issue(world, FATHER)
    found = queries.never_came_in(fatma, opened_children(fatma, TODAY), NOW)
    assert [(one.name, one.state) for one in found] == [("Ricardo", "open"), ("Samira", None)]
    assert queries.never_came_in(world.nurse, opened_children(world.nurse, TODAY), NOW) == []


def test_the_coach_enters_for_a_holder_what_the_holder_may_and_never_signs(world: World) -> None:
    fatma = coach(world)
    come_in(world, MOTHER)
    subject, samira = subject_for(world, fatma), Relative.objects.get(name="Samira")
    begin_visit(fatma, subject, samira.id, HowTogether.TABLE, NOW)
    together = queries.visiting(fatma, subject, samira.id, TODAY)
    assert together.on_behalf_of == "Samira"
    assert AuditLine.objects.filter(event="family.visit_begun", on_behalf_of="Samira").exists()
    for permission, alone in (("record.write", False), ("plan.draft", False), ("plan.read", True)):
        assert policy.may(fatma, permission, subject, TODAY) is alone
        assert policy.may(together, permission, subject, TODAY)
    assert not policy.may(together, "plan.agree", subject, TODAY)
    assert not policy.may(together, "team.change", subject, TODAY)
    end_visit(fatma, subject, samira.id, NOW)
    assert events()[-1] == "family.visit_ended"


def test_for_a_parent_without_authority_the_coach_may_no_more_than_before(world: World) -> None:
    fatma = coach(world)
    come_in(world, FATHER)
    subject, ricardo = subject_for(world, fatma), Relative.objects.get(name="Ricardo")
    together = queries.visiting(fatma, subject, ricardo.id, TODAY)
    assert together.on_behalf_of == "Ricardo"
    assert not policy.may(together, "record.write", subject, TODAY)


def test_authority_that_has_ended_gives_the_coach_nothing_more(world: World) -> None:
    fatma = coach(world)
    come_in(world, MOTHER)
    subject, samira = subject_for(world, fatma), Relative.objects.get(name="Samira")
    samira.authorities.update(until=TODAY)
    together = queries.visiting(fatma, subject, samira.id, TODAY)
    assert not policy.may(together, "record.write", subject, TODAY)


def test_the_coach_enters_for_nobody_else(world: World) -> None:
    fatma = coach(world)
    helper = replace(GRANDMOTHER, invited_as=InvitedAs.PAID_HELPER, works_for="Zorgbureau")
    _, member = come_in(world, helper)
    assert member.works_for == "Zorgbureau"
    subject = subject_for(world, fatma)
    with pytest.raises(Missing):
        begin_visit(fatma, subject, Relative.objects.get(name="Anneke").id, HowTogether.TELEPHONE, NOW)
    with pytest.raises(Refused):
        queries.family_to_assist(world.nurse, world.subject, TODAY)


# --- the directory -----------------------------------------------------------------------------------------


def test_professionals_are_found_by_name_and_organisation(world: World) -> None:
    found = queries.professionals_named(world.nurse, world.subject, "mar thuis", TODAY)
    assert [one.id for one in found] == [world.nurse_work.id]
    assert queries.professionals_named(world.nurse, world.subject, "ma", TODAY) == ()
    assert queries.professional_for(world.nurse, world.subject, world.nurse_work.id, TODAY).name == "Marit"
    with pytest.raises(Missing):
        queries.professional_for(world.nurse, world.subject, new_id(), TODAY)


def test_who_has_access_is_not_offered_again(world: World) -> None:
    come_in(world, MOTHER)
    issue(world, GRANDMOTHER)
    found = queries.relatives_to_invite(world.nurse, world.subject, TODAY)
    assert [one.name for one in found] == ["Anneke"]
