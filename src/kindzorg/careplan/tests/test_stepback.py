"""Stepping down with a safety net, and the quick way back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kindzorg.careplan import actions as plan
from kindzorg.careplan.evaluations.models import SafetyNet
from kindzorg.careplan.evaluations.rules import check_net
from kindzorg.careplan.models import PlanVersion
from kindzorg.careplan.proposals.models import Proposal, ProposalStep
from kindzorg.careplan.queries import draft_for
from kindzorg.careplan.rules import Evaluated, Net, WayOn, Works
from kindzorg.careplan.stepback.actions import step_back
from kindzorg.careplan.stepback.models import StepBack
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import LifeDomain

from .conftest import TODAY, World, approve, need, served, sign
from .doors import get, post, url
from .test_proposals_seen import narrowed
from .test_reviews import few, told, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
WAS = ("te snel", "Terug naar zoals het was")
UNTIL = TODAY + timedelta(40)
NET = Net(watch="De saturatie.", call="Marit", until=UNTIL)


def steps_down(world: World, about: str = "goal", net: Net = NET) -> SafetyNet:
    if about == "goal":
        given = Evaluated(step=4, way_on=WayOn.STEP_DOWN, net=net)
        world.do("nurse", plan.evaluate_goal, world.goals[0], given)
    else:
        given = Evaluated(works=Works.WELL, way_on=WayOn.STEP_DOWN, net=net)
        what = (plan.evaluate_plan,) if about == "plan" else (plan.evaluate_agreement, world.agreements[0])
        world.do("nurse", *what, given)
    return SafetyNet.objects.latest("created_at")


def changes_plan(world: World, drop: bool = False, goal_too: bool = False) -> None:
    world.do("nurse", plan.start_draft)
    revision = 1
    if drop:
        world.do("nurse", plan.remove_agreement, world.agreements[0], "minder", revision)
        kept = world.do("nurse", plan.add_agreement, world.nurse_does("minder nachten"))
        world.agreements.append(kept)
    else:
        less = world.nurse_does("care at night, twice", when="two nights", goal_id=world.goals[0])
        world.do("nurse", plan.change_agreement, world.agreements[0], less, revision)
    comes_into_force(world)


def comes_into_force(world: World) -> None:
    number = PlanVersion.objects.filter(status="draft").values_list("number", flat=True).get()
    world.offer()
    for parent in ("mother", "father", "child"):
        sign(world, parent, number)
    approve(world, "doctor", number)
    assert PlanVersion.objects.get(number=number).status == "in_force"


@pytest.mark.parametrize(
    ("net", "code"),
    [
        (Net(call="a", until=UNTIL), "net_watch_required"),
        (Net(watch="a", until=UNTIL), "net_call_required"),
        (Net(watch="a", call="b"), "net_until_required"),
        (Net(watch="a", call="b", until=TODAY), "net_until_required"),
        (Net(watch="a", call="b", until=TODAY + timedelta(500)), "net_until_required"),
    ],
)
def test_stepping_down_asks_for_its_net(net: Net, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        check_net(net, TODAY)


def test_the_way_back_by_a_parent_is_a_proposal_and_everybody_hears(world: World) -> None:
    net = steps_down(world)
    changes_plan(world)
    made = world.do("mother", step_back, net.id, WAS)
    proposal = Proposal.objects.get(id=made)
    assert proposal.agreement_id == world.agreements[0] and proposal.when == "each night"
    assert not ProposalStep.objects.exists()
    assert {"nurse", "doctor", "father", "child"} <= told(world, "plan_step_back")
    assert "nurse" in told(world, "proposal_to_decide")
    with pytest.raises(Invalid, match="stepped_back_already"):
        world.do("nurse", step_back, net.id, WAS)
    assert "Teruggeschaald door" in get(world, "nurse", "plan_goal", world.goals[0])


def test_the_way_back_by_a_nurse_stands_in_the_draft(world: World) -> None:
    net = steps_down(world, "agreement")
    changes_plan(world)
    world.do("nurse", step_back, net.id, WAS)
    draft = draft_for(*world.as_("nurse"), TODAY)
    assert draft and draft.agreements[0].content.when == "each night"
    assert ProposalStep.objects.get().state == "accepted"


def test_what_left_the_plan_comes_back_as_new(world: World) -> None:
    net = steps_down(world)
    changes_plan(world, drop=True)
    world.do("nurse", step_back, net.id, WAS)
    assert Proposal.objects.get().kind == "new_agreement"
    draft = draft_for(*world.as_("nurse"), TODAY)
    assert draft and len(draft.agreements) == 3


def test_what_serves_a_need_alone_stays_of_the_domain_of_that_need(world: World) -> None:
    play = need("play", domain=LifeDomain.SOCIAL)
    world.do("nurse", plan.start_draft)
    PlanVersion.objects.filter(status="draft").update(needs=[play.stored()])
    loose = world.nurse_does("take to play", goal_id=None, need=served(play))
    world.agreements.insert(0, world.do("nurse", plan.add_agreement, loose))
    comes_into_force(world)
    net = steps_down(world, "agreement")
    world.do("nurse", plan.start_draft)
    world.do("nurse", plan.remove_agreement, world.agreements[0], "minder", 1)
    world.do("nurse", plan.add_agreement, replace(loose, what="something else"))
    comes_into_force(world)
    narrowed(world, "doctor", "medical")
    with pytest.raises(Missing):
        world.do("doctor", step_back, net.id, WAS)
    world.do("mother", step_back, net.id, WAS)
    made = Proposal.objects.get()
    assert made.kind == "new_agreement" and made.domain == "social"
    assert "doctor" not in told(world, "plan_step_back") and "father" in told(world, "plan_step_back")


def test_while_another_version_waits_it_stays_a_proposal(world: World) -> None:
    net = steps_down(world)
    changes_plan(world)
    world.do("nurse", plan.start_draft)
    other = world.nurse_does("something else", goal_id=world.goals[1])
    world.do("nurse", plan.add_agreement, other)
    world.offer()
    world.do("nurse", step_back, net.id, WAS)
    assert Proposal.objects.count() == 1 and not ProposalStep.objects.exists()


def test_nothing_has_to_go_back_while_the_plan_had_not_changed(world: World) -> None:
    for about in ("goal", "plan"):
        net = steps_down(world, about)
        assert world.do("father", step_back, net.id, WAS) is None
    assert StepBack.objects.count() == 2 and not Proposal.objects.exists()


def test_the_way_back_ends_and_is_for_who_sees_it(world: World) -> None:
    net = steps_down(world)
    with pytest.raises(Missing):
        world.do("nurse", step_back, new_id(), WAS)
    narrowed(world, "doctor", "social")
    with pytest.raises(Missing):
        world.do("doctor", step_back, net.id, WAS)
    with pytest.raises(Refused):
        world.do("gp", step_back, net.id, WAS)
    page = get(world, "mother", "plan_goal", world.goals[0])
    assert "De saturatie." in page and "Terug naar zoals het was" in page
    few(world, "nurse", "plan_goal", world.goals[0])
    world.moment += timedelta(60)
    with pytest.raises(Invalid, match="net_over"):
        world.do("mother", step_back, net.id, WAS)
    post(world, "mother", "plan_step_back", net.id)
    assert not StepBack.objects.exists()
    assert "Het is gelukt met minder zorg" in get(world, "mother", "plan_goal", world.goals[0])


def test_one_tap_on_the_page(world: World) -> None:
    net = steps_down(world, "agreement")
    assert "Wie u belt" in get(world, "mother", "plan_agreement", world.agreements[0])
    answer = post(world, "mother", "plan_step_back", net.id, why="Ze slaapt niet.")
    assert answer.url == url(world, "plan")
    other = steps_down(world)
    changes_plan(world)
    answer = post(world, "mother", "plan_step_back", other.id)
    assert answer.url == url(world, "plan_proposal", Proposal.objects.get().id)


def test_the_form_asks_for_the_net(world: World) -> None:
    less = {"step": 4, "way_on": "step_down"}
    refused = post(world, "nurse", "plan_evaluate", world.goals[0], **less).content.decode()
    assert "waar u op let" in refused
    post(
        world,
        "nurse",
        "plan_evaluate",
        world.goals[0],
        **less,
        net_watch="slaap",
        net_call="Marit",
        net_until=UNTIL.isoformat(),
    )
    assert SafetyNet.objects.get().watch == "slaap"
    post(world, "nurse", "plan_evaluate", world.goals[0], step=5, way_on="continue")
    page = get(world, "child", "plan_goal", world.goals[0])
    assert "Je doel is bereikt" in page and "<svg" in page and "Als tabel" in page
