"""Sharing with a party: whose yes it takes, what a no does, and what is then open in the database."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from kindzorg.access import policy, sight
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import NewMember, add_member, grant_access, let_child_in
from kindzorg.careteam.consents.actions import ask_consent, decide_consent, record_consent
from kindzorg.careteam.consents.queries import (
    family_for,
    parties_for,
    party_for,
    standing_by_member,
    waiting_answers,
)
from kindzorg.careteam.consents.rules import AT_THE_TABLE, Decision, PartyKind, PartyRef, Said
from kindzorg.careteam.models import (
    Consent,
    ConsentRequest,
    CourtRestriction,
    Grant,
    Membership,
    ParentalAuthority,
)
from kindzorg.careteam.queries import actor_for, child_for, children_for
from kindzorg.careteam.rules import ConsentWay, RestrictionKind
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, World
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.notices.models import Notice
from kindzorg.people.actions import NewRelative, give_child_account, register_relative
from kindzorg.people.models import Professional, Relative, User
from kindzorg.people.rules import OrganisationKind, Qualification, Relation

MEDICAL, DEVELOPMENT, SOCIAL, SAFETY = LifeDomain
YES, NO = Decision(True), Decision(False)
LATER = NOW + timedelta(minutes=5)


@dataclass
class Family2:
    """A world with two parents, a teacher, a paediatrician and an aunt who were not asked for yet."""

    world: World
    mother: Relative
    father: Relative
    teacher: User
    teacher_work: Professional
    doctor: User
    doctor_work: Professional

    @property
    def school(self) -> PartyRef:
        return PartyRef(PartyKind.ORGANISATION, self.teacher_work.organisation_id)

    def actor(self, user_id: UUID | None) -> Actor:
        return actor_for(User.objects.get(id=user_id))

    def says(self, who: Relative, decision: Decision, party: PartyRef | None = None, at=LATER) -> None:
        actor = self.actor(who.user_id)
        subject = child_for(actor, self.world.subject.child_id, TODAY).subject
        decide_consent(actor, subject, party or self.school, decision, at)

    def sees(self, user: User, on: date = TODAY) -> str:
        """The domains in which this account reads the child's plan."""
        actor = actor_for(user)
        try:
            subject = child_for(actor, self.world.subject.child_id, on).subject
        except (Missing, Refused):
            assert not children_for(actor, on).exists()
            return ""
        assert children_for(actor, on).exists()
        part = "plan.read_part" if actor.held(Role.SCHOOL, on) else "plan.read"
        return "|".join(sorted(policy.may_domains(actor, part, subject, on)))


@pytest.fixture
def home(db: None) -> Family2:
    return a_home()


def a_home() -> Family2:
    world = World()
    mother, father = world.parent("Samira"), world.parent("Joost")
    school = world.house(OrganisationKind.SCHOOL)
    teacher, teaches = world.worker("Els", Role.SCHOOL, school, Qualification.TEACHER)
    hospital = world.house(OrganisationKind.HOSPITAL)
    doctor, treats = world.worker("Karin", Role.PAEDIATRICIAN, hospital, Qualification.PAEDIATRICIAN)
    return Family2(world, mother, father, teacher, teaches, doctor, treats)


EVERYTHING = "development|medical|safety|social"


def test_who_must_be_asked_sees_nothing_before_both_parents_said_yes(home: Family2) -> None:
    assert home.sees(home.teacher) == "" and home.sees(home.doctor) == EVERYTHING
    home.says(home.mother, YES)
    assert home.sees(home.teacher) == ""
    home.says(home.father, YES)
    assert home.sees(home.teacher) == EVERYTHING
    home.says(home.mother, Decision(False, reason="liever niet"))
    assert home.sees(home.teacher) == ""
    last = Consent.objects.order_by("-created_at", "-id").first()
    assert (last.decision, last.standing, last.reason) == ("withdrawn", "closed", "liever niet")
    assert AuditLine.objects.filter(event="consent.withdrawn").exists()


