"""Pages on which something of a scan or plan is pointed out, and where what was destroyed stood."""

import re
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from django.urls import reverse

from kindzorg.access.roles import Role, Scope
from kindzorg.audit.queries import lines_for
from kindzorg.careplan.models import Evaluation, PlanVersion
from kindzorg.careplan.tests.conftest import NOW, SYSTEM, World, build
from kindzorg.careteam.actions import grant_access
from kindzorg.careteam.models import Grant, Membership
from kindzorg.careteam.queries import hidden_objects
from kindzorg.core.destroyed import BEGIN
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.thawing import thawed
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.actions import take_step
from kindzorg.journey.rules import Phase
from kindzorg.keeping.destroying import destroy
from kindzorg.keeping.models import FileRequest
from kindzorg.keeping.requests import actions, queries
from kindzorg.keeping.requests.rules import About, Asked, NewRequest
from kindzorg.keeping.tests.test_destroying import (
    AGREED,
    FIRST,
    GOAL,
    answer_of,
    answers,
    care_is_over,
    destroys,
    plan_is_in_force,
    scan_is_closed,
    world,
)
from kindzorg.keeping.tests.test_request_pages import Visit
from kindzorg.keeping.tests.test_requests import NO, TODAY, YES, note_by
from kindzorg.needs import actions as needs
from kindzorg.notices.models import Notice
from kindzorg.people.actions import register_user
from kindzorg.people.models import Child
from kindzorg.referral.tests.conftest import counted

__all__ = ["world"]
pytestmark = pytest.mark.django_db
GONE = "[vernietigd op verzoek, 14 september 2026]"


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)


def pointed(page: str) -> list[str]:
    """What a page lets somebody point out."""
    return re.findall(r"\?about=(\w+)&amp;id=([0-9a-f-]{36})", page)


def test_everything_that_can_go_is_pointed_out_where_it_stands(world: World) -> None:
    mother = Visit(world, "mother")
    seen = Evaluation.objects.get(goal_id=world.goals[1])
    assert pointed(mother.get("plan_goal", world.goals[1])) == [
        ("evaluation", str(seen.id)),
        ("goal", str(world.goals[1])),
    ]
    assert ("agreement", str(world.agreements[1])) in pointed(
        mother.get("plan_agreement", world.agreements[1])
    )
    beside = pointed(mother.get("needs_together", "medical"))
    assert {one for one, _ in beside} == {"answer"} and len(beside) == 4
    assert len(pointed(mother.get("needs_check"))) == 5 and len(pointed(mother.get("needs"))) == 1
    for about, key in (*beside, ("goal", world.goals[1]), ("evaluation", seen.id)):
        with counted(most=12):
            page = mother.get("request_new", query=f"?about={about}&id={key}")
        assert "Bij een ja gaan" in page
    assert pointed(Visit(world, "nurse").get("plan_goal", world.goals[1])) == []


def test_who_decides_reads_what_goes_along(world: World) -> None:
    mother, nurse = Visit(world, "mother"), Visit(world, "nurse")
    mother.post(
        "request_new", query=f"?about=goal&id={world.goals[1]}", asked="remove", words="Dit moet weg."
    )
    request = FileRequest.objects.get()
    with counted(most=12):
        page = nurse.get("request_decide", request.id)
    assert "uit elke versie van het plan" in page and GOAL in page
    assert "Een doel weghalen" in nurse.get("requests")
    page = nurse.post("request_decide", request.id, granted="grant", all_agree="on")
    assert "Het wordt nu vernietigd" in page


def test_a_no_stands_beside_the_goal_the_agreement_the_answer_and_the_evaluation(world: World) -> None:
    seen = Evaluation.objects.get(goal_id=world.goals[1])
    things = {
        (About.GOAL, world.goals[1]): ("plan_goal", world.goals[1]),
        (About.EVALUATION, seen.id): ("plan_goal", world.goals[1]),
        (About.AGREEMENT, world.agreements[1]): ("plan_agreement", world.agreements[1]),
        (About.ANSWER, answer_of("Father")): ("needs_together", "medical"),
    }
    visits = [Visit(world, who) for who in ("father", "doctor")]
    for (about, key), place in things.items():
        new = NewRequest(Asked.CORRECT, about, f"Zo was {about} niet.", key)
        row = world.do("mother", actions.make_request, new)
        world.do("nurse", actions.decide_request, row.id, NO)
        for visit in visits:
            visit.get("child_start")
            with counted(most=12):
                assert f"Zo was {about} niet." in visit.get(*place)
    Grant.objects.filter(user=world.users["doctor"]).update(domains="medical")
    assert "Zo was answer niet." not in Visit(world, "doctor").get("needs_together", "medical")


def test_a_yes_to_a_correction_of_plan_or_scan_leads_there(world: World) -> None:
    for about, key, name in (
        (About.GOAL, world.goals[1], "plan"),
        (About.ANSWER, answer_of("Father"), "needs"),
    ):
        row = world.do("mother", actions.make_request, NewRequest(Asked.CORRECT, about, "Anders.", key))
        page = Visit(world, "nurse").post("request_decide", row.id, granted="grant")
        assert f'href="{reverse(name, args=[world.child_id])}">Pas het nu aan' in page


