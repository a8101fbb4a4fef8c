"""Inviting, coming in and ending a part: effect, trail and refusal."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kindzorg.access import policy
from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.authority.actions import end_authority, record_authority
from kindzorg.careteam.authority.rules import NewAuthority
from kindzorg.careteam.invitations import queries, rules
from kindzorg.careteam.invitations.actions import (
    NewInvitation,
    accept,
    invite,
    prove,
    revoke_invitation,
    say_not_me,
    send_again,
)
from kindzorg.careteam.invitations.rules import InvitationState, InvitedAs
from kindzorg.careteam.models import CourtRestriction, Grant, Invitation, Membership, ParentalAuthority
from kindzorg.careteam.queries import actor_for
from kindzorg.careteam.rules import AuthorityKind, RestrictionKind
from kindzorg.careteam.tests.inviting import (
    BORN,
    DOOR,
    FATHER,
    GRANDMOTHER,
    MOTHER,
    come_in,
    events,
    issue,
    subject_for,
)
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, World
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.people.accounts.actions import NewAccount, open_account
from kindzorg.people.actions import (
    NewProfessional,
    NewRelative,
    register_organisation,
    register_professional,
    register_relative,
)
from kindzorg.people.models import Relative
from kindzorg.people.rules import OrganisationKind, Qualification, Relation


def test_inviting_gives_a_token_that_is_not_kept(world: World) -> None:
    issued = issue(world)
    row = Invitation.objects.get()
    assert row.token_hash == rules.token_hash(issued.token)
    assert issued.token not in str(Invitation.objects.values().get())
    assert (row.person, row.invited_by, row.invited_by_role) == ("Ricardo", "Marit", Role.LEVEL5_NURSE)
    assert row.expires_at == NOW + timedelta(days=14)
    assert "invitation.made" in events()
    assert issued.code == ""


def test_who_may_not_invite_is_refused(world: World) -> None:
    user, _ = come_in(world, MOTHER)
    mother = actor_for(user)
    with pytest.raises(Invalid, match="may_not_invite"):
        invite(mother, subject_for(world, mother), FATHER, NOW)
    invite(mother, subject_for(world, mother), GRANDMOTHER, NOW)
    user, _ = come_in(world, FATHER)
    father = actor_for(user)
    with pytest.raises(Refused):
        invite(father, subject_for(world, father), GRANDMOTHER, NOW)


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (replace(FATHER, name=" "), "name_needed"),
        (replace(MOTHER, source=" "), "source_needed"),
        (replace(GRANDMOTHER, authority=AuthorityKind.SOLE, source="x"), "source_needed"),
        (replace(FATHER, until=TODAY), "until_is_past"),
    ],
)
def test_an_invitation_that_lacks_something_is_not_made(world: World, new: NewInvitation, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        issue(world, new)
    assert not Invitation.objects.exists()


def test_a_relative_of_another_child_is_not_known(world: World) -> None:
    other = world.child()
    row = register_relative(world.nurse, other, NewRelative("X", Relation.OTHER), NOW)
    with pytest.raises(Missing):
        issue(world, replace(FATHER, relative_id=row.id))


def test_a_professional_comes_from_the_directory_in_a_role_that_fits(world: World) -> None:
    school = register_organisation(JOB, "School", OrganisationKind.SCHOOL, world.region.id, NOW)
    els = register_professional(JOB, NewProfessional("Els", school.id, Qualification.TEACHER), NOW)
    new = NewInvitation(InvitedAs.PROFESSIONAL, professional_id=els.id, role=Role.PAEDIATRICIAN)
    with pytest.raises(Invalid, match="role_does_not_fit"):
        issue(world, new)
    with pytest.raises(Missing):
        issue(world, replace(new, professional_id=new_id()))
    with pytest.raises(Missing):
        issue(world, replace(new, professional_id=None))
    user, member = come_in(world, replace(new, role=Role.SCHOOL))
    els.refresh_from_db()
    assert (els.user_id, member.role, member.organisation_id) == (user.id, Role.SCHOOL, school.id)
    with pytest.raises(Invalid, match="in_already"):
        issue(world, replace(new, role=Role.SCHOOL))


def test_a_court_keeps_a_relative_out(world: World) -> None:
    issued = issue(world)
    row = Relative.objects.get(name="Ricardo")
    CourtRestriction.objects.create(
        child_id=row.child_id,
        owner_id=row.owner_id,
        relative=row,
        kind=RestrictionKind.SEE,
        source="order",
        recorded_by_id=new_id(),
        recorded_by="Marit",
        starts=TODAY,
        created_at=NOW,
    )
    with pytest.raises(Invalid, match="kept_out"):
        issue(world, replace(FATHER, relative_id=row.id))
    with pytest.raises(Invalid, match="kept_out"):
        accept(DOOR, issued.token, world.account().id, NOW)
    assert not Grant.objects.filter(role=Role.PARENT_WITHOUT_AUTHORITY).exists()


def test_a_parent_comes_in_by_the_authority_that_is_recorded(world: World) -> None:
    mother, member = come_in(world, MOTHER, "Samira")
    assert (member.role, member.through) == (Role.AUTHORITY_HOLDER, "Marit")
    father, member = come_in(world, FATHER, "Ricardo")
    assert member.role == Role.PARENT_WITHOUT_AUTHORITY
    assert policy.may(actor_for(mother), "plan.read", subject_for(world, actor_for(mother)), TODAY)
    assert not policy.may(actor_for(father), "plan.read", subject_for(world, actor_for(father)), TODAY)
    assert Grant.objects.filter(user=father).count() == 1
    assert Relative.objects.get(user=father).name == "Ricardo"
    assert events()[-1] == "invitation.used"
    assert AuditLine.objects.order_by("-id").values_list("actor_name", flat=True)[0] == "Ricardo"


def test_authority_is_not_recorded_twice_by_inviting_once_more(world: World) -> None:
    """Ending it later would end one of the two, and leave the other in force."""
    issue(world, MOTHER)
    known = Relative.objects.get(name="Samira")
    with pytest.raises(Invalid, match="authority_recorded_already"):
        issue(world, replace(MOTHER, relative_id=known.id))
    assert issue(world, replace(MOTHER, relative_id=known.id, authority=None, source=""))
    row = ParentalAuthority.objects.get(relative=known)
    end_authority(world.nurse, world.subject, row.id, "uitspraak van de rechter", NOW)
    assert issue(world, replace(MOTHER, relative_id=known.id))


def test_authority_recorded_after_the_invitation_counts_at_the_door(world: World) -> None:
    issued = issue(world)
    row = Relative.objects.get(name="Ricardo")
    record_authority(world.nurse, world.subject, NewAuthority(row.id, AuthorityKind.JOINT, "register"), NOW)
    assert accept(DOOR, issued.token, world.account().id, NOW).role == Role.AUTHORITY_HOLDER


def test_a_nurse_who_is_also_a_mother_joins_with_her_own_account(world: World) -> None:
    other = world.child()
    issued = invite(world.nurse, other, MOTHER, NOW)
    with pytest.raises(Invalid, match="in_already"):
        accept(DOOR, issued.token, world.nurse_account.id, NOW)
    colleague = world.account("Jelle")
    register_professional(
        JOB, NewProfessional("Jelle", world.home_care.id, Qualification.NURSE, colleague.id), NOW
    )
    member = accept(DOOR, issued.token, colleague.id, NOW)
    assert member.relative is not None
    assert {grant.role for grant in actor_for(colleague).grants} == {Role.AUTHORITY_HOLDER}


def test_the_invitation_of_somebody_with_an_account_is_for_that_account_alone(world: World) -> None:
    own = world.account("Anneke")
    row = register_relative(
        world.nurse, world.subject, NewRelative("Anneke", Relation.GRANDPARENT, own.id), NOW
    )
    issued = issue(world, replace(GRANDMOTHER, relative_id=row.id))
    with pytest.raises(Invalid, match="other_account"):
        accept(DOOR, issued.token, world.account("Kwaad").id, NOW)
    assert accept(DOOR, issued.token, own.id, NOW).role == Role.RELATIVE


def test_the_birth_date_is_asked_and_guessing_ends(world: World) -> None:
    token, now = issue(world).token, NOW
    assert prove(DOOR, token, BORN, now)
    for wait in (*rules.WAITS, timedelta(0)):
        assert not prove(DOOR, token, "2020-03-02", now)
        if wait:
            with pytest.raises(Invalid, match="wait_first"):
                prove(DOOR, token, BORN, now)
        now += max(wait, rules.WAITS[-1])
    with pytest.raises(Invalid, match="invitation_closed") as caught:
        prove(DOOR, token, BORN, now)
    assert caught.value.data["state"] == InvitationState.LOCKED
    with pytest.raises(Invalid, match="invitation_closed"):
        accept(DOOR, token, world.account().id, now)


def test_a_child_without_a_birth_date_is_known_by_a_spoken_code(world: World) -> None:
    newborn = world.child(birth_date=None)
    issued = invite(world.nurse, newborn, FATHER, NOW)
    assert len(issued.code) == rules.CODE_DIGITS
    assert issued.code not in str(Invitation.objects.values().get())
    assert not prove(DOOR, issued.token, "", NOW)
    assert prove(DOOR, issued.token, issued.code, NOW)
    assert queries.at_the_door(DOOR, issued.token, NOW).spoken_code


def test_a_birth_date_that_went_missing_lets_nobody_in(world: World) -> None:
    issued = issue(world)
    type(world.home_care)._default_manager.count()
    Relative.objects.first().child.__class__.objects.filter(id=world.subject.child_id).update(birth_date=None)
    assert not prove(DOOR, issued.token, "", NOW)


def test_the_door_says_nothing_of_the_child(world: World) -> None:
    shown = queries.at_the_door(DOOR, issue(world).token, NOW)
    assert "Sterre" not in str(shown)
    assert str(world.subject.child_id) not in str(shown)
    assert world.home_care.name not in str(shown)
    with pytest.raises(Missing):
        queries.at_the_door(DOOR, "no-such-token", NOW)
    with pytest.raises(Missing):
        prove(DOOR, "no-such-token", BORN, NOW)


def test_what_one_is_invited_to_stands_open_only_while_the_invitation_does(world: World) -> None:
    issued = issue(world, MOTHER)
    to = queries.invited_to(DOOR, issued.token, NOW)
    assert (to.child.given_name, to.role, dict(to.sees)["plan"]) == ("Sterre", Role.AUTHORITY_HOLDER, True)
    revoke_invitation(world.nurse, world.subject, issued.invitation.id, NOW)
    with pytest.raises(Missing):
        queries.invited_to(DOOR, issued.token, NOW)
    with pytest.raises(Missing):
        revoke_invitation(world.nurse, world.subject, issued.invitation.id, NOW)


def test_sending_again_ends_the_old_link(world: World) -> None:
    first = issue(world, replace(GRANDMOTHER, until=TODAY + timedelta(days=1)))
    later = NOW + timedelta(days=20)
    second = send_again(world.nurse, world.subject, first.invitation.id, later)
    assert second.invitation.until is None
    assert (second.invitation.person, second.invitation.task) == ("Anneke", "past op")
    with pytest.raises(Invalid, match="invitation_closed"):
        accept(DOOR, first.token, world.account().id, later)
    accept(DOOR, second.token, world.account().id, later)


def test_a_mother_does_not_send_a_parents_link_again(world: World) -> None:
    user, _ = come_in(world, MOTHER)
    issued, mother = issue(world), actor_for(user)
    with pytest.raises(Invalid, match="may_not_invite"):
        send_again(mother, subject_for(world, mother), issued.invitation.id, NOW)


def test_a_link_at_the_wrong_person_opens_nothing(world: World) -> None:
    issued = issue(world)
    say_not_me(DOOR, issued.token, NOW)
    with pytest.raises(Invalid, match="invitation_closed"):
        accept(DOOR, issued.token, world.account().id, NOW)
    [(row, state)] = queries.invitations_for(world.nurse, world.subject, NOW)
    assert (row.id, state) == (issued.invitation.id, InvitationState.NOT_ME)


def test_a_parents_link_ends_when_the_young_person_decides(world: World) -> None:
    almost = world.child(birth_date=date(2010, 9, 15))
    issued = invite(world.nurse, almost, MOTHER, NOW)
    with pytest.raises(Invalid, match="parent_from_16"):
        accept(DOOR, issued.token, world.account().id, NOW + timedelta(days=1))
    with pytest.raises(Invalid, match="may_not_invite"):
        invite(world.nurse, almost, FATHER, NOW + timedelta(days=1))


def test_only_the_door_lets_people_in(world: World) -> None:
    token = issue(world).token
    for act in (
        lambda: prove(world.nurse, token, BORN, NOW),
        lambda: accept(world.nurse, token, world.nurse.id, NOW),
        lambda: say_not_me(world.nurse, token, NOW),
        lambda: queries.at_the_door(world.nurse, token, NOW),
        lambda: queries.invited_to(world.nurse, token, NOW),
    ):
        with pytest.raises(Refused):
            act()


def test_an_account_is_made_once_for_an_address(db: None) -> None:
    user = open_account(DOOR, NewAccount("Samira", " Samira@Voorbeeld.nl", "drie woorden samen"), NOW)
    assert (user.username, user.email) == ("samira@voorbeeld.nl", "samira@voorbeeld.nl")
    assert user.check_password("drie woorden samen")
    with pytest.raises(Invalid, match="email_in_use"):
        open_account(DOOR, NewAccount("Kwaad", "SAMIRA@voorbeeld.nl", "x"), NOW)


# --- a token opens at most one door, once ------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "revoke", "again", "not_me", "wrong", "right"]),
        st.integers(0, 2),
        st.sampled_from([0, 1, 60, 13 * 86400, 14 * 86400]),
    ),
    max_size=9,
)


class ATokenOpensOneDoorOnce(TestCase):
    @settings(max_examples=40)
    @given(STEPS)
    def test_whatever_happens_in_whatever_order(self, steps: list[tuple[str, int, int]]) -> None:
        world = World()
        accounts = [world.account() for _ in range(3)]
        tokens, now = [issue(world)], NOW
        opened: list[str] = []
        for step, which, seconds in steps:
            now += timedelta(seconds=seconds)
            one = tokens[which % len(tokens)]
            try:
                if step == "accept":
                    accept(DOOR, one.token, accounts[which].id, now)
                    opened.append(one.token)
                elif step == "revoke":
                    revoke_invitation(world.nurse, world.subject, one.invitation.id, now)
                elif step == "again":
                    tokens.append(send_again(world.nurse, world.subject, one.invitation.id, now))
                elif step == "not_me":
                    say_not_me(DOOR, one.token, now)
                else:
                    prove(DOOR, one.token, BORN if step == "right" else "1999-01-01", now)
            except (Invalid, Missing):
                continue
        assert len(opened) <= 1
        assert Grant.objects.filter(user_id__in=[one.id for one in accounts]).count() == len(opened)
        assert Membership.objects.filter(relative__isnull=False).count() == len(opened)
        assert Invitation.objects.filter(used_at__isnull=False).count() == len(opened)
