"""What the worker reminds of: a meeting to which nobody answered yet, and a competence that ends. Once, and in time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careplan import watching
from kindzorg.careplan.learning import actions as learning
from kindzorg.careplan.meetings import actions as meetings
from kindzorg.careplan.meetings import queries, rules
from kindzorg.careplan.meetings.rules import NewMeeting, Says, Spoken
from kindzorg.careteam.actions import NewMember, add_member, leave_team
from kindzorg.careteam.competences.actions import record_competence
from kindzorg.careteam.competences.rules import ENDS_SOON, LONGEST, NewCompetence
from kindzorg.careteam.models import Grant, Membership
from kindzorg.careteam.tests.world import family_agrees
from kindzorg.core.errors import Invalid, Missing
from kindzorg.core.ids import new_id
from kindzorg.journey.models import CareJourney
from kindzorg.notices.models import Notice
from kindzorg.people.actions import NewProfessional, register_professional, register_user
from kindzorg.people.models import Child, User
from kindzorg.people.rules import Qualification

from .conftest import NOW, SYSTEM, TODAY, World, build
from .doors import client
from .test_proposals_seen import narrowed
from .test_reviews import told

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A girl of five with a plan in force, on a fixed day."""
    made = build()
    made.in_force(1, 1)
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    monkeypatch.setattr(watching, "LOOKED", {})
    return made


def reminds(world: World, job: Callable[[Any], int], days: int = 0) -> int:
    """What the worker does so many days later, in a process that did not look yet."""
    watching.LOOKED.clear()
    return job(world.moment + days * DAY)


def planned(world: World, days: int) -> UUID:
    new = NewMeeting(starts_at=world.moment + timedelta(days), chair="", scribe="", place="kamer 2")
    made: UUID = world.do("nurse", meetings.plan_meeting, new)
    return made


@pytest.mark.parametrize(
    ("asked", "starts", "now"),
    [
        (-9, 2, True),
        (-9, 0, True),
        (-9, 3, False),
        (-9, -1, False),
        (-1, 2, True),
        (0, 2, False),
        (-1, 1, False),
    ],
)
def test_when_one_is_reminded_of_a_meeting(asked: int, starts: int, now: bool) -> None:
    assert rules.reminds(TODAY + starts * DAY, TODAY + asked * DAY, TODAY) is now


def test_who_did_not_answer_is_reminded_once_two_days_before(world: World) -> None:
    meeting = planned(world, 10)
    world.do("father", meetings.answer_meeting, meeting, Says.CANNOT, Spoken(words=""))
    world.do("gp", meetings.answer_meeting, meeting, Says.WORD, Spoken(words="Het gaat goed."))
    assert reminds(world, watching.remind_of_meetings, 7) == 0
    assert reminds(world, watching.remind_of_meetings, 8) == len(told(world, "meeting_soon"))
    assert told(world, "meeting_soon") == set(world.users) - {"nurse", "aunt", "father", "gp"}
    assert watching.remind_of_meetings(world.moment + 8 * DAY) == 0  # Looked today.
    assert reminds(world, watching.remind_of_meetings, 9) == 0
    line = AuditLine.objects.get(event="meeting.reminded")
    assert (line.object_id, line.actor_name, line.child_id) == (meeting, "meetings", world.child_id)


def test_who_was_asked_only_now_is_not_asked_twice_and_what_is_over_asks_nobody(world: World) -> None:
    planned(world, 2)
    dropped = planned(world, 10)
    world.do("nurse", meetings.drop_meeting, dropped, "")
    assert reminds(world, watching.remind_of_meetings) == reminds(world, watching.remind_of_meetings, 8) == 0
    actor, subject = watching.COMING, world.as_("nurse")[1]
    with pytest.raises(Invalid, match="meeting_over"):
        meetings.remind_of_meeting(actor, subject, dropped, world.now())
    with pytest.raises(Missing):
        meetings.remind_of_meeting(actor, subject, new_id(), world.now())


def able(world: World, who: str, days: int | None = 30, by: str = "nurse", **parts: Any) -> UUID:
    kept = {"relative_id": world.relatives[who]} if who in world.relatives else {}
    given: dict[str, Any] = {
        "act": "suctioning",
        "seen_on": TODAY,
        "until": TODAY + days * DAY if days else None,
        **(kept or {"professional_id": world.professionals[who]}),
        **parts,
    }
    made: UUID = world.do(by, record_competence, NewCompetence(**given))
    return made


def ends(world: World, days: int = 0) -> int:
    return reminds(world, watching.remind_of_competences, days)


