"""Writing in the draft through its pages: nothing typed is lost, and what is missing is named."""

import re

import pytest

from kindzorg.careplan import actions, queries
from kindzorg.careplan.rules import VersionStatus
from kindzorg.careteam.models import Grant
from kindzorg.core.errors import Incomplete

from .conftest import LATER, NOW, goal, need, served
from .doors import client, few_statements, get, post, today, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_day_of_the_world(settings) -> None:
    """The door's clock stands on the day on which the world was built."""
    settings.KINDZORG_TODAY = NOW.date()


def test_the_nurse_writes_a_draft_from_the_first_goal_to_the_offer(world) -> None:
    assert (
        client(world, "nurse").post(url(world, "plan_begin"), {"from": "plan", "reason": "first"}).status_code
        == 302
    )
    given = {
        "words": "walk the dog",
        "domains": ["social"],
        "whose": "child",
        "kind": "reach",
        "review_on": LATER,
    }
    assert "Fout:" in post(world, "nurse", "plan_goal_new", **{**given, "words": ""}).content.decode()
    assert post(world, "nurse", "plan_goal_new", **given, step_1="none", step_5="each day").status_code == 302
    draft = queries.draft_for(*world.as_("nurse"), today(world))
    (made,) = draft.goals
    assert made.content.steps == ("none", "", "", "", "each day")
    assert str(made.id) in get(world, "nurse", "plan_draft")
    said = {
        "what": "walk together",
        "who": f"relative {world.relatives['mother']}",
        "where": "park",
        "when": "daily",
        "why": f"goal {made.id}",
    }
    assert post(world, "nurse", "plan_agreement_new", **said).status_code == 302
    draft = queries.draft_for(*world.as_("nurse"), today(world))
    assert draft.agreements[0].content.who.name == "Mother"
    assert "walk together" in get(world, "nurse", "plan_agreement_edit", draft.agreements[0].id)
    assert "Mother" in get(world, "nurse", "plan_offer")
    assert post(world, "nurse", "plan_offer").status_code == 302
    assert queries.shown_plan_for(*world.as_("nurse"), today(world)).version.status == VersionStatus.OFFERED


def test_what_is_missing_is_named_with_the_way_to_mend_it(world) -> None:
    one = need("sleep")
    world.do("nurse", actions.draft_from_needs, [one, need("play")])
    page = get(world, "nurse", "plan_draft")
    assert "Maak een afspraak bij dit doel" in page
    assert url(world, "plan_agreement_new") in page
    offered = post(world, "nurse", "plan_offer")
    assert offered.status_code == 200
    assert queries.draft_for(*world.as_("nurse"), today(world)) is not None


def test_a_need_can_be_left_alone_on_purpose(world) -> None:
    one = need("sleep")
    world.do("nurse", actions.draft_from_needs, [one])
    draft = queries.draft_for(*world.as_("nurse"), today(world))
    (made,) = draft.goals
    assert post(world, "nurse", "plan_remove", "goal", made.id, revision=made.revision).status_code == 302
    assert "we need sleep" in get(world, "nurse", "plan_draft")
    assert post(world, "nurse", "plan_no_goal", one.need_id, reason="not now", revision=0).status_code == 302
    assert "not now" in get(world, "nurse", "plan_draft")
    assert post(world, "nurse", "plan_no_goal", one.need_id, take_back="1").status_code == 302


def test_two_who_write_at_once_see_both_texts_and_lose_nothing(world) -> None:
    world.draft()
    draft = queries.draft_for(*world.as_("nurse"), today(world))
    (made,) = draft.goals
    given = {
        "domains": ["medical"],
        "whose": "child",
        "kind": "reach",
        "review_on": LATER,
        "revision": made.revision,
    }
    assert post(world, "colleague", "plan_goal_edit", made.id, words="theirs", **given).status_code == 302
    late = post(world, "nurse", "plan_goal_edit", made.id, words="mine", **given)
    page = late.content.decode()
    assert late.status_code == 200
    assert "theirs" in page
    assert "mine" in page
    newest = re.search(r'name="revision" value="(\d+)"', page).group(1)
    again = {**given, "revision": newest}
    assert (
        post(world, "nurse", "plan_goal_edit", made.id, words="mine and theirs", **again).status_code == 302
    )
    assert queries.draft_for(*world.as_("nurse"), today(world)).goals[0].content.words == "mine and theirs"


