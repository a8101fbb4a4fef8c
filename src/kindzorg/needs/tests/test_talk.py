"""The scan as a conversation: how long it takes, following along, and reading back what was told to agree to it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from kindzorg.audit.models import AuditLine
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.models import NeedsAnswer, SummaryCheck
from kindzorg.needs.queries import scan_for
from kindzorg.needs.rules import Carrying, Feeling, Respondent, Said, Whose, current
from kindzorg.needs.talk.actions import check_summary
from kindzorg.needs.talk.queries import checks_for
from kindzorg.needs.talk.rules import (
    Check,
    NewCheck,
    Point,
    Understood,
    corrected,
    left_of,
    point_for,
    points_of,
    standing,
)
from kindzorg.needs.tests.answers import MONDAY, SAMIRA, SCAN, answer, by, picks, scan
from kindzorg.needs.tests.world import World

MEDICAL, SOCIAL = LifeDomain.MEDICAL, LifeDomain.SOCIAL


# --- rules ------------------------------------------------------------------------------------------------------


def test_what_is_left_counts_questions_and_minutes_per_domain() -> None:
    asked = SCAN.offered(Respondent.PARENT)
    fresh = {one.domain: one for one in left_of(scan(), Respondent.PARENT, asked)}
    assert {(one.questions, one.minutes, one.chooses) for one in fresh.values()} == {(1, 1, True)}
    mine = current(scan(picks(SAMIRA, MEDICAL, "nights", "eating"), answer(SAMIRA, "eating", now="soup")))
    left = {one.domain: one for one in left_of(mine, Respondent.PARENT, asked)}
    assert (left[MEDICAL].questions, left[MEDICAL].minutes, left[MEDICAL].chooses) == (1, 2, False)
    none = left_of(mine, Respondent.PARENT, [topic for topic in asked if topic.id != "nights"])
    assert none[0].questions == none[0].minutes == 0


def told() -> tuple[Point, ...]:
    said = Said(**by(SAMIRA), words="camping")
    carrying = Carrying(**by(SAMIRA), member="mama", whose=Whose.PARENTS, words="much")
    return points_of(
        current(
            scan(
                picks(SAMIRA, MEDICAL, "nights", "eating"),
                answer(SAMIRA, "nights", now="awake", needed="a night nurse"),
                answer(SAMIRA, "eating", skipped=True),
                picks(SAMIRA, SOCIAL),
                carrying,
                opening=(said,),
            )
        )
    )


def test_the_summary_holds_what_was_told_and_nothing_that_was_passed_on() -> None:
    found = told()
    assert [(one.part, one.domain) for one in found] == [
        ("opening", None),
        ("carrying", None),
        ("topics", MEDICAL),
        ("first_pass", SOCIAL),
    ]


def test_a_check_is_of_the_wording_that_was_read_and_comes_with_own_words() -> None:
    found = told()
    opening, quiet = found[0], found[-1]
    assert point_for(NewCheck(opening.key, MONDAY, Understood.YES), found) is opening
    assert point_for(NewCheck(quiet.key, MONDAY, Understood.NOT_QUITE), found) is quiet
    with pytest.raises(Missing):
        point_for(NewCheck(new_id(), MONDAY, Understood.YES), found)
    with pytest.raises(Conflict):
        point_for(NewCheck(opening.key, MONDAY - timedelta(1), Understood.YES), found)
    with pytest.raises(Invalid):
        point_for(NewCheck(opening.key, MONDAY, Understood.NOT_QUITE, "  "), found)
    with pytest.raises(Invalid):
        point_for(NewCheck(opening.key, MONDAY, Understood.NOT_QUITE, "x" * 4001), found)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"now": "awake", "wish": "sleep", "needed": "a nurse"}, "needed"),
        ({"now": "awake", "wish": "sleep"}, "wish"),
        ({"now": "awake"}, "now"),
        ({"feeling": Feeling.BAD}, "now"),
        ({"nothing_needed": True}, "now"),
    ],
)
def test_own_words_take_the_place_of_what_the_plan_begins_with(given: dict[str, Any], field: str) -> None:
    before = answer(SAMIRA, "nights", **given)
    after: Any = corrected(before, " twice a night ")
    assert getattr(after, field) == "twice a night"
    assert after.asks and not after.nothing_needed
    assert {name: value for name, value in given.items() if name not in (field, "nothing_needed")} == {
        name: getattr(after, name) for name in given if name not in (field, "nothing_needed")
    }


def test_words_of_their_own_and_a_quiet_domain() -> None:
    found = told()
    assert getattr(corrected(found[0].given, "sailing"), "words", "") == "sailing"
    assert getattr(corrected(found[1].given, "too much"), "words", "") == "too much"
    assert corrected(found[-1].given, "words") is None


def test_what_stands_is_what_was_agreed_to_or_put_in_own_words() -> None:
    found = told()
    checks = {
        found[0].key: Check(Understood.YES, "Samira", MONDAY),
        found[1].key: Check(Understood.NOT_QUITE, "Samira", MONDAY, better=True),
        found[2].key: Check(Understood.SKIP, "Samira", MONDAY),
    }
    assert standing(checks, found) == (2, 4)


# --- actions ----------------------------------------------------------------------------------------------------


def points(world: World, name: str, whose: str = "samira") -> dict[str, Point]:
    filled = scan_for(world.actor(name), world.subject(name), world.now.date())
    assert filled
    person = world.relatives.get(whose, world.child_id)
    mine = [one for one in points_of(current(filled.answers)) if one.given.person_id == person]
    return {getattr(one.given, "topic", one.part): one for one in mine}


def check(world: World, name: str, new: NewCheck, later: int = 5, whose: str = "") -> datetime:
    at = new.of + timedelta(minutes=later)  # the pages have a clock of their own
    person = world.relatives[whose] if whose else None
    check_summary(world.actor(name), world.subject(name), person, [new], at)
    return at


@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
def test_the_mother_agrees_and_it_is_kept_with_who_and_when(world: World) -> None:
    one = points(world, "samira")["nights"]
    at = check(world, "samira", NewCheck(one.key, one.given.given_at, Understood.YES))
    row = SummaryCheck.objects.get()
    assert (row.answer.person, row.verdict, row.created_at, row.entered_by, row.correction) == (
        "Samira",
        "yes",
        at,
        "",
        None,
    )
    line = AuditLine.objects.order_by("-id").first()
    assert line and (line.event, line.object_id, line.actor_name) == (
        "needs.summary_checked",
        row.scan_id,
        "Samira",
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
def test_not_quite_becomes_her_answer_and_nothing_is_lost(world: World) -> None:
    before = NeedsAnswer.objects.count()
    one = points(world, "marit")["nights"]
    new = NewCheck(one.key, one.given.given_at, Understood.NOT_QUITE, "Nachtzorg, twee keer per week")
    check(world, "marit", new, whose="samira")
    assert NeedsAnswer.objects.count() == before + 1
    now: Any = points(world, "marit")["nights"].given
    assert (now.needed, now.now, now.entered_by) == (
        "Nachtzorg, twee keer per week",
        "Drie keer op",
        world.users["marit"].id,
    )
    row = SummaryCheck.objects.get()
    assert row.correction and row.correction.created_at == now.given_at
    assert (row.entered_by, row.answer.given["needed"]) == ("Marit", "Nachtzorg")
    filled = scan_for(world.actor("samira"), world.subject("samira"), world.now.date())
    assert filled
    said = checks_for(world.actor("samira"), world.subject("samira"), filled)[one.key]
    assert (said.by, said.typist, said.better) == ("Samira", "Marit", True)
    assert {line.on_behalf_of for line in AuditLine.objects.order_by("-id")[:2]} == {"Samira"}


@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
def test_what_is_answered_anew_has_to_be_agreed_to_anew(world: World) -> None:
    one = points(world, "samira")["nights"]
    first = NewCheck(one.key, one.given.given_at, Understood.YES)
    check(world, "samira", first)
    better = NewCheck(one.key, one.given.given_at, Understood.NOT_QUITE, "Anders")
    at = check(world, "samira", better, later=6)
    with pytest.raises(Conflict):
        check(world, "samira", first, later=7)
    again = NewCheck(one.key, at, Understood.NOT_QUITE, "Toch anders")
    check(world, "samira", again, later=8)
    filled = scan_for(world.actor("samira"), world.subject("samira"), world.now.date())
    assert filled and len(checks_for(world.actor("samira"), world.subject("samira"), filled)) == 1
    assert SummaryCheck.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
def test_nobody_agrees_for_another(world: World) -> None:
    one = points(world, "samira")["nights"]
    new = NewCheck(one.key, one.given.given_at, Understood.YES)
    with pytest.raises(Refused):
        check(world, "samira", new, whose="joost")
    with pytest.raises(Missing):
        check(world, "joost", new)
    assert not SummaryCheck.objects.exists()


@pytest.mark.django_db
def test_without_an_open_scan_there_is_nothing_to_agree_to(world: World) -> None:
    with pytest.raises(Missing):
        check(world, "samira", NewCheck(new_id(), world.now, Understood.YES))


@pytest.mark.django_db
@pytest.mark.usefixtures("begun")
def test_other_answers_are_put_right_in_their_own_part(world: World, as_, at) -> None:
    said = {"load": "much", "power": "little", "words": "Zwaar"}
    as_("samira").post(at("carrying_of", "child"), said)
    found = points(world, "samira")
    for name in ("opening", "carrying"):
        new = NewCheck(found[name].key, found[name].given.given_at, Understood.NOT_QUITE, "In mijn woorden")
        check(world, "samira", new)
    assert {
        getattr(points(world, "samira")[name].given, "words", "") for name in ("opening", "carrying")
    } == {"In mijn woorden"}