def test_whose_it_is_and_who_leads_are_told_once_in_one_notice(world: World) -> None:
    able(world, "father")
    able(world, "father", act="tube_feeding")
    able(world, "colleague")
    able(world, "aunt", 200)
    assert ends(world) == 3
    assert told(world, "competence_ends") == {"father", "colleague", "nurse"}
    assert Notice.objects.filter(kind="competence_ends").count() == 3
    assert watching.remind_of_competences(world.moment) == 0  # Looked today.
    assert ends(world, 1) == 0
    line = AuditLine.objects.get(event="competence.reminded")
    assert (line.actor_name, line.child_id) == ("competences", world.child_id)
    page = client(world, "father").get(reverse("notices")).content.decode()
    assert "We kijken binnenkort weer naar wat u goed kunt" in page
    # Another day on which something ends is another notice.
    assert ends(world, 200 - ENDS_SOON.days) == 2
    assert told(world, "competence_ends") == {"father", "colleague", "nurse", "aunt"}


def test_who_coordinates_is_told_instead_of_who_leads(world: World) -> None:
    user = register_user(SYSTEM, f"loes-{new_id()}", "Loes", NOW)
    new = NewProfessional("Loes", world.organisations["home"], Qualification.LEVEL5_PAEDIATRIC_NURSE, user.id)
    work = register_professional(SYSTEM, new, NOW).id
    add_member(SYSTEM, world.as_("nurse")[1], NewMember(Role.COORDINATOR, professional_id=work), NOW)
    family_agrees(world.as_("nurse")[1], NOW)
    world.users["loes"] = user
    able(world, "father")
    assert ends(world) == 2
    assert told(world, "competence_ends") == {"father", "loes"}


def test_what_was_renewed_taken_back_or_left_is_not_reminded_of(world: World) -> None:
    able(world, "father")
    able(world, "father", 300)
    able(world, "colleague")
    able(world, "colleague", None, able=False)
    able(world, "aunt")
    rows = Membership.objects.filter(relative_id=world.relatives["aunt"])
    world.do("mother", leave_team, rows.get().id)
    assert ends(world, 1) == 0


def test_an_end_that_is_recorded_again_is_told_once_and_no_end_is_the_longest(world: World) -> None:
    able(world, "father")
    assert ends(world) == 2
    able(world, "father")
    assert ends(world, 1) == 0
    able(world, "colleague", None, seen_on=TODAY - LONGEST + 20 * DAY)
    assert ends(world, 2) == 2
    assert ends(world, 3) == 0
    assert ends(world, 60) == 0  # It is over: the start page says so.


def test_the_action_itself_tells_once_and_knows_its_child(world: World) -> None:
    row = able(world, "father")
    actor, subject = watching.ABLE, world.as_("nurse")[1]
    assert learning.remind_of_end(actor, subject, row, world.now()) == 2
    assert learning.remind_of_end(actor, subject, row, world.now()) == 0
    with pytest.raises(Missing):
        learning.remind_of_end(actor, subject, new_id(), world.now())


def test_who_may_not_see_it_is_not_told(world: World) -> None:
    able(world, "teacher", by="doctor")
    able(world, "gp", by="doctor")
    narrowed(world, "teacher", "development")
    Grant.objects.filter(user=world.users["gp"]).update(until=TODAY)
    User.objects.filter(id=world.users["nurse"].id).update(is_active=False)
    assert ends(world) == 0
    assert not AuditLine.objects.filter(event="competence.reminded").exists()


@pytest.mark.parametrize("over", ["died", "merged", "closed"])
def test_nobody_is_reminded_when_life_the_file_or_the_journey_ended(world: World, over: str) -> None:
    planned(world, 10)
    able(world, "father")
    assert queries.near(watching.COMING, TODAY + 8 * DAY)
    child = Child.objects.filter(id=world.child_id)
    if over == "died":
        child.update(died_on=TODAY)
    elif over == "merged":
        child.update(merged_into=child.get())
    else:
        CareJourney.objects.update(phase="closed", closed_at=world.moment)
    assert reminds(world, watching.remind_of_meetings, 8) == ends(world) == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_two_workers_do_not_remind_at_the_same_time(world: World) -> None:
    planned(world, 10)
    able(world, "father")
    with CaptureQueriesContext(connection) as caught:
        reminds(world, watching.remind_of_meetings, 8)
        ends(world)
    held = [one["sql"] for one in caught if "FOR UPDATE" in one["sql"]]
    assert any("careplan_meeting" in one for one in held) and any(
        "careteam_competence" in one for one in held
    )