def test_who_treats_sees_from_the_start_until_one_parent_says_no(home: Family2) -> None:
    hospital = PartyRef(PartyKind.ORGANISATION, home.doctor_work.organisation_id)
    home.says(home.father, Decision(False, frozenset({SOCIAL, SAFETY})), hospital)
    assert home.sees(home.doctor) == "development|medical"
    member = Membership.objects.get(professional=home.doctor_work)
    assert member.domains == "medical|development"
    # Who treats needs nobody's yes: with the only no taken back it is as it was.
    home.says(home.father, YES, hospital, LATER + timedelta(1))
    assert home.sees(home.doctor) == EVERYTHING
    home.says(home.mother, NO, hospital, LATER + timedelta(2))
    home.says(home.father, YES, hospital, LATER + timedelta(3))
    assert home.sees(home.doctor) == ""


def test_who_closed_a_whole_house_alone_opens_it_alone_to_whom_both_had_said_yes(home: Family2) -> None:
    teacher = PartyRef(PartyKind.PROFESSIONAL, home.teacher_work.id)
    for parent in (home.mother, home.father):
        home.says(parent, YES, teacher)
    home.says(home.mother, NO)
    assert home.sees(home.teacher) == ""
    home.says(home.mother, YES)
    assert home.sees(home.teacher) == EVERYTHING
    reader = home.actor(home.mother.user_id)
    subject = child_for(reader, home.world.subject.child_id, TODAY).subject
    standing = party_for(reader, subject, home.school, TODAY)
    assert (standing.standing_on(TODAY), standing.awaits) == ("open", ())
    father = home.actor(home.father.user_id)
    assert waiting_answers(father, [child_for(father, subject.child_id, TODAY).subject], TODAY) == []
    # The no of the other stands.
    home.says(home.father, NO)
    home.says(home.mother, YES)
    assert home.sees(home.teacher) == ""


def test_a_yes_ends_on_its_day(home: Family2) -> None:
    day = TODAY + timedelta(10)
    until = Decision(True, frozenset({DEVELOPMENT}), day)
    home.says(home.mother, until)
    home.says(home.father, until)
    assert home.sees(home.teacher) == home.sees(home.teacher, day - timedelta(1)) == "development"
    assert home.sees(home.teacher, day) == ""
    assert Grant.objects.get(user=home.teacher).sight_until == day


def test_a_door_closed_to_one_person_stays_closed_when_the_house_is_opened(home: Family2) -> None:
    one = PartyRef(PartyKind.PROFESSIONAL, home.teacher_work.id)
    home.says(home.mother, NO, one)
    for parent in (home.mother, home.father):
        home.says(parent, YES, at=LATER + timedelta(1))
    assert home.sees(home.teacher) == ""
    # A colleague who comes later looks along with the house's yes.
    colleague, _ = home.world.worker(
        "Bea", Role.SCHOOL, home.teacher_work.organisation, Qualification.TEACHER
    )
    assert home.sees(colleague) == EVERYTHING
    home.says(home.mother, YES, one, LATER + timedelta(2))
    home.says(home.father, YES, one, LATER + timedelta(3))
    assert home.sees(home.teacher) == EVERYTHING


def test_what_was_said_at_the_table_opens_and_is_told_to_who_said_it(home: Family2) -> None:
    row = register_relative(
        home.world.nurse,
        home.world.subject,
        NewRelative("Tante", Relation.OTHER, home.world.account().id),
        NOW,
    )
    new = NewMember(Role.RELATIVE, relative_id=row.id, consent=AT_THE_TABLE)
    add_member(home.world.nurse, home.world.subject, new, NOW)
    rows = Consent.objects.filter(relative=row).order_by("created_at", "id")
    assert [(one.decided_by, one.standing, one.way, one.recorded_by) for one in rows] == [
        ("Samira", "awaited", "in_person", "Marit"),
        ("Joost", "open", "in_person", "Marit"),
    ]
    told = Notice.objects.filter(kind="consent.recorded").values_list("recipient_id", flat=True)
    assert set(told) == {home.mother.user_id, home.father.user_id}


