"""What a child reads in the plan: all of it, without the words that its parents told of themselves."""

from dataclasses import replace
from datetime import date

import pytest

from kindzorg.careplan import actions, queries
from kindzorg.careplan.agreements.rules import ground_of
from kindzorg.careplan.models import AgreementTerms, PlanVersion
from kindzorg.core.vocabulary import Law

from .conftest import NOW, TODAY, World, build, goal, need, served
from .doors import get

pytestmark = pytest.mark.django_db
BORN = {"child": date(2017, 5, 1), "young": date(2009, 5, 1)}


@pytest.fixture(autouse=True)
def the_day_of_the_world(settings) -> None:  # type: ignore[no-untyped-def]
    settings.KINDZORG_TODAY = NOW.date()


def told(born: date) -> World:
    """A plan in force made from a need of the child and three of the parents."""
    world = build(birth_date=born)
    sleep = need("sleep", "I am awake at night")
    tired, work, rest = (
        replace(need(topic, f"parents: {topic}"), whose="parents") for topic in ("tired", "work", "rest")
    )
    world.do("nurse", actions.draft_from_needs, [sleep, tired, work, rest])
    found = queries.draft_for(*world.as_("nurse"), TODAY)
    assert found
    keys = [one.id for one in found.goals]
    content = goal("nights are calm", needs=(served(sleep), served(tired)))
    world.do("nurse", actions.change_goal, keys[0], content, 1)
    for key in keys[1:]:
        world.do("nurse", actions.remove_goal, key, "", 1)
    world.do("nurse", actions.choose_no_goal, work.need_id, "not now")
    world.do("nurse", actions.add_agreement, world.nurse_does("care at night", goal_id=keys[0]))
    weekend = world.nurse_does("a weekend off", goal_id=None, need=served(rest))
    world.agreements = [world.do("nurse", actions.add_agreement, weekend)]
    PlanVersion.objects.update(status="in_force", in_force_at=NOW)
    world.goals = keys
    return world


@pytest.mark.parametrize("born", BORN.values(), ids=BORN)
def test_a_child_reads_goals_and_agreements_but_not_its_parents_own_words(born: date) -> None:
    world = told(born)
    pages = [get(world, "child", name) for name in ("plan", "plan_full", "plan_family")]
    pages += [get(world, "child", "plan_changes", 1), get(world, "child", "plan_goal", world.goals[0])]
    pages.append(get(world, "child", "plan_agreement", world.agreements[0]))
    assert not any("parents:" in page for page in pages)
    assert "a weekend off" in pages[1] and "nights are calm" in pages[1]
    assert "I am awake at night" in pages[4]
    nurse = get(world, "nurse", "plan_goal", world.goals[0]) + get(world, "nurse", "plan_changes", 1)
    nurse += get(world, "nurse", "plan_agreement", world.agreements[0])
    assert all(f"parents: {topic}" in nurse for topic in ("tired", "work", "rest"))


def test_a_young_person_who_writes_the_plan_loses_no_need_of_the_parents() -> None:
    world = told(BORN["young"])
    world.do("child", actions.start_draft)
    draft = queries.draft_for(*world.as_("child"), TODAY)
    read = queries.plan_for(*world.as_("child"), TODAY)
    assert draft and read
    assert ([need.topic for need in read.needs], len(draft.needs)) == (["sleep"], 4)
    assert (len(read.goals[0].content.needs), len(draft.goals[0].content.needs)) == (1, 2)
    assert [one.content.need for one in read.loose] == [None] and draft.loose[0].content.need
    assert (read.no_goals, len(draft.no_goals)) == ((), 1)


@pytest.mark.parametrize(("years", "seen"), [(10, False), (13, True)])
def test_what_the_municipality_gives_is_not_read_by_a_child_under_twelve(years: int, seen: bool) -> None:
    world = build(date(TODAY.year - years, 1, 1))
    world.draft()
    wheels = world.nurse_does("a wheelchair", law=Law.WMO, payer="municipality")
    key = world.do("nurse", actions.add_agreement, wheels)
    assert AgreementTerms.objects.get(agreement_id=key).ground == "wmo"
    PlanVersion.objects.update(status="in_force", in_force_at=NOW)
    for who, reads in (("child", seen), ("mother", True), ("nurse", True)):
        plan = queries.plan_for(*world.as_(who), world.moment.date())
        assert plan and ("a wheelchair" in [one.content.what for one in plan.agreements]) is reads
        changes = queries.changes_in(*world.as_(who), 1, world.moment.date())
        assert (key in changes.agreements) is reads


def test_an_agreement_has_the_ground_of_its_law() -> None:
    found = {law: str(ground_of(law)) for law in (None, *Law)}
    care = dict.fromkeys((None, Law.ZVW, Law.WLZ), "wgbo")
    assert found == {**care, Law.JEUGDWET: "jeugdwet", Law.WMO: "wmo", Law.EDUCATION: "school"}
