"""Which language somebody of the family speaks, and whether an interpreter is needed: who says so, and who sees it."""

import pytest

from kindzorg.access.policy import Actor
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.careteam.spoken.actions import say_spoken
from kindzorg.careteam.spoken.queries import interpreters_for, spoken_of
from kindzorg.careteam.tests.world import NOW, TODAY, World, family_agrees
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import Truth

pytestmark = pytest.mark.django_db
STRANGER = Actor(new_id(), "Somebody")


@pytest.fixture
def world() -> World:
    return World()


def test_she_says_it_herself_and_who_plans_with_her_sees_it_with_who_said_so(world: World) -> None:
    mother = world.parent()
    samira = actor_for(mother.user)
    subject = child_for(samira, world.subject.child_id, TODAY).subject
    say_spoken(samira, subject, mother.id, ("ar", Truth.YES), NOW)
    line = AuditLine.objects.order_by("-id").first()
    assert (line.event, line.object_id) == ("relative.spoken", mother.id)
    (found,) = interpreters_for(world.nurse, world.subject, TODAY)
    assert (found.name, found.language, found.by, found.at) == ("Samira", "ar", "Samira", NOW)
    assert spoken_of(samira, subject, mother.id, TODAY)[1]
    assert not spoken_of(world.nurse, world.subject, mother.id, TODAY)[1]


def test_who_keeps_the_team_may_say_it_and_take_it_back(world: World) -> None:
    mother = world.parent()
    for needed, found in ((Truth.YES, [mother.id]), (Truth.NO, [])):
        say_spoken(world.nurse, world.subject, mother.id, ("ti", needed), NOW)
        assert [one.relative_id for one in interpreters_for(world.nurse, world.subject, TODAY)] == found


def test_who_may_not_see_the_team_says_and_sees_nothing(world: World) -> None:
    mother = world.parent()
    say_spoken(world.nurse, world.subject, mother.id, ("ar", Truth.YES), NOW)
    with pytest.raises(Refused):
        say_spoken(STRANGER, world.subject, mother.id, ("nl", Truth.NO), NOW)
    with pytest.raises(Refused):
        spoken_of(STRANGER, world.subject, mother.id, TODAY)
    assert interpreters_for(STRANGER, world.subject, TODAY) == ()


def test_who_only_sees_the_team_says_nothing_about_another(world: World) -> None:
    mother, other = world.parent(), world.parent("Karim", authority=False)
    family_agrees(world.subject)
    karim = actor_for(other.user)
    subject = child_for(karim, world.subject.child_id, TODAY).subject
    with pytest.raises(Refused):
        say_spoken(karim, subject, mother.id, ("ar", Truth.YES), NOW)
    say_spoken(karim, subject, other.id, ("ar", Truth.YES), NOW)


def test_only_a_language_and_a_relative_that_are_there(world: World) -> None:
    mother = world.parent()
    with pytest.raises(Invalid, match="language_unknown"):
        say_spoken(world.nurse, world.subject, mother.id, ("tlh", Truth.YES), NOW)
    with pytest.raises(Missing):
        say_spoken(world.nurse, world.subject, new_id(), ("ar", Truth.YES), NOW)
    with pytest.raises(Missing):
        spoken_of(world.nurse, world.subject, new_id(), TODAY)
