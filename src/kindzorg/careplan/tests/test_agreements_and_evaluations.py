"""Answering agreements, evaluating goals, own parts, what waits, and the outcome."""

from datetime import timedelta

import pytest

from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions, queries
from kindzorg.careplan.models import AgreementStep, Evaluation, StoredOutcome
from kindzorg.careplan.rules import (
    AgreementState,
    Evaluated,
    GoalState,
    WayOn,
    Who,
    WhoKind,
    Works,
)
from kindzorg.careplan.tests.conftest import LATER, TODAY, build, goal, need, served
from kindzorg.careplan.waiting import waiting_for
from kindzorg.careteam.models import Grant
from kindzorg.careteam.queries import opened_children
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.models import CareJourney
from kindzorg.notices.models import Notice
from kindzorg.people.models import Relative

pytestmark = pytest.mark.django_db
State = AgreementState


def answer(world, who: str, key, state: AgreementState, reason: str = "") -> str:
    world.do(who, actions.answer_agreement, key, state, reason)
    return AgreementStep.objects.filter(agreement_id=key).latest("id").state


def waiting(world, who: str):
    actor, on = world.actor(who), world.moment.date()
    return waiting_for(actor, opened_children(actor, on), on)


def waits(world, who: str) -> list[str]:
    return sorted(one.kind for one in waiting(world, who))


def asked_of(world, **who) -> object:
    """A plan in force with one agreement, asked of this one."""
    world.draft(agreements=0)
    key = world.do("nurse", actions.add_agreement, world.nurse_does(who=Who(**who)))
    world.agree()
    return key


def test_only_who_is_asked_answers(world) -> None:
    key = asked_of(world, kind=WhoKind.ORGANISATION, organisation_id=world.organisations["school"])
    assert waits(world, "teacher") == ["agreement_to_answer"]
    for who in ("nurse", "mother", "doctor"):
        with pytest.raises(Refused, match="not_your_agreement"):
            answer(world, who, key, State.AGREED)
    with pytest.raises(Refused):
        answer(world, "child", key, State.AGREED)
    with pytest.raises(Invalid, match="reason_required"):
        answer(world, "teacher", key, State.MORE_INFO_ASKED)
    assert answer(world, "teacher", key, State.MORE_INFO_ASKED, "how long?") == "more_info_asked"
    assert (waits(world, "teacher"), waits(world, "nurse")) == ([], ["agreement_info_asked"])
    assert answer(world, "nurse", key, State.ASKED, "an hour") == "asked"
    assert answer(world, "teacher", key, State.DECLINED, "no room") == "declined"
    assert waits(world, "nurse") == ["agreement_declined"]
    (seen,) = queries.plan_for(*world.as_("mother"), world.moment.date()).agreements
    assert (seen.state, seen.reason, seen.by, seen.asked) == ("declined", "no room", "Teacher", False)
    with pytest.raises(Refused, match="not_your_agreement"):
        answer(world, "teacher", key, State.ASKED)
    assert answer(world, "nurse", key, State.ASKED) == "asked"
    assert answer(world, "teacher", key, State.AGREED) == "agreed"
    assert answer(world, "teacher", key, State.DONE) == "done"
    with pytest.raises(Invalid, match="no_such_agreement_step"):
        answer(world, "nurse", key, State.ASKED)
    events = AuditLine.objects.filter(event__startswith="agreement.").order_by("at", "id")
    assert [one.event for one in events][-3:] == [
        "agreement.asked_again",
        "agreement.answered",
        "agreement.done",
    ]
    assert "no room" not in str([one.detail for one in events])


def test_a_named_professional_is_asked_and_a_colleague_may_answer(world) -> None:
    key = asked_of(world, kind=WhoKind.PROFESSIONAL, professional_id=world.professionals["nurse"])
    assert (waits(world, "nurse"), waits(world, "colleague")) == (["agreement_to_answer"], [])
    assert answer(world, "colleague", key, State.AGREED) == "agreed"


