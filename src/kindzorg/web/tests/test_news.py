"""What changed since the previous visit: thing by thing, of others, and nothing that the reader may not know of."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from kindzorg.access.roles import Role
from kindzorg.careplan import actions
from kindzorg.careplan.models import GoalText
from kindzorg.careplan.proposals.rules import NewProposal, ProposalKind
from kindzorg.careplan.rules import AgreementState, Evaluated, GoalState, Who, WhoKind
from kindzorg.careplan.tests.conftest import SYSTEM, World, build, goal
from kindzorg.careplan.tests.doors import client, few_statements
from kindzorg.careteam.actions import NewMember, add_member, leave_team
from kindzorg.careteam.models import Grant, Membership
from kindzorg.core.vocabulary import Law
from kindzorg.journey.models import LastLook
from kindzorg.journey.rules import Look, News, grouped, look_now

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 14, 10, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """A family with a plan in force; the door's clock is that of what was done last."""
    made = build()
    made.in_force(goals=2, agreements=2)
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    return made


def later(world: World, minutes: int = 31) -> None:
    world.moment += timedelta(minutes=minutes)


def start(world: World, who: str, name: str = "child_start") -> Any:
    answer = client(world, who).get(reverse(name, args=[world.child_id]))
    assert answer.status_code == 200
    return answer.context


def visited(world: World, *people: str) -> None:
    """Everybody was here, and left."""
    for who in people:
        start(world, who)
    later(world)


def said(world: World, who: str) -> list[tuple[str, str]]:
    return [(one["title"], one["said"]) for one in start(world, who)["groups"]]


# --- when a visit begins ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "before", "after", "expected"),
    [
        (None, None, timedelta(0), Look(AT, None)),
        (None, AT - HALF_HOUR, timedelta(0), Look(AT, AT - HALF_HOUR)),
        (Look(AT, None), None, HALF_HOUR - timedelta(seconds=1), Look(AT, None)),
        (Look(AT, AT - HALF_HOUR), None, timedelta(0), Look(AT, AT - HALF_HOUR)),
        (Look(AT, AT - HALF_HOUR), None, HALF_HOUR, Look(AT + HALF_HOUR, AT)),
    ],
)
def test_a_visit_lasts_half_an_hour(last, before, after, expected) -> None:
    assert look_now(last, before, AT + after) == expected


def test_news_is_grouped_by_thing_the_newest_first() -> None:
    def news(item: str, item_id: Any, minute: int, title: str = "") -> News:
        return News(item=item, item_id=item_id, title=title, kind="", at=AT + timedelta(minutes=minute))

    found = grouped(
        [news("goal", 1, 1), news("agreement", 2, 2), news("goal", 1, 3), news("team", None, 4, "a"),
         news("team", None, 5, "b")]
    )  # fmt: skip
    assert [(one.item, one.title, len(one.events)) for one in found] == [
        ("team", "b", 1), ("team", "a", 1), ("goal", "", 2), ("agreement", "", 1),
    ]  # fmt: skip
    assert [event.at.minute for event in found[2].events] == [3, 1]


def test_reloading_shows_the_same_until_the_visit_is_over(world: World) -> None:
    assert start(world, "mother")["groups"] == []
    assert start(world, "mother")["before"] is None
    later(world)
    world.do("nurse", actions.answer_agreement, world.agreements[0], AgreementState.AGREED, "")
    shown = [("agreement 0.0", "Nurse zei ja")]
    assert said(world, "mother") == shown
    later(world, 29)
    assert said(world, "mother") == shown
    assert LastLook.objects.filter(user=world.users["mother"]).count() == 1
    later(world)
    assert said(world, "mother") == []
    assert start(world, "mother")["before"]


def test_who_came_before_visits_were_kept_is_no_first_visitor(world: World) -> None:
    start(world, "mother")
    LastLook.objects.all().delete()
    later(world)
    world.do("nurse", actions.answer_agreement, world.agreements[0], AgreementState.AGREED, "")
    assert said(world, "mother") == [("agreement 0.0", "Nurse zei ja")]


# --- what is told -------------------------------------------------------------------------------------------


def test_everything_that_others_did_is_told_thing_by_thing(world: World) -> None:
    visited(world, "mother", "nurse", "child")
    world.do("nurse", actions.answer_agreement, world.agreements[0], AgreementState.AGREED, "")
    world.do("nurse", actions.evaluate_agreement, world.agreements[0], Evaluated(works="well"))
    world.do("nurse", actions.evaluate_goal, world.goals[0], Evaluated(step=3))
    world.do("nurse", actions.move_goal, world.goals[1], GoalState.ON_HOLD, "tired")
    world.do("nurse", actions.evaluate_plan, Evaluated(works="well"))
    new = NewProposal(kind=ProposalKind.GOAL, goal_id=world.goals[0], what="other words")
    proposal = world.do("father", actions.make_proposal, new)
    world.do("nurse", actions.decline_proposal, proposal, "not now")
    page = start(world, "mother")
    assert [one["title"] for one in page["groups"]] == [
        "other words", "Nurse schreef op hoe het plan als geheel gaat", "goal 1", "goal 0", "agreement 0.0",
    ]  # fmt: skip
    assert page["groups"][0]["said"] == "Nurse gaf antwoord: niet overgenomen"
    assert [one["said"] for one in page["groups"][0]["earlier"]] == ["Voorstel van Father"]
    assert not [line for line in page["changes"] if "doel" in line["said"]]
    assert said(world, "nurse") == [("other words", "Voorstel van Father")]
    assert ("goal 1", "Het doel staat even stil") in said(world, "child")
    for group in page["groups"]:
        assert client(world, "mother").get(group["url"]).status_code == 200