def test_every_page_says_in_the_readers_language_that_it_is_gone(world: World) -> None:
    for about, key in (
        (About.ANSWER, answer_of("Mother")),
        (About.GOAL, world.goals[1]),
        (About.AGREEMENT, world.agreements[1]),
    ):
        destroys(world, about, key)
    mother, nurse = Visit(world, "mother"), Visit(world, "nurse")
    numbers = PlanVersion.objects.exclude(status="draft").values_list("number", flat=True)
    places: list[tuple[Any, ...]] = [
        ("plan",),
        ("plan_full",),
        ("plan_goal", world.goals[1]),
        ("plan_agreement", world.agreements[1]),
        ("needs_together", "medical"),
        ("needs",),
        *[("plan_version", number) for number in numbers],
    ]
    for place in places:
        page = mother.get(*place)
        assert GONE in page and BEGIN not in page, place
        assert not {GOAL, AGREED, FIRST} & {one for one in (GOAL, AGREED, FIRST) if one in page}
    assert pointed(mother.get("plan_goal", world.goals[1])) == []
    form = nurse.get("plan_goal_edit", world.goals[1])
    assert re.search(r'<textarea name="words"[^>]*>\s*</textarea>', form)
    mother.browser.post(reverse("set_language"), {"language": "en"})
    assert "[destroyed on request, 14 September 2026]" in mother.get("plan")


def test_copies_and_papers_say_so_too(world: World) -> None:
    care_is_over(world)
    destroys(world, About.GOAL, world.goals[1])
    destroys(world, About.ANSWER, answer_of("Mother"))
    made = Visit(world, "mother").browser.post(reverse("child_copy", args=[world.child_id]))
    with ZipFile(BytesIO(b"".join(made))) as taken:
        read = {name: taken.read(name).decode() for name in taken.namelist()}
    assert not [name for name, words in read.items() if BEGIN in words or GOAL in words or FIRST in words]
    told = {name for name, words in read.items() if GONE in words}
    assert {"plan", "needs", "closure"} <= {name.partition("/")[2].partition(".")[0] for name in told}


# --- who knows of it ---------------------------------------------------------------------------------------


def told_first(world: World) -> UUID:
    """What a child of thirteen tells its nurse alone."""
    world.do("nurse", take_step, Phase.NEEDS)
    world.do("child", needs.open_scan)
    return answers(world, "child", "feeling_safe", now="Er is ruzie", nurse_first=True)


def test_what_a_child_told_its_nurse_first_is_asked_and_decided_between_them() -> None:
    world = build(NOW.date().replace(year=2013))
    key = told_first(world)
    new = NewRequest(Asked.REMOVE, About.ANSWER, "Dit moet weg.", key)
    for who in ("mother", "father"):
        with pytest.raises(Missing):
            world.do(who, actions.make_request, NewRequest(Asked.CORRECT, About.ANSWER, "Wat?", key))
    row = world.do("child", actions.make_request, new)
    told = set(Notice.objects.filter(kind="request_made").values_list("recipient__name", flat=True))
    assert told == {"Nurse", "Colleague"}
    assert queries.requests_for(*world.as_("mother"), TODAY) == []
    assert [one.id for one in queries.requests_for(*world.as_("colleague"), TODAY)] == [row.id]
    world.do("nurse", actions.decide_request, row.id, YES)
    assert destroy(str(row.id)) == "destroyed"
    about = world.as_("mother")
    shown = lines_for(*about, TODAY, hidden=hidden_objects(*about, TODAY))
    assert not [one for one in shown if one.event.startswith(("request.", "entry.destroyed"))]


def test_a_doctor_of_the_same_house_knows_nothing_of_what_only_nurses_hear() -> None:
    world = build(NOW.date().replace(year=2013))
    key = told_first(world)
    row = world.do("child", actions.make_request, NewRequest(Asked.REMOVE, About.ANSWER, "Weg.", key))
    assert row.owner_id == world.organisations["home"]
    with thawed(["keeping_filerequest"]):
        FileRequest.objects.update(owner_id=world.organisations["hospital"])
    assert queries.requests_for(*world.as_("doctor"), TODAY) == []


def closes_social(world: World, *who: str) -> None:
    for one in who:
        Grant.objects.filter(user=world.users[one]).update(domains="medical")
        Membership.objects.filter(professional_id=world.professionals[one]).update(domains="medical")


def officer(world: World, house: str = "home") -> None:
    world.users["officer"] = register_user(SYSTEM, f"officer-{house}-{world.child_id}", "Officer", NOW)
    about = (Role.PRIVACY_OFFICER, Scope.ORGANISATION, world.organisations[house], NOW)
    grant_access(SYSTEM, world.users["officer"].id, *about)


def told_unseen() -> set[str]:
    return set(Notice.objects.filter(kind="request_unseen").values_list("recipient__name", flat=True))


