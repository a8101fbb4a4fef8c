"""The rules of the plan as truth tables, readable without the code."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kindzorg.careplan import rules
from kindzorg.careplan.adoption import rules as adoption
from kindzorg.careplan.adoption.rules import Content, practical_only, steps_in_force
from kindzorg.careplan.agreements import rules as agreements
from kindzorg.careplan.agreements.rules import Party, answered, asks_again, changed_parts
from kindzorg.careplan.evaluations import rules as evaluations
from kindzorg.careplan.goals import rules as goals
from kindzorg.careplan.rules import (
    AgreementContent,
    AgreementState,
    EvaluationView,
    GoalState,
    NoGoalContent,
    Occasion,
    PlanNeed,
    ServedNeed,
    VersionStatus,
    WayOn,
    Who,
    WhoKind,
)
from kindzorg.careplan.tests.conftest import LATER, TODAY, goal, need, served
from kindzorg.careplan.versions import rules as versions
from kindzorg.core.errors import Invalid, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.texts import text
from kindzorg.core.vocabulary import Law, LifeDomain
from kindzorg.needs.rules import (
    Feeling,
    Importance,
    Need,
    NeedsProfile,
    Respondent,
    TopicAnswer,
    Whose,
    definition,
)
from kindzorg.referral.catalogue import Form

MOTHER, FATHER, HOME, SCHOOL, NURSE, COLLEAGUE, GOAL, ONE, TWO = (new_id() for _ in range(9))
AT = datetime(2026, 9, 14, 10, tzinfo=UTC)
State = AgreementState


def does(professional=NURSE, organisation=HOME) -> Who:
    return Who(
        kind=WhoKind.PROFESSIONAL, name="Nurse", professional_id=professional, organisation_id=organisation
    )


def agreed(**parts) -> AgreementContent:
    given = {
        "what": "night care",
        "who": does(),
        "where": "home",
        "when": "nights",
        "goal_id": GOAL,
        "law": Law.ZVW,
    }
    return AgreementContent(**{**given, **parts})


PARTS = [
    # part, the change, asked anew, practical
    ("who", {"who": does(COLLEAGUE)}, True, True),
    ("who", {"who": does(COLLEAGUE, SCHOOL)}, True, False),
    ("who", {"who": Who(kind=WhoKind.RELATIVE, name="Nurse", relative_id=MOTHER)}, True, False),
    ("what", {"what": "day care"}, True, False),
    ("where", {"where": "school"}, True, True),
    ("when", {"when": "weekends"}, True, True),
    ("law", {"law": Law.JEUGDWET}, True, False),
    ("why", {"goal_id": None, "need": served(need())}, False, False),
    ("payer", {"payer": "municipality"}, False, False),
    ("form", {"form": Form.PGB}, False, False),
    ("protocol", {"protocol": "suction"}, False, False),
    ("protocol", {"protocol_link": "https://example.org"}, False, False),
    ("period", {"until": LATER}, False, False),
    ("situation", {"occasion": Occasion.WORSE, "situation": "more crackle"}, True, False),
]


@pytest.mark.parametrize(("part", "change", "anew", "practical"), PARTS)
def test_what_a_change_of_an_agreement_means(part, change, anew, practical) -> None:
    old, new = agreed(), agreed(**change)
    assert changed_parts(old, new) == {part}
    assert asks_again(old, new) is anew
    assert agreements.practical(old, new) is practical
    before, after = (Content(goals={GOAL: goal()}, agreements={ONE: one}) for one in (old, new))
    assert practical_only(before, after) is practical
    (difference,) = adoption.differences(before, after)
    assert (difference.asked_anew, [one.part for one in difference.parts]) == (anew, [part])
    assert difference.parts[0].before != difference.parts[0].after
    step = {ONE: (State.ASKED, "")} if anew else {}
    assert steps_in_force(before, after, {ONE: State.AGREED}) == step


def test_a_new_shown_name_is_no_other_person_where_there_is_an_account() -> None:
    assert changed_parts(agreed(), agreed(who=replace(does(), name="N. Nurse"))) == set()
    one, other = (Who(kind=WhoKind.OTHER, name=name) for name in ("Jo", "Bo"))
    assert changed_parts(agreed(who=one), agreed(who=other)) == {"who"}
    assert not agreements.practical(agreed(who=one), agreed(who=other))


def test_a_first_plan_or_a_new_goal_is_never_practical() -> None:
    plan = Content(goals={GOAL: goal()}, agreements={ONE: agreed()})
    assert not practical_only(None, plan)
    assert not practical_only(plan, plan)
    for other in (
        replace(plan, goals={GOAL: goal("other words")}),
        replace(plan, goals={}),
        replace(plan, agreements={ONE: agreed(), TWO: agreed()}),
        replace(plan, agreements={}),
        replace(
            plan, no_goals={"sleep": NoGoalContent(need=served(need()), domain=LifeDomain.SOCIAL, why="w")}
        ),
    ):
        assert not practical_only(plan, other)


ASKED, OWNER, BOTH, NEITHER = (
    Party(asked=True, owner=False, reachable=True),
    Party(asked=False, owner=True, reachable=True),
    Party(asked=True, owner=True, reachable=True),
    Party(asked=False, owner=False, reachable=True),
)
FOR_OTHER = Party(asked=False, owner=True, reachable=False)
ANSWERS = [
    # state, next, who may
    (State.ASKED, State.AGREED, (ASKED, BOTH, FOR_OTHER)),
    (State.ASKED, State.DECLINED, (ASKED, BOTH, FOR_OTHER)),
    (State.ASKED, State.MORE_INFO_ASKED, (ASKED, BOTH, FOR_OTHER)),
    (State.MORE_INFO_ASKED, State.ASKED, (OWNER, BOTH, FOR_OTHER)),
    (State.MORE_INFO_ASKED, State.AGREED, (ASKED, BOTH, FOR_OTHER)),
    (State.DECLINED, State.ASKED, (OWNER, BOTH, FOR_OTHER)),
    (State.DECLINED, State.AGREED, (ASKED, BOTH, FOR_OTHER)),
    (State.AGREED, State.DECLINED, (ASKED, BOTH, FOR_OTHER)),
    (State.AGREED, State.DONE, (ASKED, OWNER, BOTH, FOR_OTHER)),
    (State.AGREED, State.LAPSED, (OWNER, BOTH, FOR_OTHER)),
    (State.ASKED, State.LAPSED, (OWNER, BOTH, FOR_OTHER)),
    # what only a plan that comes into force does, and what cannot be
    (State.PROPOSED, State.ASKED, ()),
    (State.AGREED, State.ASKED, ()),
    (State.LAPSED, State.ASKED, ()),
    (State.DONE, State.AGREED, ()),
    (State.ASKED, State.DONE, ()),
    (State.ASKED, State.ASKED, ()),
]


@pytest.mark.parametrize("party", [ASKED, OWNER, BOTH, NEITHER, FOR_OTHER])
@pytest.mark.parametrize(("start", "end", "may"), ANSWERS)
def test_who_may_take_a_step_of_an_agreement(start, end, may, party) -> None:
    if party in may:
        assert answered(start, end, "because", party) == rules.AGREEMENT_STEPS[start, end]
        if end in agreements.NEEDS_REASON:
            with pytest.raises(Invalid, match="reason_required"):
                answered(start, end, " ", party)
    else:
        with pytest.raises((Invalid, Refused)):
            answered(start, end, "because", party)


VERSION_MAY = {
    None: "draft",
    "draft": "offered withdrawn",
    "offered": "agreed withdrawn",
    "agreed": "offered approved in_force withdrawn",
    "approved": "in_force",
    "in_force": "superseded",
    "superseded": "",
    "withdrawn": "",
}


@pytest.mark.parametrize("start", [None, *VersionStatus])
@pytest.mark.parametrize("end", list(VersionStatus))
def test_the_life_of_a_version(start, end) -> None:
    if str(end) in VERSION_MAY[start].split():
        assert versions.version_step(start, end)
    else:
        with pytest.raises(Invalid, match="no_such_version_step"):
            versions.version_step(start, end)


def test_a_goal_that_ended_can_be_taken_up_but_never_proposed_from_active() -> None:
    assert goals.goal_step(GoalState.COMPLETED, GoalState.ACTIVE) == "taken_up"
    with pytest.raises(Invalid, match="no_such_goal_step"):
        goals.goal_step(GoalState.ACTIVE, GoalState.PROPOSED)


GOALS = [
    # state before, was in the old plan, is in the new, becomes
    (None, False, True, "active"),
    ("proposed", False, True, "active"),
    ("active", True, True, None),
    ("on_hold", True, True, None),
    ("completed", True, True, None),
    ("cancelled", True, True, None),
    ("cancelled", False, True, "active"),
    ("active", True, False, "cancelled"),
    ("on_hold", True, False, "cancelled"),
    ("completed", True, False, None),
    ("cancelled", True, False, None),
]


@pytest.mark.parametrize(("state", "was", "stands", "becomes"), GOALS)
def test_what_becomes_of_a_goal_when_a_plan_comes_into_force(state, was, stands, becomes) -> None:
    old = Content(goals={GOAL: goal()} if was else {})
    new = Content(goals={GOAL: goal()} if stands else {}, removed={} if stands else {GOAL: "why"})
    states = {GOAL: GoalState(state)} if state else {}
    moved = adoption.goals_in_force(old, new, states)
    assert moved == ({GOAL: (GoalState(becomes), "" if stands else "why")} if becomes else {})
    if not was:
        assert adoption.goals_in_force(None, new, states) == moved


@pytest.mark.parametrize(
    ("state", "lapses"), [("asked", True), ("agreed", True), ("done", False), ("lapsed", False)]
)
def test_an_agreement_left_out_lapses_unless_it_had_ended(state, lapses) -> None:
    old, new = Content(agreements={ONE: agreed()}), Content(removed={ONE: "moved"})
    expected = {ONE: (State.LAPSED, "moved")} if lapses else {}
    assert steps_in_force(old, new, {ONE: State(state)}) == expected


# --- content -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (goal(" "), "goal_words_required"),
        (goal(domains=()), "goal_domain_required"),
        (goal(steps=("a", "b")), "goal_steps_five"),
    ],
)
def test_a_goal_that_says_too_little(content, code) -> None:
    with pytest.raises(Invalid, match=code):
        goals.check_goal(content)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"what": " "}, "agreement_what_required"),
        ({"starts": LATER, "until": TODAY}, "agreement_ends_before_start"),
        ({"protocol_link": "javascript:alert(1)"}, "protocol_link_not_safe"),
        ({"occasion": Occasion.CRISIS, "situation": " "}, "situation_required"),
    ],
)
def test_an_agreement_that_cannot_be(change, code) -> None:
    with pytest.raises(Invalid, match=code):
        agreements.check_agreement(agreed(**change))


def evaluated(step=3, at=AT, next_review_on=None) -> EvaluationView:
    return EvaluationView(
        step=step,
        family_view="",
        words="",
        way_on=WayOn.CONTINUE,
        next_review_on=next_review_on,
        by="",
        organisation="",
        at=at,
    )


@pytest.mark.parametrize(
    ("review_on", "last", "due"),
    [
        (None, None, None),
        (LATER, None, LATER),
        (LATER, evaluated(), LATER),
        (date(2026, 10, 1), evaluated(), None),
        (TODAY, evaluated(), None),
        (TODAY, evaluated(next_review_on=LATER), LATER),
        (None, evaluated(), None),
    ],
)
def test_when_a_goal_is_looked_at_again(review_on, last, due) -> None:
    assert rules.review_due(review_on, last) == due


def test_a_need_is_the_same_over_two_scans_by_its_topic() -> None:
    old, new, other = need("sleep"), need("sleep"), need("play")
    assert rules.same_need(served(old), new)
    assert not rules.same_need(served(old), other)
    without = PlanNeed(new_id(), LifeDomain.SOCIAL, "a wish")
    assert not rules.same_need(ServedNeed(new_id(), "a wish"), without)
    assert rules.same_need(served(without), without)
    assert without.key == str(without.need_id)
    assert goals.followed([served(old), served(other)], [new]) == (served(new), served(other))
    assert versions.plan_need(old.stored()) == old


def test_a_moment_that_lost_its_zone_is_utc() -> None:
    for given in (AT, AT.isoformat(), "2026-09-14 10:00:00"):
        assert evaluations.moment(given) == AT
    assert evaluations.evaluation_view(None) is None


@pytest.mark.parametrize("prefix", ["", "keep_"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_step_has_words(prefix, language) -> None:
    for audience in ("child", "parent", "professional"):
        words = [text(f"careplan.steps.{prefix}{key}", audience, language) for key in rules.STEP_KEYS]
        assert len(set(words)) == 5


def test_a_goal_drafted_from_a_need_says_the_wish() -> None:
    one = replace(need("sleep"), wish="to sleep till six")
    assert goals.drafted_goal(one).words == "to sleep till six"
    assert goals.drafted_goal(need("sleep")).needs[0].topic == "sleep"


def test_the_needs_of_a_scan_become_needs_of_the_plan() -> None:
    asked, shown = (
        Need(
            id=new_id(),
            domain=LifeDomain.MEDICAL,
            topic=topic,
            whose=Whose.CHILD,
            urgency=urgency,
            voices=(voice,),
            nurse_voices=(),
        )
        for topic, urgency, voice in (
            ("nights", Importance.FIRST, voiced("nights", needed="a nurse at night", wish="to sleep")),
            ("comfort", None, voiced("comfort", feeling=Feeling.BAD)),
        )
    )
    profile = NeedsProfile(
        scan_id=new_id(),
        definition_version=definition().version,
        needs=(asked, shown),
        no_needs=(),
        opening=(),
        strengths=(),
        carrying=(),
        closed_by=NURSE,
        closed_at=AT,
    )
    first, second = rules.plan_needs(profile)
    assert (first.words, first.wish, first.urgency, first.topic) == (
        "a nurse at night",
        "to sleep",
        "first",
        "nights",
    )
    assert (second.need_id, second.words, second.urgency) == (shown.id, "Pijn en ongemak", "")
    assert rules.plan_needs(profile, "en")[1].words == "Pain and discomfort"


def voiced(topic: str, **said) -> TopicAnswer:
    return TopicAnswer(person_id=MOTHER, respondent=Respondent.PARENT, given_at=AT, topic=topic, **said)


def test_reasons_are_for_who_sees_every_domain_or_gave_them() -> None:
    row = {
        "party": "authority_holder",
        "relative_id": MOTHER,
        "role": "authority_holder",
        "answer": "no",
        "how": "self",
    }
    row |= {"reason": "that school", "by": "Mother", "organisation": "", "created_at": AT, "said_on": None}
    row |= {"by_id": MOTHER, "signer": "", "signer_user_id": None}
    given = dict.fromkeys(versions.VERSION) | {
        "id": ONE,
        "number": 1,
        "why": "after a year",
        "ended_why": "moved",
    }
    given |= {"status": "offered", "practical": False, "created_at": AT, "by": "Nurse"}
    whole = versions.version_view(given, (versions.signature_view(row),))
    assert versions.version_seen(whole, frozenset(LifeDomain), NURSE) == whole
    part = versions.version_seen(whole, {LifeDomain.SOCIAL}, NURSE)
    assert (part.why, part.ended_why, part.signatures[0].reason) == ("", "", "")
    assert versions.version_seen(whole, {LifeDomain.SOCIAL}, MOTHER).signatures == whole.signatures
