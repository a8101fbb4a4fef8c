"""The multidisciplinary meeting: who plans, answers, writes and reads, what decisions become, and the time it takes."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from kindzorg.access.roles import Role, Scope
from kindzorg.careplan import actions as plan
from kindzorg.careplan.meetings import actions, queries, rules
from kindzorg.careplan.meetings.models import (
    Meeting,
    MeetingAnswer,
    MeetingDecision,
    MeetingEnd,
    MeetingNote,
    MeetingPoint,
    TimeSpent,
)
from kindzorg.careplan.meetings.rules import (
    Closing,
    Decided,
    MeetingView,
    NewMeeting,
    NewTime,
    Point,
    PointKind,
    Says,
    Spoken,
    TimeKind,
)
from kindzorg.careplan.proposals.models import ProposalStep
from kindzorg.careplan.proposals.rules import NewProposal, ProposalKind
from kindzorg.careplan.rules import Who, WhoKind
from kindzorg.careteam.models import Grant
from kindzorg.careteam.queries import opened_children
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.waiting import waiting_in
from kindzorg.people.actions import register_user

from .conftest import SYSTEM, TODAY, World, build
from .doors import client, get, post, url
from .test_proposals_seen import narrowed
from .test_reviews import few, told

pytestmark = pytest.mark.django_db
MEDICAL, SOCIAL = LifeDomain.MEDICAL, LifeDomain.SOCIAL


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A girl of five with a plan in force, on a fixed day."""
    made = build()
    made.in_force(2, 1)
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: made.moment)
    return made


def planned(world: World, days: int = 10) -> UUID:
    new = NewMeeting(starts_at=world.moment + timedelta(days), chair="", scribe="", place="kamer 2")
    made: UUID = world.do("nurse", actions.plan_meeting, new)
    return made


def puts(world: World, who: str, meeting: UUID, words: str, domain: LifeDomain | None = None) -> None:
    world.do(who, actions.put_point, meeting, Spoken(words=words, domain=domain))


def notes(world: World, who: str, meeting: UUID, words: str, domain: LifeDomain | None = None) -> None:
    world.do(who, actions.write_note, meeting, Spoken(words=words, domain=domain))


def answers(world: World, who: str, meeting: UUID, says: Says, words: str = "", **parts: Any) -> None:
    world.do(who, actions.answer_meeting, meeting, says, Spoken(words=words, **parts))


def seen(world: World, who: str, meeting: UUID) -> MeetingView:
    return queries.meeting_for(*world.as_(who), meeting, world.moment.date())


def closing(world: World, *there: str, **parts: Any) -> Closing:
    return Closing(present=tuple(world.users[one].id for one in there), minutes=50, **parts)


