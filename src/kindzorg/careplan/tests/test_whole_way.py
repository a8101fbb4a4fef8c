"""From the first draft to a plan in force, changed, refused, taken back: as the family and the team go it."""

from datetime import date, timedelta

import pytest

from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions, queries
from kindzorg.careplan.models import AgreementStep, GoalText, PlanVersion, Signature
from kindzorg.careplan.rules import AgreementState, GoalState, Who, WhoKind
from kindzorg.careplan.tests.conftest import approve, build, goal, need, sign
from kindzorg.careplan.waiting import waiting_for
from kindzorg.careteam.models import ParentalAuthority
from kindzorg.core.errors import Conflict, Incomplete, Invalid, Missing, Refused
from kindzorg.journey.models import CareJourney
from kindzorg.notices.models import Notice
from kindzorg.people.models import Child, Relative

pytestmark = pytest.mark.django_db


def events() -> list[str]:
    return list(AuditLine.objects.order_by("at", "id").values_list("event", flat=True))


def plan(world, who: str = "nurse"):
    return queries.plan_for(*world.as_(who), world.moment.date())


def states(world) -> dict[str, str]:
    return {one.content.what: str(one.state) for one in plan(world).agreements}


def again(world) -> None:
    world.do("nurse", actions.start_draft)


def test_a_plan_comes_into_force_when_all_have_agreed(world) -> None:
    world.draft(goals=2, agreements=2)
    number = world.offer().number
    assert plan(world) is None
    assert sign(world, "mother", number).status == "offered"
    assert sign(world, "father", number).status == "agreed"
    assert plan(world) is None
    assert approve(world, "doctor", number).status == "in_force"
    seen = plan(world, "mother")
    assert {one.state for one in seen.goals} == {"active"}
    assert {one.state for one in seen.agreements} == {"asked"}
    assert [event for event in events() if event.startswith("version.")] == [
        "version.drafted",
        "version.offered",
        "version.signed",
        "version.signed",
        "version.family_agreed",
        "version.signed",
        "version.approved",
        "version.came_into_force",
    ]


def told(world) -> dict[str, set[str]]:
    """Who was told, per kind."""
    names = {user.id: who for who, user in world.users.items()}
    found: dict[str, set[str]] = {}
    about_plan = Notice.objects.filter(child_id=world.child_id, kind__regex="^(plan|agreement)_")
    for kind, who in about_plan.values_list("kind", "recipient_id"):
        found.setdefault(kind, set()).add(names[who])
    return found


def test_who_is_waited_for_is_told(world) -> None:
    world.draft(agreements=0)
    for who in ("nurse", "teacher"):
        person = Who(kind=WhoKind.PROFESSIONAL, professional_id=world.professionals[who])
        world.agreements.append(world.do("nurse", actions.add_agreement, world.nurse_does(who, who=person)))
    number = world.offer().number
    assert told(world) == {"plan_to_sign": {"mother", "father"}}
    sign(world, "mother", number)
    sign(world, "father", number)
    assert told(world)["plan_to_approve"] == {"doctor"}
    approve(world, "doctor", number)
    assert told(world)["agreement_to_answer"] == {"nurse", "teacher"}
    again(world)
    content = world.nurse_does("nurse", when="from nine")
    world.do("nurse", actions.change_agreement, world.agreements[0], content, 1)
    number = world.offer().number
    sign(world, "mother", number)
    sign(world, "father", number)
    assert told(world)["plan_to_look_at"] == {"doctor"}


def test_a_child_of_twelve_is_told_too_and_who_has_no_account_in_person(db) -> None:
    world = build(date(2014, 9, 1))
    Relative.objects.filter(id=world.relatives["father"]).update(user=None)
    world.draft()
    world.offer()
    assert told(world) == {"plan_to_sign": {"mother", "child"}}


def test_the_doctor_may_approve_first(world) -> None:
    world.draft()
    number = world.offer().number
    assert approve(world, "doctor", number).status == "offered"
    sign(world, "mother", number)
    assert sign(world, "father", number).status == "in_force"


