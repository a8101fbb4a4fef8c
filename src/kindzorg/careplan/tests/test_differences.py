"""For any two contents: the difference names exactly what differs, and what was copied is the same."""

from dataclasses import replace
from datetime import UTC
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from kindzorg.careplan.adoption.rules import Content, differences, domains_of, goals_in_force, steps_in_force
from kindzorg.careplan.agreements.rules import agreement_content, agreement_values, asks_again, changed_parts
from kindzorg.careplan.evaluations.rules import (
    EvaluationView,
    GoalOutcome,
    OpenAgreement,
    OpenNeed,
    PlanOutcome,
    outcome_as_data,
    outcome_from_data,
)
from kindzorg.careplan.goals.rules import goal_content, goal_values
from kindzorg.careplan.rules import (
    AgreementContent,
    AgreementState,
    Changed,
    GoalContent,
    GoalKind,
    GoalState,
    NoGoalContent,
    Occasion,
    PlanItem,
    ServedNeed,
    WayOn,
    Who,
    WhoKind,
)
from kindzorg.core.vocabulary import Law, LifeDomain
from kindzorg.needs.rules import Whose
from kindzorg.referral.catalogue import Form

IDS = [UUID(int=number) for number in range(1, 7)]
words = st.text(alphabet="abc é", min_size=1, max_size=4).map(str.strip).filter(bool)
maybe = st.text(alphabet="abc", max_size=2)
ids = st.sampled_from(IDS)
days = st.none() | st.dates()
needs = st.builds(ServedNeed, ids, words, st.sampled_from(["", "sleep", "play"]))
domains = st.sets(st.sampled_from(list(LifeDomain)), min_size=1).map(
    lambda chosen: tuple(domain for domain in LifeDomain if domain in chosen)
)
goals = st.builds(
    GoalContent,
    words=words,
    domains=domains,
    whose=st.sampled_from(Whose),
    kind=st.sampled_from(GoalKind),
    steps=st.tuples(maybe, maybe, maybe, maybe, maybe),
    review_on=days,
    needs=st.lists(needs, max_size=2).map(tuple),
)
people = st.builds(
    Who,
    kind=st.sampled_from(WhoKind),
    name=maybe,
    professional_id=st.none() | ids,
    organisation_id=st.none() | ids,
    organisation=maybe,
    relative_id=st.none() | ids,
)
agreements = st.builds(
    AgreementContent,
    what=words,
    who=people,
    where=maybe,
    when=maybe,
    goal_id=st.none() | ids,
    need=st.none() | needs,
    law=st.none() | st.sampled_from(Law),
    payer=maybe,
    form=st.none() | st.sampled_from(Form),
    protocol=maybe,
    protocol_link=maybe,
    starts=days,
    until=days,
    occasion=st.none() | st.sampled_from(Occasion),
    situation=maybe,
)
choices = st.builds(NoGoalContent, need=needs, domain=st.sampled_from(LifeDomain), why=words)
# Identities of goals and agreements never meet: both are keys of their own.
contents = st.builds(
    Content,
    goals=st.dictionaries(st.sampled_from(IDS[:3]), goals),
    agreements=st.dictionaries(st.sampled_from(IDS[3:]), agreements),
    no_goals=st.lists(choices, max_size=2).map(lambda given: {one.need.key: one for one in given}),
)


@given(contents)
def test_a_copy_differs_in_nothing(content: Content) -> None:
    copy = replace(
        content,
        goals={key: goal_content(goal_values(one)) for key, one in content.goals.items()},
        agreements={key: agreement_content(agreement_values(one)) for key, one in content.agreements.items()},
    )
    assert copy == content
    assert differences(content, copy) == ()
    states = dict.fromkeys(content.agreements, AgreementState.AGREED)
    assert steps_in_force(content, copy, states) == {}
    assert goals_in_force(content, copy, dict.fromkeys(content.goals, GoalState.ACTIVE)) == {}


@given(contents, contents)
def test_what_is_added_one_way_is_removed_the_other(old: Content, new: Content) -> None:
    there, back = differences(old, new), differences(new, old)
    assert {(one.item, one.id) for one in there} == {(one.item, one.id) for one in back}
    added = {(one.item, one.id) for one in there if one.change is Changed.ADDED}
    assert added == {(one.item, one.id) for one in back if one.change is Changed.REMOVED}
    turned = {(one.item, one.id, part.part): (part.before, part.after) for one in there for part in one.parts}
    assert turned == {
        (one.item, one.id, part.part): (part.after, part.before) for one in back for part in one.parts
    }


