"""What the tests of invitations share: whom one invites, and coming in."""

from dataclasses import replace

from kindzorg.access.parties import asked_first
from kindzorg.access.policy import Actor, Subject, system_actor
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.consents.rules import Said, ground_of
from kindzorg.careteam.invitations.actions import (
    Issued,
    NewInvitation,
    accept,
    invite,
)
from kindzorg.careteam.invitations.rules import InvitedAs, role_at_the_door
from kindzorg.careteam.models import Grant, Membership
from kindzorg.careteam.queries import child_for
from kindzorg.careteam.rules import AuthorityKind, ConsentWay
from kindzorg.careteam.sharing import family_of
from kindzorg.careteam.tests.world import NOW, TODAY, World
from kindzorg.people.models import Child, User
from kindzorg.people.rules import Relation

DOOR = system_actor("invitation")
BORN = "2020-03-01"
FATHER = NewInvitation(InvitedAs.PARENT, name="Ricardo", relation=Relation.FATHER)
MOTHER = replace(
    FATHER, name="Samira", relation=Relation.MOTHER, authority=AuthorityKind.SOLE, source="register"
)
GRANDMOTHER = NewInvitation(
    InvitedAs.RELATIVE, name="Anneke", relation=Relation.GRANDPARENT, task="past op", works_for=""
)


def subject_for(world: World, actor: Actor) -> Subject:
    return child_for(actor, world.subject.child_id, TODAY).subject


def issue(world: World, new: NewInvitation = FATHER) -> Issued:
    return invite(world.nurse, world.subject, new, NOW)


def in_a_conversation(world: World, new: NewInvitation) -> NewInvitation:
    """The same invitation, with the yes of everybody of the family whose yes it takes."""
    role = role_at_the_door(new.invited_as, new.role, has_authority=new.authority is not None)
    if not asked_first(role):
        return new
    needed = family_of(Child.objects.get(id=world.subject.child_id), TODAY).needed(ground_of(role), TODAY)
    people = tuple(one.id for one in needed)
    return replace(new, consent=Said(ConsentWay.IN_PERSON, people)) if people else new


def come_in(world: World, new: NewInvitation, name: str = "Somebody") -> tuple[User, Membership]:
    user = world.account(name)
    return user, accept(DOOR, issue(world, in_a_conversation(world, new)).token, user.id, NOW)


def everybody_may_look(world: World) -> None:
    """As if the family had said yes to everybody who is in: for what is not about consent."""
    Grant.objects.filter(scope_id=world.subject.child_id).update(domains="all", sight_until=None)
    Membership.objects.filter(child_id=world.subject.child_id).update(domains="all", sight_until=None)


def events() -> list[str]:
    return list(AuditLine.objects.order_by("id").values_list("event", flat=True))