def test_what_waits_in_another_domain_waits_for_nobody_who_does_not_see_it(world) -> None:
    person = {"kind": WhoKind.PROFESSIONAL, "professional_id": world.professionals["nurse"]}
    asked_of(world, **person)
    soon = Evaluated(works=Works.PARTLY, next_review_on=TODAY + timedelta(30))
    world.do("nurse", actions.evaluate_plan, soon)
    world.moment += timedelta(days=400)
    assert waits(world, "nurse") == ["agreement_to_answer", "goal_to_review", "plan_to_review"]
    Grant.objects.filter(user=world.users["nurse"]).update(domains="medical")
    assert waits(world, "nurse") == ["agreement_to_answer", "goal_to_review"]
    Grant.objects.filter(user=world.users["nurse"]).update(domains="social")
    assert waits(world, "nurse") == []


def test_an_agreement_for_a_need_is_of_the_domain_of_that_need(world) -> None:
    sleep, school = need("sleep"), need("school", domain=LifeDomain.DEVELOPMENT)
    world.do("nurse", actions.draft_from_needs, [sleep, school])
    first, second = (one.id for one in queries.draft_for(*world.as_("nurse"), TODAY).goals)
    world.do("nurse", actions.remove_goal, second, "", 1)
    world.do("nurse", actions.choose_no_goal, school.need_id, "goes well")
    world.do("nurse", actions.change_goal, first, goal("sleep", needs=(served(sleep),)), 1)
    world.do("nurse", actions.add_agreement, world.nurse_does(goal_id=first))
    world.do("nurse", actions.add_agreement, world.nurse_does("ride", goal_id=None, need=served(school)))
    world.agree()
    for open_to, expected in (("development", ["ride"]), ("medical", ["care at night"]), ("social", [])):
        Grant.objects.filter(user=world.users["nurse"], scope="child").update(domains=open_to)
        assert [one.about for one in waiting(world, "nurse")] == expected


def test_who_sees_another_domain_alone_is_not_told_of_an_agreement(world) -> None:
    world.draft(agreements=0)
    for who in ("nurse", "teacher"):
        person = Who(kind=WhoKind.PROFESSIONAL, professional_id=world.professionals[who])
        world.agreements.append(world.do("nurse", actions.add_agreement, world.nurse_does(who, who=person)))
    Grant.objects.filter(user=world.users["teacher"]).update(domains="social")
    world.agree()
    told = Notice.objects.filter(kind="agreement_to_answer").values_list("recipient_id", flat=True)
    assert list(told) == [world.users["nurse"].id]


def test_a_relative_answers_or_the_owner_for_one_without_an_account(world) -> None:
    key = asked_of(world, kind=WhoKind.RELATIVE, relative_id=world.relatives["aunt"])
    assert waits(world, "aunt") == ["agreement_to_answer"]
    with pytest.raises(Refused):
        answer(world, "nurse", key, State.AGREED)
    assert answer(world, "aunt", key, State.AGREED) == "agreed"
    Relative.objects.filter(id=world.relatives["aunt"]).update(user=None)
    assert answer(world, "nurse", key, State.DECLINED, "she is ill") == "declined"


def test_the_owner_answers_for_the_child_and_for_somebody_only_named(world) -> None:
    world.draft(agreements=0)
    whos = Who(kind=WhoKind.CHILD), Who(kind=WhoKind.OTHER, name="a neighbour")
    keys = [world.do("nurse", actions.add_agreement, world.nurse_does(who=who)) for who in whos]
    world.agree()
    for key in keys:
        with pytest.raises(Refused):
            answer(world, "mother", key, State.AGREED)
        assert answer(world, "nurse", key, State.AGREED) == "agreed"
        assert answer(world, "nurse", key, State.LAPSED, "not needed") == "lapsed"


def test_an_agreement_outside_the_plan_in_force_is_not_answered(world) -> None:
    world.draft()
    with pytest.raises(Missing, match="agreement_not_in_plan"):
        answer(world, "nurse", world.agreements[0], State.AGREED)
    world.agree()
    other = build()
    with pytest.raises(Missing, match="agreement_not_in_plan"):
        answer(other, "nurse", world.agreements[0], State.AGREED)