@given(contents, contents)
def test_every_item_is_named_once_and_only_where_it_differs(old: Content, new: Content) -> None:
    found = {(one.item, one.id): one for one in differences(old, new)}
    assert len(found) == len(differences(old, new))
    pairs = (
        (PlanItem.GOAL, old.goals, new.goals),
        (PlanItem.AGREEMENT, old.agreements, new.agreements),
        (PlanItem.NO_GOAL, old.no_goals, new.no_goals),
    )
    for item, before, after in pairs:
        for key in before.keys() | after.keys():
            if key not in before or key not in after:
                assert (item, key) in found
            elif before[key] == after[key]:
                assert (item, key) not in found
    for (item, key), one in found.items():
        assert one.title
        if one.change is Changed.CHANGED and item is PlanItem.AGREEMENT:
            parts = changed_parts(old.agreements[key], new.agreements[key])
            assert {part.part for part in one.parts} == parts


@given(contents, contents, st.sampled_from(AgreementState))
def test_only_new_changed_and_gone_agreements_get_a_step(
    old: Content, new: Content, state: AgreementState
) -> None:
    steps = steps_in_force(old, new, dict.fromkeys(old.agreements, state))
    for key in old.agreements.keys() | new.agreements.keys():
        if key not in old.agreements:
            assert steps[key][0] is AgreementState.ASKED
        elif key not in new.agreements:
            ended = state in (AgreementState.DONE, AgreementState.LAPSED)
            assert (key in steps) is not ended
        else:
            assert (key in steps) is asks_again(old.agreements[key], new.agreements[key])
    asked = {one.id for one in differences(old, new) if one.asked_anew}
    assert asked == {key for key, (step, _) in steps.items() if step is AgreementState.ASKED}
    assert steps_in_force(None, new, {}).keys() == new.agreements.keys()


@given(contents, ids | st.sampled_from(["sleep", "play", "other"]))
def test_an_item_is_of_the_domains_of_its_why(content: Content, key: UUID | str) -> None:
    found = domains_of(content, key)
    if isinstance(key, str):
        assert found == ({content.no_goals[key].domain} if key in content.no_goals else set())
    elif key in content.goals:
        assert found == set(content.goals[key].domains)
    elif key in content.agreements and content.agreements[key].goal_id in content.goals:
        assert found == set(content.goals[content.agreements[key].goal_id].domains)
    else:
        assert found == set()


moments = st.datetimes(timezones=st.just(UTC))
evaluations = st.builds(
    EvaluationView,
    step=st.integers(1, 5),
    family_view=maybe,
    words=maybe,
    way_on=st.sampled_from(WayOn),
    next_review_on=days,
    by=maybe,
    organisation=maybe,
    at=moments,
)
outcomes = st.builds(
    PlanOutcome,
    version=st.none() | st.integers(1, 9),
    goals=st.lists(
        st.builds(
            GoalOutcome,
            goal_id=ids,
            words=words,
            domains=domains,
            needs=st.lists(needs, max_size=2).map(tuple),
            state=st.sampled_from(GoalState),
            evaluation=st.none() | evaluations,
        ),
        max_size=2,
    ).map(tuple),
    open_agreements=st.lists(
        st.builds(
            OpenAgreement,
            agreement_id=ids,
            what=words,
            who=maybe,
            organisation=maybe,
            goal_id=st.none() | ids,
            state=st.sampled_from(AgreementState),
        ),
        max_size=2,
    ).map(tuple),
    open_needs=st.lists(
        st.builds(
            OpenNeed,
            need_id=ids,
            domain=st.sampled_from(LifeDomain),
            words=words,
            goal_ids=st.lists(ids, max_size=2).map(tuple),
            no_goal_why=maybe,
        ),
        max_size=2,
    ).map(tuple),
    frozen_at=moments,
    frozen_by=ids,
)


@given(outcomes)
def test_an_outcome_comes_back_as_it_was_stored(outcome: PlanOutcome) -> None:
    assert outcome_from_data(outcome_as_data(outcome)) == outcome