def test_a_no_stays_in_sight_and_can_become_a_yes(world) -> None:
    world.draft()
    number = world.offer().number
    with pytest.raises(Invalid, match="reason_required"):
        sign(world, "father", number, yes=False)
    sign(world, "mother", number)
    sign(world, "father", number, yes=False, reason="not at night")
    version = queries.shown_plan_for(*world.as_("mother"), world.moment.date()).version
    signing = queries.signing_for(*world.as_("mother"), version, world.moment.date())
    assert signing.standing == "family_disagrees"
    assert [(one.name, one.signature.answer) for one in signing.asked] == [
        ("Mother", "yes"),
        ("Father", "no"),
    ]
    assert sign(world, "father", number).status == "agreed"
    assert Signature.objects.count() == 3


def test_a_yes_can_be_taken_back_until_the_plan_is_in_force(world) -> None:
    world.draft()
    number = world.offer().number
    sign(world, "mother", number)
    sign(world, "father", number)
    assert sign(world, "mother", number, yes=False, reason="thought again").status == "offered"
    approve(world, "doctor", number)
    assert sign(world, "mother", number).status == "in_force"
    with pytest.raises(Invalid, match="version_not_offered"):
        sign(world, "mother", number)


def test_the_doctor_can_say_no(world) -> None:
    world.draft()
    number = world.offer().number
    sign(world, "mother", number)
    sign(world, "father", number)
    with pytest.raises(Invalid, match="reason_required"):
        approve(world, "doctor", number, yes=False)
    assert approve(world, "doctor", number, yes=False, reason="too few nights").status == "agreed"
    version = queries.shown_plan_for(*world.as_("nurse"), world.moment.date()).version
    signing = queries.signing_for(*world.as_("nurse"), version, world.moment.date())
    assert (signing.standing, signing.approval.reason) == ("not_approved", "too few nights")


def test_only_who_must_agree_is_asked(world) -> None:
    world.draft()
    number = world.offer().number
    for who in ("nurse", "aunt", "child", "doctor"):
        with pytest.raises(Refused):
            sign(world, who, number)
    for who in ("nurse", "mother", "gp"):
        with pytest.raises(Refused):
            approve(world, who, number)
    with pytest.raises(Missing, match="no_such_version"):
        sign(world, "mother", number + 1)


def test_from_twelve_the_child_agrees_too_and_from_sixteen_alone(db) -> None:
    twelve = build(date(2014, 9, 1))
    twelve.draft()
    number = twelve.do("nurse", actions.offer_version).number
    approve(twelve, "doctor", number)
    for who, status in (("mother", "offered"), ("child", "offered"), ("father", "in_force")):
        assert sign(twelve, who, number).status == status
    sixteen = build(date(2010, 9, 1))
    sixteen.draft()
    number = sixteen.do("nurse", actions.offer_version).number
    approve(sixteen, "doctor", number)
    assert sign(sixteen, "child", number).status == "in_force"


def test_the_gp_approves_where_there_is_no_paediatrician(db) -> None:
    world = build(without=("doctor",))
    world.draft()
    number = world.offer().number
    sign(world, "mother", number)
    sign(world, "father", number)
    assert approve(world, "gp", number).status == "in_force"


def test_a_child_who_turns_sixteen_meanwhile_decides_alone(db) -> None:
    world = build(date(2010, 9, 20))
    world.draft()
    number = world.offer().number
    approve(world, "doctor", number)
    sign(world, "child", number)
    with pytest.raises(Incomplete, match="version_still_waits"):
        world.do("nurse", actions.bring_into_force)
    world.moment += timedelta(days=7)
    with pytest.raises(Incomplete):  # what the child said at fifteen was said beside the parents
        world.do("nurse", actions.bring_into_force)
    assert sign(world, "child", number).status == "in_force"
    with pytest.raises(Missing, match="no_version_under_way"):
        world.do("nurse", actions.bring_into_force)


def test_an_authority_that_ends_meanwhile_is_not_waited_for(world) -> None:
    world.draft()
    number = world.offer().number
    sign(world, "mother", number)
    approve(world, "doctor", number)
    ParentalAuthority.objects.filter(relative_id=world.relatives["father"]).update(until=world.moment.date())
    with pytest.raises(Refused):
        sign(world, "father", number)
    assert world.do("nurse", actions.bring_into_force).status == "in_force"