def test_a_new_plan_is_one_thing_and_a_draft_is_nothing(world: World) -> None:
    visited(world, "mother", "doctor")
    world.do("nurse", actions.start_draft)
    world.do("nurse", actions.add_goal, goal("secret"))
    world.do("nurse", actions.remove_agreement, world.agreements[3], "gone", 1)
    world.do("nurse", actions.change_goal, world.goals[0], goal("goal 0, better"), 1)
    assert said(world, "mother") == []
    world.do("nurse", actions.add_agreement, world.nurse_does("sing", goal_id=world.goals[0]))
    added = world.do("nurse", actions.add_agreement, world.nurse_does("secret", goal_id=None))
    world.do("nurse", actions.remove_agreement, added, "", 1)
    secret = _secret(world)
    world.do("nurse", actions.remove_goal, secret, "", 1)
    world.agree()
    assert said(world, "mother") == [("Er is een nieuw plan: versie 2", "")]
    assert reverse("plan_changes", args=[world.child_id, 2]) == start(world, "doctor")["groups"][0]["url"]


def _secret(world: World) -> Any:
    return GoalText.objects.get(words="secret").goal_id


def test_a_first_plan_is_told(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    world = build()
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: world.moment)
    visited(world, "mother")
    world.in_force()
    assert said(world, "mother") == [("Het eerste plan geldt nu", "")]


def test_the_page_with_all_shows_what_the_start_page_has_no_room_for(world: World) -> None:
    visited(world, "mother")
    for agreement in world.agreements:
        world.do("nurse", actions.answer_agreement, agreement, AgreementState.AGREED, "")
    for key in world.goals:
        world.do("nurse", actions.evaluate_goal, key, Evaluated(step=2))
        world.do("nurse", actions.evaluate_goal, key, Evaluated(step=3))
    page = start(world, "mother")
    assert len(page["groups"]) == 5 and page["more_news"] and page["changes"] == []
    whole = start(world, "mother", "child_news")
    assert len(whole["groups"]) == 6 and len(whole["groups"][0]["earlier"]) == 1
    assert start(world, "doctor", "child_news")["groups"] == []


def test_what_left_the_plan_leads_to_the_plan(world: World) -> None:
    visited(world, "mother")
    world.do("nurse", actions.answer_agreement, world.agreements[0], AgreementState.DECLINED, "ill")
    world.do("nurse", actions.start_draft)
    world.do("nurse", actions.remove_agreement, world.agreements[0], "gone", 1)
    world.agree()
    (group,) = [one for one in start(world, "mother")["groups"] if one["title"] == "agreement 0.0"]
    assert group["url"] == reverse("plan", args=[world.child_id])


def test_who_came_and_went(world: World) -> None:
    visited(world, "mother", "gp")
    new = NewMember(Role.COORDINATOR, organisation_id=world.organisations["practice"])
    add_member(SYSTEM, world.as_("nurse")[1], new, world.now())
    gone = Membership.objects.get(professional_id=world.professionals["teacher"])
    world.do("nurse", leave_team, gone.id)
    titles = [title for title, _ in said(world, "mother")]
    assert titles == ["Practice (overkoepelend coördinator) doet mee", "Teacher (school) doet niet meer mee"]


# --- what is not told ---------------------------------------------------------------------------------------


def test_who_reads_a_part_hears_of_that_part(world: World) -> None:
    world.do("nurse", actions.start_draft)
    school = Who(kind=WhoKind.PROFESSIONAL, professional_id=world.professionals["teacher"])
    own = world.do("nurse", actions.add_agreement, world.nurse_does("walk", who=school, law=Law.EDUCATION))
    world.agree()
    visited(world, "teacher")
    world.do("nurse", actions.answer_agreement, world.agreements[0], AgreementState.AGREED, "")
    world.do("nurse", actions.evaluate_goal, world.goals[0], Evaluated(step=3))
    world.do("nurse", actions.evaluate_agreement, own, Evaluated(works="well"))
    about = NewProposal(kind=ProposalKind.AGREEMENT, agreement_id=own, what="by bike")
    world.do("mother", actions.make_proposal, about)
    assert said(world, "teacher") == [("by bike", "Voorstel van Mother")]


def test_what_consent_closes_is_not_told(world: World) -> None:
    visited(world, "gp")
    Grant.objects.filter(user=world.users["gp"]).update(domains="social")
    world.do("nurse", actions.answer_agreement, world.agreements[0], AgreementState.AGREED, "")
    world.do("nurse", actions.evaluate_goal, world.goals[0], Evaluated(step=3))
    world.do("nurse", actions.evaluate_plan, Evaluated(works="well"))
    world.do("mother", actions.make_proposal, NewProposal(kind=ProposalKind.PLAN, what="fewer"))
    assert said(world, "gp") == []


def test_a_young_child_does_not_hear_of_what_the_law_keeps_from_it(world: World) -> None:
    world.do("nurse", actions.start_draft)
    lift = world.nurse_does("a lift", law=Law.WMO, goal_id=world.goals[0])
    hidden = world.do("nurse", actions.add_agreement, lift)
    world.agree()
    visited(world, "child", "mother")
    world.do("nurse", actions.answer_agreement, hidden, AgreementState.AGREED, "")
    assert said(world, "child") == []
    assert said(world, "mother") == [("a lift", "Nurse zei ja")]


def test_it_costs_the_same_however_much_is_new(world: World) -> None:
    visited(world, "mother", "nurse")
    for agreement in world.agreements:
        world.do("nurse", actions.answer_agreement, agreement, AgreementState.AGREED, "")
    browser = client(world, "mother")
    for name in ("child_start", "child_news"):
        browser.get(reverse(name, args=[world.child_id]))
        with few_statements():
            browser.get(reverse(name, args=[world.child_id]))
