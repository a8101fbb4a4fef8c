"""The week with the database: planning, what is different, what falls open, who is asked, who sees it."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions as plan_actions
from kindzorg.careplan.agreements.rules import AgreementState, Who, WhoKind
from kindzorg.careplan.cover import actions as cover
from kindzorg.careplan.cover.models import Demand
from kindzorg.careplan.cover.queries import coming_for, week_of, weeks_ahead
from kindzorg.careplan.cover.rules import MayCover
from kindzorg.careplan.schedule import actions
from kindzorg.careplan.visits.models import Visit, VisitChange
from kindzorg.careplan.visits.queries import moments_of
from kindzorg.careplan.visits.rules import ZONE, Change, Occurrence, Place, Rhythm, VisitChangeKind
from kindzorg.careplan.weeks import Week
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.queries import child_for
from kindzorg.careteam.tests.world import family_agrees
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.vocabulary import Law
from kindzorg.notices.models import Notice
from kindzorg.people.actions import (
    NewProfessional,
    register_organisation,
    register_professional,
    register_user,
)
from kindzorg.people.rules import OrganisationKind, Qualification

from .conftest import NOW, SYSTEM, TODAY, World, build
from .weeks import DAY, NIGHT, TUESDAY, able, at, need, off, plan, professional, relative, view

pytestmark = pytest.mark.django_db


@pytest.fixture
def week() -> World:
    world = build()
    world.in_force()
    return world


def lines(event: str) -> int:
    return AuditLine.objects.filter(event=event).count()


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind, way="in_app").values_list("recipient__name", flat=True))


# --- planning ----------------------------------------------------------------------------------------------


def test_a_planned_night_stands_in_the_week_and_in_the_trail(week: World) -> None:
    visit = plan(week)
    assert lines("visit.planned") == 1
    found = view(week, "mother")
    assert [one.on for one in found.visits] == [TODAY + n * DAY for n in range(7)]
    assert (found.visits[0].who.name, found.what[visit], found.whole) == ("Nurse", "agreement 0.0", True)


def test_who_may_not_change_the_week_plans_only_what_is_the_own(week: World) -> None:
    own = {"rhythm": NIGHT, "agreement_id": None}
    plan(week, by="aunt", who=relative(week, "aunt"), **own)
    with pytest.raises(Refused):
        plan(week, by="aunt", who=relative(week, "mother"), **own)
    with pytest.raises(Refused):
        plan(week, by="doctor")


def test_a_visit_is_for_an_agreement_unless_the_family_comes_itself(week: World) -> None:
    with pytest.raises(Invalid, match="visit_agreement"):
        plan(week, agreement_id=None)
    plan(week, by="mother", who=relative(week, "mother"), agreement_id=None)
    plan(week, by="mother", who=Who(name="Neighbour"), agreement_id=None)
    with pytest.raises(Invalid, match="visit_not_theirs"):
        plan(week, who=professional(week, "doctor"))
    plan(week, who=professional(week, "colleague"))
    with pytest.raises(Missing, match="agreement_not_in_plan"):
        plan(week, agreement_id=UUID(int=1))


def test_hours_for_which_nobody_is_known_are_not_planned(week: World) -> None:
    need(week, may_cover=MayCover.ANYBODY)
    before = len(view(week, "mother").gaps)
    for who in (Who(), Who(name="  "), Who(kind=WhoKind.CHILD)):
        with pytest.raises(Invalid, match="who_not_known"):
            plan(week, by="mother", who=who, agreement_id=None)
    assert not Visit.objects.exists()
    assert before == len(view(week, "mother").gaps) > 0
    plan(week, by="mother", who=Who(name="Neighbour"), agreement_id=None)
    assert view(week, "mother").gaps == []


def test_what_is_not_open_to_somebody_cannot_be_planned_by_that_one(week: World) -> None:
    teacher = professional(week, "teacher")
    with pytest.raises(Missing, match="agreement_not_in_plan"):
        plan(week, by="teacher", who=teacher)


def test_a_school_plans_its_own_hours_and_sees_no_others() -> None:
    week = build()
    week.draft()
    house = Who(kind=WhoKind.ORGANISATION, organisation_id=week.organisations["school"])
    content = week.nurse_does("lessons", who=house, law=Law.EDUCATION)
    week.agreements.append(week.do("nurse", plan_actions.add_agreement, content))
    week.agree()
    plan(week)
    need(week)
    lessons = Rhythm(starts_on=TODAY, start=time(9), minutes=360, rule="FREQ=WEEKLY;BYDAY=MO,TU")
    plan(week, by="teacher", who=house, rhythm=lessons, agreement_id=week.agreements[1], place=Place.SCHOOL)
    found = view(week, "teacher")
    assert {one.who.name for one in found.visits} == {"School"}
    assert (found.gaps, found.ahead, found.demands, found.asked, found.whole) == ([], [], [], [], False)
    assert {one.who.name for one in view(week, "nurse").visits} == {"School", "Nurse"}
    assert Visit.objects.get(place="school").ground == "school"
    assert view(week, "aunt").visits == []


def test_an_agreement_that_is_over_brings_no_visits(week: World) -> None:
    plan(week)
    week.do("nurse", plan_actions.answer_agreement, week.agreements[0], AgreementState.DECLINED, "no")
    assert [one.on for one in view(week, "mother").visits] == [TODAY]
    with pytest.raises(Invalid, match="agreement_over"):
        plan(week)


def test_an_end_leaves_what_was(week: World) -> None:
    visit = plan(week)
    with pytest.raises(Invalid, match="ended_before"):
        week.do("nurse", actions.end_visit, at(visit, TODAY - DAY), "")
    with pytest.raises(Missing):
        week.do("nurse", actions.end_visit, at(UUID(int=1)), "")
    week.do("nurse", actions.end_visit, at(visit, TODAY + 2 * DAY), "other times")
    assert [one.on for one in view(week, "mother").visits] == [TODAY, TUESDAY]
    assert lines("visit.ended") == 1


def test_the_database_keeps_what_was_said(week: World) -> None:
    visit, demand = plan(week), need(week)
    off(week, visit)
    for change in (
        lambda: Visit.objects.update(minutes=5),
        lambda: VisitChange.objects.update(reason=""),
        lambda: VisitChange.objects.all().delete(),
        lambda: Demand.objects.update(minutes=5),
        lambda: Demand.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    week.do("nurse", cover.end_demand, demand, TODAY + DAY, "better")
    with pytest.raises(DatabaseError), transaction.atomic():
        Demand.objects.update(ended_on=None)


# --- what is different -------------------------------------------------------------------------------------


def test_a_night_off_says_why_and_only_once(week: World) -> None:
    visit = plan(week)
    with pytest.raises(Invalid, match="reason_required"):
        off(week, visit, reason=" ")
    off(week, visit)
    with pytest.raises(Invalid, match="visit_off"):
        off(week, visit)
    (there,) = [one for one in view(week, "mother").visits if one.on == TUESDAY]
    assert (there.cancelled, there.reason) == (True, "ill")
    assert lines("visit.cancelled") == 1


def test_only_who_arranges_the_week_or_comes_changes_a_visit(week: World) -> None:
    visit = plan(week)
    with pytest.raises(Missing):
        off(week, visit, by="aunt")
    with pytest.raises(Refused):
        week.do("doctor", actions.take_over, at(visit), professional(week, "colleague"), "")
    with pytest.raises(Missing):
        off(week, UUID(int=1))
    with pytest.raises(Invalid, match="no_such_visit"):
        off(week, visit, on=TODAY - DAY)
    off(week, visit, by="mother")


def test_who_comes_but_may_not_change_the_week_still_says_not_to_come(week: World) -> None:
    visit = plan(week, by="aunt", who=relative(week, "aunt"), agreement_id=None)
    off(week, visit, by="aunt")
    grandma = plan(week, by="mother", who=relative(week, "father"), agreement_id=None)
    with pytest.raises(Missing):
        off(week, grandma, by="aunt")


def test_a_visit_of_a_child_that_reads_it_is_not_the_childs_to_change(week: World) -> None:
    visit = plan(week)
    assert view(week, "child").visits
    with pytest.raises(Refused):
        off(week, visit, by="child")


def test_who_guides_the_family_sees_the_week_and_leaves_it_to_others(week: World) -> None:
    _, subject = week.as_("nurse")
    week.users["coach"] = register_user(SYSTEM, "coach", "Coach", NOW)
    house = week.organisations["home"]
    new = NewProfessional("Coach", house, Qualification.SOCIAL_WORKER, week.users["coach"].id)
    work = register_professional(SYSTEM, new, NOW)
    add_member(SYSTEM, subject, NewMember(Role.CARE_COACH, professional_id=work.id), NOW)
    family_agrees(subject, NOW)
    visit = plan(week, by="mother", who=relative(week, "mother"), agreement_id=None)
    assert view(week, "coach").visits
    with pytest.raises(Refused):
        off(week, visit, by="coach")


def test_long_ago_stays_as_it_was(week: World) -> None:
    visit = plan(week)
    week.moment = NOW + timedelta(days=20)
    with pytest.raises(Invalid, match="visit_past"):
        off(week, visit)


def test_a_visit_is_moved_but_not_far_and_not_onto_another(week: World) -> None:
    visit = plan(week)
    moved = Change(on=TUESDAY, kind=VisitChangeKind.MOVED, to_start=time(21))
    week.do("nurse", actions.change_visit, visit, moved)
    (there,) = [one for one in view(week, "mother").visits if one.on == TUESDAY]
    assert (there.moved, there.start.astimezone(ZONE).hour) == (True, 21)
    for to_day, code in ((TUESDAY + DAY, "cover_elsewhere"), (TUESDAY + 90 * DAY, "visit_moved_far")):
        change = Change(on=TUESDAY, kind=VisitChangeKind.MOVED, to_day=to_day)
        with pytest.raises(Invalid, match=code):
            week.do("nurse", actions.change_visit, visit, change)


def test_somebody_else_comes_who_is_known_and_free(week: World) -> None:
    visit = plan(week)
    week.do("nurse", actions.take_over, at(visit), professional(week, "colleague"), "holiday")
    (there,) = [one for one in view(week, "mother").visits if one.on == TUESDAY]
    assert (there.who.name, there.instead_of) == ("Colleague", "Nurse")
    strange = register_organisation(SYSTEM, "Strange", OrganisationKind.HOME_CARE, None, NOW).id
    for who, code in (
        (professional(week, "colleague"), "visit_same"),
        (Who(name=" "), "who_not_known"),
        (Who(kind=WhoKind.CHILD), "who_not_known"),
        (Who(kind=WhoKind.ORGANISATION, organisation_id=strange), "not_in_team"),
    ):
        with pytest.raises(Invalid, match=code):
            week.do("nurse", actions.take_over, at(visit), who, "")
    for who in (relative(week, "aunt"), professional(week, "doctor"), Who(name="Neighbour")):
        week.do("nurse", actions.take_over, at(visit), who, "")
    plan(week, by="mother", who=relative(week, "mother"), agreement_id=None)
    with pytest.raises(Invalid, match="cover_elsewhere"):
        week.do("nurse", actions.take_over, at(visit), relative(week, "mother"), "")


@pytest.mark.parametrize("odd", [date.min, date(2200, 1, 1), date.max])
def test_a_day_that_no_week_has_brings_nothing(week: World, odd: date) -> None:
    visit, demand = plan(week), need(week)
    moved = Change(on=TUESDAY, kind=VisitChangeKind.MOVED, to_day=odd)
    with pytest.raises(Invalid, match="visit_moved_far"):
        week.do("nurse", actions.change_visit, visit, moved)
    for change in (
        lambda: off(week, visit, on=odd),
        lambda: week.do("nurse", actions.end_visit, at(visit, odd), ""),
        lambda: week.do("nurse", actions.take_over, at(visit, odd), professional(week, "colleague"), ""),
        lambda: week.do("nurse", actions.swap, at(visit), at(visit, odd)),
    ):
        with pytest.raises(Missing, match="no_such_visit"):
            change()
    with pytest.raises(Invalid, match="ended_before" if odd == date.min else "day_unknown"):
        week.do("nurse", cover.end_demand, demand, odd, "better")


def test_two_who_come_swap(week: World) -> None:
    one = plan(week, rhythm=Rhythm(starts_on=TODAY, start=time(9), minutes=60, rule="FREQ=WEEKLY;BYDAY=TU"))
    rhythm = Rhythm(starts_on=TODAY, start=time(9), minutes=60, rule="FREQ=WEEKLY;BYDAY=TH")
    other = plan(week, who=professional(week, "colleague"), rhythm=rhythm)
    thursday = TODAY + 3 * DAY
    week.do("nurse", actions.swap, at(one), at(other, thursday))
    assert [one.who.name for one in view(week, "mother").visits] == ["Colleague", "Nurse"]
    assert VisitChange.objects.values("swap").distinct().count() == 1
    with pytest.raises(Invalid, match="swap_same"):
        week.do("nurse", actions.swap, at(one), at(one))
    assert lines("visit.swapped") == 1


def test_two_swap_over_weeks_and_hours_without_who_is_able_fall_open(week: World) -> None:
    nightly = Rhythm(starts_on=TODAY, start=time(23), minutes=480, rule="FREQ=WEEKLY;BYDAY=TU")
    one = plan(week, rhythm=nightly)
    later = Rhythm(starts_on=TODAY + 14 * DAY, start=time(9), minutes=60)
    other = plan(week, who=professional(week, "colleague"), rhythm=later)
    need(week, "suctioning", rhythm=nightly)
    able(week, "nurse")
    assert not [gap for gap in view(week, "mother").gaps if gap.start >= week.now()]
    week.do("nurse", actions.swap, at(one), at(other, TODAY + 14 * DAY))
    assert [there.who.name for there in view(week, "mother").visits] == ["Colleague"]
    assert [there.who.name for there in view(week, "mother", TODAY + 14 * DAY).visits] == ["Nurse", "Nurse"]
    assert [gap.gap for gap in view(week, "mother").gaps] == ["not_able"]


# --- what is needed ----------------------------------------------------------------------------------------


def test_a_demand_that_nobody_covers_is_told_to_who_leads_and_not_to_who_said_it(week: World) -> None:
    need(week, by="mother")
    assert told("hours_uncovered") == {"Nurse"}
    need(week, by="nurse")
    assert told("hours_uncovered") == {"Nurse"}
    assert len(view(week, "mother").gaps) == 2 * 7
    assert len(view(week, "mother").ahead) == 2 * 28
    assert lines("demand.set") == 2


def test_what_falls_open_is_told_and_what_was_open_is_not_told_again(week: World) -> None:
    visit = plan(week)
    need(week)
    assert told("hours_uncovered") == set()
    off(week, visit, by="mother")
    assert Notice.objects.filter(kind="hours_uncovered", way="in_app").count() == 1
    week.do("mother", actions.end_visit, at(visit, TODAY + 60 * DAY), "")
    assert Notice.objects.filter(kind="hours_uncovered", way="in_app").count() == 1


def test_a_demand_ends_with_a_reason(week: World) -> None:
    demand = need(week)
    for given, code in (
        ((demand, TODAY - DAY, "x"), "ended_before"),
        ((demand, TODAY + DAY, " "), "reason_required"),
    ):
        with pytest.raises(Invalid, match=code):
            week.do("nurse", cover.end_demand, *given)
    with pytest.raises(Missing):
        week.do("nurse", cover.end_demand, UUID(int=1), TODAY + DAY, "x")
    week.do("nurse", cover.end_demand, demand, TODAY + DAY, "better")
    assert [one.start.astimezone(ZONE).date() for one in view(week, "mother").gaps] == [TODAY]
    with pytest.raises(Invalid, match="ended_before"):
        week.do("nurse", cover.end_demand, demand, TODAY + DAY, "x")


def test_the_week_is_one_statement_whatever_stands_in_it(week: World) -> None:
    def asked() -> int:
        actor, subject = week.as_("mother")
        with CaptureQueriesContext(
            connection,
        ) as found:
            week_of(actor, subject, TODAY, NOW)
        return len(found)

    plan(week)
    need(week, "oxygen")
    able(week, "colleague")
    few = asked()
    for number in range(20):
        rhythm = Rhythm(starts_on=TODAY, start=time(9, number), minutes=60, rule="FREQ=DAILY")
        visit = plan(week, rhythm=rhythm, who=professional(week, "colleague"))
        off(week, visit)
    assert (few, asked()) == (1, 1)


def test_who_comes_today_and_what_is_somebodys_own(week: World) -> None:
    visit = plan(week)
    assert [one.who.name for one in coming(week, "mother")] == ["Nurse"]
    off(week, visit, on=TODAY)
    assert coming(week, "mother") == []
    assert coming(week, "teacher") == []
    assert coming(week, "gp") == []
    nurse = week.actor("nurse")
    own = moments_of(nurse, NOW, NOW + timedelta(days=7))
    assert [(child, one.cancelled) for child, one in own][:2] == [
        (week.child_id, True),
        (week.child_id, False),
    ]
    week.do("nurse", actions.take_over, at(visit), professional(week, "colleague"), "")
    assert [one.on for _, one in moments_of(week.actor("colleague"), NOW, NOW + timedelta(days=7))] == [
        TUESDAY
    ]
    assert moments_of(week.actor("mother"), NOW, NOW + timedelta(days=7)) == []
    assert TUESDAY not in [one.on for _, one in moments_of(nurse, NOW, NOW + timedelta(days=7))]


def coming(week: World, who: str) -> list[Occurrence]:
    actor, _ = week.as_(who)
    opened = child_for(actor, week.child_id, TODAY)
    there = weeks_ahead(actor, [opened], TODAY).get(week.child_id, Week())
    return list(coming_for(actor, opened.subject, there, NOW))


def test_nobody_without_a_part_in_the_week_sees_it(week: World) -> None:
    plan(week, by="mother", who=relative(week, "mother"), agreement_id=None)
    assert [one.who.name for one in view(week, "nurse").visits][:1] == ["Mother"]