def test_who_of_the_family_lets_somebody_in_says_yes_by_that(home: Family2) -> None:
    mother = home.actor(home.mother.user_id)
    subject = child_for(mother, home.world.subject.child_id, TODAY).subject
    row = register_relative(mother, subject, NewRelative("Oma", Relation.GRANDPARENT), NOW)
    add_member(mother, subject, NewMember(Role.RELATIVE, relative_id=row.id), NOW)
    (said,) = Consent.objects.filter(relative=row)
    assert (said.way, said.standing, said.decided_by) == ("self", "awaited", "Samira")
    party = party_for(mother, subject, PartyRef(PartyKind.RELATIVE, row.id), TODAY)
    assert [one.name for one in party.awaits] == ["Joost"] and not party.mine
    father = home.actor(home.father.user_id)
    ((child_id, ref, name, since),) = waiting_answers(father, [subject_of(father, subject)], TODAY)
    assert (child_id, ref.id, name, since) == (subject.child_id, row.id, "Oma", NOW)


def subject_of(actor: Actor, subject: Subject) -> Subject:
    return child_for(actor, subject.child_id, TODAY).subject


def test_a_question_waits_until_each_answered(home: Family2) -> None:
    world = home.world
    ask_consent(world.nurse, world.subject, home.school, Decision(True, frozenset({SOCIAL})), LATER)
    assert Notice.objects.filter(kind="consent.asked").count() == 2
    assert waiting_answers(world.nurse, [world.subject], TODAY) == []
    for parent, waits in ((home.mother, 1), (home.father, 1)):
        actor = home.actor(parent.user_id)
        assert len(waiting_answers(actor, [subject_of(actor, world.subject)], TODAY)) == waits
        home.says(parent, Decision(True, frozenset({SOCIAL})), at=LATER + timedelta(1))
        assert not waiting_answers(actor, [subject_of(actor, world.subject)], TODAY)
    assert home.sees(home.teacher) == "social"


def test_a_question_that_was_refused_waits_for_nobody(home: Family2) -> None:
    world = home.world
    ask_consent(world.nurse, world.subject, home.school, YES, LATER)
    home.says(home.mother, NO, at=LATER + timedelta(1))
    father = home.actor(home.father.user_id)
    assert not waiting_answers(father, [subject_of(father, world.subject)], TODAY)
    assert Consent.objects.get().decision == "refused"


def test_what_a_parent_says_by_telephone_is_written_down_as_that(home: Family2) -> None:
    world = home.world
    by = Said(ConsentWay.TELEPHONE, (home.mother.id, home.father.id))
    record_consent(world.nurse, world.subject, home.school, YES, by, LATER)
    assert home.sees(home.teacher) == EVERYTHING
    party = party_for(world.nurse, world.subject, home.school, TODAY)
    assert {one.way for one in party.decisions} == {"telephone"}
    assert party.open_on(TODAY) == frozenset(LifeDomain) and party.basis == "asked"


def test_parents_who_differ_are_a_state_with_both_named(home: Family2) -> None:
    home.says(home.mother, YES)
    home.says(home.father, NO, at=LATER + timedelta(1))
    party = party_for(home.world.nurse, home.world.subject, home.school, TODAY)
    assert party.differ and party.seen == {}
    standing = standing_by_member(home.world.nurse, home.world.subject, TODAY)
    assert sorted(standing.values()) == ["closed", "open", "open"]
    home.says(home.mother, YES, at=LATER + timedelta(2))
    assert "awaited" in standing_by_member(home.world.nurse, home.world.subject, TODAY).values()


