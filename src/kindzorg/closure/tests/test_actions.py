"""Every write of phase 4: what it does, the line it leaves, whom it refuses, and that nothing stays half done."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from kindzorg.audit.models import AuditLine
from kindzorg.careplan.models import StoredOutcome
from kindzorg.careteam.queries import opened_children
from kindzorg.closure import actions, queries
from kindzorg.closure.actions import Arrangement
from kindzorg.closure.models import (
    ChecklistMark,
    Closure,
    ClosurePreparation,
    NeedSettlement,
    ReceiverAnswer,
    TransitionText,
)
from kindzorg.closure.rules import Answer, Chapter, Disposition, Ending
from kindzorg.closure.tests.ending import WORDS, answered, arranged, asked, need_ids, prepared
from kindzorg.core.errors import Incomplete, Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.journey.actions import reopen_journey
from kindzorg.journey.models import CareJourney
from kindzorg.journey.waiting import waiting_in
from kindzorg.referral.tests.world import Circle, lines


def phase(circle: Circle) -> str:
    return CareJourney.objects.get(child_id=circle.child_id).phase


def state(circle: Circle, who: str = "nurse") -> queries.ClosingState:
    return queries.closing_state(*circle.as_(who), circle.moment.date())


def close(circle: Circle, who: str = "nurse", contact: str = "Marit, 06") -> Any:
    return actions.decide_closure(*circle.as_(who), (contact, " Dag! "), circle.tick())


def missing(circle: Circle, who: str = "nurse") -> dict[str, str]:
    with pytest.raises(Incomplete) as caught:
        close(circle, who)
    return dict(caught.value.data["missing"])  # type: ignore[call-overload]


# --- preparing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nurse", "colleague", "coach", "coordinator"])
def test_preparing_an_ending_leads_to_phase_4(circle: Circle, who: str) -> None:
    prepared(circle, Ending.TO_WLZ, who)
    assert phase(circle) == "closure"
    found = state(circle)
    assert found.ending == Ending.TO_WLZ
    assert [row.need.words for row in found.needs] == list(WORDS)
    assert {row.problem for row in found.needs} == {"need_not_settled"}
    (line,) = lines("closure.prepared", circle.subject)
    assert (line.object_id, line.actor_name) == (found.preparation.id, circle.actor(who).name)  # type: ignore[union-attr]
    assert str(found.preparation)


def test_another_ending_is_chosen_in_the_same_preparation(circle: Circle) -> None:
    prepared(circle, Ending.DEATH)
    first, second = need_ids(circle)
    arranged(circle, first, Disposition.DEATH)
    arranged(circle, second, Disposition.MET)
    assert not state(circle).problems
    prepared(circle, Ending.ADULT)
    assert ClosurePreparation.objects.count() == 1
    assert state(circle).problems == ((first, "reason_does_not_fit"),)
    assert len(lines("closure.prepared", circle.subject)) == 2
    assert len(lines("journey.ending_considered", circle.subject)) == 1


def test_without_an_open_journey_there_is_nothing_to_prepare(circle: Circle) -> None:
    other = circle.another_child(phase=False)
    with pytest.raises(Missing, match="no_open_journey"):
        actions.prepare_closure(circle.nurse, other, Ending.DEATH, circle.tick())


# --- arranging -----------------------------------------------------------------------------------------------


def test_what_becomes_of_a_need_is_kept_with_its_words_and_the_newest_holds(circle: Circle) -> None:
    prepared(circle)
    first, _ = need_ids(circle)
    arranged(circle, first, Disposition.FAMILY_DECLINES, note=" Liever niet. ")
    (row,) = [row for row in state(circle).needs if row.need.id == first]
    assert (row.problem, row.settled and row.settled.note) == ("family_not_told", "Liever niet.")
    settlement = arranged(circle, first, Disposition.FAMILY_DECLINES, told=True)
    (row,) = [row for row in state(circle).needs if row.need.id == first]
    assert (row.problem, row.settlement_id) == ("", settlement.id)
    assert (settlement.words, settlement.domain) == (WORDS[0], "medical")
    assert [line.object_id for line in lines("closure.need_arranged", circle.subject)][-1] == settlement.id
    assert NeedSettlement.objects.count() == 2


def test_only_who_takes_over_gets_a_receiver(circle: Circle) -> None:
    prepared(circle)
    first, _ = need_ids(circle)
    named = {"receiver": "Wijkteam", "receiver_organisation_id": circle.houses["teacher"]}
    row = arranged(circle, first, Disposition.MET, **named)
    assert (row.receiver, row.receiver_organisation_id) == ("", None)
    assert not queries.requests_for(*circle.as_("teacher"), circle.moment.date())


def test_a_need_that_is_not_there_or_a_receiver_without_a_name_is_invalid(circle: Circle) -> None:
    with pytest.raises(Incomplete, match="ending_not_chosen"):
        arranged(circle, need_ids(circle)[0], Disposition.MET)
    prepared(circle)
    with pytest.raises(Invalid, match="need_not_found"):
        arranged(circle, str(new_id()), Disposition.MET)
    with pytest.raises(Invalid, match="receiver_not_named"):
        arranged(circle, need_ids(circle)[0], Disposition.RECEIVER, receiver="  ")
    assert not NeedSettlement.objects.exists()


# --- answering -----------------------------------------------------------------------------------------------


def test_a_receiver_that_declines_keeps_the_closing_shut_and_one_that_accepts_opens_it(
    circle: Circle,
) -> None:
    prepared(circle)
    first, second = need_ids(circle)
    arranged(circle, second, Disposition.MET)
    settlement = asked(circle, first)
    assert missing(circle) == {first: "receiver_asked"}
    answered(circle, "therapist", settlement.id, Answer.DECLINED, "Wachtlijst.")
    assert missing(circle) == {first: "receiver_declined"}
    assert phase(circle) == "closure" and not Closure.objects.exists()
    again = asked(circle, first, "municipality")
    assert missing(circle) == {first: "receiver_asked"}
    given = answered(circle, "municipality", again.id, Answer.ACCEPTED)
    assert str(given) == "accepted by municipality"
    close(circle)
    assert phase(circle) == "closed"
    assert [line.actor_name for line in lines("closure.declined", circle.subject)] == ["therapist"]
    assert [line.object_id for line in lines("closure.accepted", circle.subject)] == [again.id]


def test_a_receiver_that_comes_back_on_its_word_shuts_it_again(circle: Circle) -> None:
    prepared(circle)
    first, second = need_ids(circle)
    arranged(circle, second, Disposition.MET)
    settlement = asked(circle, first)
    answered(circle, "therapist", settlement.id, Answer.ACCEPTED)
    answered(circle, "therapist", settlement.id, Answer.DECLINED, "Toch niet.")
    assert missing(circle) == {first: "receiver_declined"}


def test_who_declines_says_why_and_asking_is_no_answer(circle: Circle) -> None:
    prepared(circle)
    settlement = asked(circle, need_ids(circle)[0])
    with pytest.raises(Invalid, match="reason_needed"):
        answered(circle, "therapist", settlement.id, Answer.DECLINED, "  ")
    with pytest.raises(Invalid, match="answer_needed"):
        answered(circle, "therapist", settlement.id, Answer.ASKED)
    assert not ReceiverAnswer.objects.exists()


@pytest.mark.parametrize("who", ["teacher", "municipality", "youth_care", "gp", "doctor"])
def test_only_the_organisation_that_is_asked_answers(circle: Circle, who: str) -> None:
    prepared(circle)
    settlement = asked(circle, need_ids(circle)[0])
    with pytest.raises(Missing):
        answered(circle, who, settlement.id, Answer.ACCEPTED)
    with pytest.raises(Missing):
        queries.request_for(*circle.as_(who), settlement.id, circle.moment.date())
    assert not queries.requests_for(*circle.as_(who), circle.moment.date())


def test_what_is_asked_of_nobody_in_the_system_is_answered_by_who_prepares_alone(circle: Circle) -> None:
    prepared(circle)
    settlement = arranged(circle, need_ids(circle)[0], Disposition.RECEIVER, receiver="Oma")
    actor, subject = circle.as_("therapist")
    alone = replace(actor, organisation_id=None, organisation="")
    with pytest.raises(Missing):
        actions.answer_request(alone, subject, settlement.id, (Answer.ACCEPTED, ""), circle.tick())
    assert queries.requests_for(alone, subject, circle.moment.date()) == []
    given = answered(circle, "colleague", settlement.id, Answer.ACCEPTED)
    assert str(given) == "accepted by colleague"


def test_a_receiver_that_is_asked_no_more_sees_the_words_no_more(circle: Circle) -> None:
    prepared(circle)
    first, _ = need_ids(circle)
    settlement = asked(circle, first)
    on = circle.moment.date()
    assert queries.request_for(*circle.as_("therapist"), settlement.id, on).words == WORDS[0]
    assert waits(circle, "therapist") == ["closure_to_answer"]
    asked(circle, first, "municipality")
    with pytest.raises(Missing):
        queries.request_for(*circle.as_("therapist"), settlement.id, on)
    with pytest.raises(Missing):
        answered(circle, "therapist", settlement.id, Answer.ACCEPTED)
    assert queries.requests_for(*circle.as_("therapist"), on) == waits(circle, "therapist") == []
    assert waits(circle, "municipality") == ["closure_to_answer"]
    actions.give_up_closing(*circle.as_("nurse"), "Toch door.", circle.tick())
    assert waits(circle, "municipality") == []


def waits(circle: Circle, who: str) -> list[str]:
    actor, on = circle.actor(who), circle.moment.date()
    return [one.kind for one in waiting_in(queries.waiting_rows_for(actor, opened_children(actor, on), on))]


def test_an_answered_request_waits_no_more(circle: Circle) -> None:
    prepared(circle)
    settlement = asked(circle, need_ids(circle)[0])
    assert waits(circle, "teacher") == waits(circle, "mother") == []
    answered(circle, "therapist", settlement.id, Answer.ACCEPTED)
    assert waits(circle, "therapist") == []


def test_a_request_about_another_child_is_missing(circle: Circle) -> None:
    prepared(circle)
    settlement = asked(circle, need_ids(circle)[0])
    other = circle.another_child()
    with pytest.raises(Missing):
        said = (Answer.ACCEPTED, "")
        actions.answer_request(circle.nurse, other, settlement.id, said, circle.tick())
    with pytest.raises(Missing):
        queries.request_for(circle.nurse, other, settlement.id, circle.moment.date())
    assert queries.closing_state(circle.nurse, other, circle.moment.date()).ending is None


# --- deciding ------------------------------------------------------------------------------------------------


def settled(circle: Circle) -> None:
    prepared(circle, Ending.NOBODY_NEEDED)
    for need_id in need_ids(circle):
        arranged(circle, need_id, Disposition.MET)


@pytest.mark.parametrize("who", ["nurse", "colleague", "coordinator"])
def test_the_record_says_how_it_ended_and_what_became_of_each_need(circle: Circle, who: str) -> None:
    settled(circle)
    record = close(circle, who)
    assert (record.ending, record.contact, record.note) == (Ending.NOBODY_NEEDED, "Marit, 06", "Dag!")
    assert [need.words for need in record.needs] == list(WORDS)
    assert {one.disposition for one in record.settled} == {Disposition.MET}
    assert (record.decided_by, record.decided_on) == (circle.actor(who).name, circle.moment.date())
    assert queries.record_for(*circle.as_("gp"), circle.moment.date()) == record
    assert phase(circle) == "closed"
    assert StoredOutcome.objects.filter(child_id=circle.child_id).count() == 1
    assert [line.object_id for line in lines("closure.decided", circle.subject)] == [Closure.objects.get().id]
    assert state(circle).preparation is None


def test_no_ending_no_closing_and_somebody_to_call(circle: Circle) -> None:
    assert missing(circle) == {"": "ending_not_chosen"}
    settled(circle)
    with pytest.raises(Invalid, match="contact_needed"):
        close(circle, contact="  ")
    assert phase(circle) == "closure"


def test_a_closing_that_breaks_halfway_leaves_nothing(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(circle)

    def breaks(*given: Any) -> None:
        raise RuntimeError

    before = AuditLine.objects.count()
    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(actions, "take_step", breaks)
        close(circle)
    assert not Closure.objects.exists() and not StoredOutcome.objects.exists()
    assert ClosurePreparation.objects.get().ended_at is None
    assert AuditLine.objects.count() == before
    assert close(circle)


def test_care_that_begins_again_is_closed_anew(circle: Circle) -> None:
    settled(circle)
    first = close(circle)
    reopen_journey(*circle.as_("nurse"), circle.tick(), "Terug.")
    assert missing(circle) == {"": "ending_not_chosen"}
    prepared(circle, Ending.FAMILY_STOPS)
    assert set(missing(circle)) == set(need_ids(circle))
    for need_id in need_ids(circle):
        arranged(circle, need_id, Disposition.FAMILY_DECLINES, told=True)
    second = close(circle)
    assert queries.record_for(*circle.as_("gp"), circle.moment.date()) == second != first
    assert Closure.objects.count() == 2


def test_giving_up_leads_back_to_the_plan_with_a_reason(circle: Circle) -> None:
    settled(circle)
    with pytest.raises(Invalid, match="reason_needed"):
        actions.give_up_closing(*circle.as_("nurse"), " ", circle.tick())
    actions.give_up_closing(*circle.as_("coordinator"), " Toch nodig. ", circle.tick())
    assert phase(circle) == "careplan"
    assert len(lines("closure.given_up", circle.subject)) == 1
    assert len(lines("journey.closure_not_agreed", circle.subject)) == 1
    with pytest.raises(Incomplete):
        actions.give_up_closing(*circle.as_("nurse"), "Nog eens.", circle.tick())
    prepared(circle)
    assert {row.problem for row in state(circle).needs} == {"need_not_settled"}


# --- whom it refuses, and what never changes -----------------------------------------------------------------

Write = Callable[[Any, Any, Circle], object]
FAMILY_AND_OTHERS = ("mother", "father", "aunt", "helper", "child", "teacher", "municipality", "youth_care",
                     "therapist", "gp", "doctor", "case_manager", "auditor", "team_lead", "privacy", "employee",
                     "stranger")  # fmt: skip
REFUSED: dict[str, tuple[Write, tuple[str, ...]]] = {
    "prepare": (
        lambda a, s, c: actions.prepare_closure(a, s, Ending.DEATH, c.tick()), FAMILY_AND_OTHERS),
    "arrange": (
        lambda a, s, c: actions.arrange_need(a, s, Arrangement("1", Disposition.MET), c.tick()),
        FAMILY_AND_OTHERS,
    ),
    "answer": (
        lambda a, s, c: actions.answer_request(a, s, new_id(), (Answer.ACCEPTED, ""), c.tick()),
        ("mother", "father", "aunt", "helper", "child", "case_manager", "auditor", "team_lead", "privacy",
         "employee", "stranger", "coach"),
    ),
    "mark": (lambda a, s, c: actions.mark_item(a, s, "ciz", (True, ""), c.tick()), FAMILY_AND_OTHERS),
    "write": (
        lambda a, s, c: actions.write_chapter(a, s, Chapter.LAW, "x", c.tick()),
        tuple(who for who in FAMILY_AND_OTHERS if who != "mother"),
    ),
    "decide": (
        lambda a, s, c: actions.decide_closure(a, s, ("Marit", ""), c.tick()), (*FAMILY_AND_OTHERS, "coach")),
    "give up": (
        lambda a, s, c: actions.give_up_closing(a, s, "x", c.tick()), (*FAMILY_AND_OTHERS, "coach")),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_roles_without_the_right_write_nothing(circle: Circle, name: str) -> None:
    settled(circle)
    before = AuditLine.objects.count()
    write, refused = REFUSED[name]
    for who in refused:
        with pytest.raises(Refused):
            write(*circle.refused(who), circle)
    assert AuditLine.objects.count() == before
    assert phase(circle) == "closure"


@pytest.mark.parametrize("table", [NeedSettlement, ReceiverAnswer, ChecklistMark, TransitionText, Closure])
def test_what_was_written_is_never_changed(circle: Circle, table: Any) -> None:
    prepared(circle)
    first, second = need_ids(circle)
    arranged(circle, second, Disposition.MET)
    answered(circle, "therapist", asked(circle, first).id, Answer.ACCEPTED)
    actions.mark_item(*circle.as_("nurse"), "ciz", (True, ""), circle.tick())
    actions.write_chapter(*circle.as_("nurse"), Chapter.LAW, "x", circle.tick())
    close(circle)
    for change in (lambda: table.objects.update(by="x"), lambda: table.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()
    assert str(table.objects.first())