def test_an_account_that_is_not_the_childs_own_does_not_sign_for_it(db) -> None:
    world = build(date(2014, 9, 1))
    world.draft()
    number = world.offer().number
    Child.objects.filter(id=world.child_id).update(user=None)
    with pytest.raises(Refused, match="not_asked_to_agree"):
        sign(world, "child", number)


def test_a_plan_that_lacks_something_is_not_offered(world) -> None:
    world.do("nurse", actions.start_draft)
    world.do("nurse", actions.add_goal, goal(review_on=None))
    with pytest.raises(Incomplete) as told:
        world.offer()
    assert {lack.code for lack in told.value.data["missing"]} == {
        "goal_without_agreement",
        "goal_without_review",
    }
    found = queries.checked_draft_for(*world.as_("mother"), world.moment.date())
    assert found.lacks == told.value.data["missing"]


def test_nobody_to_ask_is_no_agreement(db) -> None:
    world = build(without=("mother", "father", "doctor", "gp"))
    world.draft()
    found = queries.checked_draft_for(*world.as_("nurse"), world.moment.date())
    assert {lack.code for lack in found.lacks} == {"nobody_can_agree", "no_approver"}


def test_a_plan_in_force_stays_until_another_replaces_it(world) -> None:
    world.in_force()
    again(world)
    assert plan(world).version.number == 1
    with pytest.raises(Invalid, match="nothing_changed"):
        world.offer()
    world.goals.append(world.do("nurse", actions.add_goal, goal("to school")))
    world.do("nurse", actions.add_agreement, world.nurse_does("come along", goal_id=world.goals[1]))
    number = world.offer().number
    with pytest.raises(Conflict, match="version_under_way"):
        again(world)
    seen = plan(world, "mother")
    assert (seen.version.number, seen.under_way.number, seen.under_way.status) == (1, 2, "offered")
    for parent in ("mother", "father"):
        sign(world, parent, number)
    approve(world, "doctor", number)
    numbers = PlanVersion.objects.order_by("number").values_list("number", "status")
    assert list(numbers) == [(1, "superseded"), (2, "in_force")]


def test_only_what_changed_is_asked_anew(world) -> None:
    world.in_force(goals=1, agreements=4)
    for agreement_id in world.agreements:
        world.do("nurse", actions.answer_agreement, agreement_id, AgreementState.AGREED, "")
    again(world)
    kept, changed, reworded, gone = world.agreements
    for key, parts in ((changed, {"when": "each morning"}), (reworded, {"payer": "municipality"})):
        number = world.agreements.index(key)
        content = world.nurse_does(f"agreement 0.{number}", **parts)
        world.do("nurse", actions.change_agreement, key, content, 1)
    with pytest.raises(Invalid, match="reason_required"):
        world.do("nurse", actions.remove_agreement, gone, "", 1)
    world.do("nurse", actions.remove_agreement, gone, "mother does it now", 1)
    world.do("nurse", actions.add_agreement, world.nurse_does("new"))
    assert {state for what, state in states(world).items()} == {"agreed"}
    world.agree()
    assert states(world) == {
        "agreement 0.0": "agreed",
        "agreement 0.1": "asked",
        "agreement 0.2": "agreed",
        "new": "asked",
    }
    last = AgreementStep.objects.filter(agreement_id=gone).latest("id")
    assert (last.state, last.reason) == ("lapsed", "mother does it now")
    assert AgreementStep.objects.filter(agreement_id=kept).count() == 2


def test_a_goal_left_out_is_cancelled_and_one_on_hold_stays_so(world) -> None:
    world.in_force(goals=2)
    world.do("nurse", actions.move_goal, world.goals[0], GoalState.ON_HOLD, "in hospital")
    again(world)
    with pytest.raises(Invalid, match="reason_required"):
        world.do("nurse", actions.remove_goal, world.goals[1], " ", 1)
    world.do("nurse", actions.remove_goal, world.goals[1], "no wish any more", 1)
    world.do("nurse", actions.remove_agreement, world.agreements[1], "goes with the goal", 1)
    world.agree()
    (left,) = plan(world).goals
    assert (left.content.words, left.state) == ("goal 0", "on_hold")
    outcome = queries.plan_outcome(*world.as_("nurse"), world.moment)
    assert [one.state for one in outcome.goals] == ["on_hold"]