def test_two_agreements_at_once_too(world) -> None:
    world.draft()
    one = queries.draft_for(*world.as_("nurse"), today(world)).agreements[0]
    given = {
        "who": f"professional {world.professionals['nurse']}",
        "why": f"goal {world.goals[0]}",
        "revision": one.revision,
    }
    assert post(world, "colleague", "plan_agreement_edit", one.id, what="theirs", **given).status_code == 302
    late = post(world, "nurse", "plan_agreement_edit", one.id, what="mine", protocol="our own", **given)
    assert "theirs" in late.content.decode()
    assert "our own" in late.content.decode()


@pytest.mark.parametrize("domains", ["all", "social"])
@pytest.mark.parametrize(
    "name", ["plan_draft", "plan_offer", "plan_agreement_new", "plan_goal_new", "plan_withdraw"]
)
def test_the_draft_is_read_in_few_statements(world, name, domains) -> None:
    world.in_force(goals=6, agreements=4)
    world.do("nurse", actions.start_draft)
    Grant.objects.filter(user=world.users["colleague"]).update(domains=domains)
    browser = client(world, "colleague")
    browser.get(url(world, name))
    with few_statements():
        found = browser.get(url(world, name))
    assert found.status_code == 200
    assert len(found.content) < 100_000


def test_the_page_misses_what_the_offer_misses_whatever_its_reader_may_see(world) -> None:
    world.do("nurse", actions.draft_from_needs, [need("sleep"), need("play")])
    world.do("nurse", actions.add_agreement, world.nurse_does("alone", goal_id=None, where=""))
    Grant.objects.filter(user=world.users["colleague"]).update(domains="social")
    whole = queries.checked_draft_for(*world.as_("nurse"), today(world))
    part = queries.checked_draft_for(*world.as_("colleague"), today(world))
    with pytest.raises(Incomplete) as told:
        world.do("nurse", actions.offer_version)
    assert whole.lacks == part.lacks == told.value.data["missing"]
    assert (whole.plan.restricted, part.plan.restricted) == (False, True)
    assert whole.signing == part.signing


def test_who_withdraws_goes_on_from_what_was_withdrawn(world) -> None:
    world.draft()
    world.do("nurse", actions.offer_version)
    assert "Intrekken en aanpassen" in get(world, "nurse", "plan_withdraw")
    assert post(world, "nurse", "plan_withdraw", reason="", go_on="1").status_code == 200
    long = post(world, "nurse", "plan_withdraw", reason="w" * 501, go_on="1").content.decode()
    assert "Fout:" in long and "w" * 501 in long  # what was typed is kept
    assert post(world, "nurse", "plan_withdraw", reason="too early", go_on="1").status_code == 302
    draft = queries.draft_for(*world.as_("nurse"), today(world))
    assert [one.content.words for one in draft.goals] == ["goal 0"]
    assert post(world, "nurse", "plan_withdraw", reason="").status_code == 302
    long = post(world, "nurse", "plan_begin", **{"from": "plan", "reason": "w" * 501}).content.decode()
    assert "Fout:" in long and "w" * 501 in long
    for odd in ("²", "9" * 5000):
        assert post(world, "nurse", "plan_begin", **{"from": "version", "number": odd}).status_code == 200
    assert post(world, "nurse", "plan_begin", **{"from": "version", "number": 1}).status_code == 302
    assert queries.draft_for(*world.as_("nurse"), today(world)).goals


def test_a_served_need_is_chosen_in_the_form(world) -> None:
    one = need("sleep")
    world.do("nurse", actions.draft_from_needs, [one])
    (made,) = queries.draft_for(*world.as_("nurse"), today(world)).goals
    given = {
        "words": "sleep",
        "domains": ["medical"],
        "whose": "child",
        "kind": "keep",
        "revision": made.revision,
    }
    assert (
        post(world, "nurse", "plan_goal_edit", made.id, needs=[str(one.need_id)], **given).status_code == 302
    )
    (made,) = queries.draft_for(*world.as_("nurse"), today(world)).goals
    assert made.content.needs == (served(one),)
    assert made.content.kind == "keep"
    assert goal("x").kind == "reach"