def test_a_part_holds_own_agreements_and_the_words_of_their_goals(world) -> None:
    world.draft(goals=2)
    teacher = Who(kind=WhoKind.PROFESSIONAL, professional_id=world.professionals["teacher"])
    world.do("nurse", actions.add_agreement, world.nurse_does("watch at lunch", who=teacher))
    loose = world.nurse_does("ride along", who=teacher, goal_id=None, need=served(need("school")))
    world.do("nurse", actions.add_agreement, loose)
    world.do(
        "nurse", actions.change_goal, world.goals[0], goal("breathe well", steps=("a", "b", "c", "d", "e")), 1
    )
    world.agree()
    part = queries.part_for(*world.as_("teacher"), world.moment.date())
    assert [one.content.what for one in part.agreements] == ["watch at lunch", "ride along"]
    assert [one.content.words for one in part.goals] == ["breathe well"]
    assert (part.goals[0].content.steps, part.version.signatures) == (("",) * 5, ())
    assert (part.no_goals, part.needs, part.restricted) == ((), (), True)
    with pytest.raises(Refused):
        queries.part_for(*world.as_("mother"), world.moment.date())


def test_no_part_without_a_plan_in_force(world) -> None:
    world.draft()
    assert queries.part_for(*world.as_("teacher"), world.moment.date()) is None


def test_a_goal_is_evaluated_at_any_time_by_anyone_in_it(world) -> None:
    world.in_force()
    (key,) = world.goals
    world.do(
        "nurse", actions.evaluate_goal, key, Evaluated(step=2, family_view="too slow", way_on=WayOn.CHANGE)
    )
    world.do("child", actions.evaluate_goal, key, Evaluated(step=4, family_view="nice", next_review_on=LATER))
    (seen,) = queries.plan_for(*world.as_("mother"), world.moment.date()).goals
    assert (seen.step, seen.state, seen.review_due) == (4, "active", LATER)
    assert (seen.evaluation.by, seen.evaluation.at) == ("Child", Evaluation.objects.latest("id").created_at)
    views = queries.evaluations_for(*world.as_("mother"), key, world.moment.date())
    assert [(one.step, one.way_on, one.family_view) for one in views] == [
        (4, "continue", "nice"),
        (2, "change", "too slow"),
    ]
    assert AuditLine.objects.filter(event="goal.evaluated").count() == 2


def test_an_evaluation_is_refused(world) -> None:
    world.draft()
    (key,) = world.goals
    with pytest.raises(Missing, match="goal_not_in_plan"):
        world.do("nurse", actions.evaluate_goal, key, Evaluated(step=3))
    world.agree()
    for given, code in (
        (Evaluated(step=0), "step_one_to_five"),
        (Evaluated(step=6), "step_one_to_five"),
        (Evaluated(step=3, next_review_on=TODAY - timedelta(1)), "review_in_past"),
    ):
        with pytest.raises(Invalid, match=code):
            world.do("nurse", actions.evaluate_goal, key, given)
    for who in ("gp", "teacher", "aunt"):
        with pytest.raises(Refused):
            world.do(who, actions.evaluate_goal, key, Evaluated(step=3))


def test_a_grant_over_another_domain_does_not_evaluate(world) -> None:
    world.in_force()
    Grant.objects.filter(user=world.users["colleague"]).update(domains="social")
    with pytest.raises(Refused):
        world.do("colleague", actions.evaluate_goal, world.goals[0], Evaluated(step=3))
    with pytest.raises(Refused):
        world.do("colleague", actions.move_goal, world.goals[0], GoalState.ON_HOLD, "why")
    world.do("nurse", actions.evaluate_goal, world.goals[0], Evaluated(step=3))
    assert queries.evaluations_for(*world.as_("colleague"), world.goals[0], TODAY) == []


def test_the_life_of_a_goal_is_not_how_far_it_is(world) -> None:
    world.draft()
    (key,) = world.goals
    with pytest.raises(Missing, match="goal_not_in_plan"):
        world.do("nurse", actions.move_goal, key, GoalState.COMPLETED, "done")
    world.agree()
    with pytest.raises(Invalid, match="reason_required"):
        world.do("nurse", actions.move_goal, key, GoalState.COMPLETED, "")
    with pytest.raises(Invalid, match="no_such_goal_step"):
        world.do("nurse", actions.move_goal, key, GoalState.PROPOSED, "back")
    world.do("nurse", actions.evaluate_goal, key, Evaluated(step=2))
    world.do("nurse", actions.move_goal, key, GoalState.COMPLETED, "enough for the family")
    (seen,) = queries.plan_for(*world.as_("mother"), world.moment.date()).goals
    assert (seen.state, seen.step, seen.review_due) == ("completed", 2, None)
    assert AuditLine.objects.filter(event="goal.completed").count() == 1