def test_a_practical_change_needs_the_family_only_and_the_doctor_may_object(world) -> None:
    world.in_force()
    again(world)
    content = world.nurse_does("agreement 0.0", when="from nine")
    world.do("nurse", actions.change_agreement, world.agreements[0], content, 1)
    number = world.offer().number
    sign(world, "mother", number)
    version = sign(world, "father", number)
    assert (version.status, version.practical) == ("in_force", True)
    waiting = {one.kind for one in waits(world, "doctor")}
    assert waiting == {"plan_to_look_at"}
    with pytest.raises(Invalid, match="reason_required"):
        world.do("doctor", actions.object_to_version, number, " ")
    world.do("doctor", actions.object_to_version, number, "nine is too late")
    signing = queries.signing_for(*world.as_("mother"), plan(world).version, world.moment.date())
    assert signing.standing == "in_force_objected"
    assert {one.kind for one in waits(world, "nurse")} >= {"plan_objected"}
    assert approve(world, "doctor", number).status == "in_force"
    assert waits(world, "doctor") == []


def waits(world, who: str):
    from kindzorg.careteam.queries import opened_children

    actor, on = world.actor(who), world.moment.date()
    return list(waiting_for(actor, opened_children(actor, on), on))


def test_an_objection_is_for_practical_changes_in_force(world) -> None:
    world.in_force()
    with pytest.raises(Invalid, match="no_objection_possible"):
        world.do("doctor", actions.object_to_version, 1, "too late")
    with pytest.raises(Refused):
        world.do("nurse", actions.object_to_version, 1, "too late")
    with pytest.raises(Invalid, match="version_not_offered"):
        approve(world, "doctor", 1)


def test_a_doctor_who_says_no_beforehand_holds_a_practical_change(world) -> None:
    world.in_force()
    again(world)
    content = world.nurse_does("agreement 0.0", where="at grandma's")
    world.do("nurse", actions.change_agreement, world.agreements[0], content, 1)
    number = world.offer().number
    approve(world, "doctor", number, yes=False, reason="not safe there")
    sign(world, "mother", number)
    assert sign(world, "father", number).status == "agreed"


def test_a_version_is_withdrawn_and_gone_on_with(world) -> None:
    world.draft(goals=2)
    world.offer()
    with pytest.raises(Invalid, match="reason_required"):
        world.do("nurse", actions.withdraw_version, "")
    with pytest.raises(Refused):
        world.do("mother", actions.withdraw_version, "no")
    world.do("nurse", actions.withdraw_version, "father wants other nights")
    assert plan(world) is None
    draft = world.do("nurse", actions.start_draft, from_number=1)
    assert (draft.number, GoalText.objects.filter(version=draft).count()) == (2, 2)
    assert world.do("nurse", actions.start_draft).id == draft.id
    world.do("mother", actions.withdraw_version, "")
    with pytest.raises(Missing, match="no_such_version"):
        world.do("nurse", actions.start_draft, from_number=9)
    with pytest.raises(Missing, match="no_version_under_way"):
        world.do("nurse", actions.withdraw_version, "")
    assert "version.dropped" in events()


def test_no_plan_without_an_open_journey(world) -> None:
    CareJourney.objects.update(phase="closed", closed_at=world.moment)
    with pytest.raises(Missing, match="no_open_journey"):
        world.do("nurse", actions.start_draft)


def test_needs_are_drafted_into_goals_and_a_rescan_does_not_double_them(world) -> None:
    sleep, school = need("sleep"), need("school")
    world.do("nurse", actions.draft_from_needs, [sleep, school])
    draft = queries.draft_for(*world.as_("nurse"), world.moment.date())
    assert [one.content.words for one in draft.goals] == ["we need sleep", "we need school"]
    rescanned = [need("sleep", "more sleep"), need("school"), need("friends")]
    world.do("nurse", actions.draft_from_needs, rescanned)
    draft = queries.draft_for(*world.as_("nurse"), world.moment.date())
    assert [one.content.words for one in draft.goals] == [
        "we need sleep",
        "we need school",
        "we need friends",
    ]
    assert draft.goals[0].content.needs[0].need_id == rescanned[0].need_id
    assert draft.needs_without_answer == ()
