"""A child says something, to whom it chooses: it arrives there, and nowhere else."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.careplan.meetings.actions import plan_meeting
from kindzorg.careplan.meetings.models import MeetingPoint
from kindzorg.careplan.meetings.rules import NewMeeting
from kindzorg.careplan.reports.models import Report
from kindzorg.needs.tests.world import World, build

pytestmark = pytest.mark.django_db
WORDS = "Ik wil een keer naar de dierentuin."


@pytest.fixture
def world(now) -> World:
    return build(now)


def send(world: World, name: str = "noor", **data: str):  # type: ignore[no-untyped-def]
    browser = Client()
    browser.force_login(world.users[name])
    address = reverse("child_say", args=[world.child_id])
    return browser.post(address, data) if data else browser.get(address)


@pytest.mark.parametrize("whom", ["team", "family"])
def test_it_stands_in_the_daybook_for_whom_the_child_chose(world: World, whom: str) -> None:
    assert send(world, words=WORDS, whom=whom).status_code == 302
    row = Report.objects.get()
    assert (row.words, row.reach, row.domain) == (WORDS, whom, "")


def test_it_stands_on_the_agenda_of_a_meeting_to_come(world: World) -> None:
    nurse = world.actor("marit"), world.subject("marit")
    when = world.now + timedelta(days=3)
    meeting = plan_meeting(
        *nurse, NewMeeting(starts_at=when, chair="Marit", scribe="Marit", place="Thuis"), world.now
    )
    assert "Voor het overleg op" in send(world).content.decode()
    assert send(world, words=WORDS, whom=str(meeting)).status_code == 302
    assert MeetingPoint.objects.get().words == WORDS
    assert not Report.objects.exists()


def test_what_is_wrong_is_said_and_what_was_typed_stays(world: World) -> None:
    assert "Schrijf op wat je wilt zeggen." in send(world, words=" ", whom="team").content.decode()
    answer = send(world, words=WORDS, whom="01a22c7f-73a1-7619-af3b-8188ee734407")
    assert answer.status_code == 200
    assert WORDS in answer.content.decode()


@pytest.mark.parametrize("name", ["samira", "marit", "els"])
def test_it_is_the_childs_page(world: World, name: str) -> None:
    assert send(world, name).status_code == 404
