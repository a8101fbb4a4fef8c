"""Anyone may propose: who, about what, who decides, and that it goes into the draft and never straight into force."""

import pytest

from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions, queries
from kindzorg.careplan.agreements.rules import agreement_content
from kindzorg.careplan.models import AgreementTerms, GoalText, PlanVersion
from kindzorg.careplan.proposals.models import Proposal, ProposalStep
from kindzorg.careplan.proposals.rules import NewProposal, ProposalKind, ProposalState, Written
from kindzorg.careplan.tests.conftest import approve, goal, sign
from kindzorg.careplan.versions.rules import VersionStatus
from kindzorg.careplan.waiting import waiting_rows_for
from kindzorg.careteam.models import Membership
from kindzorg.careteam.queries import opened_children
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.waiting import waiting_in
from kindzorg.notices.models import Notice
from kindzorg.people.models import Professional

pytestmark = pytest.mark.django_db


def about_agreement(world, number: int = 0, **parts) -> NewProposal:
    given = {"what": "later in the evening", "why": "we eat at nine", "when": "each night from ten"}
    return NewProposal(
        kind=ProposalKind.AGREEMENT, agreement_id=world.agreements[number], **{**given, **parts}
    )


def about_goal(world, **parts) -> NewProposal:
    given = {"goal_id": world.goals[0], "what": "say it in our words", "words": "we all sleep"}
    return NewProposal(kind=ProposalKind.GOAL, **{**given, **parts})


def made(world, who: str = "mother", new: NewProposal | None = None):
    return world.do(who, actions.make_proposal, new or about_agreement(world))


def seen(world, who: str, **named):
    return queries.proposals_for(*world.as_(who), world.moment.date(), **named)


def one(world, who: str, key):
    return queries.proposal_for(*world.as_(who), key, world.moment.date())


def waits(world, who: str) -> list:
    children = opened_children(world.actor(who), world.moment.date())
    return waiting_in(waiting_rows_for(world.actor(who), children, world.moment.date()))


def told(world, who: str) -> list[str]:
    return list(
        Notice.objects.filter(recipient=world.users[who], way="in_app").values_list("kind", flat=True)
    )


@pytest.mark.parametrize("who", ["mother", "child", "doctor", "gp", "nurse", "colleague"])
def test_who_reads_the_plan_may_propose_and_the_owners_people_are_told(world, who) -> None:
    world.in_force()
    key = made(world, who)
    row = Proposal.objects.get()
    assert (row.by_id, row.what, row.when) == (
        world.users[who].id,
        "later in the evening",
        "each night from ten",
    )
    assert row.version.status == VersionStatus.IN_FORCE
    line = AuditLine.objects.filter(event="proposal.made").get()
    assert line.object_id == key
    for decider in {"nurse", "colleague"} - {who}:
        assert "proposal_to_decide" in told(world, decider)
        (waiting,) = waits(world, decider)
        assert (waiting.kind, waiting.address, waiting.object_id) == (
            "proposal_to_decide",
            "plan_proposal",
            key,
        )
    assert waits(world, "doctor") == []
    assert "proposal_to_decide" not in told(world, "father")


def test_nothing_is_proposed_while_there_is_no_plan_or_by_who_reads_none(world) -> None:
    world.draft()
    with pytest.raises(Missing):
        made(world)
    world.agree()
    with pytest.raises(Missing):
        made(world, "aunt")
    with pytest.raises(Invalid):
        made(world, new=about_agreement(world, what=" "))
    for kind in (ProposalKind.NEW_GOAL, ProposalKind.NEW_AGREEMENT):
        with pytest.raises(Invalid):
            made(world, new=NewProposal(kind=kind, what="more"))
    assert not Proposal.objects.exists()


def test_a_version_that_the_family_reads_can_be_proposed_on(world) -> None:
    world.draft()
    world.offer()
    made(world)
    assert Proposal.objects.get().version.status == VersionStatus.OFFERED


def test_accepting_goes_into_a_draft_that_is_made_for_it(world) -> None:
    world.in_force()
    key = made(world)
    found = one(world, "nurse", key)
    assert found.decides and found.open and found.worded and found.about == "agreement 0.0"
    assert queries.drafted_for(*world.as_("nurse"), found, world.moment.date()).revision == 1
    assert world.do("nurse", actions.accept_proposal, key, Written()) == world.agreements[0]
    draft = PlanVersion.objects.get(status="draft")
    rows = AgreementTerms.objects.filter(agreement_id=world.agreements[0])
    assert rows.get(version=draft).when == "each night from ten"
    assert rows.get(version=draft).where == "at home"
    assert rows.get(version__status="in_force").when == "each night"
    assert told(world, "mother").count("proposal_accepted") == 1
    assert AuditLine.objects.filter(event="proposal.accepted", object_id=key).count() == 1
    after = one(world, "mother", key)
    assert after.state is ProposalState.ACCEPTED and after.landed and after.landed.status == "draft"
    assert waits(world, "nurse") == []


