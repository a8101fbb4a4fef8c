"""What stands in somebody's own calendar: the own visits, or for a family its week; by the rights of now."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kindzorg.access import policy
from kindzorg.access.assurance import Assurance
from kindzorg.access.roles import Hat, Role
from kindzorg.careplan.calendars.queries import AHEAD, BACK, OwnCalendar, calendar_of
from kindzorg.careplan.schedule import actions
from kindzorg.careplan.visits.rules import ZONE
from kindzorg.careteam.actions import leave_team
from kindzorg.careteam.authority.actions import record_restriction
from kindzorg.careteam.authority.rules import NewRestriction
from kindzorg.careteam.consents.actions import record_consent
from kindzorg.careteam.consents.rules import Decision, PartyKind, PartyRef, Said
from kindzorg.careteam.models import Grant, Membership
from kindzorg.careteam.rules import ConsentWay, RestrictionKind
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.referral.tests.conftest import counted

from .conftest import NOW, TODAY, World, build
from .weeks import DAY, NIGHT, TUESDAY, at, off, plan, professional, relative

pytestmark = pytest.mark.django_db


@pytest.fixture
def week() -> World:
    world = build()
    world.in_force()
    return world


def seen(world: World, who: str, hat: Hat = Hat.PROFESSIONAL) -> OwnCalendar:
    return calendar_of(policy.wearing(world.actor(who), hat), NOW)


def days(found: OwnCalendar, off: bool = False) -> list[date]:
    return [one.start.astimezone(ZONE).date() for one in found.moments if one.off == off]


def test_who_comes_sees_the_own_visits_from_four_weeks_back_to_eight_ahead(week: World) -> None:
    plan(week, rhythm=replace(NIGHT, starts_on=TODAY - timedelta(weeks=9)))
    nurse = seen(week, "nurse")
    own = days(nurse)
    # A night that has begun before the first moment is in it as far as it lasts.
    assert abs((own[0] - (NOW - BACK).date()).days) <= 1
    assert abs((own[-1] - (NOW + AHEAD).date()).days) <= 1
    assert len(own) == len(set(own)) and len(own) in range(83, 87)
    assert {(one.letter, one.child_id, one.changes) for one in nurse.moments} == {("N", week.child_id, 0)}
    assert [one.child_id for one in nurse.read["schedule.read"]] == [week.child_id]
    assert seen(week, "colleague") == OwnCalendar(moments=[], read={})
    assert seen(week, "teacher").moments == []


def test_a_family_sees_its_week_and_a_relative_only_the_own_part(week: World) -> None:
    plan(week)
    plan(week, by="mother", who=relative(week, "aunt"), agreement_id=None, rhythm=replace(NIGHT, rule=""))
    family = Hat.FAMILY
    assert len(days(seen(week, "mother", family))) == len(days(seen(week, "nurse"))) + 1
    assert days(seen(week, "child", family)) == days(seen(week, "mother", family))
    aunt = seen(week, "aunt", family)
    assert days(aunt) == [TODAY]
    assert list(aunt.read) == ["schedule.read_part"]


def test_only_what_goes_with_the_hat_is_in_it(week: World) -> None:
    plan(week)
    assert seen(week, "nurse", Hat.FAMILY).moments == []
    assert seen(week, "mother", Hat.PROFESSIONAL).moments == []


def test_a_visit_that_is_off_or_handed_over_is_off_for_who_was_to_come(week: World) -> None:
    visit = plan(week)
    off(week, visit, on=TUESDAY)
    week.do("nurse", actions.take_over, at(visit, TUESDAY + DAY), professional(week, "colleague"), "")
    nurse = seen(week, "nurse")
    assert days(nurse, off=True) == [TUESDAY, TUESDAY + DAY]
    changed = [one for one in nurse.moments if one.off]
    made = {one.changed_at for one in nurse.moments if not one.off}
    assert [one.changes for one in changed] == [1, 1]
    assert len(made) == 1 and all(one.changed_at > max(made) for one in changed)
    assert days(seen(week, "colleague")) == [TUESDAY + DAY]
    mother = seen(week, "mother", Hat.FAMILY)
    assert days(mother, off=True) == [TUESDAY]


def test_whom_a_court_keeps_from_seeing_has_an_empty_calendar_from_then_on(week: World) -> None:
    plan(week)
    assert days(seen(week, "father", Hat.FAMILY))
    new = NewRestriction(week.relatives["father"], RestrictionKind.SEE, "order of the court")
    week.do("nurse", record_restriction, new)
    assert seen(week, "father", Hat.FAMILY).moments == []
    assert days(seen(week, "mother", Hat.FAMILY))


def shares(world: World, who: str, decision: Decision) -> None:
    """Both parents say to the nurse what they leave open to somebody."""
    said = Said(ConsentWay.IN_PERSON, (world.relatives["mother"], world.relatives["father"]))
    party = PartyRef(PartyKind.PROFESSIONAL, world.professionals[who])
    world.do("nurse", record_consent, party, decision, said)


def visited_by_colleague(week: World) -> None:
    plan(week)
    plan(week, who=professional(week, "colleague"))
    assert days(seen(week, "colleague"))


@pytest.mark.parametrize(
    "no",
    [Decision(False), Decision(False, frozenset({LifeDomain.MEDICAL}))],
    ids=["all", "its domain"],
)
def test_when_consent_is_withdrawn_its_visits_are_gone_from_the_calendar(week: World, no: Decision) -> None:
    visited_by_colleague(week)
    shares(week, "colleague", no)
    assert seen(week, "colleague") == OwnCalendar(moments=[], read={})
    assert days(seen(week, "nurse")) and days(seen(week, "mother", Hat.FAMILY))
    shares(week, "colleague", Decision(True))
    assert days(seen(week, "colleague"))


def test_when_consent_was_until_a_day_its_visits_are_gone_from_that_day_on(week: World) -> None:
    visited_by_colleague(week)
    shares(week, "colleague", Decision(True, until=TODAY + DAY))
    assert days(seen(week, "colleague"))
    actor = policy.wearing(week.actor("colleague"), Hat.PROFESSIONAL)
    assert calendar_of(actor, NOW + DAY) == OwnCalendar(moments=[], read={})


@pytest.mark.parametrize(("who", "hat"), [("colleague", Hat.PROFESSIONAL), ("aunt", Hat.FAMILY)])
def test_who_left_the_team_has_no_visits_of_that_child_any_more(week: World, who: str, hat: Hat) -> None:
    visited_by_colleague(week)
    plan(week, by="mother", who=relative(week, "aunt"), agreement_id=None)
    assert days(seen(week, who, hat))
    role = Role.PAEDIATRIC_NURSE if who == "colleague" else Role.RELATIVE
    member = Membership.objects.get(child_id=week.child_id, role=role)
    week.do("nurse", leave_team, member.id)
    assert seen(week, who, hat) == OwnCalendar(moments=[], read={})
    assert days(seen(week, "mother", Hat.FAMILY))


def test_when_authority_ends_the_week_is_gone_from_that_familys_calendar(week: World) -> None:
    plan(week)
    assert days(seen(week, "father", Hat.FAMILY))
    Grant.objects.filter(user=week.users["father"]).update(until=TODAY)
    assert seen(week, "father", Hat.FAMILY).moments == []


def test_who_was_not_sure_enough_gets_nothing(week: World) -> None:
    plan(week)
    unsure = replace(week.actor("nurse"), assurance=Assurance.LOW, floor=Assurance.SUBSTANTIAL)
    assert calendar_of(unsure, NOW).moments == []


def test_it_asks_four_statements_whatever_stands_in_it(week: World) -> None:
    nurse = week.actor("nurse")
    plan(week)
    with counted(most=4) as few:
        calendar_of(nurse, NOW)
    for _ in range(10):
        off(week, plan(week))
    with counted(most=4) as many:
        assert len(calendar_of(nurse, NOW).moments) > 500
    assert len(few) == len(many)
    with counted(most=2):
        assert calendar_of(week.actor("colleague"), NOW).moments == []
