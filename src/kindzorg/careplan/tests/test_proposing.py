"""The pages on which anybody proposes and somebody decides: short, forgiving, and few statements."""

from collections.abc import Iterator

import pytest
from django.test import Client

from kindzorg.careplan import actions
from kindzorg.careplan.models import AgreementTerms, GoalText, PlanVersion
from kindzorg.careplan.proposals.models import Proposal
from kindzorg.careplan.proposals.rules import NewProposal, ProposalKind, Written
from kindzorg.core.vocabulary import LifeDomain

from .doors import client, few_statements, get, post, url
from .test_proposals import about_agreement, about_goal, made
from .test_proposals_seen import narrowed, teacher

pytestmark = pytest.mark.django_db


@pytest.fixture
def mother(world) -> Iterator[Client]:
    world.in_force()
    yield client(world, "mother")


def test_each_item_has_a_quiet_way_to_propose(world, mother) -> None:
    agreement, goal = world.agreements[0], world.goals[0]
    assert f"propose?agreement={agreement}" in get(world, "mother", "plan_agreement", agreement)
    assert f"propose?goal={goal}" in get(world, "mother", "plan_goal", goal)
    assert f"propose?agreement={agreement}" in get(world, "mother", "plan_full")
    page = get(world, "mother", "plan")
    assert "propose?domain=medical" in page and "propose?domain=social" in page
    assert f'href="{url(world, "plan_propose")}"' in page


def test_a_mother_proposes_and_what_she_did_not_touch_is_not_her_wording(world, mother) -> None:
    address = f"{url(world, 'plan_propose')}?agreement={world.agreements[0]}"
    page = mother.get(address).content.decode()
    assert 'value="each night"' in page and "agreement 0.0" in page
    typed = {"words": "agreement 0.0", "where": "at home", "when": "from ten"}
    wrong = mother.post(address, {"what": " ", "why": "we eat at nine", **typed}).content.decode()
    assert "we eat at nine" in wrong and 'href="#id_what"' in wrong and not Proposal.objects.exists()
    done = mother.post(address, {"what": "later", "why": "we eat at nine", **typed})
    row = Proposal.objects.get()
    assert (row.words, row.where, row.when) == ("", "", "from ten")
    assert done.url == url(world, "plan_proposal", row.id)
    shown = get(world, "mother", "plan_proposal", row.id)
    assert "<del>each night</del>" in shown and "<ins>from ten</ins>" in shown
    assert url(world, "plan_proposal_withdraw", row.id) in shown
    assert url(world, "plan_proposal_accept", row.id) not in shown


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ({"kind": "goal", "words": "we all sleep"}, ProposalKind.GOAL),
        ({"kind": "new_agreement", "words": "sing", "when": "at eight"}, ProposalKind.NEW_AGREEMENT),
    ],
)
def test_of_a_goal_one_chooses_what_it_is_about(world, mother, typed, kind) -> None:
    address = f"{url(world, 'plan_propose')}?goal={world.goals[0]}"
    assert 'href="#id_kind_0"' in mother.post(address, {"what": "other"}).content.decode()
    mother.post(address, {"what": "other", **typed})
    row = Proposal.objects.get()
    assert (row.kind, row.goal_id, row.words) == (kind, world.goals[0], typed["words"])


def test_of_the_plan_a_new_thing_needs_its_domain(world, mother) -> None:
    address = url(world, "plan_propose")
    wrong = mother.post(address, {"what": "play", "kind": "new_goal"}).content.decode()
    assert 'href="#id_domain_0"' in wrong
    mother.post(address, {"what": "play", "kind": "new_goal", "domain": "social"})
    mother.post(address, {"what": "fewer people", "kind": "plan", "domain": "social"})
    mother.post(f"{address}?domain=safety", {"what": "a gate", "kind": "new_agreement"})
    found = Proposal.objects.order_by("created_at").values_list("kind", "domain")
    assert list(found) == [("new_goal", "social"), ("plan", ""), ("new_agreement", "safety")]


def test_who_sees_one_domain_is_offered_that_alone(world, mother) -> None:
    narrowed(world, "gp", "medical")
    page = client(world, "gp").get(url(world, "plan_propose")).content.decode()
    assert 'value="medical"' in page and 'value="social"' not in page and 'value="plan"' not in page


