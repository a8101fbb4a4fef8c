"""Whoever says no is not counted: by anybody, at once, and with a way back that is as easy."""

import random
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kindzorg.access.policy import system_actor
from kindzorg.audit.models import AuditLine
from kindzorg.careplan.tests.conftest import NOW, World, build
from kindzorg.core.errors import Refused
from kindzorg.core.ids import new_id
from kindzorg.core.walls import behind_wall
from kindzorg.keeping.models import ResearchObjection
from kindzorg.keeping.research.actions import object_to_research
from kindzorg.keeping.research.queries import countable_children, words_for
from kindzorg.keeping.research.rules import ResearchWord, standing
from kindzorg.people.models import Child
from kindzorg.referral.tests.conftest import counted

JOB = system_actor("research")
PEOPLE = [new_id() for _ in range(3)]


def said(who: int, refuses: bool, whole: bool = False) -> ResearchWord:
    return ResearchWord(PEOPLE[who], f"person {who}", NOW, refuses, whole)


# --- rules --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ([], ""),
        ([said(0, True)], "0"),
        ([said(0, True), said(0, False)], ""),
        ([said(0, True), said(0, True)], "0"),
        ([said(0, True), said(1, True), said(0, False)], "1"),
        ([said(0, True), said(1, False)], "0"),  # Nobody takes back another's no,
        ([said(0, True), said(1, True), said(2, False, whole=True)], ""),  # but who decides alone.
        ([said(2, False, whole=True), said(0, True)], "0"),
    ],
)
def test_a_persons_last_word_counts_and_one_no_is_enough(words: list[ResearchWord], by: str) -> None:
    assert "".join(word.by[-1] for word in standing(words)) == by


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans())))
def test_who_spoke_last_and_said_no_is_heard(spoken: list[tuple[int, bool]]) -> None:
    last = dict(spoken)
    held = {word.by_id for word in standing([said(who, refuses) for who, refuses in spoken])}
    assert held == {PEOPLE[who] for who, refuses in last.items() if refuses}


# --- who may, and who is counted ----------------------------------------------------------------------------


@pytest.fixture
def world(db: None) -> World:
    return build()


def speak(world: World, who: str, refuses: bool) -> None:
    moment = world.now()
    actor, subject = world.as_(who)
    with behind_wall(actor.id, moment.date()):
        object_to_research(actor, subject, refuses, moment)


def is_counted(world: World) -> bool:
    with behind_wall(JOB.id, NOW.date(), system=True):
        return countable_children(JOB, NOW.date()).filter(id=world.child_id).exists()


def test_one_parent_is_enough_and_takes_back_only_the_own_no(world: World) -> None:
    other = build()
    assert is_counted(world)
    speak(world, "mother", True)
    assert not is_counted(world) and is_counted(other)
    speak(world, "father", False)
    assert not is_counted(world)
    speak(world, "mother", False)
    assert is_counted(world)


def test_a_nurse_may_not_and_nobody_but_a_job_may_count(world: World) -> None:
    for who in ("nurse", "doctor"):
        with pytest.raises(Refused):
            speak(world, who, True)
        with pytest.raises(Refused):
            words_for(*world.as_(who), NOW.date())
    with pytest.raises(Refused):
        countable_children(world.actor("mother"), NOW.date())


def born(world: World, years: int) -> None:
    day = (NOW - timedelta(days=round(years * 365.25) + 3)).date()
    Child.objects.filter(id=world.child_id).update(birth_date=day)


@pytest.mark.parametrize(("age", "may"), [(11, False), (12, True), (15, True), (16, True)])
def test_from_twelve_the_child_says_no_itself(world: World, age: int, may: bool) -> None:
    born(world, age)
    if not may:
        with pytest.raises(Refused):
            speak(world, "child", True)
    else:
        speak(world, "child", True)
    assert is_counted(world) is not may


