"""A small world made with the real actions, for the tests of the rooms around the care team."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.parties import Basis, parties
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
from kindzorg.careteam.consents.actions import record_consent
from kindzorg.careteam.consents.rules import Decision, Said
from kindzorg.careteam.models import Membership
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.careteam.rules import AuthorityKind, ConsentWay
from kindzorg.careteam.sharing import family_of, party_of
from kindzorg.core.errors import Refused
from kindzorg.core.ids import new_id
from kindzorg.people.actions import (
    NewChild,
    NewProfessional,
    NewRelative,
    register_organisation,
    register_professional,
    register_region,
    register_relative,
    register_user,
)
from kindzorg.people.models import Child, Organisation, Professional, Region, Relative, User
from kindzorg.people.rules import OrganisationKind, Qualification, Relation

NOW = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
TODAY = NOW.date()
JOB = system_actor("test")


def family_agrees(subject: Subject, now: datetime = NOW) -> None:
    """Who looks along only after a yes gets one, of everybody whose yes is needed."""
    child = Child.objects.get(id=subject.child_id)
    for member in Membership.objects.filter(child=child).order_by("created_at", "id"):
        if parties()[Role(member.role)].basis == Basis.ASKED:
            family = family_of(child, now.date())
            needed = family.needed(parties()[Role(member.role)].ground, now.date())
            said = Said(ConsentWay.IN_PERSON, tuple(one.id for one in needed))
            record_consent(JOB, subject, party_of(member), Decision(True), said, now)


@dataclass
class World:
    """One region, one organisation for care at home, one nurse in it and one child in her care."""

    region: Region = field(init=False)
    home_care: Organisation = field(init=False)
    nurse_account: User = field(init=False)
    nurse_work: Professional = field(init=False)
    subject: Subject = field(init=False)

    def __post_init__(self) -> None:
        self.region = register_region(JOB, f"Regio {new_id()}", NOW)
        self.home_care = register_organisation(
            JOB, f"Thuis {new_id()}", OrganisationKind.HOME_CARE, self.region.id, NOW
        )
        self.nurse_account = self.account("Marit")
        new = NewProfessional(
            "Marit", self.home_care.id, Qualification.LEVEL5_PAEDIATRIC_NURSE, self.nurse_account.id
        )
        self.nurse_work = register_professional(JOB, new, NOW)
        grant_access(JOB, self.nurse_account.id, Role.EMPLOYEE, Scope.ORGANISATION, self.home_care.id, NOW)
        self.subject = self.child()

    @property
    def nurse(self) -> Actor:
        """The nurse with the grants that she has now."""
        return actor_for(self.nurse_account)

    def account(self, name: str = "Somebody", email: str = "") -> User:
        """One more account, without any grant."""
        user = register_user(JOB, str(new_id()), name, NOW)
        if email:
            User.objects.filter(id=user.id).update(email=email)
        return user

    def child(self, birth_date: date | None = date(2020, 3, 1), region_id: UUID | None = None) -> Subject:
        """One more child in the nurse's care."""
        new = NewChild("Sterre", "Voorbeeld", birth_date, region_id=region_id or self.region.id)
        leader = NewMember(Role.LEVEL5_NURSE, professional_id=self.nurse_work.id, leads=True)
        return register_child_with_team(self.nurse, new, self.home_care.id, leader, NOW)

    def parent(
        self, name: str = "Samira", *, authority: bool = True, subject: Subject | None = None
    ) -> Relative:
        """One more parent of the child, with an account, who joins; with authority unless said otherwise."""
        of = subject or self.subject
        new = NewRelative(name, Relation.MOTHER, self.account(name).id)
        row = register_relative(JOB, of, new, NOW)
        if authority:
            record_authority(JOB, of, NewAuthority(row.id, AuthorityKind.JOINT, "uittreksel"), NOW)
        role = Role.AUTHORITY_HOLDER if authority else Role.PARENT_WITHOUT_AUTHORITY
        add_member(JOB, of, NewMember(role, relative_id=row.id), NOW)
        return row

    def worker(
        self,
        name: str,
        role: Role,
        house: Organisation,
        qualification: Qualification,
        said: Said | None = None,
    ) -> tuple[User, Professional]:
        """A professional with an account who joins the child's team."""
        account = self.account(name)
        new = NewProfessional(name, house.id, qualification, account.id)
        work = register_professional(JOB, new, NOW)
        add_member(JOB, self.subject, NewMember(role, professional_id=work.id, consent=said), NOW)
        return account, work

    def house(self, kind: OrganisationKind) -> Organisation:
        """One more organisation."""
        return register_organisation(JOB, f"{kind} {new_id()}", kind, self.region.id, NOW)


class Family:
    """A child of this age with a mother who holds authority, a doctor and a second nurse."""

    def __init__(self, born: date | None) -> None:
        self.world = World()
        self.born = self.world.child(birth_date=born)
        self.id = self.born.child_id
        account = self.world.account("Moeder")
        new = NewRelative("Moeder", Relation.MOTHER, user_id=account.id)
        self.mother_row = register_relative(self.world.nurse, self.born, new, NOW)
        joint = NewAuthority(self.mother_row.id, AuthorityKind.JOINT, "gezagsregister", checked_on=TODAY)
        self.authority = record_authority(self.world.nurse, self.born, joint, NOW)
        holder = NewMember(Role.AUTHORITY_HOLDER, relative_id=self.mother_row.id)
        add_member(self.world.nurse, self.born, holder, NOW)
        self.accounts = {"mother": account, "nurse": self.world.nurse_account}
        self.joins("doctor", Role.PAEDIATRICIAN, Qualification.PAEDIATRICIAN)
        self.joins("second", Role.PAEDIATRIC_NURSE, Qualification.PAEDIATRIC_NURSE)
        self.accounts["child"] = self.world.account("Kind")
        let_child_in(self.world.nurse, self.born, self.accounts["child"].id, NOW)

    def joins(self, who: str, role: Role, qualification: Qualification) -> None:
        self.accounts[who] = self.world.account(who)
        new = NewProfessional(who, self.world.home_care.id, qualification, self.accounts[who].id)
        row = register_professional(JOB, new, NOW)
        add_member(self.world.nurse, self.born, NewMember(role, professional_id=row.id), NOW)

    def as_(self, who: str, on: date = TODAY) -> tuple[Actor, Subject]:
        actor = actor_for(User.objects.get(id=self.accounts[who].id))
        return actor, child_for(actor, self.id, on).subject

    def may(self, who: str, permission: str, on: date = TODAY) -> bool:
        try:
            actor, subject = self.as_(who, on)
        except Refused:
            return False
        return policy.may(actor, permission, subject, on)
