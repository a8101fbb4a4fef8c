"""A child in phase 3 with a team: two parents, the child, a level-5 nurse, a paediatrician, a GP, a school."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import pytest

from kindzorg.access.policy import Actor, Grant, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.careplan import actions, queries
from kindzorg.careplan.agreements.rules import Carried
from kindzorg.careplan.carrying.rules import Settlement
from kindzorg.careplan.rules import AgreementContent, GoalContent, PlanNeed, ServedNeed, Who, WhoKind
from kindzorg.careteam.actions import (
    NewMember,
    add_member,
    let_child_in,
    register_child_with_team,
)
from kindzorg.careteam.authority.actions import record_authority
from kindzorg.careteam.authority.rules import NewAuthority
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.careteam.rules import AuthorityKind
from kindzorg.careteam.tests.world import family_agrees
from kindzorg.core import clock
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import Law, LifeDomain
from kindzorg.journey.actions import open_journey
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

NOW = datetime(2026, 9, 14, 10, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
TODAY = NOW.date()
LATER = TODAY + timedelta(days=90)
SYSTEM = Actor(
    uuid5(UUID(int=0), "system"),
    "System",
    (Grant(Role.SYSTEM, Scope.INSTALLATION, None, date(2000, 1, 1)),),
    system=True,
)


@dataclass
class World:
    """The people by name ("nurse", "mother" ...), their ids, and the child they gather around."""

    child_id: UUID
    users: dict[str, User]
    professionals: dict[str, UUID]
    relatives: dict[str, UUID]
    organisations: dict[str, UUID]
    moment: datetime = NOW
    goals: list[UUID] = field(default_factory=list)
    agreements: list[UUID] = field(default_factory=list)

    def actor(self, who: str) -> Actor:
        """The actor as it stands now, with its grants read anew."""
        return actor_for(self.users[who])

    def as_(self, who: str, on: date | None = None) -> tuple[Actor, Subject]:
        """Actor and subject, the first two arguments of every action."""
        actor = self.actor(who)
        return actor, child_for(actor, self.child_id, on or self.moment.date()).subject

    def now(self) -> datetime:
        """A minute later than the last time, so that the order of events is plain."""
        self.moment += timedelta(minutes=1)
        return self.moment

    def do(self, who: str, action: Callable[..., Any], *given: Any, **named: Any) -> Any:
        """Let somebody do an action, now."""
        moment = self.now()
        return action(*self.as_(who), *given, moment, **named)

    def nurse_does(self, what: str = "care at night", **parts: Any) -> AgreementContent:
        """An agreement with nothing missing."""
        given: dict[str, Any] = {
            "who": Who(kind=WhoKind.PROFESSIONAL, professional_id=self.professionals["nurse"]),
            "where": "at home",
            "when": "each night",
            "goal_id": self.goals[0] if self.goals else None,
            "law": Law.ZVW,
            "payer": "health insurer",
        }
        return AgreementContent(what=what, **{**given, **parts})

    def draft(self, goals: int = 1, agreements: int = 1) -> None:
        """A draft with nothing missing: goals with so many agreements each."""
        self.do("nurse", actions.start_draft)
        for number in range(goals):
            goal_id = self.do("nurse", actions.add_goal, goal(f"goal {number}"))
            self.goals.append(goal_id)
            for which in range(agreements):
                content = self.nurse_does(f"agreement {number}.{which}", goal_id=goal_id)
                self.agreements.append(self.do("nurse", actions.add_agreement, content))

    def settle(self) -> None:
        """Settle the open agreements in the draft, each as is suggested."""
        found = queries.settling_for(*self.as_("nurse"), self.moment.date())
        rows = found.rows if found else ()
        given = [Settlement(agreement_id=one.id, carried=one.suggested or Carried.STAYS) for one in rows]
        given = [
            replace(said, reason=one.reason, replaced_by=one.replaced_by)
            for one, said in zip(rows, given, strict=True)
        ]
        if given:
            self.do("nurse", actions.settle_agreements, given)

    def offer(self) -> Any:
        """Settle what is open, and offer the draft."""
        self.settle()
        return self.do("nurse", actions.offer_version)

    def agree(self) -> Any:
        """Offer what is drafted; both parents and the paediatrician say yes."""
        version = self.offer()
        for parent in ("mother", "father"):
            sign(self, parent, version.number)
        return approve(self, "doctor", version.number)

    def in_force(self, goals: int = 1, agreements: int = 1) -> None:
        """A plan in force."""
        self.draft(goals, agreements)
        assert self.agree().status == "in_force"


def sign(world: World, who: str, number: int, yes: bool = True, reason: str = "") -> Any:
    return world.do(who, actions.sign_version, number, yes, reason)


def approve(world: World, who: str, number: int, yes: bool = True, reason: str = "") -> Any:
    return world.do(who, actions.approve_version, number, yes, reason)


def goal(words: str = "sleep through the night", **parts: Any) -> GoalContent:
    given: dict[str, Any] = {"domains": (LifeDomain.MEDICAL,), "review_on": LATER}
    return GoalContent(words=words, **{**given, **parts})


def need(topic: str = "sleep", words: str = "", domain: LifeDomain = LifeDomain.MEDICAL) -> PlanNeed:
    return PlanNeed(new_id(), domain, words or f"we need {topic}", topic=topic)


def served(one: PlanNeed) -> ServedNeed:
    return ServedNeed(one.need_id, one.words, one.topic)


PROFESSIONALS = {
    "nurse": ("home", OrganisationKind.HOME_CARE, Qualification.LEVEL5_PAEDIATRIC_NURSE, Role.LEVEL5_NURSE),
    "colleague": ("home", OrganisationKind.HOME_CARE, Qualification.PAEDIATRIC_NURSE, Role.PAEDIATRIC_NURSE),
    "doctor": ("hospital", OrganisationKind.HOSPITAL, Qualification.PAEDIATRICIAN, Role.PAEDIATRICIAN),
    "gp": ("practice", OrganisationKind.GP_PRACTICE, Qualification.GP, Role.GP),
    "teacher": ("school", OrganisationKind.SCHOOL, Qualification.TEACHER, Role.SCHOOL),
}


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """A girl of five with her team, in an open journey."""
    yield build()


def build(birth_date: date = date(2021, 5, 1), without: tuple[str, ...] = (), journey: bool = True) -> World:
    """The world, with a child born on this day, without some of the team or a journey."""
    region = register_region(SYSTEM, f"Region {new_id()}", NOW)
    houses: dict[str, UUID] = {}
    users: dict[str, User] = {}
    work: dict[str, UUID] = {}
    for who, (house, kind, qualification, _) in PROFESSIONALS.items():
        if house not in houses:
            houses[house] = register_organisation(SYSTEM, house.title(), kind, region.id, NOW).id
        users[who] = _user(who)
        new = NewProfessional(who.title(), houses[house], qualification, users[who].id)
        work[who] = register_professional(SYSTEM, new, NOW).id
    child = NewChild("Noor", "Test", birth_date, region_id=region.id)
    leader = NewMember(Role.LEVEL5_NURSE, professional_id=work["nurse"], leads=True)
    subject = register_child_with_team(SYSTEM, child, houses["home"], leader, NOW)
    for who, (_, _, _, role) in PROFESSIONALS.items():
        if who not in ("nurse", *without):
            add_member(SYSTEM, subject, NewMember(role, professional_id=work[who]), NOW)
    relatives = {}
    for who, relation in {
        "mother": Relation.MOTHER,
        "father": Relation.FATHER,
        "aunt": Relation.OTHER,
    }.items():
        if who in without:
            continue
        users[who] = _user(who)
        relatives[who] = register_relative(
            SYSTEM, subject, NewRelative(who.title(), relation, users[who].id), NOW
        ).id
        role = Role.RELATIVE if who == "aunt" else Role.AUTHORITY_HOLDER
        add_member(SYSTEM, subject, NewMember(role, relative_id=relatives[who]), NOW)
        if who != "aunt":
            record_authority(
                SYSTEM, subject, NewAuthority(relatives[who], AuthorityKind.JOINT, "register"), NOW
            )
    users["child"] = _user("child")
    give_child_account(SYSTEM, subject, users["child"].id, NOW)
    let_child_in(SYSTEM, subject, users["child"].id, NOW)
    if not {"mother", "father"} <= set(without):
        family_agrees(subject, NOW)
    if journey:
        open_journey(actor_for(users["nurse"]), subject, houses["home"], NOW)
    return World(subject.child_id, users, work, relatives, houses)


def _user(who: str) -> User:
    return register_user(SYSTEM, f"{who}-{new_id()}", who.title(), NOW)


@pytest.fixture(autouse=True)
def evening(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are used after what the world did that day, also when the tests run at night."""
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real().replace(hour=20))
