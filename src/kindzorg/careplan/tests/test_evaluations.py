"""Any part of the plan can be looked at together at any time: an agreement, and the plan as a whole, too."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction

from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions, queries
from kindzorg.careplan.evaluations.rules import asks_change, check_evaluation
from kindzorg.careplan.models import Evaluation, PlanVersion
from kindzorg.careplan.rules import Evaluated, EvaluationView, Net, WayOn, Who, WhoKind, Works
from kindzorg.careplan.waiting import waiting_for
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.models import Grant
from kindzorg.careteam.queries import opened_children
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.people.actions import NewProfessional, register_professional, register_user
from kindzorg.people.rules import Qualification

from .conftest import LATER, NOW, SYSTEM, TODAY, World, approve, need, served, sign
from .doors import get, post, today

AT = datetime(2026, 9, 14, 10, tzinfo=UTC)
WELL = Evaluated(works=Works.WELL)
NET = Net(watch="sleep", call="the nurse", until=LATER)


@pytest.mark.parametrize(
    ("goal", "given", "code"),
    [
        (True, Evaluated(step=1), ""),
        (True, Evaluated(step=5, next_review_on=TODAY), ""),
        (True, Evaluated(step=0), "step_one_to_five"),
        (True, Evaluated(step=6), "step_one_to_five"),
        (True, WELL, "step_one_to_five"),
        (False, WELL, ""),
        (False, Evaluated(works=Works.NOT, next_review_on=LATER), ""),
        (False, Evaluated(step=3), "works_required"),
        (False, Evaluated(works=Works.WELL, next_review_on=TODAY - timedelta(1)), "review_in_past"),
    ],
)
def test_what_an_evaluation_must_say(goal: bool, given: Evaluated, code: str) -> None:
    if not code:
        check_evaluation(given, TODAY, goal=goal)
        return
    with pytest.raises(Invalid) as refused:
        check_evaluation(given, TODAY, goal=goal)
    assert refused.value.code == code


def seen(way_on: WayOn) -> EvaluationView:
    return EvaluationView(
        step=None,
        works=Works.PARTLY,
        family_view="",
        words="",
        way_on=way_on,
        next_review_on=None,
        by="Mother",
        organisation="",
        at=AT,
    )


@pytest.mark.parametrize(
    ("last", "since", "asks"),
    [
        (None, AT, False),
        (seen(WayOn.CONTINUE), AT, False),
        (seen(WayOn.CHANGE), AT - timedelta(1), True),
        (seen(WayOn.STOP), AT, True),
        (seen(WayOn.STEP_DOWN), None, True),
        (seen(WayOn.CHANGE), AT + timedelta(1), False),  # a newer plan answered it
    ],
)
def test_when_an_evaluation_still_asks_for_a_change(
    last: EvaluationView | None, since: datetime | None, asks: bool
) -> None:
    assert asks_change(last, since) is asks


# --- actions -----------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_day_of_the_world(settings: Any) -> None:
    settings.KINDZORG_TODAY = NOW.date()


def therapist(world: World) -> UUID:
    """Somebody who sees an own part of the plan, and evaluates."""
    world.users["therapist"] = register_user(SYSTEM, "therapist", "Therapist", NOW)
    new = NewProfessional(
        "Therapist", world.organisations["practice"], Qualification.THERAPIST, world.users["therapist"].id
    )
    row = register_professional(SYSTEM, new, NOW)
    add_member(SYSTEM, world.as_("nurse")[1], NewMember(Role.THERAPIST, professional_id=row.id), NOW)
    return row.id


def agreement_of(world: World, who: str, number: int = 0) -> Any:
    found = queries.plan_for(*world.as_(who), today(world))
    assert found is not None
    return found.agreements[number]


def waits(world: World, who: str) -> list[str]:
    actor = world.actor(who)
    children = opened_children(actor, today(world))
    return [one.kind for one in waiting_for(actor, children, today(world))]


def test_an_agreement_is_evaluated_by_anyone_in_the_plan_and_all_who_read_it_see_that(world: World) -> None:
    world.in_force(agreements=2)
    key = world.agreements[0]
    said = Evaluated(works=Works.NOT, family_view=" nobody came ", way_on=WayOn.CHANGE, next_review_on=LATER)
    world.do("mother", actions.evaluate_agreement, key, said)
    world.do("nurse", actions.evaluate_agreement, key, WELL)
    last = agreement_of(world, "doctor").evaluation
    assert (last.works, last.step, last.by, last.organisation) == (Works.WELL, None, "Nurse", "Home")
    assert agreement_of(world, "doctor", 1).evaluation is None
    found = queries.agreement_over_time_for(*world.as_("father"), key, NOW)[0]
    assert [(one.works, one.way_on, one.family_view) for one in found] == [
        ("well", "continue", ""),
        ("not", "change", "nobody came"),
    ]
    assert AuditLine.objects.filter(event="agreement.evaluated", object_id=key).count() == 2
    assert str(Evaluation.objects.earliest("id")) == "not"


def test_who_has_an_own_part_evaluates_only_what_is_there_and_reads_only_what_they_said(world: World) -> None:
    professional_id = therapist(world)
    world.draft(agreements=1)
    theirs = world.nurse_does("walk", who=Who(kind=WhoKind.PROFESSIONAL, professional_id=professional_id))
    own = world.do("nurse", actions.add_agreement, theirs)
    world.agree()
    world.do("mother", actions.evaluate_agreement, own, Evaluated(works=Works.PARTLY, family_view="too soon"))
    world.do("therapist", actions.evaluate_agreement, own, WELL)
    found = queries.agreement_over_time_for(*world.as_("therapist"), own, NOW)[0]
    assert [one.by for one in found] == ["Therapist"]
    part = queries.part_for(*world.as_("therapist"), TODAY)
    assert part and [one.evaluation for one in part.agreements] == [None]
    with pytest.raises(Missing):
        world.do("therapist", actions.evaluate_agreement, world.agreements[0], WELL)
    with pytest.raises(Refused):
        world.do("therapist", actions.evaluate_plan, WELL)


def test_the_plan_as_a_whole_is_evaluated_and_a_new_version_takes_it_along(world: World) -> None:
    with pytest.raises(Missing):
        world.do("nurse", actions.evaluate_plan, WELL)
    world.in_force()
    world.do("child", actions.evaluate_plan, Evaluated(works=Works.PARTLY, way_on=WayOn.STEP_DOWN, net=NET))
    world.do("nurse", actions.start_draft)
    world.do("nurse", actions.add_agreement, world.nurse_does("one more"))
    number = world.offer().number
    for parent in ("mother", "father"):
        sign(world, parent, number)
    approve(world, "doctor", number)
    found = queries.plan_for(*world.as_("mother"), today(world))
    assert found and found.evaluation and (found.evaluation.works, found.evaluation.by) == ("partly", "Child")
    assert [one.by for one in queries.plan_evaluations_for(*world.as_("mother"), TODAY)] == ["Child"]
    assert PlanVersion.objects.get(number=1).id == Evaluation.objects.get().version_id
    assert AuditLine.objects.filter(event="plan.evaluated").count() == 1


def test_who_may_not_evaluate_is_refused(world: World) -> None:
    world.in_force()
    for who in ("gp", "teacher", "aunt"):
        with pytest.raises(Refused):
            world.do(who, actions.evaluate_agreement, world.agreements[0], WELL)
        with pytest.raises(Refused):
            world.do(who, actions.evaluate_plan, WELL)
    with pytest.raises(Missing):
        world.do("nurse", actions.evaluate_agreement, uuid4(), WELL)
    with pytest.raises(Invalid):
        world.do("nurse", actions.evaluate_agreement, world.agreements[0], Evaluated(step=3))
    with pytest.raises(Invalid):
        world.do("nurse", actions.evaluate_plan, Evaluated())
    assert not Evaluation.objects.exists()


def test_a_grant_over_another_domain_evaluates_neither_that_agreement_nor_the_whole(world: World) -> None:
    play = need("play")
    world.do("nurse", actions.draft_from_needs, [play, need("sleep")])
    (first, second) = (one.id for one in queries.draft_for(*world.as_("nurse"), TODAY).goals)  # type: ignore[union-attr]
    world.do("nurse", actions.remove_goal, second, "", 1)
    keys = [
        world.do("nurse", actions.add_agreement, world.nurse_does("a", goal_id=first)),
        world.do("nurse", actions.add_agreement, world.nurse_does("b", goal_id=None, need=served(play))),
    ]
    PlanVersion.objects.update(status="in_force")
    Grant.objects.filter(user=world.users["colleague"]).update(domains="social")
    for key in keys:
        with pytest.raises(Refused):
            world.do("colleague", actions.evaluate_agreement, key, WELL)
        world.do("nurse", actions.evaluate_agreement, key, WELL)
    with pytest.raises(Refused):
        world.do("colleague", actions.evaluate_plan, WELL)
    with pytest.raises(Refused):
        queries.plan_evaluations_for(*world.as_("colleague"), TODAY)


def test_an_evaluation_is_of_one_thing_and_stays_as_it_was_given(world: World) -> None:
    world.in_force()
    world.do("nurse", actions.evaluate_agreement, world.agreements[0], WELL)
    row = Evaluation.objects.get()
    for change in ({"goal_id": world.goals[0]}, {"works": None}, {"step": 3}, {"works": "great"}):
        values = {name: getattr(row, name) for name in (one.attname for one in row._meta.concrete_fields)}
        values.pop("id")
        with pytest.raises(DatabaseError), transaction.atomic():
            Evaluation.objects.create(**{**values, **change})
    with pytest.raises(DatabaseError), transaction.atomic():
        Evaluation.objects.update(words="otherwise")


def test_what_was_to_be_looked_at_again_waits(world: World) -> None:
    world.in_force(agreements=2)
    first, second = world.agreements
    again = Evaluated(works=Works.PARTLY, next_review_on=TODAY)
    for key in (first, second):
        world.do("nurse", actions.evaluate_agreement, key, again)
    world.do("mother", actions.evaluate_plan, again)
    assert not {"agreement_to_review", "plan_to_review"} & set(waits(world, "nurse"))
    world.moment += timedelta(days=1)
    world.do("nurse", actions.answer_agreement, second, "lapsed", "not needed")
    assert [one for one in waits(world, "nurse") if one.endswith("_review")] == [
        "agreement_to_review",
        "plan_to_review",
    ]
    assert not {"agreement_to_review", "plan_to_review"} & set(waits(world, "mother"))
    assert agreement_of(world, "nurse").overdue(today(world))
    assert not agreement_of(world, "nurse", 1).overdue(today(world))
    world.do("nurse", actions.evaluate_agreement, first, WELL)
    world.do("nurse", actions.evaluate_plan, WELL)
    assert not {"agreement_to_review", "plan_to_review"} & set(waits(world, "nurse"))


# --- pages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nurse", "mother", "child"])
def test_an_agreement_is_looked_at_on_its_page(world: World, who: str) -> None:
    world.in_force()
    key = world.agreements[0]
    assert f"agreements/{key}/evaluate" in get(world, who, "plan_agreement", key)
    assert "agreement 0.0" in get(world, who, "plan_agreement_evaluate", key)
    kept = post(world, who, "plan_agreement_evaluate", key, family_view="te vroeg", way_on="change")
    assert "te vroeg" in kept.content.decode() and "Kies of het werkt." in kept.content.decode()
    given = {"works": "partly", "family_view": "te vroeg", "way_on": "change"}
    assert post(world, who, "plan_agreement_evaluate", key, **given).status_code == 302
    page = get(world, who, "plan_agreement", key)
    assert "“te vroeg”" in page and "anders doen" in page
    assert "Laatst bekeken" in get(world, "nurse", "plan_full")
    assert "werkt deels, anders doen" in get(world, "doctor", "plan_full")
    assert ("Werk het uit in een concept" in page) is (who != "child")


def test_the_whole_plan_is_looked_at_from_the_plan(world: World) -> None:
    world.in_force()
    for who in ("nurse", "mother", "child"):
        assert "plan/look/evaluate" in get(world, who, "plan")
        assert "nog" in get(world, who, "plan_look")
        get(world, who, "plan_look_evaluate")
    assert "look/evaluate" not in get(world, "gp", "plan")
    get(world, "gp", "plan_look_evaluate", status=404)
    get(world, "teacher", "plan_look", status=404)
    bad = post(
        world, "mother", "plan_look_evaluate", works="well", way_on="continue", next_review_on="2020-01-01"
    )
    assert "Kies een dag die nog moet komen." in bad.content.decode()
    given = {"works": "not", "family_view": "we zijn moe", "way_on": "stop"}
    assert post(world, "mother", "plan_look_evaluate", **given).status_code == 302
    for who in ("nurse", "gp"):
        assert "“we zijn moe”" in get(world, who, "plan_look")
        assert "werkt niet, stoppen (Mother, 14 september 2026)" in get(world, who, "plan")


def test_without_a_plan_in_force_there_is_nothing_to_look_at(world: World) -> None:
    world.draft()
    world.offer()
    for name in ("plan_look", "plan_look_evaluate"):
        get(world, "nurse", name, status=404)
    assert "/evaluate" not in get(world, "nurse", "plan_agreement", world.agreements[0])


def test_who_may_not_evaluate_has_no_page_for_it(world: World) -> None:
    teacher = Who(kind=WhoKind.PROFESSIONAL, professional_id=world.professionals["teacher"])
    world.draft()
    own = world.do("nurse", actions.add_agreement, world.nurse_does("at school", who=teacher))
    world.agree()
    assert "/evaluate" not in get(world, "teacher", "plan_agreement", own)
    get(world, "teacher", "plan_agreement_evaluate", own, status=404)
    get(world, "gp", "plan_agreement_evaluate", own, status=404)
