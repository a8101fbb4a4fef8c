"""A small world for the tests of this room: one child of nine with her parents, a brother and her nurses."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from kindzorg.access.policy import Actor, Subject, system_actor
from kindzorg.access.roles import Role, Scope
from kindzorg.careteam.actions import (
    NewMember,
    add_member,
    grant_access,
    let_child_in,
    register_child_with_team,
)
from kindzorg.careteam.authority.actions import record_authority
from kindzorg.careteam.authority.rules import NewAuthority
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.careteam.rules import AuthorityKind
from kindzorg.careteam.tests.world import family_agrees
from kindzorg.journey.actions import open_journey, take_step
from kindzorg.journey.rules import Phase
from kindzorg.people.actions import (
    NewChild,
    NewProfessional,
    NewRelative,
    give_child_account,
    register_organisation,
    register_professional,
    register_region,
    register_relative,
    register_user,
)
from kindzorg.people.models import User
from kindzorg.people.rules import OrganisationKind, Qualification, Relation

SYSTEM = system_actor("demo")


@dataclass(frozen=True)
class World:
    """The people by name; `subject(name)` is the child as that person meets it."""

    child_id: UUID
    users: dict[str, User]
    relatives: dict[str, UUID]
    now: datetime

    def actor(self, name: str) -> Actor:
        """Somebody acting."""
        return actor_for(self.users[name])

    def subject(self, name: str) -> Subject:
        """What the policy knows of the child for this person."""
        return child_for(self.actor(name), self.child_id, self.now.date()).subject


def build(now: datetime) -> World:
    """Everything before the scan, by the real actions; the journey stands in phase 2."""
    then = now - timedelta(days=30)
    region = register_region(SYSTEM, "Regio Noord (verzonnen)", then)
    home = register_organisation(SYSTEM, "Thuis Beter", OrganisationKind.HOME_CARE, region.id, then)
    names = {
        "noor": "Noor",
        "samira": "Samira",
        "joost": "Joost",
        "marit": "Marit",
        "fatma": "Fatma",
        "els": "Els",
    }
    users = {key: register_user(SYSTEM, key, name, then) for key, name in names.items()}
    marit = _worker(users["marit"], home.id, Qualification.LEVEL5_PAEDIATRIC_NURSE, then)
    fatma = _worker(users["fatma"], home.id, Qualification.SOCIAL_WORKER, then)
    grant_access(SYSTEM, users["marit"].id, Role.EMPLOYEE, Scope.ORGANISATION, home.id, then)
    nurse = actor_for(users["marit"])
    child = NewChild("Noor", "Bakker", date(now.year - 9, 3, 2), region_id=region.id)
    leader = NewMember(Role.LEVEL5_NURSE, professional_id=marit, leads=True)
    subject = register_child_with_team(nurse, child, home.id, leader, then)
    nurse = actor_for(users["marit"])
    add_member(nurse, subject, NewMember(Role.CARE_COACH, professional_id=fatma), then)
    relatives = {
        "samira": _relative(nurse, subject, NewRelative("Samira", Relation.MOTHER, users["samira"].id), then),
        "joost": _relative(nurse, subject, NewRelative("Joost", Relation.FATHER, users["joost"].id), then),
        "bram": _relative(nurse, subject, NewRelative("Bram", Relation.SIBLING), then),
    }
    add_member(nurse, subject, NewMember(Role.AUTHORITY_HOLDER, relative_id=relatives["samira"]), then)
    record_authority(
        nurse, subject, NewAuthority(relatives["samira"], AuthorityKind.JOINT, "gezagsregister"), then
    )
    add_member(nurse, subject, NewMember(Role.PARENT_WITHOUT_AUTHORITY, relative_id=relatives["joost"]), then)
    give_child_account(nurse, subject, users["noor"].id, then)
    let_child_in(nurse, subject, users["noor"].id, then)
    family_agrees(subject, then)
    open_journey(nurse, subject, home.id, then)
    take_step(nurse, subject, Phase.NEEDS, then)
    return World(subject.child_id, users, relatives, now)


def _worker(user: User, home_id: UUID, qualification: Qualification, now: datetime) -> UUID:
    return register_professional(SYSTEM, NewProfessional(user.name, home_id, qualification, user.id), now).id


def _relative(nurse: Actor, subject: Subject, new: NewRelative, now: datetime) -> UUID:
    return register_relative(nurse, subject, new, now).id
