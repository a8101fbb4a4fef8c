"""The pages of the plan: they open, for whom they are, in few statements; what is answered arrives."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from kindzorg.careplan import actions, queries
from kindzorg.careplan.rules import AgreementState, Who, WhoKind
from kindzorg.core.texts import content

from .conftest import NOW, approve, build, sign
from .doors import client, few_statements, get, post, today, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_day_of_the_world(settings) -> None:
    """The door's clock stands on the day on which the world was built."""
    settings.KINDZORG_TODAY = NOW.date()


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
def test_a_plan_with_a_version_under_way_is_read_in_few_statements(world, who) -> None:
    world.in_force(goals=3, agreements=2)
    world.do("nurse", actions.start_draft)
    world.do("nurse", actions.add_agreement, world.nurse_does("one more"))
    version = world.offer()
    browser = client(world, who)
    with few_statements():
        found = browser.get(url(world, "plan")).content.decode()
    assert f"versions/{version.number}" in found


@pytest.mark.parametrize("who", ["nurse", "mother", "doctor"])
def test_the_first_plan_is_seen_before_it_is_in_force(world, who) -> None:
    world.draft()
    version = world.offer()
    browser = client(world, who)
    with few_statements():
        found = browser.get(url(world, "plan")).content.decode()
    assert "goal 0" in found
    asked = {"nurse": "plan_version", "mother": "plan_sign", "doctor": "plan_approve"}[who]
    assert url(world, asked, version.number) in found
    assert "goal 0" in get(world, who, "plan_version", version.number)


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
    version = world.offer()
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


def test_the_family_says_no_as_easily_as_yes(world) -> None:
    world.draft()
    number = world.offer().number
    page = get(world, "mother", "plan_sign", number)
    assert page.count('type="radio"') == 2
    assert "Fout:" in post(world, "mother", "plan_sign", number, answer="no").content.decode()
    assert post(world, "mother", "plan_sign", number, answer="no", reason="too early").status_code == 302
    assert "too early" in get(world, "mother", "plan_signed", number)
    assert post(world, "father", "plan_sign", number, answer="yes").status_code == 302
    for who in ("nurse", "mother", "father"):
        assert "too early" in get(world, who, "plan")
    get(world, "nurse", "plan_sign", number, status=404)
    get(world, "aunt", "plan_sign", number, status=404)


def test_the_doctor_approves_and_the_plan_comes_into_force(world) -> None:
    world.draft()
    number = world.offer().number
    for parent in ("mother", "father"):
        post(world, parent, "plan_sign", number, answer="yes")
    assert url(world, "plan_approve", number) in get(world, "doctor", "plan")
    assert "Fout:" in post(world, "doctor", "plan_approve", number, answer="no").content.decode()
    assert post(world, "doctor", "plan_approve", number, answer="yes").status_code == 302
    assert queries.plan_for(*world.as_("mother"), today(world)).version.number == number


def test_a_child_of_thirteen_reads_its_own_plan_and_signs() -> None:
    world = build(birth_date=date(2013, 5, 1))
    world.draft()
    number = world.offer().number
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
    number = world.offer().number
    page = get(world, "mother", "plan_changes", number)
    assert "each night" in page
    assert "by day" in page
    for parent in ("mother", "father"):
        sign(world, parent, number)
    assert "Ik maak bezwaar" in get(world, "doctor", "plan_approve", number)
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


def test_a_child_is_told_that_not_all_agree_but_not_who_and_why(world) -> None:
    world.draft()
    number = world.offer().number
    sign(world, "father", number, yes=False, reason="a word between grown-ups")
    for name in ("plan", "plan_version"):
        page = get(world, "child", name, *([number] if name == "plan_version" else []))
        assert "iedereen is het eens" in page
        assert "a word between grown-ups" not in page
        assert "Father" not in page


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


def test_each_link_in_a_version_leads_to_what_that_version_says(world) -> None:
    world.in_force(goals=2, agreements=2)
    gone, changed, stays = world.agreements[0], world.agreements[1], world.agreements[2]
    world.do("nurse", actions.start_draft)
    draft = queries.draft_for(*world.as_("nurse"), today(world))
    revisions = {one.id: one.revision for one in (*draft.goals, *draft.agreements)}
    world.do("nurse", actions.remove_agreement, gone, "not needed", revisions[gone])
    content = world.nurse_does("said otherwise", goal_id=world.goals[0])
    world.do("nurse", actions.change_agreement, changed, content, revisions[changed])
    new = world.do("nurse", actions.add_agreement, world.nurse_does("one more"))
    number = world.offer().number

    def followed(who: str, name: str, version: int) -> dict[str, str]:
        shown = get(world, who, name, version)
        links = set(re.findall(r'href="(/children/[^"#?]+/(?:goals|agreements)/[^"#?]+)"', shown))
        pages = {one.rsplit("/", 1)[1]: client(world, who).get(one) for one in links}
        assert pages and all(one.status_code == 200 for one in pages.values())
        return {key: one.content.decode() for key, one in pages.items()}

    for name, who in (("plan_approve", "doctor"), ("plan_version", "mother")):
        under_way = followed(who, name, number)
        assert "one more" in under_way[str(new)] and "said otherwise" in under_way[str(changed)]
        assert "Dit staat in versie 2" in under_way[str(new)] and str(gone) not in under_way
    for parent in ("mother", "father"):
        sign(world, parent, number)
    assert approve(world, "doctor", number).status == "in_force"
    old = followed("mother", "plan_version", 1)
    assert "agreement 0.0" in old[str(gone)] and "agreement 0.1" in old[str(changed)]
    assert "Dit staat in versie 1" in old[str(stays)] and str(new) not in old
    now = followed("mother", "plan_version", number)
    assert "said otherwise" in now[str(changed)] and "Dit staat in" not in now[str(changed)]


def test_what_a_version_does_not_say_has_no_page_in_it(world) -> None:
    world.in_force()
    for key in (uuid4(), world.agreements[0]):
        get(world, "mother", "plan_version_goal", 1, key, status=404)
    get(world, "mother", "plan_version_agreement", 1, uuid4(), status=404)
    get(world, "mother", "plan_version_agreement", 7, world.agreements[0], status=404)
    get(world, "teacher", "plan_version_agreement", 1, world.agreements[0], status=404)
