"""A child from 12 keeps its own proposal from its parents; who helps it sees it, and below 12 it is for all."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions
from kindzorg.careplan.models import PlanVersion
from kindzorg.careplan.news import news_rows_for
from kindzorg.careplan.proposals.models import Proposal
from kindzorg.careplan.proposals.rules import NewProposal, PlanSight, ProposalKind, Shown, Written, may_see
from kindzorg.careplan.tests.conftest import World, build
from kindzorg.careplan.tests.doors import client, get, post, url
from kindzorg.careplan.tests.test_proposals import about_goal, made, one, seen, told, waits
from kindzorg.careteam.marks.actions import lift_own
from kindzorg.careteam.models import Mark
from kindzorg.careteam.queries import child_for, hidden_lines
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.core.walls import behind_wall
from kindzorg.journey.waiting import waiting_in

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=ZoneInfo("UTC"))


@pytest.fixture
def family() -> World:
    """A girl of thirteen with a plan in force."""
    world = build(date(2013, 5, 1))
    world.draft()
    world.offer()
    for who in ("mother", "father", "child"):
        world.do(who, actions.sign_version, 1, True, "")
    world.do("doctor", actions.approve_version, 1, True, "")
    assert PlanVersion.objects.get().status == "in_force"
    return world


def kept(world: World, **parts: object) -> UUID:
    key: UUID = made(world, "child", about_goal(world, keep=True, **parts))
    return key


def test_what_a_child_keeps_is_not_there_for_its_parents(family: World) -> None:
    key, open_one = kept(family), made(family, "child", about_goal(family, what="later"))
    assert {row.id for row in seen(family, "mother")} == {open_one}
    with pytest.raises(Missing):
        one(family, "father", key)
    for who in ("child", "nurse", "doctor"):
        assert one(family, who, key).kept == Mark.objects.get().id
    assert key in {row.object_id for row in waits(family, "nurse")}
    assert "proposal_to_decide" in told(family, "nurse")


def test_the_answer_and_the_news_stay_from_them_too(family: World) -> None:
    key = kept(family)
    family.do("nurse", actions.decline_proposal, key, "not now")
    assert one(family, "child", key).reason == "not now"
    for who, there in (("mother", 0), ("doctor", 2)):
        actor = family.actor(who)
        opened = child_for(actor, family.child_id, family.moment.date())
        rows = news_rows_for(actor, opened, LONG_AGO, family.moment.date())
        assert len([news for news in waiting_in(rows) if news.item == "proposal"]) == there


def test_it_is_kept_later_and_shown_again(family: World) -> None:
    key = made(family, "child", about_goal(family))
    assert seen(family, "mother")
    with pytest.raises(Refused):
        family.do("mother", actions.keep_proposal, key)
    family.do("child", actions.keep_proposal, key)
    assert not seen(family, "mother")
    with pytest.raises(Invalid, match="marked_already"):
        family.do("child", actions.keep_proposal, key)
    theirs = made(family, "mother", about_goal(family))
    with pytest.raises(Invalid, match="mark_own_only"):
        family.do("child", actions.keep_proposal, theirs)
    family.do("child", lift_own, Mark.objects.get().id)
    assert {row.id for row in seen(family, "mother")} == {key, theirs}


def test_below_twelve_nothing_is_kept(world: World) -> None:
    world.in_force()
    with pytest.raises(Refused):
        made(world, "child", about_goal(world, keep=True))
    assert not Proposal.objects.exists()
    key = made(world, "child", about_goal(world))
    with pytest.raises(Refused):
        world.do("child", actions.keep_proposal, key)
    assert {row.id for row in seen(world, "mother")} == {key}
    assert 'name="keep"' not in get(world, "child", "plan_propose")


def test_what_is_accepted_tells_nothing_in_the_reason_of_the_draft(family: World) -> None:
    new = NewProposal(kind=ProposalKind.NEW_GOAL, what="a secret", domain=LifeDomain.SOCIAL, keep=True)
    key = made(family, "child", new)
    assert post(family, "nurse", "plan_proposal_accept", key, write="1").status_code == 302
    assert PlanVersion.objects.get(status="draft").why == ""
    family.do("nurse", actions.accept_proposal, key, Written())
    assert not seen(family, "mother")


def test_a_search_finds_it_for_who_sees_it_alone(family: World) -> None:
    kept(family, what="zwemmen zonder hen")
    for who, there in (("mother", False), ("child", True), ("nurse", True)):
        page = client(family, who).get(url(family, "child_search"), {"q": "zwemmen"}).content.decode()
        assert ("zonder hen" in page) is there, who


def test_by_the_door(family: World) -> None:
    assert "Mijn ouders mogen dit niet lezen" in get(family, "child", "plan_propose")
    assert "Mijn ouders mogen dit niet lezen" not in get(family, "nurse", "plan_propose")
    typed = {"kind": "new_goal", "what": "alleen zijn", "domain": "social", "keep": "on"}
    assert post(family, "child", "plan_propose", **typed).status_code == 302
    key = Proposal.objects.get().id
    get(family, "mother", "plan_proposal", key, status=404)
    assert "alleen zijn" not in get(family, "mother", "plan_proposals")
    assert "Niet voor de ouders" in get(family, "nurse", "plan_proposal", key)
    assert "Praat eerst met het kind" in get(family, "nurse", "plan_proposal", key)
    page = get(family, "child", "plan_proposal", key)
    assert "Mijn ouders mogen dit weer lezen" in page
    assert post(family, "child", "mark_step", Mark.objects.get().id, "lift").status_code == 302
    assert "alleen zijn" in get(family, "mother", "plan_proposals")
    assert post(family, "child", "plan_proposal_keep", key).status_code == 302
    again = post(family, "child", "plan_proposal_keep", key)
    assert "al niet voor je ouders" in again.content.decode()
    assert post(family, "mother", "plan_proposal_keep", key).status_code in (403, 404)


def test_the_trail_speaks_of_it_to_no_parent(family: World) -> None:
    key = kept(family)
    actor, subject = family.as_("mother")
    lines = AuditLine.objects.filter(hidden_lines(actor, subject, family.moment.date()))
    assert {"proposal.made", "mark.set"} <= set(lines.values_list("event", flat=True))
    assert key in set(lines.values_list("object_id", flat=True))


@pytest.mark.parametrize(("parental", "shown"), [(True, False), (False, True)])
def test_the_rule_of_what_is_kept(parental: bool, shown: bool) -> None:
    sight = PlanSight(domains=frozenset(LifeDomain), parental=parental)
    assert may_see(sight, Shown(domains={LifeDomain.SOCIAL}, kept=True)) is shown
    assert may_see(sight, Shown(domains={LifeDomain.SOCIAL}))


@pytest.mark.postgresql
def test_on_postgresql_it_is_kept_behind_the_wall_as_well(family: World) -> None:
    key = kept(family)
    for who, there in (("mother", set()), ("child", {key}), ("nurse", {key})):
        with behind_wall(family.users[who].id, family.moment.date()):
            assert {row.id for row in seen(family, who)} == there