def test_it_says_in_which_version_it_came_into_force(world) -> None:
    world.in_force()
    key = made(world)
    world.do("nurse", actions.accept_proposal, key, Written())
    version = world.agree()
    landed = one(world, "mother", key).landed
    assert landed and (landed.number, landed.status) == (version.number, "in_force")


def test_it_follows_a_draft_that_went_on_from_one_that_was_withdrawn(world) -> None:
    world.in_force()
    key = made(world)
    world.do("nurse", actions.accept_proposal, key, Written())
    world.do("nurse", actions.withdraw_version, "")
    assert one(world, "mother", key).landed.status == "withdrawn"
    world.do("nurse", actions.start_draft, from_number=2)
    landed = one(world, "mother", key).landed
    assert (landed.number, landed.status) == (3, "draft")


def test_the_one_who_decides_may_word_it_otherwise(world) -> None:
    world.in_force()
    key = made(world, new=about_goal(world))
    content = goal("sleep, in our words")
    world.do("nurse", actions.accept_proposal, key, Written(content=content))
    assert GoalText.objects.get(version__status="draft").words == "sleep, in our words"
    key = made(world)
    terms = AgreementTerms.objects.get(version__status="draft")
    world.do(
        "nurse",
        actions.accept_proposal,
        key,
        Written(content=agreement_content(vars(terms) | {"what": "otherwise"})),
    )
    assert AgreementTerms.objects.get(version__status="draft").what == "otherwise"


def test_a_goal_is_reworded_as_proposed(world) -> None:
    world.in_force()
    key = made(world, new=about_goal(world))
    assert queries.drafted_for(*world.as_("nurse"), one(world, "nurse", key), world.moment.date()).words
    world.do("nurse", actions.accept_proposal, key, Written())
    assert GoalText.objects.get(version__status="draft").words == "we all sleep"


@pytest.mark.parametrize("own", [True, False])
def test_something_new_is_begun_as_proposed_or_as_it_was_written(world, own) -> None:
    world.in_force()
    new = made(world, new=NewProposal(kind=ProposalKind.NEW_GOAL, what="play", domain=LifeDomain.SOCIAL))
    written = Written(content=goal("play outside")) if own else Written()
    became = world.do("nurse", actions.accept_proposal, new, written)
    text = GoalText.objects.get(goal_id=became)
    assert text.words == ("play outside" if own else "play")
    new = made(world, new=NewProposal(kind=ProposalKind.NEW_AGREEMENT, what="swing", goal_id=world.goals[0]))
    written = Written(content=world.nurse_does("swing high")) if own else Written()
    became = world.do("nurse", actions.accept_proposal, new, written)
    terms = AgreementTerms.objects.get(agreement_id=became)
    assert (terms.what, terms.goal_id) == ("swing high" if own else "swing", world.goals[0])
    assert {row.id for row in seen(world, "nurse", about=became)} == {new}


def test_the_plan_as_a_whole_is_accepted_without_words(world) -> None:
    world.in_force()
    key = made(world, new=NewProposal(kind=ProposalKind.PLAN, what="fewer people"))
    assert world.do("nurse", actions.accept_proposal, key, Written()) is None
    assert PlanVersion.objects.filter(status="draft").count() == 1
    assert queries.drafted_for(*world.as_("nurse"), one(world, "nurse", key), world.moment.date()).words == ""


def test_who_changed_the_draft_first_is_not_overwritten(world) -> None:
    world.in_force()
    key, on_goal = made(world), made(world, new=about_goal(world))
    world.do("nurse", actions.start_draft)
    changed = world.nurse_does("agreement 0.0", when="each night from eleven")
    world.do("colleague", actions.change_agreement, world.agreements[0], changed, 1)
    with pytest.raises(Conflict) as error:
        world.do("nurse", actions.accept_proposal, key, Written(revision=1))
    assert error.value.data["theirs"].when == "each night from eleven"
    assert error.value.data["mine"].when == "each night from ten"
    assert one(world, "nurse", key).open
    world.do("nurse", actions.accept_proposal, key, Written(revision=2))
    world.do("nurse", actions.remove_goal, world.goals[0], "too much", 1)
    with pytest.raises(Missing):
        world.do("nurse", actions.accept_proposal, on_goal, Written())


