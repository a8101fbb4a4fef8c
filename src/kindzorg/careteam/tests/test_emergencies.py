"""Looking along in an emergency: four hours, loud, judged afterwards, never a way around a court or a note."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from kindzorg.access import policy
from kindzorg.access.ages import birthday
from kindzorg.access.policy import Actor
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import grant_access
from kindzorg.careteam.consents.actions import decide_consent
from kindzorg.careteam.consents.rules import Decision, PartyKind, PartyRef
from kindzorg.careteam.emergencies import rules
from kindzorg.careteam.emergencies.actions import review_emergency, take_emergency_access
from kindzorg.careteam.emergencies.queries import emergencies_for, emergencies_to_review
from kindzorg.careteam.emergencies.rules import EmergencyStanding, Sought
from kindzorg.careteam.models import Capacity, CourtRestriction, EmergencyAccess, Grant
from kindzorg.careteam.queries import actor_for, child_for, children_for
from kindzorg.careteam.rules import RestrictionKind
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, World
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.core.walls import behind_wall
from kindzorg.notices.models import Notice
from kindzorg.people.actions import NewProfessional, register_professional
from kindzorg.people.models import Child, User
from kindzorg.people.rules import OrganisationKind, Qualification

BORN = date(2020, 3, 1)
STERRE = Sought("Voorbeeld", BORN)
WHY = "Binnengebracht met de ambulance, niemand bereikbaar."


class Ward:
    """A hospital that does not take part in the care, with a doctor on duty and a privacy officer."""

    def __init__(self, kind: OrganisationKind = OrganisationKind.HOSPITAL) -> None:
        self.world = World()
        self.mother, self.father = self.world.parent("Samira"), self.world.parent("Joost")
        self.house = self.world.house(kind)
        self.account = self.world.account("Daan Dienst")
        work = NewProfessional("Daan Dienst", self.house.id, Qualification.PAEDIATRICIAN, self.account.id)
        register_professional(JOB, work, NOW)
        grant_access(JOB, self.account.id, Role.EMPLOYEE, Scope.ORGANISATION, self.house.id, NOW)
        self.officer = self.world.account("Hanna")
        grant_access(JOB, self.officer.id, Role.PRIVACY_OFFICER, Scope.ORGANISATION, self.house.id, NOW)

    def doctor(self, at: datetime = NOW) -> Actor:
        return actor_for(self.account, at=at)

    def take(self, at: datetime = NOW, sought: Sought = STERRE, why: str = WHY):
        """As a request does it: behind the wall of the doctor."""
        actor = self.doctor(at)
        with behind_wall(actor.id, at.date(), at=at):
            return take_emergency_access(actor, sought, why, at)

    def sees(self, at: datetime) -> bool:
        """By the policy, the query and on PostgreSQL the wall, which must agree."""
        actor = self.doctor(at)
        with behind_wall(actor.id, at.date(), at=at):
            by_query = children_for(actor, at.date()).exists()
            try:
                child_for(actor, self.world.subject.child_id, at.date())
                by_policy = True
            except (Missing, Refused):
                by_policy = False
        assert by_query == by_policy
        return by_policy


@pytest.fixture
def ward(db: None) -> Ward:
    return Ward()


@pytest.mark.parametrize(
    ("hours", "minutes", "seen"), [(0, 0, True), (3, 59, True), (4, 0, False), (4, 1, False)]
)
def test_it_lasts_four_hours(ward: Ward, hours: int, minutes: int, seen: bool) -> None:
    assert not ward.sees(NOW)
    assert ward.take() == ward.world.subject.child_id
    assert ward.sees(NOW + timedelta(hours=hours, minutes=minutes)) is seen


def test_it_reads_plan_file_and_team_and_writes_nothing(ward: Ward) -> None:
    ward.take()
    actor = ward.doctor()
    subject = child_for(actor, ward.world.subject.child_id, TODAY).subject
    may = {one for one in policy.permissions() if policy.may(actor, one, subject, TODAY)}
    own = {"child.register", "journey.open", "record.import", "emergency.take"}
    reads = {"child.open", "plan.read", "portrait.read", "record.read", "schedule.read", "team.read"}
    # How this child is suctioned, and what it is afraid of then, is what one needs to know.
    reads |= {"howto.read", "procedure.read"}
    assert may - own == reads


def test_the_family_and_the_officer_are_told_in_the_same_transaction(ward: Ward) -> None:
    ward.take()
    told = set(Notice.objects.values_list("kind", "recipient_id"))
    assert told == {
        ("emergency.taken", ward.mother.user_id),
        ("emergency.taken", ward.father.user_id),
        ("emergency.to_review", ward.officer.id),
    }
    taken = AuditLine.objects.get(event="emergency.taken")
    assert taken.emergency and taken.purpose == "emergency" and taken.child_id == ward.world.subject.child_id
    assert taken.actor_role == Role.EMERGENCY_CARER
    assert WHY not in str(taken.detail) and "Voorbeeld" not in str(
        list(AuditLine.objects.filter(event="emergency.sought").values_list("detail", flat=True))
    )


def test_the_family_sees_who_and_why_and_what_came_of_it(ward: Ward) -> None:
    ward.take()
    mother = actor_for(User.objects.get(id=ward.mother.user_id))
    subject = child_for(mother, ward.world.subject.child_id, TODAY).subject
    (one,) = emergencies_for(mother, subject, NOW)
    assert (one.row.taken_by, one.row.reason, one.standing) == ("Daan Dienst", WHY, EmergencyStanding.RUNNING)
    (waiting,) = emergencies_to_review(actor_for(ward.officer), NOW + timedelta(days=8))
    assert (waiting.standing, waiting.child, waiting.looks) == (
        EmergencyStanding.OVERDUE,
        "Sterre Voorbeeld",
        3,
    )
    actor = actor_for(ward.officer)
    with behind_wall(actor.id, TODAY, at=NOW):
        review_emergency(actor, one.row.id, False, "Er was tijd om te bellen.", NOW + timedelta(days=1))
    (one,) = emergencies_for(mother, subject, NOW)
    assert (one.standing, one.note) == (EmergencyStanding.NOT_JUSTIFIED, "Er was tijd om te bellen.")
    assert emergencies_to_review(actor, NOW) == []
    assert Notice.objects.filter(kind="emergency.reviewed").count() == 2
    with pytest.raises(Conflict):
        review_emergency(actor, one.row.id, True, "toch wel", NOW)


def test_only_the_own_officer_judges_and_says_why(ward: Ward) -> None:
    ward.take()
    access_id = EmergencyAccess.objects.get().id
    other = ward.world.account("Elders")
    grant_access(JOB, other.id, Role.PRIVACY_OFFICER, Scope.ORGANISATION, ward.world.home_care.id, NOW)
    with pytest.raises(Missing):
        review_emergency(actor_for(other), access_id, True, "goed", NOW)
    with pytest.raises(Invalid, match="review_note"):
        review_emergency(actor_for(ward.officer), access_id, True, "  ", NOW)
    with pytest.raises(Refused):
        review_emergency(ward.doctor(), access_id, True, "goed", NOW)
    grant_access(JOB, ward.account.id, Role.PRIVACY_OFFICER, Scope.ORGANISATION, ward.house.id, NOW)
    with pytest.raises(Invalid, match="review_own"):
        review_emergency(ward.doctor(), access_id, True, "goed", NOW)


def test_asking_again_is_a_new_one_and_never_a_longer_one(ward: Ward) -> None:
    ward.take()
    ward.take(NOW + timedelta(hours=1))
    assert Grant.objects.get(emergency=True).ends_at == NOW + timedelta(hours=4)
    later = NOW + timedelta(hours=5)
    ward.take(later)
    assert [one.ends_at - one.created_at for one in EmergencyAccess.objects.all()] == [rules.LASTS] * 2
    assert ward.sees(later)


@pytest.mark.parametrize(
    "sought",
    [
        Sought("Voorbeeldig", BORN),
        Sought("Voorbeeld", date(2020, 3, 2)),
        Sought("Voor", BORN),
        Sought("Voorbeeld", BORN, "Finn"),
    ],
)
def test_a_name_that_is_not_exact_finds_nobody_and_leaves_a_line(ward: Ward, sought: Sought) -> None:
    assert ward.take(sought=sought) is None
    assert not Grant.objects.filter(emergency=True).exists()
    assert AuditLine.objects.get(event="emergency.sought").child_id is None


def test_two_of_one_name_and_day_are_told_apart_by_the_given_name(ward: Ward) -> None:
    twin = ward.world.child(BORN)
    Child.objects.filter(id=twin.child_id).update(given_name="Luna")
    assert ward.take() is None
    assert ward.take(sought=Sought(" VOORBEELD ", BORN, "luna")) == twin.child_id


def test_who_guesses_is_stopped_for_an_hour(ward: Ward) -> None:
    for _ in range(rules.ATTEMPTS):
        assert ward.take(sought=Sought("Gok", BORN)) is None
    with pytest.raises(Invalid, match="emergency_too_often"):
        ward.take()
    assert ward.take(NOW + timedelta(hours=1, minutes=1)) == ward.world.subject.child_id


def test_a_reason_is_asked(ward: Ward) -> None:
    with pytest.raises(Invalid, match="emergency_reason"):
        ward.take(why="spoed")


@pytest.mark.django_db
def test_only_where_care_is_given_and_by_who_gives_it() -> None:
    school = Ward(OrganisationKind.SCHOOL)
    with pytest.raises(Refused):
        school.take()
    clerk = school.world.account("Balie")
    grant_access(JOB, clerk.id, Role.EMPLOYEE, Scope.ORGANISATION, school.world.home_care.id, NOW)
    with pytest.raises(Refused):
        take_emergency_access(actor_for(clerk), STERRE, WHY, NOW)
    with pytest.raises(Refused):
        take_emergency_access(actor_for(school.officer), STERRE, WHY, NOW)


def test_a_closed_door_does_not_stop_it_and_a_court_does(ward: Ward) -> None:
    mother = actor_for(User.objects.get(id=ward.mother.user_id))
    nurse = PartyRef(PartyKind.PROFESSIONAL, ward.world.nurse_work.id)
    subject = child_for(mother, ward.world.subject.child_id, TODAY).subject
    decide_consent(mother, subject, nurse, Decision(False), NOW)
    assert not children_for(ward.world.nurse, TODAY).exists()
    assert take_emergency_access(ward.world.nurse, STERRE, WHY, NOW) == subject.child_id
    decide_consent(mother, subject, nurse, Decision(False, frozenset({LifeDomain.SOCIAL})), NOW)
    nurse_now = actor_for(ward.world.nurse_account, at=NOW)
    inside = child_for(nurse_now, subject.child_id, TODAY).subject
    assert policy.explain(nurse_now, "plan.read", inside, TODAY).grant.emergency
    CourtRestriction.objects.create(
        child_id=subject.child_id, owner_id=ward.world.home_care.id, relative=ward.father, created_at=NOW,
        kind=RestrictionKind.SEE, source="beschikking", recorded_by_id=uuid4(), recorded_by="x", starts=TODAY,
    )  # fmt: skip
    ward.father.user_id = ward.account.id
    ward.father.save()
    assert ward.take() is None


def test_who_sees_all_already_needs_none(ward: Ward) -> None:
    nurse = ward.world.nurse
    assert take_emergency_access(nurse, STERRE, WHY, NOW) == ward.world.subject.child_id
    assert not EmergencyAccess.objects.exists()


def test_a_parent_who_is_on_duty_is_not_told_of_the_own_look(ward: Ward) -> None:
    ward.mother.user_id = ward.account.id
    ward.mother.save()
    ward.take()
    assert set(Notice.objects.filter(kind="emergency.taken").values_list("recipient_id", flat=True)) == {
        ward.father.user_id
    }


@pytest.mark.django_db
def test_a_child_from_12_is_told_too() -> None:
    ward = Ward()
    user = ward.world.account("Sterre")
    Child.objects.filter(id=ward.world.subject.child_id).update(birth_date=date(2013, 3, 1), user=user)
    ward.take(sought=Sought("Voorbeeld", date(2013, 3, 1)))
    assert Notice.objects.filter(kind="emergency.taken", recipient=user).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("years", "unable", "told"),
    [
        (11, False, {"Samira", "Joost"}),
        (15, False, {"Samira", "Joost", "Sterre"}),
        (16, False, {"Sterre"}),
        (16, True, {"Samira", "Joost", "Sterre"}),
        (18, False, {"Sterre"}),
        (18, True, {"Sterre"}),
    ],
)
def test_parents_are_told_as_long_as_they_look_along(years: int, unable: bool, told: set[str]) -> None:
    ward = Ward()
    born, user = birthday(TODAY, -years), ward.world.account("Sterre")
    Child.objects.filter(id=ward.world.subject.child_id).update(birth_date=born, user=user)
    if unable:
        child = Child.objects.get(id=ward.world.subject.child_id)
        Capacity.objects.create(
            child=child, owner_id=child.owner_id, can_decide=False, reason="-", assessed_by_id=uuid4(), created_at=NOW,
            starts=TODAY, until=TODAY + timedelta(90),
        )  # fmt: skip
    ward.take(sought=Sought("Voorbeeld", born))
    heard = Notice.objects.filter(kind="emergency.taken").values_list("recipient__name", flat=True)
    assert set(heard) == told


def test_where_nobody_guards_privacy_the_one_of_who_keeps_the_file_judges(ward: Ward) -> None:
    """No look in an emergency stays without a judge: also where the only officer is who looked."""
    Grant.objects.filter(user=ward.officer).delete()
    grant_access(JOB, ward.account.id, Role.PRIVACY_OFFICER, Scope.ORGANISATION, ward.house.id, NOW)
    keeper = ward.world.account("Petra")
    grant_access(JOB, keeper.id, Role.PRIVACY_OFFICER, Scope.ORGANISATION, ward.world.home_care.id, NOW)
    ward.take()
    told = Notice.objects.filter(kind="emergency.to_review").values_list("recipient__name", flat=True)
    assert set(told) == {"Petra"}
    (one,) = emergencies_to_review(actor_for(keeper), NOW)
    review_emergency(actor_for(keeper), one.row.id, True, "terecht", NOW)
    assert not emergencies_to_review(actor_for(keeper), NOW)


def test_where_it_stands() -> None:
    ends, due = NOW + rules.LASTS, rules.review_by(NOW)
    at = {
        EmergencyStanding.RUNNING: NOW,
        EmergencyStanding.TO_REVIEW: datetime.combine(due, NOW.timetz()),
        EmergencyStanding.OVERDUE: datetime.combine(due + timedelta(1), NOW.timetz()),
    }
    for standing, moment in at.items():
        assert rules.standing(ends, due, None, moment) == standing
    assert rules.standing(ends, due, True, NOW) == EmergencyStanding.JUSTIFIED
    assert rules.standing(ends, due, False, NOW) == EmergencyStanding.NOT_JUSTIFIED


def test_no_insurer_comes_in_by_any_door() -> None:
    """Neither an insurer, nor a Wlz-uitvoerder or zorgkantoor, nor who examines for one (Wabvpz 15f(1)-(2))."""
    from kindzorg.access.parties import parties

    words = {str(one) for one in (*Role, *OrganisationKind, *Qualification, *parties())}
    barred = (
        "insur",
        "payer",
        "zorgkantoor",
        "uitvoerder",
        "keurend",
        "examin",
        "occupational",
        "company_doctor",
    )
    assert not [word for word in words if any(part in word for part in barred)]
    assert {str(one) for one in rules.HOUSES} == {"hospital", "home_care", "gp_practice"}