def test_from_sixteen_the_young_person_decides_alone(world: World) -> None:
    speak(world, "mother", True)
    born(world, 15)
    speak(world, "child", False)
    assert not is_counted(world)
    born(world, 16)
    with pytest.raises(Refused):
        speak(world, "mother", False)
    speak(world, "child", False)
    assert is_counted(world)


def test_a_no_in_a_merged_file_counts_too(world: World) -> None:
    other = build()
    speak(other, "mother", True)
    assert is_counted(world)
    Child.objects.filter(id=other.child_id).update(merged_into_id=world.child_id)
    assert not is_counted(world)
    with behind_wall(JOB.id, NOW.date(), system=True):
        assert not countable_children(JOB, NOW.date()).filter(id=other.child_id).exists()


def test_a_no_from_a_merged_file_is_seen_and_taken_back_in_the_one_that_goes_on(world: World) -> None:
    other = build()
    speak(other, "mother", True)
    Child.objects.filter(id=other.child_id).update(merged_into_id=world.child_id)
    actor, subject = world.as_("mother")
    with behind_wall(actor.id, NOW.date()):
        (word,) = words_for(actor, subject, NOW.date())
    assert word.by_id == other.users["mother"].id
    born(world, 17)
    speak(world, "child", False)
    actor, subject = world.as_("child")
    with behind_wall(actor.id, NOW.date()):
        assert words_for(actor, subject, NOW.date()) == ()
    assert is_counted(world)


def test_the_database_and_the_rule_say_the_same(world: World) -> None:
    child = Child.objects.get(id=world.child_id)
    chance = random.Random(7)  # noqa: S311
    words = []
    for number in range(40):
        who, refuses = chance.randrange(3), chance.random() < 0.6
        word = said(who, refuses, whole=not refuses and chance.random() < 0.3)
        words.append(word)
        ResearchObjection.objects.create(
            child_id=child.id, owner_id=child.owner_id, refuses=word.refuses, whole=word.whole, by_id=word.by_id,
            by=word.by, created_at=NOW + timedelta(minutes=number),
        )  # fmt: skip
        assert is_counted(world) is not bool(standing(words)), words


def test_it_stands_in_the_trail_and_cannot_be_changed(world: World) -> None:
    speak(world, "mother", True)
    line = AuditLine.objects.get(event="research.objected")
    assert line.permission == "research.object" and line.child_id == world.child_id
    for change in (
        lambda: ResearchObjection.objects.update(refuses=False),
        lambda: ResearchObjection.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# --- the page -----------------------------------------------------------------------------------------------


@pytest.fixture
def page(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW + timedelta(hours=1))
    return reverse("research", args=[world.child_id])


def browser(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.users[who])
    return client


def test_a_parent_says_no_and_takes_it_back_each_with_one_button(world: World, page: str) -> None:
    mother = browser(world, "mother")
    assert page in mother.get(reverse("sharing", args=[world.child_id])).content.decode()
    with counted(most=12):
        shown = mother.get(page).content.decode()
    assert 'value="yes"' in shown and 'value="no"' not in shown
    shown = mother.post(page, {"refuses": "yes"}, follow=True).content.decode()
    assert 'value="no"' in shown and 'value="yes"' not in shown and not is_counted(world)
    father = browser(world, "father").get(page).content.decode()
    assert "Iemand anders zei nee" in father and 'value="no"' not in father and 'value="yes"' in father
    assert world.users["mother"].name not in father
    mother.post(page, {"refuses": "no"})
    assert is_counted(world)


def test_who_may_not_say_it_sees_no_way_to_it(world: World, page: str) -> None:
    nurse = browser(world, "nurse")
    assert nurse.get(page).status_code == nurse.post(page, {"refuses": "yes"}).status_code == 404
    assert page not in nurse.get(reverse("sharing", args=[world.child_id])).content.decode()


def test_the_young_person_takes_back_what_others_said(world: World, page: str) -> None:
    speak(world, "mother", True)
    born(world, 16)
    young = browser(world, "child")
    shown = young.get(page).content.decode()
    assert 'value="no"' in shown
    young.post(page, {"refuses": "no"})
    assert is_counted(world)
