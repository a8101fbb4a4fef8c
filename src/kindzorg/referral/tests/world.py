"""A child with everybody around it, one person per role, and a stranger: for the pages and actions of the rooms."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import (
    NewMember,
    add_member,
    grant_access,
    let_child_in,
)
from kindzorg.careteam.authority.actions import record_authority
from kindzorg.careteam.authority.rules import NewAuthority
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.careteam.rules import AuthorityKind
from kindzorg.careteam.tests.world import JOB, NOW, World, family_agrees
from kindzorg.core.vocabulary import Truth
from kindzorg.journey.actions import open_journey
from kindzorg.people.actions import (
    NewProfessional,
    NewRelative,
    give_child_account,
    register_organisation,
    register_professional,
    register_relative,
)
from kindzorg.people.models import User
from kindzorg.people.rules import OrganisationKind as Kind
from kindzorg.people.rules import Qualification, Relation
from kindzorg.referral import actions

PROFESSIONALS = {
    "colleague": (Kind.HOME_CARE, Qualification.PAEDIATRIC_NURSE, Role.PAEDIATRIC_NURSE),
    "specialist": (Kind.HOME_CARE, Qualification.NURSE_SPECIALIST, Role.LEVEL5_NURSE),
    "aide": (Kind.HOME_CARE, Qualification.NURSE, Role.LEVEL5_NURSE),
    "doctor": (Kind.HOSPITAL, Qualification.PAEDIATRICIAN, Role.PAEDIATRICIAN),
    "gp": (Kind.GP_PRACTICE, Qualification.GP, Role.GP),
    "coach": (Kind.HOSPITAL, Qualification.SOCIAL_WORKER, Role.CARE_COACH),
    "coordinator": (Kind.HOME_CARE, Qualification.NURSE, Role.COORDINATOR),
    "case_manager": (Kind.HOSPITAL, Qualification.NURSE, Role.CASE_MANAGER),
    "therapist": (Kind.THERAPY, Qualification.THERAPIST, Role.THERAPIST),
    "teacher": (Kind.SCHOOL, Qualification.TEACHER, Role.SCHOOL),
    "municipality": (Kind.MUNICIPALITY, Qualification.OFFICIAL, Role.MUNICIPALITY),
    "youth_care": (Kind.YOUTH_CARE, Qualification.SOCIAL_WORKER, Role.YOUTH_CARE),
}
OVER_THE_HOUSE = {
    "team_lead": Role.TEAM_LEAD,
    "auditor": Role.AUDITOR,
    "privacy": Role.PRIVACY_OFFICER,
    "employee": Role.EMPLOYEE,
}
RELATIVES = {
    "mother": (Relation.MOTHER, Role.AUTHORITY_HOLDER),
    "father": (Relation.FATHER, Role.PARENT_WITHOUT_AUTHORITY),
    "aunt": (Relation.OTHER, Role.RELATIVE),
    "helper": (Relation.OTHER, Role.PAID_HELPER),
}
READERS_OF_REFERRAL = {
    "nurse", "colleague", "specialist", "aide", "doctor", "gp", "coach", "coordinator", "case_manager",
    "auditor", "team_lead", "mother",
}  # fmt: skip
READERS_OF_CLOSURE = READERS_OF_REFERRAL - {"team_lead"}


@dataclass
class Circle(World):
    """The nurse's world with one person per role around the child ("mother", "teacher" ...), in an open journey."""

    born: date = date(2020, 3, 1)
    users: dict[str, User] = field(default_factory=dict)
    work: dict[str, UUID] = field(default_factory=dict)
    houses: dict[str, UUID] = field(default_factory=dict)
    moment: datetime = NOW
    made: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.subject = self.child(self.born)
        self.users["nurse"], self.houses["nurse"] = self.nurse_account, self.home_care.id
        self.work["nurse"] = self.nurse_work.id
        for who, (kind, qualification, role) in PROFESSIONALS.items():
            self._professional(who, kind, qualification)
            add_member(self.nurse, self.subject, NewMember(role, professional_id=self.work[who]), self.tick())
        for who, role in OVER_THE_HOUSE.items():
            self.users[who] = self.account(who)
            grant_access(JOB, self.users[who].id, role, Scope.ORGANISATION, self.home_care.id, self.tick())
        for who, (relation, role) in RELATIVES.items():
            self._relative(who, relation, role)
        self.users["child"] = self.account("child")
        give_child_account(self.nurse, self.subject, self.users["child"].id, self.tick())
        let_child_in(self.nurse, self.subject, self.users["child"].id, self.tick())
        family_agrees(self.subject, self.tick())
        open_journey(self.nurse, self.subject, self.home_care.id, self.tick())
        self._professional("stranger", Kind.HOME_CARE, Qualification.LEVEL5_PAEDIATRIC_NURSE)

    def _professional(self, who: str, kind: Kind, qualification: Qualification) -> None:
        if kind == Kind.HOME_CARE and who != "stranger":
            house = self.home_care.id
        else:
            house = register_organisation(JOB, f"Huis van {who}", kind, self.region.id, self.tick()).id
        self.users[who], self.houses[who] = self.account(who), house
        new = NewProfessional(
            who.title(), house, qualification, self.users[who].id, phone=f"06 {len(self.work):08}"
        )
        self.work[who] = register_professional(JOB, new, self.tick()).id

    def _relative(self, who: str, relation: Relation, role: Role) -> None:
        self.users[who] = self.account(who)
        new = NewRelative(who.title(), relation, self.users[who].id, phone=f"0612345{len(self.users):03}")
        row = register_relative(self.nurse, self.subject, new, self.tick())
        add_member(self.nurse, self.subject, NewMember(role, relative_id=row.id), self.tick())
        if role == Role.AUTHORITY_HOLDER:
            record_authority(
                self.nurse, self.subject, NewAuthority(row.id, AuthorityKind.SOLE, "register"), self.tick()
            )

    def tick(self) -> datetime:
        """Some seconds later than the last time, so that the order of events is plain."""
        self.moment += timedelta(seconds=5)
        return self.moment

    @property
    def child_id(self) -> UUID:
        """The child in the middle."""
        return self.subject.child_id

    def actor(self, who: str) -> Actor:
        """The actor with the grants that it has now."""
        return actor_for(self.users[who])

    def as_(self, who: str, child_id: UUID | None = None) -> tuple[Actor, Subject]:
        """Actor and subject, the first two arguments of every action."""
        actor = self.actor(who)
        return actor, child_for(actor, child_id or self.child_id, self.moment.date()).subject

    def refused(self, who: str) -> tuple[Actor, Subject]:
        """Like `as_`, also for who may not even open the child."""
        return self.actor(who), self.subject

    def client(self, who: str) -> Client:
        """A browser in which this person has signed in."""
        browser = Client()
        browser.force_login(self.users[who])
        return browser

    def another_child(self, phase: bool = True) -> Subject:
        """Another child of the nurse, for whom all that is done here must not count."""
        other = self.child()
        if phase:
            open_journey(self.nurse, other, self.home_care.id, self.tick())
        return other

    def assessed(self, subject: Subject | None = None, **facts: str) -> Any:
        """An assessment by the nurse on these answers (`nursing_need="yes"`)."""
        answers = {key: Truth(value) for key, value in facts.items()} or dict(NURSING_AT_HOME)
        subject = subject or self.subject
        actions.answer_facts(self.nurse, subject, answers, self.tick())
        return actions.assess_child(self.nurse, subject, self.tick())


NURSING_AT_HOME = {
    "paediatric_supervision": Truth.NO,
    "nursing_need": Truth.YES,
    "permanent_supervision": Truth.YES,
    "somatic_main": Truth.YES,
    "has_wlz": Truth.NO,
    "self_care_gap": Truth.YES,
}


def lines(event: str, subject: Subject) -> list[AuditLine]:
    """The lines of the trail of this event about this child."""
    return list(AuditLine.objects.filter(event=event, child_id=subject.child_id).order_by("id"))


def refusals(subject: Subject, who: User) -> int:
    """How often this person was refused at this child."""
    return AuditLine.objects.filter(outcome="refused", child_id=subject.child_id, actor_id=who.id).count()