def test_a_parent_whom_a_court_keeps_from_deciding_is_not_needed(home: Family2) -> None:
    kept = {"child_id": home.world.subject.child_id, "owner_id": home.world.home_care.id, "created_at": NOW}
    CourtRestriction.objects.create(
        relative=home.father, kind=RestrictionKind.DECIDE, source="beschikking", recorded_by_id=uuid4(),
        recorded_by="Marit", starts=TODAY, **kept,
    )  # fmt: skip
    home.says(home.mother, YES)
    assert home.sees(home.teacher) == EVERYTHING
    with pytest.raises(Refused):
        home.says(home.father, NO)
    assert [one.name for one in family_for(home.world.nurse, home.world.subject, TODAY).holders] == ["Samira"]


def test_the_organisation_that_keeps_the_file_stays_and_its_people_can_be_closed(home: Family2) -> None:
    world = home.world
    owner = PartyRef(PartyKind.ORGANISATION, world.home_care.id)
    with pytest.raises(Invalid, match="consent_owner"):
        home.says(home.mother, NO, owner)
    home.says(home.mother, NO, PartyRef(PartyKind.PROFESSIONAL, world.nurse_work.id))
    assert not children_for(world.nurse, TODAY).exists()
    assert Membership.objects.get(professional=world.nurse_work).domains == "all"
    lead = world.account("Ruud")
    grant_access(JOB, lead.id, Role.TEAM_LEAD, Scope.ORGANISATION, world.home_care.id, NOW)
    assert children_for(actor_for(lead), TODAY).exists()


def test_a_closed_house_has_no_leads_or_officers_who_look(home: Family2) -> None:
    house = home.doctor_work.organisation_id
    lead = home.world.account("Ruud")
    grant_access(JOB, lead.id, Role.TEAM_LEAD, Scope.ORGANISATION, house, NOW)
    assert children_for(actor_for(lead), TODAY).exists()
    home.says(home.mother, NO, PartyRef(PartyKind.ORGANISATION, house))
    assert not children_for(actor_for(lead), TODAY).exists()


@pytest.mark.parametrize(
    ("party", "decision", "code"),
    [
        ("school", Decision(True, frozenset()), "consent_domains"),
        ("school", Decision(True, until=TODAY), "consent_until"),
        ("mother", NO, "consent_own"),
    ],
)
def test_what_cannot_be_decided_says_why(home: Family2, party: str, decision: Decision, code: str) -> None:
    ref = home.school if party == "school" else PartyRef(PartyKind.RELATIVE, home.mother.id)
    with pytest.raises(Invalid, match=code):
        home.says(home.father, decision, ref)
    with pytest.raises(Missing):
        home.says(home.father, decision, PartyRef(PartyKind.RELATIVE, uuid4()))
    assert not Consent.objects.exists()


def test_who_writes_down_names_who_said_it_and_how(home: Family2) -> None:
    world = home.world
    for said, code in (
        (Said(ConsentWay.SELF, (home.mother.id,)), "consent_way"),
        (Said(ConsentWay.PAPER), "consent_nobody"),
    ):
        with pytest.raises(Invalid, match=code):
            record_consent(world.nurse, world.subject, home.school, YES, said, LATER)
    with pytest.raises(Invalid, match="consent_domains"):
        ask_consent(world.nurse, world.subject, home.school, Decision(True, frozenset()), LATER)
    assert not ConsentRequest.objects.exists()
    for wrong in ("consent.decide", "consent.record"):
        with pytest.raises(Refused):
            policy.require(actor_for(home.teacher), wrong, world.subject, TODAY)


