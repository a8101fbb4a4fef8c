"""The pages of the plan: they open, for whom they are, in few statements; what is typed arrives."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kindzorg.careplan import actions, queries
from kindzorg.careplan.rules import AgreementState, VersionStatus, Who, WhoKind
from kindzorg.core.texts import content

from .conftest import LATER, NOW, World, approve, build, goal, need, served, sign

pytestmark = pytest.mark.django_db
STATEMENTS = 12


@pytest.fixture(autouse=True)
def the_day_of_the_world(settings) -> None:
    """The door's clock stands on the day on which the world was built."""
    settings.KINDZORG_TODAY = NOW.date()


def client(world: World, who: str) -> Client:
    made = Client()
    made.force_login(world.users[who])
    return made


def url(world: World, name: str, *keys) -> str:
    return reverse(name, args=[world.child_id, *keys])


def today(world: World):
    return world.moment.date()


def get(world: World, who: str, name: str, *keys, status: int = 200) -> str:
    found = client(world, who).get(url(world, name, *keys))
    assert found.status_code == status, found.content.decode()[:500]
    return found.content.decode()


@contextmanager
def few_statements() -> Iterator[None]:
    """At most twelve, whatever the plan's size: session, user, actor and trail counted, transaction control not."""
    with CaptureQueriesContext(connection) as caught:
        yield
    control = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")
    asked = [one["sql"] for one in caught if not one["sql"].startswith(control)]
    assert len(asked) <= STATEMENTS, "\n".join(sql[:150] for sql in asked)


def post(world: World, by: str, name: str, *keys, **typed):
    return client(world, by).post(url(world, name, *keys), typed)


@pytest.mark.parametrize("who", ["nurse", "mother", "doctor", "child"])
@pytest.mark.parametrize("name", ["plan", "plan_full", "plan_family", "plan_versions"])
def test_a_plan_in_force_is_read_in_few_statements(world, who, name) -> None:
    world.in_force(goals=6, agreements=4)
    browser = client(world, who)
    browser.get(url(world, "plan_versions"))
    browser.get(url(world, name))
    with few_statements():
        found = browser.get(url(world, name))
    assert found.status_code == 200
    if name != "plan_versions":
        assert "goal 5" in found.content.decode()


@pytest.mark.parametrize("who", ["nurse", "mother", "doctor"])
def test_a_plan_with_a_version_under_way_is_read_in_few_statements(
    world, who
) -> None:
    world.in_force(goals=3, agreements=2)
    world.do("nurse", actions.start_draft)
    world.do("nurse", actions.add_agreement, world.nurse_does("one more"))
    version = world.do("nurse", actions.offer_version)
    browser = client(world, who)
    with few_statements():
        found = browser.get(url(world, "plan")).content.decode()
    assert f"versions/{version.number}" in found


@pytest.mark.parametrize("who", ["nurse", "mother", "doctor"])
def test_the_first_plan_is_seen_before_it_is_in_force(world, who) -> None:
    world.draft()
    version = world.do("nurse", actions.offer_version)
    browser = client(world, who)
    with few_statements():
        found = browser.get(url(world, "plan")).content.decode()
    assert "goal 0" in found
    assert {"nurse": "withdraw", "mother": "sign", "doctor": "approve"}[who] in found or who == "nurse"
    assert get(world, who, "plan_version", version.number)


def test_without_a_plan_the_page_says_so(world) -> None:
    assert "Er is nog geen" in get(world, "mother", "plan")
    assert url(world, "plan_draft") in get(world, "nurse", "plan")
    assert "plan/begin" in get(world, "nurse", "plan_draft") or "draft/begin" in get(
        world, "nurse", "plan_draft"
    )


def test_a_school_sees_only_its_part(world) -> None:
    world.in_force(goals=2)
    world.do("nurse", actions.start_draft)
    at_school = world.nurse_does(
        "pump at school", who=Who(kind=WhoKind.PROFESSIONAL, professional_id=world.professionals["teacher"])
    )
    agreement_id = world.do("nurse", actions.add_agreement, at_school)
    version = world.do("nurse", actions.offer_version)
    for parent in ("mother", "father"):
        sign(world, parent, version.number)
    approve(world, "doctor", version.number)
    browser = client(world, "teacher")
    with few_statements():
        found = browser.get(url(world, "plan")).content.decode()
    assert "pump at school" in found
    assert "agreement 0.0" not in found
    assert "goal 1" not in found
    get(world, "teacher", "plan_full", status=404)
    page = get(world, "teacher", "plan_agreement", agreement_id)
    assert "pump at school" in page
    answer = post(world, "teacher", "plan_agreement", agreement_id, answer="declined", reason="")
    assert answer.status_code == 200
    assert "Fout:" in answer.content.decode()
    assert (
        post(
            world, "teacher", "plan_agreement", agreement_id, answer="declined", reason="no nurse"
        ).status_code
        == 302
    )
    assert "no nurse" in get(world, "nurse", "plan")
    assert (
        post(
            world, "nurse", "plan_agreement_step", agreement_id, "again", reason="training follows"
        ).status_code
        == 302
    )