def test_everybody_is_asked_and_answers_and_the_last_answer_counts(world: World) -> None:
    meeting = planned(world)
    assert told(world, "meeting_planned") == set(world.users) - {"nurse", "aunt"}
    answers(world, "father", meeting, Says.CANNOT)
    answers(world, "father", meeting, Says.COMES)
    answers(world, "doctor", meeting, Says.WORD, "Het gaat goed.")
    found = seen(world, "mother", meeting)
    assert [(one.by, one.says, one.words) for one in found.answers] == [
        ("Father", Says.COMES, ""),
        ("Doctor", Says.WORD, "Het gaat goed."),
    ]
    narrowed(world, "gp", "medical")
    assert [one.words for one in seen(world, "gp", meeting).answers] == ["", ""]
    with pytest.raises(Invalid, match="says_nothing"):
        answers(world, "gp", meeting, Says.WORD, " ")
    with pytest.raises(Refused):
        answers(world, "gp", meeting, Says.WORD, "over alles")
    answers(world, "gp", meeting, Says.WORD, "medisch", domain=MEDICAL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM careplan_meetinganswer")
        assert "Het gaat goed" not in str(cursor.fetchall())
    for table in (Meeting, MeetingAnswer):
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.update(by="een ander")


def test_the_minutes_are_walled_by_life_domain(world: World) -> None:
    meeting = planned(world)
    notes(world, "nurse", meeting, "eerst", MEDICAL)
    notes(world, "nurse", meeting, "medisch", MEDICAL)
    notes(world, "nurse", meeting, "sociaal", SOCIAL)
    notes(world, "nurse", meeting, "over alles")
    puts(world, "mother", meeting, "van ons", SOCIAL)
    assert {one.words for one in seen(world, "mother", meeting).notes} == {"medisch", "sociaal", "over alles"}
    narrowed(world, "doctor", "medical")
    found = seen(world, "doctor", meeting)
    assert [one.words for one in found.notes] == ["medisch"] and not found.points
    assert "sociaal" not in get(world, "doctor", "meeting", meeting)
    with pytest.raises(Refused):
        notes(world, "doctor", meeting, "sociaal", SOCIAL)
    with pytest.raises(Refused):
        notes(world, "mother", meeting, "van een ouder", MEDICAL)


def test_who_reads_a_part_reads_of_a_meeting_in_which_that_one_took_part(world: World) -> None:
    meeting = planned(world)
    notes(world, "nurse", meeting, "ontwikkeling", LifeDomain.DEVELOPMENT)
    notes(world, "nurse", meeting, "medisch", MEDICAL)
    narrowed(world, "teacher", "development")
    puts(world, "teacher", meeting, "van school", LifeDomain.DEVELOPMENT)
    found = seen(world, "teacher", meeting)
    assert [one.words for one in found.points] == ["van school"] and not found.notes
    answers(world, "teacher", meeting, Says.COMES)
    assert [one.words for one in seen(world, "teacher", meeting).notes] == ["ontwikkeling"]
    assert "van school" in get(world, "teacher", "meeting", meeting)


def test_a_decision_stands_in_the_draft_at_once(world: World) -> None:
    meeting = planned(world)
    who = Who(kind=WhoKind.PROFESSIONAL, professional_id=world.professionals["nurse"])
    decided = Decided(what="Een vierde nacht", goal_id=world.goals[0], who=who, when="donderdag")
    world.do("nurse", actions.decide, meeting, decided)
    row = MeetingDecision.objects.get()
    assert row.agreement_id and ProposalStep.objects.get().state == "accepted"
    assert "staat in het concept" in get(world, "mother", "meeting", meeting)
    world.do("doctor", actions.decide, meeting, Decided(what="Van de dokter", domain=MEDICAL))
    assert MeetingDecision.objects.filter(agreement=None).count() == 1
    with pytest.raises(Missing):
        world.do("nurse", actions.decide, meeting, Decided(what="Weg", goal_id=new_id()))
    with pytest.raises(Refused):
        world.do("mother", actions.decide, meeting, Decided(what="Weg", domain=SOCIAL))


def test_while_a_version_waits_a_decision_is_a_proposal(world: World) -> None:
    meeting = planned(world)
    world.do("nurse", plan.start_draft)
    world.do("nurse", plan.add_agreement, world.nurse_does("iets anders"))
    world.settle()
    world.do("nurse", plan.offer_version)
    world.do("nurse", actions.decide, meeting, Decided(what="Nog iets", domain=SOCIAL))
    assert MeetingDecision.objects.get().agreement_id is None and not ProposalStep.objects.exists()
    assert "is een voorstel" in get(world, "nurse", "meeting", meeting)


def test_closed_minutes_stay_and_time_is_written(world: World) -> None:
    meeting = planned(world, 0)
    puts(world, "mother", meeting, "van ons", SOCIAL)
    points = (Point(kind=PointKind.GOAL, words="slapen", domain=MEDICAL),)
    with pytest.raises(Invalid, match="nobody"):
        world.do("nurse", actions.close_meeting, meeting, closing(world, "aunt"))
    there = closing(world, "nurse", "mother", "doctor", agenda=points)
    world.do("nurse", actions.close_meeting, meeting, there)
    assert set(MeetingEnd.objects.get().present) == {"Nurse", "Mother", "Doctor"}
    times = TimeSpent.objects.values_list("person", "minutes", "house__name")
    assert set(times) == {("Nurse", 50, "Home"), ("Doctor", 50, "Hospital")}
    assert told(world, "meeting_minutes") >= {"mother", "father", "doctor"}
    narrowed(world, "gp", "medical")
    assert [one.words for one in seen(world, "gp", meeting).agenda] == ["slapen"]
    assert [one.words for one in seen(world, "mother", meeting).agenda] == ["van ons", "slapen"]
    for late in (
        lambda: notes(world, "nurse", meeting, "te laat"),
        lambda: puts(world, "mother", meeting, "te laat"),
        lambda: answers(world, "father", meeting, Says.COMES),
        lambda: world.do("nurse", actions.drop_meeting, meeting, ""),
    ):
        with pytest.raises(Invalid, match="meeting_over"):
            late()
    with pytest.raises(DatabaseError), transaction.atomic():
        MeetingEnd.objects.update(held=False)


def closes(world: World, who: str, meeting: UUID, *there: str) -> None:
    present = [str(world.users[one].id) for one in there]
    assert post(world, who, "meeting_close", meeting, present=present, minutes=60).status_code == 302


def test_a_meeting_that_does_not_go_on(world: World) -> None:
    meeting = planned(world)
    world.do("nurse", actions.drop_meeting, meeting, "Loes is ziek.")
    assert told(world, "meeting_dropped") >= {"mother", "doctor"}
    assert "Loes is ziek." in get(world, "mother", "meeting", meeting)
    narrowed(world, "doctor", "medical")
    assert "Loes is ziek." not in get(world, "doctor", "meeting", meeting)


def test_the_agenda_makes_itself(world: World) -> None:
    meeting = planned(world)
    new = NewProposal(kind=ProposalKind.NEW_GOAL, domain=SOCIAL, what="Vaker naar oma")
    world.do("mother", plan.make_proposal, new)
    world.do(
        "father",
        plan.make_proposal,
        NewProposal(kind=ProposalKind.AGREEMENT, agreement_id=world.agreements[0], what="Later"),
    )
    puts(world, "mother", meeting, "Hoe gaat het op school?", LifeDomain.DEVELOPMENT)
    page = get(world, "nurse", "meeting", meeting)
    assert "Vaker naar oma" in page and "Hoe gaat het op school?" in page and "Later" in page
    world.moment += timedelta(days=80)
    page = get(world, "nurse", "meeting", meeting)
    assert "doel bekijken" in page and "afspraak te laat" in page
    narrowed(world, "doctor", "medical")
    assert "Vaker naar oma" not in get(world, "doctor", "meeting", meeting)
    for who in ("mother", "nurse", "child"):
        for keys in ((), (meeting,)):
            few(world, who, "meeting" if keys else "meetings", *keys)


def test_time_is_ones_own_or_written_by_who_takes_the_minutes(world: World) -> None:
    day = world.moment.date()
    own = NewTime(kind=TimeKind.TRAVEL, minutes=30, on_day=day, person_id=world.users["teacher"].id)
    world.do("teacher", actions.write_time, own)
    world.do("nurse", actions.write_time, own)
    for who in ("gp", "mother"):
        with pytest.raises(Refused):
            world.do(who, actions.write_time, own)
    other = NewTime(kind=TimeKind.OTHER, minutes=30, on_day=day, person_id=world.users["mother"].id)
    with pytest.raises(Missing):
        world.do("nurse", actions.write_time, other)
    for minutes, on_day, code in ((0, day, "time_minutes"), (9, day + timedelta(2), "time_other_day")):
        bad = NewTime(kind=TimeKind.OTHER, minutes=minutes, on_day=on_day, person_id=world.users["nurse"].id)
        with pytest.raises(Invalid, match=code):
            world.do("nurse", actions.write_time, bad)
    assert len(queries.own_time(*world.as_("teacher"), day)) == 2


def test_the_team_lead_sees_totals_and_no_names(world: World) -> None:
    meeting = planned(world, 0)
    world.do("nurse", actions.close_meeting, meeting, closing(world, "nurse", "colleague", "doctor"))
    lead = {"role": Role.TEAM_LEAD, "scope": Scope.ORGANISATION, "scope_id": world.organisations["home"]}
    world.users["lead"] = register_user(SYSTEM, f"lead-{new_id()}", "Lead", world.moment)
    get_totals = client(world, "lead").get("/hours")
    assert get_totals.status_code == 404
    Grant.objects.create(
        opens_children=True,
        user=world.users["lead"],
        starts=date(2026, 1, 1),
        created_at=world.moment,
        **lead,
    )
    found = queries.time_totals(world.actor("lead"), TODAY)
    assert found == {(TODAY.replace(day=1), TimeKind.MEETING): 100}
    page = client(world, "lead").get("/hours")
    said = page.content.decode()
    assert page.status_code == 200 and "100" in said and "Noor" not in said and "Nurse" not in said
    assert (
        client(world, "lead").get("/hours?csv").content.decode().splitlines()[1] == "2026-09;0;100;0;0;0;100"
    )
    with pytest.raises(Refused):
        queries.time_totals(world.actor("nurse"), TODAY)


def test_what_cannot_be_planned(world: World) -> None:
    soon = world.moment + timedelta(3)
    wrong = {
        "meeting_other_time": {"starts_at": world.moment - timedelta(3), "place": "hier"},
        "meeting_nowhere": {"starts_at": soon},
        "meeting_link_not_safe": {"starts_at": soon, "link": "http://hier"},
    }
    for code, parts in wrong.items():
        with pytest.raises(Invalid, match=code):
            world.do("nurse", actions.plan_meeting, NewMeeting(chair="", scribe="", **parts))
    meeting = planned(world)
    with pytest.raises(Invalid, match="says_too_much"):
        puts(world, "mother", meeting, "x" * 5000)
    with pytest.raises(Missing):
        seen(world, "nurse", new_id())


def waits(world: World, who: str) -> list[str]:
    children = opened_children(world.actor(who), world.moment.date())
    asked = (world.actor(who), children, world.moment.date())
    return [one.kind for one in waiting_in(queries.to_answer_rows(*asked))]


def test_what_waits(world: World) -> None:
    meeting = planned(world)
    assert waits(world, "mother") == ["meeting_to_answer"] and waits(world, "nurse") == []
    assert waits(world, "aunt") == []
    answers(world, "mother", meeting, Says.CANNOT)
    assert waits(world, "mother") == []
    world.do("nurse", actions.drop_meeting, meeting, "")
    assert waits(world, "father") == []


def test_who_sees_what() -> None:
    assert rules.totals([]) == {}
    points = [
        Point(kind=PointKind.GOAL, words="doel", domain=MEDICAL),
        Point(kind=PointKind.OWN, words="eigen", domain=MEDICAL),
        Point(kind=PointKind.PROPOSAL, words="gezin", domain=MEDICAL, family=True),
        Point(kind=PointKind.OWN, words="alles"),
    ]
    found = rules.by_domain(points)
    assert [one.words for one in found[MEDICAL]] == ["gezin", "eigen", "doel"] and list(found) == [
        None,
        MEDICAL,
    ]


def test_a_whole_meeting_through_the_pages(world: World) -> None:
    when = (world.moment + timedelta(1)).strftime("%Y-%m-%dT%H:%M")
    bad = post(world, "nurse", "meeting_new", starts_at=when)
    assert "plaats of een link" in bad.content.decode()
    made = post(world, "nurse", "meeting_new", starts_at=when, place="kamer 2")
    meeting = Meeting.objects.get().id
    assert made.url == url(world, "meeting", meeting)
    post(world, "mother", "meeting_point", meeting, words="School", domain="development")
    assert "Kies een antwoord" in post(world, "mother", "meeting_answer", meeting).content.decode()
    post(world, "mother", "meeting_answer", meeting, says="word", words="Denk aan Mees.")
    narrowed(world, "teacher", "development")
    assert "Bij welk leefdomein" in get(world, "teacher", "meeting_answer", meeting)
    post(world, "nurse", "meeting_note", meeting, words="Slaapt goed.", domain="medical")
    again = f"{url(world, 'meeting_note', meeting)}?domain=medical"
    assert "Slaapt goed." in client(world, "nurse").get(again).content.decode()
    goal = f"goal {world.goals[0]}"
    post(world, "nurse", "meeting_decide", meeting, what="Een vierde nacht", about=goal)
    post(world, "nurse", "meeting_decide", meeting, what="Oppas", about="domain social")
    assert MeetingDecision.objects.count() == 2 and MeetingPoint.objects.count() == 1
    nobody = post(world, "nurse", "meeting_close", meeting, minutes=60)
    assert "Vink aan wie er waren" in nobody.content.decode()
    there = [str(world.users[one].id) for one in ("nurse", "mother")]
    post(world, "nurse", "meeting_close", meeting, present=there, minutes=60)
    page = get(world, "father", "meeting", meeting)
    assert (
        "Slaapt goed." in page and "Denk aan Mees." in page and "School" in page and "Gesloten door" in page
    )
    assert "al te laat" not in page and MeetingNote.objects.count() == 1
    post(world, "nurse", "time_new", kind="preparation", minutes=20, on_day=TODAY.isoformat())
    assert "Vul een aantal minuten in" in post(world, "nurse", "time_new", kind="other").content.decode()
    assert "20 minuten" in get(world, "nurse", "meetings")
    other = planned(world)
    post(world, "nurse", "meeting_drop", other, words="Ziek.")
    assert MeetingEnd.objects.count() == 2