def a_child_of(years: int) -> tuple[Family2, Actor, Subject]:
    world = World()
    world.subject = world.child(date(TODAY.year - years, 3, 1))
    user = world.account("Noor")
    give_child_account(world.nurse, world.subject, user.id, NOW)
    let_child_in(world.nurse, world.subject, user.id, NOW)
    mother, father = world.parent("Samira"), world.parent("Joost")
    house = world.house(OrganisationKind.SCHOOL)
    teacher, work = world.worker("Els", Role.SCHOOL, house, Qualification.TEACHER)
    hospital = world.house(OrganisationKind.HOSPITAL)
    doctor, treats = world.worker("Karin", Role.PAEDIATRICIAN, hospital, Qualification.PAEDIATRICIAN)
    home = Family2(world, mother, father, teacher, work, doctor, treats)
    actor = actor_for(user)
    return home, actor, child_for(actor, world.subject.child_id, TODAY).subject


@pytest.mark.django_db
def test_from_12_a_child_closes_a_door_and_its_parents_cannot_open_it() -> None:
    home, child, subject = a_child_of(13)
    hospital = PartyRef(PartyKind.ORGANISATION, home.doctor_work.organisation_id)
    decide_consent(child, subject, hospital, NO, LATER)
    assert home.sees(home.doctor) == ""
    for parent in (home.mother, home.father):
        home.says(parent, YES, hospital, LATER + timedelta(1))
    assert home.sees(home.doctor) == ""
    decide_consent(child, subject, hospital, YES, LATER + timedelta(2))
    assert home.sees(home.doctor) == EVERYTHING


@pytest.mark.django_db
def test_under_12_a_child_reads_and_does_not_decide() -> None:
    home, child, subject = a_child_of(11)
    assert parties_for(child, subject, TODAY)
    with pytest.raises(Refused):
        decide_consent(child, subject, home.school, NO, LATER)


@pytest.mark.django_db
def test_at_13_a_child_has_no_say_in_what_its_parents_alone_share_but_may_take_it_back() -> None:
    home, child, subject = a_child_of(13)
    row = register_relative(JOB, home.world.subject, NewRelative("Oma", Relation.GRANDPARENT), NOW)
    add_member(
        JOB, home.world.subject, NewMember(Role.RELATIVE, relative_id=row.id, consent=AT_THE_TABLE), NOW
    )
    oma = PartyRef(PartyKind.RELATIVE, row.id)
    assert party_for(child, subject, oma, TODAY).seen == sight.EVERYTHING
    decide_consent(child, subject, oma, NO, LATER)
    assert party_for(child, subject, oma, TODAY).seen == {}
    # School asks its parents alone: the pupil is heard (WPO 40a), and may take it back (UAVG 5(3)).
    assert party_for(child, subject, home.school, TODAY).may_speak


@pytest.mark.django_db
def test_a_yes_before_a_birthday_stays_until_it_is_taken_back() -> None:
    home, child, _ = a_child_of(11)
    for parent in (home.mother, home.father):
        home.says(parent, YES)
    twelve = date(TODAY.year + 1, 3, 1)
    assert home.sees(home.teacher, twelve) == EVERYTHING
    grown = child_for(child, home.world.subject.child_id, twelve).subject
    decide_consent(child, grown, home.school, NO, NOW.replace(year=twelve.year, month=3, day=1))
    assert home.sees(home.teacher, twelve) == ""


def test_a_yes_to_nothing_and_one_of_who_no_longer_decides_are_refused(home: Family2) -> None:
    with pytest.raises(Invalid, match="consent_domains"):
        home.says(home.mother, Decision(True, frozenset()))
    world, child = home.world, Said(ConsentWay.TELEPHONE, (home.world.subject.child_id,))
    with pytest.raises(Invalid, match="consent_not_yours"):  # A child of five has no say in it.
        record_consent(world.nurse, world.subject, home.school, YES, child, LATER)
    actor = home.actor(home.mother.user_id)
    then = child_for(actor, world.subject.child_id, TODAY).subject
    ParentalAuthority.objects.filter(relative=home.mother).update(until=TODAY)
    with pytest.raises(Invalid, match="consent_not_yours"):
        decide_consent(actor, then, home.school, YES, LATER)
