"""How it goes with the child: told to whom it chooses, taken back, and read by nobody else."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.needs.answers import Feeling
from kindzorg.needs.models import MoodCheck
from kindzorg.needs.mood.actions import take_back_mood, tell_mood
from kindzorg.needs.mood.queries import moods_for
from kindzorg.needs.mood.rules import LONGEST, Mood, MoodReach, NewMood, check_mood, readable
from kindzorg.needs.tests.world import World

pytestmark = pytest.mark.django_db
WORDS = {MoodReach.ALL: "Buiten gespeeld", MoodReach.NURSE: "Ruzie thuis", MoodReach.SELF: "Geheim"}


@pytest.fixture
def told(world: World) -> World:
    for reach, words in WORDS.items():
        tell_mood(world.actor("noor"), world.subject("noor"), NewMood(Feeling.BAD, words, reach), world.now)
    return world


def read(world: World, name: str) -> set[str]:
    return {one.words for one in moods_for(world.actor(name), world.subject(name), world.now.date())}


def page(world: World, name: str, door: str = "mood") -> str:
    browser = Client()
    browser.force_login(world.users[name])
    return browser.get(reverse(door, args=[world.child_id])).content.decode()


@pytest.mark.parametrize(
    ("itself", "nurse", "seen"),
    [(True, False, set(MoodReach)), (False, True, {"all", "nurse"}), (False, False, {"all"})],
)
def test_each_reads_what_is_for_them(now: datetime, *, itself: bool, nurse: bool, seen: set[str]) -> None:
    moods = [Mood(id=uuid4(), face=Feeling.GOOD, words="", reach=one, at=now) for one in MoodReach]
    assert {str(one.reach) for one in readable(moods, itself=itself, nurse=nurse)} == set(map(str, seen))


def test_it_is_no_letter() -> None:
    check_mood(NewMood(Feeling.GOOD, "x" * LONGEST))
    with pytest.raises(Invalid, match="mood_long"):
        check_mood(NewMood(Feeling.GOOD, "x" * (LONGEST + 1)))


def test_the_child_chooses_who_reads_it(told: World) -> None:
    assert read(told, "noor") == set(WORDS.values())
    assert read(told, "marit") == {"Buiten gespeeld", "Ruzie thuis"}
    assert read(told, "samira") == read(told, "fatma") == {"Buiten gespeeld"}


@pytest.mark.parametrize("name", ["joost", "els"])
def test_others_read_nothing(told: World, name: str) -> None:
    with pytest.raises(Refused):
        read(told, name)


@pytest.mark.parametrize("name", ["samira", "marit", "fatma"])
def test_nobody_tells_it_for_the_child(world: World, name: str) -> None:
    with pytest.raises(Refused), transaction.atomic():
        tell_mood(world.actor(name), world.subject(name), NewMood(Feeling.GOOD), world.now)


def test_the_pages_show_what_is_for_the_reader(told: World) -> None:
    assert all(words in page(told, "noor") for words in WORDS.values())
    assert "Ruzie thuis" in page(told, "marit")
    seen = page(told, "samira")
    assert "Buiten gespeeld" in seen
    assert "Ruzie thuis" not in seen
    assert "Geheim" not in seen
    assert "Haal weg" not in seen


def test_a_face_is_enough_and_it_can_be_undone(world: World) -> None:
    browser = Client()
    browser.force_login(world.users["noor"])
    new = reverse("mood_new", args=[world.child_id])
    assert "Kies een gezichtje." in browser.post(new, {"reach": "all"}).content.decode()
    assert browser.post(new, {"face": "good", "reach": "self"}).status_code == 302
    row = MoodCheck.objects.get()
    back = reverse("mood_take_back", args=[world.child_id, row.id])
    assert "Het is weg" in browser.post(back, follow=True).content.decode()
    assert read(world, "noor") == set()
    assert browser.post(back).status_code == 404
    assert MoodCheck.objects.count() == 2
    events = AuditLine.objects.filter(event__startswith="mood.").values_list("event", flat=True)
    assert {"mood.told", "mood.taken_back", "mood.read"} <= set(events)


def test_another_takes_nothing_back(told: World) -> None:
    row = MoodCheck.objects.first()
    assert row is not None
    with pytest.raises(Refused), transaction.atomic():
        take_back_mood(told.actor("samira"), told.subject("samira"), row.id, told.now)
    with pytest.raises(Missing), transaction.atomic():
        take_back_mood(told.actor("noor"), told.subject("noor"), uuid4(), told.now)


def test_what_was_told_is_never_changed(told: World) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        MoodCheck.objects.update(reach="all")


def test_the_start_page_of_the_child_asks_it(world: World) -> None:
    assert "Hoe gaat het vandaag met jou?" in page(world, "noor", "child_start")
    assert "Hoe gaat het met Noor?" in page(world, "samira", "child_start")