def test_what_was_left_out_of_the_draft_cannot_be_changed_there(world) -> None:
    world.in_force()
    key = made(world)
    world.do("nurse", actions.start_draft)
    world.do("nurse", actions.remove_agreement, world.agreements[0], "gone", 1)
    with pytest.raises(Missing):
        world.do("nurse", actions.accept_proposal, key, Written())


def test_nothing_is_accepted_while_another_version_waits(world) -> None:
    world.in_force()
    world.do("nurse", actions.start_draft)
    world.do("nurse", actions.change_goal, world.goals[0], goal("other"), 1)
    world.offer()
    key = made(world)
    with pytest.raises(Conflict):
        world.do("nurse", actions.accept_proposal, key, Written())
    assert one(world, "nurse", key).open


def test_a_no_needs_a_reason_which_the_proposer_reads(world) -> None:
    world.in_force()
    key = made(world)
    with pytest.raises(Invalid):
        world.do("nurse", actions.decline_proposal, key, " ")
    world.do("nurse", actions.decline_proposal, key, "nobody can come so late")
    found = one(world, "mother", key)
    assert (found.state, found.reason, found.answered_by) == (
        ProposalState.DECLINED,
        "nobody can come so late",
        "Nurse",
    )
    assert "proposal_declined" in told(world, "mother")
    for answer in (
        lambda: world.do("nurse", actions.accept_proposal, key, Written()),
        lambda: world.do("nurse", actions.decline_proposal, key, "again"),
        lambda: world.do("mother", actions.withdraw_proposal, key),
    ):
        with pytest.raises(Invalid):
            answer()
    assert ProposalStep.objects.count() == 1


def test_an_own_proposal_is_withdrawn_and_that_of_another_is_not(world) -> None:
    world.in_force()
    key = made(world)
    with pytest.raises(Refused):
        world.do("father", actions.withdraw_proposal, key)
    world.do("mother", actions.withdraw_proposal, key)
    assert one(world, "father", key).state is ProposalState.WITHDRAWN
    assert waits(world, "nurse") == []


def test_who_decides_on_an_own_proposal_is_told_nothing(world) -> None:
    world.in_force()
    key = made(world, "nurse")
    world.do("nurse", actions.accept_proposal, key, Written())
    assert {"proposal_accepted", "proposal_to_decide"}.isdisjoint(told(world, "nurse"))


@pytest.mark.parametrize("who", ["mother", "doctor", "child"])
def test_who_does_not_decide_decides_nothing(world, who) -> None:
    world.in_force()
    key = made(world, "father")
    for action, given in ((actions.accept_proposal, Written()), (actions.decline_proposal, "no")):
        with pytest.raises(Refused):
            world.do(who, action, key, given)
    assert not one(world, who, key).decides


def test_where_the_owner_has_people_who_can_they_decide(world) -> None:
    world.in_force()
    moved = {"organisation_id": world.organisations["hospital"]}
    members = Membership.objects.filter(child_id=world.child_id)
    members.filter(professional_id=world.professionals["colleague"]).update(**moved)
    Professional.objects.filter(id=world.professionals["colleague"]).update(**moved)
    key = made(world)
    assert not one(world, "colleague", key).decides and waits(world, "colleague") == []
    with pytest.raises(Refused):
        world.do("colleague", actions.decline_proposal, key, "no")
    assert one(world, "nurse", key).decides
    assert "proposal_to_decide" in told(world, "nurse")
    assert "proposal_to_decide" not in told(world, "colleague")
    on_goal = made(world, new=about_goal(world))
    assert one(world, "nurse", on_goal).decides and one(world, "colleague", on_goal).decides
    assert {row.id for row in seen(world, "nurse", open_only=True)} == {key, on_goal}


def test_the_role_of_then_stays(world) -> None:
    world.in_force()
    made(world)
    assert Proposal.objects.get().role == Role.AUTHORITY_HOLDER
    assert str(Proposal.objects.get()) == "later in the evening"


def test_a_version_can_be_agreed_while_a_proposal_waits(world) -> None:
    world.in_force()
    made(world)
    world.do("nurse", actions.start_draft)
    world.do("nurse", actions.change_goal, world.goals[0], goal("other"), 1)
    number = world.offer().number
    for parent in ("mother", "father"):
        sign(world, parent, number)
    assert approve(world, "doctor", number).status == "in_force"
    assert len(waits(world, "nurse")) == 1
