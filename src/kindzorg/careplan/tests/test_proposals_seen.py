"""Who sees a proposal: who sees the thing that it is about. And its rows never change."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kindzorg.careplan import actions, queries
from kindzorg.careplan.models import GoalText, PlanVersion
from kindzorg.careplan.proposals import rules as proposal_rules
from kindzorg.careplan.proposals.models import Proposal, ProposalStep
from kindzorg.careplan.proposals.rules import NewProposal, ProposalKind, Written
from kindzorg.careplan.rules import Who, WhoKind
from kindzorg.careplan.tests.conftest import build, goal, need, served
from kindzorg.careplan.tests.test_proposals import about_agreement, about_goal, made, one, seen, told, waits
from kindzorg.careplan.tests.test_walls import refused
from kindzorg.careteam.models import Grant
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import Law, LifeDomain
from kindzorg.core.walls import behind_wall

pytestmark = pytest.mark.django_db


def teacher(world):
    return Who(kind=WhoKind.PROFESSIONAL, professional_id=world.professionals["teacher"])


def narrowed(world, who: str, domains: str) -> None:
    """Consent leaves only these domains open to somebody."""
    assert Grant.objects.filter(user=world.users[who]).update(domains=domains)


def test_who_reads_a_part_proposes_on_that_part_alone(world) -> None:
    world.draft()
    own = world.nurse_does("walk to school", who=teacher(world), law=Law.EDUCATION)
    world.agreements.append(world.do("nurse", actions.add_agreement, own))
    world.agree()
    mine = made(world, "teacher", about_agreement(world, 1))
    theirs = made(world, "mother")
    on_goal = made(world, "teacher", about_goal(world))
    for new in (about_agreement(world, 0), about_goal(world, goal_id=new_id())):
        with pytest.raises(Missing):
            made(world, "teacher", new)
    of_mother = made(world, "mother", about_agreement(world, 1))
    assert {row.id for row in seen(world, "teacher")} == {mine, on_goal, of_mother}
    with pytest.raises(Missing):
        one(world, "teacher", theirs)
    assert {row.id for row in seen(world, "mother")} == {mine, on_goal, of_mother, theirs}


def test_a_proposal_is_of_the_grounds_that_a_young_child_may_read(world) -> None:
    world.draft()
    wmo = world.nurse_does("a lift", law=Law.WMO)
    world.agreements.append(world.do("nurse", actions.add_agreement, wmo))
    world.agree()
    hidden, shown = made(world, new=about_agreement(world, 1)), made(world)
    assert Proposal.objects.get(id=hidden).ground == "wmo"
    assert {row.id for row in seen(world, "child")} == {shown}
    with pytest.raises(Missing):
        made(world, "child", about_agreement(world, 1))


def test_what_consent_closes_is_not_there(world) -> None:
    world.draft(goals=2)
    world.agree()
    social = GoalText.objects.get(goal_id=world.goals[1])
    assert social.domains == ["medical"]
    keys = [
        made(world, new=NewProposal(kind=ProposalKind.NEW_GOAL, what="play", domain=LifeDomain.SOCIAL)),
        made(world, new=NewProposal(kind=ProposalKind.PLAN, what="fewer people")),
        made(world),
    ]
    narrowed(world, "gp", "medical")
    assert {row.id for row in seen(world, "gp")} == {keys[2]}
    with pytest.raises(Refused):
        made(world, "gp", NewProposal(kind=ProposalKind.PLAN, what="fewer"))
    with pytest.raises(Refused):
        made(world, "gp", NewProposal(kind=ProposalKind.NEW_GOAL, what="more", domain=LifeDomain.SOCIAL))
    narrowed(world, "colleague", "medical")
    assert {row.object_id for row in waits(world, "colleague")} == {keys[2]}
    before = told(world, "colleague").count("proposal_to_decide")
    made(world, new=NewProposal(kind=ProposalKind.NEW_GOAL, what="sing", domain=LifeDomain.SOCIAL))
    assert told(world, "colleague").count("proposal_to_decide") == before


@pytest.mark.parametrize(
    ("kind", "domain", "open_to", "is_told"),
    [
        (ProposalKind.PLAN, None, "medical|social", False),
        (ProposalKind.PLAN, None, "", False),
        (ProposalKind.PLAN, None, "|".join(LifeDomain), True),
        (ProposalKind.NEW_GOAL, LifeDomain.SOCIAL, "medical|social", True),
        (ProposalKind.NEW_GOAL, LifeDomain.SOCIAL, "medical", False),
    ],
)
def test_who_decides_is_told_only_of_what_it_sees_whole(world, kind, domain, open_to, is_told) -> None:
    world.in_force()
    narrowed(world, "colleague", open_to)
    made(world, new=NewProposal(kind=kind, what="fewer people", domain=domain))
    assert ("proposal_to_decide" in told(world, "colleague")) is is_told
    assert ("proposal_to_decide" in [row.kind for row in waits(world, "colleague")]) is is_told
    assert "proposal_to_decide" in told(world, "nurse")


def test_a_goal_of_two_domains_is_told_to_who_decides_and_sees_both(world) -> None:
    world.draft()
    both = goal("sleep and play", domains=(LifeDomain.MEDICAL, LifeDomain.SOCIAL))
    world.goals.insert(0, world.do("nurse", actions.add_goal, both))
    world.do("nurse", actions.add_agreement, world.nurse_does("sing at night"))
    world.agree()
    narrowed(world, "colleague", "medical")
    made(world, new=about_goal(world))
    assert told(world, "colleague").count("proposal_to_decide") == 0
    narrowed(world, "colleague", "medical|social")
    made(world, new=about_goal(world))
    assert told(world, "colleague").count("proposal_to_decide") == 1


@pytest.mark.parametrize(
    ("about", "open_to", "decides", "hears"),
    [
        ("", "medical social", False, False),
        ("", "medical development social safety", False, True),
        ("medical social", "medical", False, True),
        ("medical social", "medical", True, False),
        ("medical social", "safety", False, False),
        ("medical social", "medical social", True, True),
        ("medical", "", True, False),
    ],
)
def test_who_hears_of_a_proposal(about: str, open_to: str, decides: bool, hears: bool) -> None:
    named, seen_ = (frozenset(map(LifeDomain, words.split())) for words in (about, open_to))
    assert proposal_rules.hears(seen_, named, decides=decides) is hears


def test_an_agreement_straight_from_a_need_is_of_the_domain_of_that_need(world) -> None:
    play = need("play", domain=LifeDomain.SOCIAL)
    world.draft()
    PlanVersion.objects.update(needs=[play.stored()])
    loose = world.nurse_does("take to play", goal_id=None, need=served(play))
    world.agreements.append(world.do("nurse", actions.add_agreement, loose))
    world.agree()
    key = made(world, new=about_agreement(world, 1))
    narrowed(world, "gp", "social")
    assert {row.id for row in seen(world, "gp")} == {key}
    narrowed(world, "gp", "medical")
    assert seen(world, "gp") == ()


def test_a_proposal_asks_the_same_however_many_there_are(world) -> None:
    world.in_force(goals=2, agreements=2)

    def asked() -> int:
        given = (*world.as_("nurse"), world.moment.date())
        with CaptureQueriesContext(connection) as caught:
            queries.proposals_for(*given)
        return len(caught)

    first = made(world)
    world.do("nurse", actions.accept_proposal, first, Written())
    made(world)
    one_of_each = asked()
    for _ in range(5):
        made(world)
    assert asked() == one_of_each == 1


def test_rows_are_never_changed_and_stay_behind_the_wall(world) -> None:
    world.in_force()
    key = made(world)
    world.do("nurse", actions.decline_proposal, key, "no")
    for table in (Proposal, ProposalStep):
        refused(lambda table=table: table.objects.update(ground="avg"))
        refused(lambda table=table: table.objects.all()._raw_delete(table.objects.db))


@pytest.mark.postgresql
def test_on_postgresql_the_wall_holds(world) -> None:
    world.in_force()
    key = made(world)
    world.do("nurse", actions.decline_proposal, key, "no")
    other = build()
    for users, there in ((world.users, True), (other.users, False)):
        with behind_wall(users["mother"].id, world.moment.date()):
            assert Proposal.objects.exists() is ProposalStep.objects.exists() is there