def test_a_review_waits_when_its_day_has_passed(world) -> None:
    world.in_force()
    assert waits(world, "colleague") == []
    world.moment += timedelta(days=91)
    (waiting,) = [
        one
        for one in waiting_for(
            world.actor("nurse"),
            opened_children(world.actor("nurse"), world.moment.date()),
            world.moment.date(),
        )
        if one.kind == "goal_to_review"
    ]
    assert (waiting.due, waiting.about, waiting.object_id) == (LATER, "goal 0", world.goals[0])
    assert waiting.overdue(world.moment.date())
    (seen,) = queries.plan_for(*world.as_("nurse"), world.moment.date()).goals
    assert (seen.overdue(world.moment.date()), seen.overdue(LATER)) == (True, False)
    assert waits(world, "mother") == []
    world.do("nurse", actions.evaluate_goal, world.goals[0], Evaluated(step=3))
    assert "goal_to_review" not in waits(world, "nurse")


def test_what_waits_in_the_deciding(world) -> None:
    world.do("nurse", actions.start_draft)
    assert [waits(world, who) for who in ("nurse", "mother", "doctor")] == [["plan_to_offer"], [], []]
    world.do("nurse", actions.withdraw_version, "")
    world.draft()
    number = world.do("nurse", actions.offer_version).number
    assert [waits(world, who) for who in ("mother", "doctor", "gp")] == [
        ["plan_to_sign"],
        ["plan_to_approve"],
        [],
    ]
    world.do("mother", actions.sign_version, number, False, "too much")
    assert [waits(world, who) for who in ("nurse", "mother")] == [["plan_disagreed"], []]
    CareJourney.objects.update(phase="closed", closed_at=world.moment)
    assert [waits(world, who) for who in ("nurse", "father", "doctor")] == [[], [], []]


def test_the_outcome_is_frozen_as_it_stands(world) -> None:
    sleep, play = need("sleep"), need("play", domain=LifeDomain.SOCIAL)
    world.do("nurse", actions.draft_from_needs, [sleep, play])
    first, second = (one.id for one in queries.draft_for(*world.as_("nurse"), TODAY).goals)
    world.do("nurse", actions.remove_goal, second, "", 1)
    world.do("nurse", actions.choose_no_goal, play.need_id, "goes well")
    world.do("nurse", actions.change_goal, first, goal("sleep", needs=(served(sleep),)), 1)
    key = world.do("nurse", actions.add_agreement, world.nurse_does(goal_id=first))
    world.agree()
    world.do("nurse", actions.evaluate_goal, first, Evaluated(step=5, next_review_on=LATER))
    outcome = world.do("nurse", actions.freeze_outcome)
    assert (outcome.version, [one.evaluation.step for one in outcome.goals]) == (1, [5])
    assert [(one.agreement_id, one.state) for one in outcome.open_agreements] == [(key, "asked")]
    assert [(one.words, one.no_goal_why) for one in outcome.open_needs] == [
        ("we need sleep", ""),
        ("we need play", "goes well"),
    ]
    world.do("nurse", actions.move_goal, first, GoalState.COMPLETED, "they sleep")
    answer(world, "nurse", key, State.LAPSED, "not needed")
    now = queries.plan_outcome(*world.as_("nurse"), world.moment)
    assert (now.open_agreements, [one.need_id for one in now.open_needs]) == ((), [play.need_id])
    assert queries.frozen_outcome(*world.as_("mother"), TODAY) == outcome
    assert StoredOutcome.objects.count() == 1
    with pytest.raises(Refused):
        world.do("mother", actions.freeze_outcome)


def test_an_ending_before_there_is_a_plan_has_an_outcome_too(world) -> None:
    assert queries.frozen_outcome(*world.as_("mother"), TODAY) is None
    outcome = world.do("nurse", actions.freeze_outcome)
    assert (outcome.version, outcome.goals, outcome.open_needs) == (None, (), ())
    without = build(journey=False)
    with pytest.raises(Missing, match="no_open_journey"):
        without.do("nurse", actions.freeze_outcome)
    assert queries.frozen_outcome(*world.as_("mother"), TODAY) == outcome