def test_what_is_not_in_the_plan_cannot_be_proposed_on(world, mother) -> None:
    for query in ("agreement=1", f"goal={world.agreements[0]}"):
        assert mother.get(f"{url(world, 'plan_propose')}?{query}").status_code == 404
    assert client(world, "aunt").get(url(world, "plan_proposals")).status_code == 200
    assert client(world, "aunt").get(url(world, "plan_propose")).status_code == 404


def test_a_teacher_proposes_on_the_own_part(world) -> None:
    world.draft()
    own = world.nurse_does("walk to school", who=teacher(world))
    world.agreements.append(world.do("nurse", actions.add_agreement, own))
    world.agree()
    address = f"{url(world, 'plan_propose')}?agreement={world.agreements[1]}"
    assert client(world, "teacher").post(address, {"what": "by bike"}).status_code == 302
    assert "by bike" in get(world, "teacher", "plan_proposals")
    assert "by bike" in get(world, "teacher", "plan_agreement", world.agreements[1])
    assert url(world, "plan_propose") in get(world, "teacher", "plan")


def test_a_nurse_accepts_the_wording_into_the_draft(world, mother) -> None:
    key = made(world)
    assert "Overnemen in het concept" in get(world, "nurse", "plan_proposal", key)
    done = post(world, "nurse", "plan_proposal_accept", key, revision="1")
    assert done.url == url(world, "plan_draft")
    assert AgreementTerms.objects.get(version__status="draft").when == "each night from ten"
    shown = get(world, "mother", "plan_proposal", key)
    assert "concept van het nieuwe plan" in shown and "Overnemen in het concept" not in shown
    world.agree()
    assert url(world, "plan_changes", 2) in get(world, "mother", "plan_proposal", key)


def test_a_proposal_without_wording_is_written_with_it_beside(world, mother) -> None:
    key = made(world, new=about_agreement(world, when=""))
    assert "Overnemen in het concept" not in get(world, "nurse", "plan_proposal", key)
    away = post(world, "nurse", "plan_proposal_accept", key, write="1").url
    assert away == f"{url(world, 'plan_agreement_edit', world.agreements[0])}?proposal={key}"
    nurse = client(world, "nurse")
    assert "we eat at nine" in nurse.get(away).content.decode()
    typed = {"what": "later", "who": "child", "why": f"goal {world.goals[0]}", "law": "", "form": ""}
    assert nurse.post(away, typed | {"revision": "1"}).status_code == 302
    assert AgreementTerms.objects.get(version__status="draft").what == "later"
    assert Proposal.objects.get().steps.get().agreement_id == world.agreements[0]
    again = nurse.post(away, typed | {"revision": "2"})
    assert again.status_code == 302 and Proposal.objects.get().steps.count() == 1
    for wrong in ("?proposal=1", f"?proposal={world.goals[0]}"):
        assert nurse.get(url(world, "plan_goal_new") + wrong).status_code == 404


@pytest.mark.parametrize(
    ("new", "name"),
    [
        (NewProposal(kind=ProposalKind.NEW_GOAL, what="play", domain=LifeDomain.SOCIAL), "plan_goal_new"),
        (
            NewProposal(kind=ProposalKind.NEW_AGREEMENT, what="a gate", domain=LifeDomain.SAFETY),
            "plan_agreement_new",
        ),
    ],
)
def test_something_new_is_written_with_the_proposal_beside(world, mother, new, name) -> None:
    key = made(world, new=new)
    away = post(world, "nurse", "plan_proposal_accept", key, write="1").url
    assert away.startswith(f"{url(world, name)}?proposal={key}")
    typed = {"words": "play", "domains": ["social"], "whose": "child", "kind": "reach", "what": "a gate"}
    done = client(world, "nurse").post(away, typed | {"who": "", "why": "", "law": "", "form": ""})
    assert done.status_code == 302 and Proposal.objects.get().steps.get().state == "accepted"


def test_a_goal_is_written_with_its_wording_filled_in(world, mother) -> None:
    key = made(world, new=about_goal(world))
    away = post(world, "nurse", "plan_proposal_accept", key, write="1").url
    assert "we all sleep</textarea>" in client(world, "nurse").get(away).content.decode()
    assert GoalText.objects.get(version__status="draft").words == "goal 0"


