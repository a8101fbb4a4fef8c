"""An interpreter is needed: it stands on the page of a meeting, an agreement and a visit too, for who sees the team."""

from datetime import timedelta

import pytest

from kindzorg.careplan.meetings import actions
from kindzorg.careplan.meetings.rules import NewMeeting
from kindzorg.careteam.spoken.actions import say_spoken
from kindzorg.core.vocabulary import Truth

from .conftest import World, build
from .doors import client, few_statements, get, url
from .weeks import TUESDAY, plan

pytestmark = pytest.mark.django_db
NEEDED = "Tolk nodig voor"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = build()
    made.in_force()
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    return made


def test_it_stands_on_one_meeting_one_agreement_and_one_visit(world: World) -> None:
    visit = plan(world)
    new = NewMeeting(starts_at=world.moment + timedelta(3), chair="", scribe="", place="kamer 2")
    meeting = world.do("nurse", actions.plan_meeting, new)
    doors = (
        ("meeting", meeting),
        ("plan_agreement", world.agreements[0]),
        ("week_visit", visit, TUESDAY.isoformat()),
    )
    for door in doors:
        assert NEEDED not in get(world, "nurse", *door)
    world.do("nurse", say_spoken, world.relatives["mother"], ("ar", Truth.YES))
    nurse = client(world, "nurse")
    for door, *keys in doors:
        nurse.get(url(world, door, *keys))  # what is kept after a first look
        with few_statements():
            page = nurse.get(url(world, door, *keys)).content.decode()
        assert NEEDED in page and "Arabisch" in page, door