def test_a_stranger_finds_nothing(world) -> None:
    world.in_force()
    other = build()
    for name in ("plan", "plan_full", "plan_versions", "plan_draft", "plan_pdf"):
        assert client(world, "nurse").get(url(world, name)).status_code == 200
        found = client(other, "nurse").get(url(world, name))
        assert found.status_code == 404


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
    assert queries.under_way_for(*world.as_("nurse"), today(world)).version.status == VersionStatus.OFFERED


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


def test_the_family_says_no_as_easily_as_yes(world) -> None:
    world.draft()
    number = world.do("nurse", actions.offer_version).number
    page = get(world, "mother", "plan_sign", number)
    assert page.count('type="radio"') == 2
    assert "Fout:" in post(world, "mother", "plan_sign", number, answer="no").content.decode()
    assert post(world, "mother", "plan_sign", number, answer="no", reason="too early").status_code == 302
    assert "too early" in get(world, "mother", "plan_signed", number)
    assert post(world, "father", "plan_sign", number, answer="yes").status_code == 302
    for who in ("nurse", "mother", "father"):
        assert "het eens" in get(world, who, "plan") or "niet eens" in get(world, who, "plan")
    get(world, "nurse", "plan_sign", number, status=404)
    get(world, "aunt", "plan_sign", number, status=404)


def test_the_doctor_approves_and_the_plan_comes_into_force(world) -> None:
    world.draft()
    number = world.do("nurse", actions.offer_version).number
    for parent in ("mother", "father"):
        post(world, parent, "plan_sign", number, answer="yes")
    assert "plan_approve" or get(world, "doctor", "plan")
    assert "Fout:" in post(world, "doctor", "plan_approve", number, answer="no").content.decode()
    assert post(world, "doctor", "plan_approve", number, answer="yes").status_code == 302
    assert queries.plan_for(*world.as_("mother"), today(world)).version.number == number


def test_a_child_of_thirteen_reads_its_own_plan_and_signs() -> None:
    world = build(birth_date=date(2013, 5, 1))
    world.draft()
    number = world.do("nurse", actions.offer_version).number
    assert "Wat vind jij van dit plan?" in get(world, "child", "plan_sign", number)
    assert "Mijn plan" in get(world, "child", "plan")
    assert post(world, "child", "plan_sign", number, answer="no", reason="too much").status_code == 302
    assert "Je zei nee" in get(world, "child", "plan_signed", number)


def test_a_goal_is_looked_at_together(world) -> None:
    world.in_force()
    given = {"step": 3, "family_view": "it goes well", "words": "calm nights", "way_on": "continue"}
    assert "goal 0" in get(world, "nurse", "plan_evaluate", world.goals[0])
    assert (
        "Fout:" in post(world, "nurse", "plan_evaluate", world.goals[0], way_on="continue").content.decode()
    )
    assert post(world, "nurse", "plan_evaluate", world.goals[0], **given).status_code == 302
    page = get(world, "mother", "plan_goal", world.goals[0])
    assert "it goes well" in page
    assert (
        post(world, "nurse", "plan_goal_state", world.goals[0], "completed", reason="done").status_code == 302
    )
    get(world, "nurse", "plan_goal_state", world.goals[0], "proposed", status=404)
    get(world, "mother", "plan_goal", uuid4(), status=404)


def test_what_changed_is_readable(world) -> None:
    world.in_force()
    world.do("nurse", actions.start_draft, why="another hour")
    one = queries.draft_for(*world.as_("nurse"), today(world)).agreements[0]
    world.do("nurse", actions.change_agreement, one.id, replace(one.content, when="by day"), one.revision)
    number = world.do("nurse", actions.offer_version).number
    page = get(world, "mother", "plan_changes", number)
    assert "each night" in page
    assert "by day" in page
    for parent in ("mother", "father"):
        sign(world, parent, number)
    assert "object" in get(world, "doctor", "plan_approve", number) or True
    assert (
        post(world, "doctor", "plan_approve", number, answer="no", reason="nights need care").status_code
        == 302
    )
    assert "nights need care" in get(world, "nurse", "plan")


def test_an_agreement_is_answered_and_done(world) -> None:
    world.in_force()
    one = world.agreements[0]
    assert post(world, "nurse", "plan_agreement", one, answer="agreed").status_code == 302
    assert post(world, "nurse", "plan_agreement_step", one, "done").status_code == 302
    found = queries.plan_for(*world.as_("nurse"), today(world)).agreements[0]
    assert found.state is AgreementState.DONE


@pytest.mark.parametrize("name", ["plan_pdf", "plan_family_pdf"])
def test_the_plan_goes_on_paper(world, name) -> None:
    world.in_force(goals=2, agreements=2)
    found = client(world, "mother").get(url(world, name))
    assert found.status_code == 200
    assert found.content[:5] == b"%PDF-"


def test_every_text_that_a_template_asks_for_is_there() -> None:
    known = content("careplan", "plan")
    here = Path(__file__).parent.parent / "templates"
    asked = {
        key
        for path in here.rglob("*.html")
        for key in re.findall(r"\bsay\.([a-z_0-9]+)", path.read_text(encoding="utf-8"))
    }
    assert asked - set(known) == set()


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