def test_who_changed_the_draft_first_is_shown_beside_the_proposal(world, mother) -> None:
    key = made(world)
    world.do("nurse", actions.start_draft)
    changed = world.nurse_does("agreement 0.0", when="each night from eleven")
    world.do("colleague", actions.change_agreement, world.agreements[0], changed, 1)
    both = post(world, "nurse", "plan_proposal_accept", key, revision="1").content.decode()
    assert "each night from eleven" in both and "each night from ten" in both and 'value="2"' in both
    assert post(world, "nurse", "plan_proposal_accept", key, revision="2").status_code == 302


def test_what_stands_in_the_way_of_accepting_is_said(world, mother) -> None:
    key = made(world)
    world.do("nurse", actions.start_draft)
    world.do("nurse", actions.remove_agreement, world.agreements[0], "gone", 1)
    assert "kz-alert" in post(world, "nurse", "plan_proposal_accept", key).content.decode()
    world.do("nurse", actions.decline_proposal, key, "too late")
    assert "kz-alert" in post(world, "nurse", "plan_proposal_accept", key).content.decode()
    assert "kz-alert" in post(world, "mother", "plan_proposal_withdraw", key).content.decode()


def test_a_no_without_reason_is_asked_again_and_with_it_is_read(world, mother) -> None:
    key = made(world)
    assert "later in the evening" in get(world, "nurse", "plan_proposal_decline", key)
    assert 'href="#id_reason"' in post(world, "nurse", "plan_proposal_decline", key).content.decode()
    done = post(world, "nurse", "plan_proposal_decline", key, reason="nobody can")
    assert done.url == url(world, "plan_proposal", key)
    assert "nobody can" in get(world, "mother", "plan_proposal", key)
    assert "nobody can" in get(world, "mother", "plan_agreement", world.agreements[0])
    again = post(world, "nurse", "plan_proposal_decline", key, reason="again").content.decode()
    assert "kz-error" in again or "error" in again


def test_an_own_proposal_is_taken_back(world, mother) -> None:
    key = made(world)
    assert post(world, "father", "plan_proposal_withdraw", key).status_code == 404
    assert post(world, "mother", "plan_proposal_withdraw", key).status_code == 302
    assert "Ingetrokken" in get(world, "mother", "plan_proposal", key)


def test_the_draft_lists_what_waits(world, mother) -> None:
    key = made(world)
    world.do("nurse", actions.start_draft)
    assert url(world, "plan_proposal", key) in get(world, "nurse", "plan_draft")
    world.do("nurse", actions.accept_proposal, key, Written())
    assert url(world, "plan_proposal", key) not in get(world, "nurse", "plan_draft")


def test_the_plan_as_a_whole_leads_to_the_draft(world, mother) -> None:
    key = made(world, new=NewProposal(kind=ProposalKind.PLAN, what="fewer people"))
    assert post(world, "nurse", "plan_proposal_accept", key, write="1").url == url(world, "plan_draft")
    assert PlanVersion.objects.filter(status="draft").exists()


def test_the_pages_ask_few_statements(world, mother) -> None:
    accepted, waiting = made(world), made(world)
    world.do("nurse", actions.accept_proposal, accepted, Written())
    places = [
        ("plan_proposals", ()), ("plan_proposal", (waiting,)), ("plan_proposal", (accepted,)),
        ("plan_goal", (world.goals[0],)), ("plan_agreement", (world.agreements[0],)), ("plan_draft", ()),
        ("plan_proposal_decline", (waiting,)), ("plan_propose", ()), ("plan", ()), ("plan_full", ()),
    ]  # fmt: skip
    nurse = client(world, "nurse")
    for name, keys in places:
        nurse.get(url(world, name, *keys))
        with few_statements():
            assert nurse.get(url(world, name, *keys)).status_code == 200
    for address in (
        f"{url(world, 'plan_agreement_edit', world.agreements[0])}?proposal={waiting}",
        f"{url(world, 'plan_propose')}?agreement={world.agreements[0]}",
    ):
        with few_statements():
            assert nurse.get(address).status_code == 200
