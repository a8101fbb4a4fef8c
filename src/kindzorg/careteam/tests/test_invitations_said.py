"""What the family said to a professional who invites: asked, kept, counted, and marked with who heard it and how."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kindzorg.access.ages import birthday
from kindzorg.access.roles import Role
from kindzorg.careteam.consents.actions import decide_consent
from kindzorg.careteam.consents.queries import waiting_answers
from kindzorg.careteam.consents.rules import AT_THE_TABLE, Decision, PartyKind, PartyRef, Said
from kindzorg.careteam.invitations.actions import NewInvitation, accept, invite, send_again
from kindzorg.careteam.invitations.rules import InvitedAs
from kindzorg.careteam.models import Consent, ConsentRequest, Grant, Invitation, ParentalAuthority
from kindzorg.careteam.queries import actor_for
from kindzorg.careteam.rules import ConsentWay
from kindzorg.careteam.tests.inviting import DOOR, FATHER, GRANDMOTHER, subject_for
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, World
from kindzorg.core.errors import Invalid
from kindzorg.core.ids import new_id
from kindzorg.notices.models import Notice
from kindzorg.people.actions import NewProfessional, register_professional
from kindzorg.people.models import Child, User
from kindzorg.people.rules import OrganisationKind, Qualification


def telephoned(world: World, *people) -> Said:
    return Said(ConsentWay.TELEPHONE, tuple(one.id for one in people))


def seen_by(user: User) -> set[str]:
    return set(Grant.objects.filter(user=user).values_list("domains", flat=True))


def test_what_was_said_by_telephone_is_kept_as_such_and_told(world: World) -> None:
    mother = world.parent("Samira")
    new = replace(GRANDMOTHER, consent=telephoned(world, mother))
    issued = invite(world.nurse, world.subject, new, NOW)
    issued = send_again(world.nurse, world.subject, issued.invitation.id, NOW)
    user = world.account("Anneke")
    accept(DOOR, issued.token, user.id, NOW)
    row = Consent.objects.get()
    assert (row.decided_by, row.way, row.recorded_by) == ("Samira", "telephone", "Marit")
    assert (row.recorded_by_id, row.standing) == (world.nurse_account.id, "open")
    assert seen_by(user) == {"all"}
    told = Notice.objects.filter(kind="consent.recorded").values_list("recipient_id", flat=True)
    assert list(told) == [mother.user_id]
    assert not ConsentRequest.objects.exists()


def test_one_of_two_parents_is_not_both(world: World) -> None:
    mother, father = world.parent("Samira"), world.parent("Karim")
    new = replace(GRANDMOTHER, consent=telephoned(world, mother))
    user = world.account("Anneke")
    accept(DOOR, invite(world.nurse, world.subject, new, NOW).token, user.id, NOW)
    assert seen_by(user) == {""}
    assert Consent.objects.get().standing == "awaited"
    asked = Notice.objects.filter(kind="consent.awaited").values_list("recipient_id", flat=True)
    assert list(asked) == [father.user_id]


def test_where_nobody_was_asked_the_family_finds_the_question(world: World) -> None:
    mother = world.parent("Samira")
    user = world.account("Anneke")
    accept(DOOR, invite(world.nurse, world.subject, GRANDMOTHER, NOW).token, user.id, NOW)
    assert seen_by(user) == {""} and not Consent.objects.exists()
    assert ConsentRequest.objects.get().asked_by == "Marit"
    holder = actor_for(User.objects.get(id=mother.user_id))
    (waits,) = waiting_answers(holder, [subject_for(world, holder)], TODAY)
    assert waits[2] == "Anneke"


def test_a_parent_without_authority_is_asked_for_too(world: World) -> None:
    world.parent("Samira")
    user = world.account("Ricardo")
    member = accept(DOOR, invite(world.nurse, world.subject, FATHER, NOW).token, user.id, NOW)
    assert member.role == Role.PARENT_WITHOUT_AUTHORITY and ConsentRequest.objects.exists()


@pytest.mark.parametrize(
    ("way", "who", "code"),
    [
        (ConsentWay.SELF, "mother", "consent_way"),
        (ConsentWay.TELEPHONE, "nobody", "consent_nobody"),
        (ConsentWay.TELEPHONE, "stranger", "consent_not_theirs"),
    ],
)
def test_what_was_said_names_who_and_how(world: World, way: ConsentWay, who: str, code: str) -> None:
    people = {"mother": (world.parent("Samira").id,), "nobody": (), "stranger": (new_id(),)}
    new = replace(GRANDMOTHER, consent=Said(way, people[who]))
    with pytest.raises(Invalid, match=code):
        invite(world.nurse, world.subject, new, NOW)
    assert not Invitation.objects.exists()


def test_the_yes_of_a_child_that_does_not_decide_is_no_yes(world: World) -> None:
    Child.objects.filter(id=world.subject.child_id).update(birth_date=birthday(TODAY, -13))
    mother, child = world.parent("Samira"), world.subject.child_id
    with pytest.raises(Invalid, match="consent_not_theirs"):
        invite(
            world.nurse,
            world.subject,
            replace(GRANDMOTHER, consent=Said(ConsentWay.TELEPHONE, (child,))),
            NOW,
        )
    both = replace(GRANDMOTHER, consent=Said(ConsentWay.TELEPHONE, (child, mother.id)))
    issued = invite(world.nurse, world.subject, both, NOW)
    user = world.account("Anneke")
    accept(DOOR, issued.token, user.id, NOW)
    words = Consent.objects.order_by("id").values_list("decided_by", "side", "way", "recorded_by")
    assert list(words) == [
        ("Sterre", "child", "telephone", "Marit"),
        ("Samira", "holder", "telephone", "Marit"),
    ]
    assert seen_by(user) == {"all"}


def test_the_word_of_a_child_alone_is_not_kept_where_its_mothers_no_longer_counts(world: World) -> None:
    Child.objects.filter(id=world.subject.child_id).update(birth_date=birthday(TODAY, -13))
    mother = world.parent("Samira")
    both = Said(ConsentWay.TELEPHONE, (world.subject.child_id, mother.id))
    issued = invite(world.nurse, world.subject, replace(GRANDMOTHER, consent=both), NOW)
    ParentalAuthority.objects.filter(relative_id=mother.id).update(until=TODAY)
    user = world.account("Anneke")
    accept(DOOR, issued.token, user.id, NOW)
    assert seen_by(user) == {""} and not Consent.objects.exists()
    assert ConsentRequest.objects.exists()


def test_where_the_yes_no_longer_counts_the_family_is_asked(world: World) -> None:
    mother, father = world.parent("Samira"), world.parent("Karim")
    issued = invite(world.nurse, world.subject, replace(GRANDMOTHER, consent=telephoned(world, mother)), NOW)
    ParentalAuthority.objects.filter(relative_id=mother.id).update(until=TODAY)
    user = world.account("Anneke")
    accept(DOOR, issued.token, user.id, NOW)
    assert seen_by(user) == {""} and not Consent.objects.exists()
    assert ConsentRequest.objects.get().asked_by == "Marit"
    asked = Notice.objects.filter(kind="consent.asked").values_list("recipient_id", flat=True)
    assert list(asked) == [father.user_id]


@pytest.mark.parametrize("again", [False, True])
def test_a_no_since_goes_before_the_yes_of_an_invitation(world: World, again: bool) -> None:
    """A yes that lies in an unused invitation does not open the door that the family closed meanwhile."""
    mother = world.parent("Samira")
    school = world.house(OrganisationKind.SCHOOL)
    world.worker("Meester Jan", Role.SCHOOL, school, Qualification.TEACHER, said=AT_THE_TABLE)
    teacher = NewProfessional("Juf Els", school.id, Qualification.TEACHER)
    work = register_professional(JOB, teacher, NOW)
    new = NewInvitation(InvitedAs.PROFESSIONAL, professional_id=work.id, role=Role.SCHOOL)
    issued = invite(world.nurse, world.subject, replace(new, consent=telephoned(world, mother)), NOW)
    holder = actor_for(User.objects.get(id=mother.user_id))
    party, later = PartyRef(PartyKind.ORGANISATION, school.id), NOW + timedelta(hours=1)
    decide_consent(holder, subject_for(world, holder), party, Decision(False), later)
    if again:
        issued = send_again(world.nurse, world.subject, issued.invitation.id, later + timedelta(hours=1))
    user = world.account("Els")
    accept(DOOR, issued.token, user.id, later + timedelta(hours=2))
    assert seen_by(user) == {""}
    assert ConsentRequest.objects.get().professional_id == work.id
