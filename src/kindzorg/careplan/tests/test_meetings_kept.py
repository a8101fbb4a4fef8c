"""What of a meeting is kept for whom: a closed agenda, where time counts, and what ends with a child's life."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careplan import actions as plan
from kindzorg.careplan.meetings import actions
from kindzorg.careplan.meetings.models import MeetingEnd, TimeSpent
from kindzorg.careplan.meetings.rules import Decided, NewMeeting, NewTime, Says, TimeKind
from kindzorg.careplan.proposals.rules import NewProposal, ProposalKind
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.models import Mark
from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.definition import Amount
from kindzorg.needs.strain.actions import tell_strain
from kindzorg.needs.strain.rules import NewStrain
from kindzorg.people.actions import NewProfessional, register_organisation, register_professional
from kindzorg.people.models import Child, Professional
from kindzorg.people.rules import OrganisationKind, Qualification
from kindzorg.ui.pdf import make_pdf

from .conftest import NOW, SYSTEM, World
from .doors import client, get, post, url
from .test_meetings import answers, closes, notes, planned, puts, seen, waits
from .test_proposals_seen import narrowed
from .test_reviews import few, world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
SOCIAL = LifeDomain.SOCIAL
KEPT, OPEN, OWN = "Van mij alleen", "Vaker naar oma", "Hoe gaat het thuis?"


def proposes(world: World, who: str, what: str, keep: bool = False) -> None:
    new = NewProposal(kind=ProposalKind.NEW_GOAL, domain=SOCIAL, what=what, keep=keep)
    world.do(who, plan.make_proposal, new)


def agenda(world: World, who: str, meeting: UUID) -> list[str]:
    return [one.words for one in seen(world, who, meeting).agenda]


def test_a_closed_agenda_shows_nobody_what_only_the_closer_saw(world: World) -> None:
    meeting = planned(world, 0)
    proposes(world, "child", KEPT, keep=True)
    proposes(world, "mother", OPEN)
    puts(world, "mother", meeting, OWN, SOCIAL)
    world.do("father", tell_strain, NewStrain(Amount.VERY_MUCH, Amount.LITTLE, "Op.", shared=True))
    assert "seintje" in get(world, "nurse", "meeting", meeting)
    narrowed(world, "teacher", "social")
    answers(world, "teacher", meeting, Says.COMES)
    closes(world, "nurse", meeting, "nurse", "mother", "teacher")
    assert set(agenda(world, "nurse", meeting)) == set(agenda(world, "child", meeting)) == {KEPT, OPEN, OWN}
    assert set(agenda(world, "mother", meeting)) == set(agenda(world, "father", meeting)) == {OPEN, OWN}
    assert agenda(world, "teacher", meeting) == [OWN]
    page = get(world, "mother", "meeting", meeting)
    assert OPEN in page and KEPT not in page and "seintje" not in page
    assert {one["kind"] for one in MeetingEnd.objects.get().agenda} == {"proposal"}
    Mark.objects.update(until=world.moment.date() - timedelta(1))
    assert KEPT in agenda(world, "mother", meeting)
    for who in ("mother", "nurse", "teacher"):
        few(world, who, "meeting", meeting)
        few(world, who, "meetings")


def test_what_the_closer_did_not_see_stays_on_the_agenda(world: World) -> None:
    meeting = planned(world, 0)
    puts(world, "mother", meeting, OWN, SOCIAL)
    narrowed(world, "doctor", "medical")
    closes(world, "doctor", meeting, "doctor")
    assert agenda(world, "mother", meeting) == agenda(world, "nurse", meeting) == [OWN]
    assert agenda(world, "doctor", meeting) == []


def test_an_agenda_closed_before_this_was_kept_shows_no_more_than_one_closed_now(world: World) -> None:
    meeting = planned(world, 0)
    old = {"words": "oud", "domain": "social", "by": "", "family": False}
    MeetingEnd.objects.create(
        meeting_id=meeting,
        held=True,
        agenda=[{"kind": kind, **old} for kind in ("own", "sign", "proposal", "goal")],
        child_id=world.child_id,
        owner_id=Child.objects.get(id=world.child_id).owner_id,
        by_id=world.users["nurse"].id,
        by="Nurse",
        created_at=world.moment,
    )
    assert [one.kind for one in seen(world, "mother", meeting).agenda] == ["goal"]


def test_time_counts_where_somebody_works_for_this_child(world: World) -> None:
    region = Child.objects.get(id=world.child_id).region_id
    other = register_organisation(SYSTEM, "Other", OrganisationKind.HOME_CARE, region, NOW).id
    for who in ("nurse", "colleague"):
        # Known there longer than where that one works for this child.
        Professional.objects.create(
            id=UUID(int=world.users[who].id.int % 10**9),
            user=world.users[who],
            organisation_id=other,
            name=who.title(),
            qualification=Qualification.PAEDIATRIC_NURSE,
            created_at=NOW - timedelta(9),
        )
    closes(world, "nurse", planned(world, 0), "nurse", "colleague")
    assert set(TimeSpent.objects.values_list("house__name", flat=True)) == {"Home"}


def test_time_of_who_works_for_this_child_in_two_organisations_counts_where_it_acts(world: World) -> None:
    region = Child.objects.get(id=world.child_id).region_id
    other = register_organisation(SYSTEM, "Other", OrganisationKind.HOME_CARE, region, NOW).id
    key = world.users["nurse"].id
    new = NewProfessional("Nurse", other, Qualification.PAEDIATRIC_NURSE, key)
    second = register_professional(SYSTEM, new, NOW).id
    child = world.as_("nurse")[1]
    add_member(SYSTEM, child, NewMember(Role.PAEDIATRIC_NURSE, professional_id=second), NOW)
    time = NewTime(kind=TimeKind.TRAVEL, minutes=30, on_day=world.moment.date(), person_id=key)
    world.do("nurse", actions.write_time, time)
    assert TimeSpent.objects.get().house_id == world.actor("nurse").organisation_id


def test_after_a_death_no_meeting_is_planned_and_nobody_is_asked(world: World) -> None:
    planned(world)
    assert waits(world, "mother") == ["meeting_to_answer"]
    Child.objects.filter(id=world.child_id).update(died_on=world.moment.date())
    assert waits(world, "mother") == []
    new = NewMeeting(starts_at=world.moment + timedelta(3), chair="", scribe="", place="hier")
    with pytest.raises(Invalid, match="meeting_child_died"):
        world.do("nurse", actions.plan_meeting, new)
    starts = (world.moment + timedelta(1)).strftime("%Y-%m-%dT%H:%M")
    page = post(world, "nurse", "meeting_new", starts_at=starts, place="kamer 2").content.decode()
    assert "geen nieuw overleg meer" in page and "kamer 2" in page


def test_closed_minutes_on_paper_say_what_the_reader_may_see(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = planned(world, 0)
    get(world, "nurse", "meeting_pdf", meeting, status=404)  # While it is open there are no minutes yet.
    notes(world, "nurse", meeting, "Slaapt goed.\nEet beter.", LifeDomain.MEDICAL)
    notes(world, "nurse", meeting, "Over ons allemaal.")
    puts(world, "mother", meeting, OWN, SOCIAL)
    answers(world, "doctor", meeting, Says.WORD, "Alles is stabiel.")
    decided = Decided(what="Een vierde nacht", goal_id=world.goals[0])
    world.do("nurse", actions.decide, meeting, decided)
    world.do("nurse", actions.decide, meeting, Decided(what="Oppas zoeken", domain=SOCIAL))
    closes(world, "nurse", meeting, "nurse", "mother")
    shown: list[Any] = []

    def made(room: str, name: str, data: Any) -> bytes:
        shown.append(data)
        return make_pdf(room, name, data)

    monkeypatch.setattr("kindzorg.careplan.meetings.views.make_pdf", made)
    narrowed(world, "gp", "medical")
    for who in ("mother", "gp", "child"):
        answer = client(world, who).get(url(world, "meeting_pdf", meeting))
        assert answer.content.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"
    mother, gp, child = shown
    assert [one["words"] for one in mother["minutes"]] == ["Over ons allemaal.", "Slaapt goed.\nEet beter."]
    assert [one["words"] for one in mother["decisions"]] == ["Een vierde nacht", "Oppas zoeken"]
    assert mother["sent"] == [{"words": "Alles is stabiel.", "by": "Doctor, Hospital"}]
    assert OWN in str(mother["agenda"]) and "Mother, Nurse" in str(mother["lines"])
    assert (
        not mother["restricted"] and gp["restricted"] and child["title"].startswith("Wat er in het overleg")
    )
    assert [one["words"] for one in gp["minutes"]] == ["Slaapt goed.\nEet beter."]
    assert not gp["sent"] and not gp["agenda"] and "Oppas" not in str(gp)
    assert AuditLine.objects.filter(event="meeting.taken_out", child_id=world.child_id).count() == 3
    few(world, "mother", "meeting_pdf", meeting)
    assert url(world, "meeting_pdf", meeting) in get(world, "mother", "meeting", meeting)