def test_what_nobody_who_decides_can_read_is_told_to_the_privacy_officer_who_reads_no_word() -> None:
    world = build()
    officer(world)
    entry = note_by(world, words="Moeder is streng.")
    seen = world.do(
        "mother", actions.make_request, NewRequest(Asked.CORRECT, About.NOTE, "Dit klopt niet.", entry)
    )
    assert not seen.unseen and told_unseen() == set()
    closes_social(world, "nurse", "colleague", "doctor", "gp")
    new = NewRequest(Asked.REMOVE, About.NOTE, "Dit moet echt weg.", entry)
    row = world.do("mother", actions.make_request, new)
    assert (row.unseen, row.owner_id) == (True, world.organisations["home"])
    assert told_unseen() == {"Officer"}
    guard = Visit(world, "officer")
    page = guard.get("requests")
    assert "Niemand die hierover besluit" in page and len(re.findall(r"/requests/[0-9a-f-]{36}", page)) == 1
    page = guard.get("request", row.id)
    assert "Home besluit vóór of op" in page and "Niemand die hierover besluit" in page
    assert "echt weg" not in page and "streng" not in page and "/decide" not in page
    assert "niemand die besluit kan het lezen" in guard.browser.get(reverse("notices")).content.decode()
    guard.get("request", seen.id, status=404)
    for name in ("request_decide", "request_delay"):
        guard.get(name, row.id, status=404)
    guard.get("request_new", status=404)
    with pytest.raises(Refused):
        world.do("officer", actions.decide_request, row.id, YES)
    Grant.objects.filter(user=world.users["nurse"]).update(domains="all")
    world.do("nurse", actions.decide_request, row.id, YES)


def test_who_decides_and_guards_privacy_too_reads_only_what_is_open() -> None:
    """The colleague decides for Home on what is medical, and sees to it that somebody decides on the rest."""
    world = build()
    open_note, closed = note_by(world, words="Sonde om 8 uur.", domain=LifeDomain.MEDICAL), note_by(world)
    closes_social(world, "nurse", "colleague", "doctor", "gp")
    about = (Role.PRIVACY_OFFICER, Scope.ORGANISATION, world.organisations["home"], NOW)
    grant_access(SYSTEM, world.users["colleague"].id, *about)
    row, unseen = (
        world.do("mother", actions.make_request, NewRequest(Asked.CORRECT, About.NOTE, words, entry))
        for entry, words in ((open_note, "Om 9 uur."), (closed, "Zo ben ik niet."))
    )
    assert (row.unseen, unseen.unseen) == (False, True)
    actor, subject = world.as_("colleague")
    found = {one.id: one for one in queries.requests_for(actor, subject, TODAY)}
    assert {key: (one.readable, one.words) for key, one in found.items()} == {
        row.id: (True, "Om 9 uur."),
        unseen.id: (False, ""),
    }
    assert queries.words_now(actor, subject, found[unseen.id], TODAY) == ""
    guard = Visit(world, "colleague")
    with counted(most=12):
        page = guard.get("requests")
    assert page.count("U bewaakt de privacy") == 1
    page = guard.get("request", row.id)
    assert "Om 9 uur." in page and "Sonde om 8 uur." in page and "/decide" in page
    page = guard.get("request", unseen.id)
    assert "U bewaakt de privacy" in page and "/decide" not in page
    assert "Zo ben ik" not in page and "streng" not in page
    for name in ("request_decide", "request_delay"):
        guard.get(name, row.id)
        guard.get(name, unseen.id, status=404)
    for act, more in ((actions.decide_request, YES), (actions.delay_request, "Het is veel.")):
        with pytest.raises(Missing):
            world.do("colleague", act, unseen.id, more)
    world.do("colleague", actions.decide_request, row.id, YES)


def test_without_an_officer_at_the_keeper_that_of_the_controller_is_told() -> None:
    world = build()
    Child.objects.filter(id=world.child_id).update(owner_id=world.organisations["school"])
    entry = note_by(world)
    closes_social(world, "nurse", "colleague", "doctor", "gp")
    row = world.do("mother", actions.make_request, NewRequest(Asked.CORRECT, About.NOTE, "Anders.", entry))
    assert (row.unseen, row.owner_id, told_unseen()) == (True, world.organisations["school"], set())
    officer(world)
    row = world.do("mother", actions.make_request, NewRequest(Asked.REMOVE, About.NOTE, "Weg.", entry))
    assert (row.unseen, row.owner_id, told_unseen()) == (True, world.organisations["home"], {"Officer"})


def test_a_plan_is_decided_on_by_who_sees_every_domain() -> None:
    world = build()
    scan_is_closed(world)
    plan_is_in_force(world)
    closes_social(world, "colleague")
    row = world.do(
        "mother", actions.make_request, NewRequest(Asked.REMOVE, About.GOAL, "Weg.", world.goals[1])
    )
    assert "Colleague" not in set(
        Notice.objects.filter(kind="request_made").values_list("recipient__name", flat=True)
    )
    with pytest.raises(Missing):
        world.do("colleague", actions.decide_request, row.id, YES)
    world.do("nurse", actions.decide_request, row.id, YES)
