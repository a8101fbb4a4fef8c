"""Every write of phase 1: what it does, the line it leaves, whom it refuses, and that it stays with its child."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import correct_identity
from kindzorg.careteam.queries import opened_children
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import Truth
from kindzorg.journey.models import CareJourney
from kindzorg.journey.waiting import waiting_in
from kindzorg.referral import actions, queries
from kindzorg.referral.decision import NURSING
from kindzorg.referral.models import (
    DissentSettlement,
    ReferralAssessment,
    ReferralDissent,
    ReferralDraft,
    ReferralOutcome,
)
from kindzorg.referral.tests.world import NURSING_AT_HOME, Circle, lines

TODAY_YES = {"nursing_need": Truth.YES}
WITHOUT = ("gp", "case_manager", "therapist", "teacher", "municipality", "youth_care", "team_lead", "auditor",
           "privacy", "employee", "mother", "father", "aunt", "helper", "child", "stranger")  # fmt: skip


def phase(circle: Circle) -> str:
    return CareJourney.objects.get(child_id=circle.child_id).phase


def differ(circle: Circle, who: str, assessment_id: Any, reason: str = "The law changed.") -> ReferralDissent:
    return actions.record_dissent(*circle.as_(who), assessment_id, ([NURSING], reason), circle.tick())


# --- answering -----------------------------------------------------------------------------------------------


def test_answers_are_kept_as_they_come_and_the_newest_holds(circle: Circle) -> None:
    actions.answer_facts(*circle.as_("nurse"), {"nursing_need": Truth.UNKNOWN}, circle.tick())
    both = {"nursing_need": Truth.YES, "has_wlz": Truth.NO}
    last = circle.tick()
    facts = actions.answer_facts(*circle.as_("coach"), both, last)
    assert facts.answers == both
    actor, subject = circle.as_("gp")
    assert queries.facts_so_far(actor, subject, circle.moment.date()).answers == both
    row = ReferralDraft.objects.get(child_id=circle.child_id)
    assert row.changed_at == last and row.created_at < last
    first, second = lines("referral.answered", circle.subject)
    assert (first.kind, first.actor_name, first.detail) == ("U", "Marit", {"facts": "nursing_need"})
    assert second.detail == {"facts": "nursing_need, has_wlz"}
    assert "yes" not in str(second.detail)


@pytest.mark.parametrize("answers", [{"no_such_fact": Truth.YES}, {"nursing_need": "perhaps"}])
def test_a_fact_or_an_answer_that_does_not_exist_changes_nothing(
    circle: Circle, answers: dict[str, Any]
) -> None:
    actions.answer_facts(*circle.as_("nurse"), TODAY_YES, circle.tick())
    with pytest.raises(Invalid):
        actions.answer_facts(*circle.as_("nurse"), {"has_wlz": Truth.NO, **answers}, circle.tick())
    assert ReferralDraft.objects.get().facts == {"nursing_need": "yes"}
    assert len(lines("referral.answered", circle.subject)) == 1


def test_an_item_belongs_to_who_acts_and_else_to_the_controller(circle: Circle) -> None:
    actions.answer_facts(*circle.as_("doctor"), TODAY_YES, circle.tick())
    assert ReferralDraft.objects.get().owner_id == circle.houses["doctor"]
    other = circle.another_child(phase=False)
    actor, subject = circle.as_("nurse")
    alone = replace(actor, organisation_id=None, organisation="")
    row = actions.assess_child(alone, subject, circle.tick())
    assert row.owner_id == circle.home_care.id
    with pytest.raises(Missing, match="no_open_journey"):
        actions.answer_facts(alone, other, TODAY_YES, circle.tick())


# --- assessing -----------------------------------------------------------------------------------------------


def test_an_assessment_keeps_what_the_rules_said_of_the_answers_of_then(circle: Circle) -> None:
    row = circle.assessed()
    given = queries.assessment_for(*circle.as_("gp"), circle.moment.date())
    assert given is not None and given.id == row.id
    assert given.assessment.facts.answers == NURSING_AT_HOME
    assert NURSING in given.assessment.ids
    assert (row.by, row.on, given.decision, given.dissents) == ("Marit", circle.moment.date(), None, ())
    (line,) = lines("referral.assessed", circle.subject)
    assert (line.kind, line.object_id) == ("C", row.id)
    again = circle.assessed(has_wlz="yes")
    rows = queries.assessments_for(*circle.as_("gp"), circle.moment.date())
    assert [one.id for one in rows] == [again.id, row.id]
    old = queries.assessment_for(*circle.as_("gp"), circle.moment.date(), row.id)
    assert old is not None and old.assessment.facts.answers == NURSING_AT_HOME


def test_without_answers_everything_is_still_open(circle: Circle) -> None:
    row = actions.assess_child(*circle.as_("nurse"), circle.tick())
    given = queries.assessment_for(*circle.as_("nurse"), circle.moment.date(), row.id)
    assert given is not None and given.assessment.facts.answers == {}


def test_without_a_date_of_birth_the_law_cannot_be_told(circle: Circle) -> None:
    correct_identity(*circle.as_("nurse"), {"birth_date": None}, circle.tick())
    with pytest.raises(Invalid, match="birth_date_needed"):
        actions.assess_child(*circle.as_("nurse"), circle.tick())
    assert not ReferralAssessment.objects.exists()


# --- differing and settling ----------------------------------------------------------------------------------


def test_a_second_view_stands_beside_the_first_until_it_is_settled(circle: Circle) -> None:
    row = circle.assessed()
    dissent = differ(circle, "gp", row.id, "  The nursing is not under supervision. ")
    given = queries.assessment_for(*circle.as_("nurse"), circle.moment.date())
    assert given is not None and [one.id for one in given.dissents] == [dissent.id]
    assert (dissent.reason, dissent.view) == ("The nursing is not under supervision.", [NURSING])
    assert (dissent.by, dissent.organisation) == ("gp", "Huis van gp")
    settled = actions.settle_dissent(*circle.as_("doctor"), dissent.id, " We agree. ", circle.tick())
    assert (settled.outcome, settled.by) == ("We agree.", "doctor")
    assert [line.object_id for line in lines("referral.differed", circle.subject)] == [dissent.id]
    assert [line.object_id for line in lines("referral.settled", circle.subject)] == [dissent.id]
    with pytest.raises(Missing, match="dissent_not_found"):
        actions.settle_dissent(*circle.as_("doctor"), dissent.id, "Again.", circle.tick())


def test_who_differs_says_why_and_who_settles_says_what(circle: Circle) -> None:
    row = circle.assessed()
    with pytest.raises(Invalid, match="reason_needed"):
        differ(circle, "gp", row.id, "  ")
    assert not ReferralDissent.objects.exists()
    dissent = differ(circle, "gp", row.id)
    with pytest.raises(Invalid, match="outcome_needed"):
        actions.settle_dissent(*circle.as_("nurse"), dissent.id, " ", circle.tick())
    assert not DissentSettlement.objects.exists()


# --- deciding ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nurse", "specialist"])
def test_a_decision_is_kept_and_the_journey_goes_on(circle: Circle, who: str) -> None:
    row = circle.assessed()
    decision = actions.decide_referral(*circle.as_(who), row.id, ([NURSING], " Nights. "), circle.tick())
    assert [entry.id for entry in decision.entries] == [NURSING]
    assert (decision.note, decision.decided_on) == ("Nights.", circle.moment.date())
    assert queries.decision_for(*circle.as_("gp"), circle.moment.date()) == decision
    given = queries.assessment_for(*circle.as_("gp"), circle.moment.date())
    assert given is not None and given.decision == decision
    assert phase(circle) == "needs"
    stored = ReferralOutcome.objects.get()
    assert [line.object_id for line in lines("referral.decided", circle.subject)] == [stored.id]


@pytest.mark.parametrize("who", ["colleague", "doctor", "coach", "coordinator"])
def test_only_level_5_or_a_nurse_specialist_confirms_nursing_under_the_zvw(circle: Circle, who: str) -> None:
    row = circle.assessed()
    with pytest.raises(Refused):
        actions.decide_referral(*circle.as_(who), row.id, ([NURSING], ""), circle.tick())
    assert not ReferralOutcome.objects.exists()
    assert phase(circle) == "referral"


def test_a_role_without_the_qualification_does_not_confirm_either(circle: Circle) -> None:
    row = circle.assessed()
    with pytest.raises(Invalid, match="may_not_confirm_zvw"):
        actions.decide_referral(*circle.as_("aide"), row.id, ([NURSING], ""), circle.tick())
    assert not ReferralOutcome.objects.exists()


@pytest.mark.parametrize("who", ["colleague", "doctor", "coach", "coordinator"])
def test_who_may_assess_decides_on_everything_else_and_closes_the_phase(circle: Circle, who: str) -> None:
    row = circle.assessed()
    found = queries.assessment_for(*circle.as_(who), circle.moment.date())
    assert found is not None
    kept = sorted(found.assessment.ids - {NURSING})[:1]
    decision = actions.decide_referral(*circle.as_(who), row.id, (kept, ""), circle.tick())
    assert [entry.id for entry in decision.entries] == kept
    assert phase(circle) == "needs"


def test_a_later_decision_leaves_the_journey_where_it_is(circle: Circle) -> None:
    row = circle.assessed()
    actions.decide_referral(*circle.as_("nurse"), row.id, ([NURSING], ""), circle.tick())
    second = circle.assessed()
    decision = actions.decide_referral(*circle.as_("nurse"), second.id, ([NURSING], "Anew."), circle.tick())
    assert phase(circle) == "needs"
    assert queries.decision_for(*circle.as_("gp"), circle.moment.date()) == decision
    assert ReferralOutcome.objects.count() == 2


@pytest.mark.parametrize(("kept", "code"), [([], "nothing_kept"), (["no_such_entry"], "not_in_outcome")])
def test_a_decision_that_says_nothing_or_something_strange_is_invalid(
    circle: Circle, kept: list[str], code: str
) -> None:
    row = circle.assessed()
    with pytest.raises(Invalid, match=code):
        actions.decide_referral(*circle.as_("nurse"), row.id, (kept, ""), circle.tick())


def test_without_a_journey_a_decision_still_stands(circle: Circle) -> None:
    other = circle.another_child(phase=False)
    row = circle.assessed(other)
    actions.decide_referral(circle.nurse, other, row.id, ([NURSING], ""), circle.tick())
    assert ReferralOutcome.objects.filter(child_id=other.child_id).count() == 1


def test_a_decision_that_breaks_halfway_leaves_nothing(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = circle.assessed()

    def breaks(*given: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "take_step", breaks)
    before = AuditLine.objects.count()
    with pytest.raises(RuntimeError):
        actions.decide_referral(*circle.as_("nurse"), row.id, ([NURSING], ""), circle.tick())
    assert not ReferralOutcome.objects.exists()
    assert AuditLine.objects.count() == before


# --- whom it refuses, and whose it is ------------------------------------------------------------------------

Write = Callable[[Any, Any, Circle], object]
ASSESSING: dict[str, Write] = {
    "answer": lambda a, s, c: actions.answer_facts(a, s, TODAY_YES, c.tick()),
    "assess": lambda a, s, c: actions.assess_child(a, s, c.tick()),
    "decide": lambda a, s, c: actions.decide_referral(a, s, c.made["assessment"], ([NURSING], ""), c.tick()),
}
DIFFERING: dict[str, Write] = {
    "differ": lambda a, s, c: actions.record_dissent(a, s, c.made["assessment"], ([], "Because."), c.tick()),
    "settle": lambda a, s, c: actions.settle_dissent(a, s, new_id(), "Agreed.", c.tick()),
}


def test_roles_without_the_right_write_nothing(circle: Circle) -> None:
    circle.made["assessment"] = circle.assessed().id
    before = AuditLine.objects.count()
    for name, write in {**ASSESSING, **DIFFERING}.items():
        for who in WITHOUT:
            if name in DIFFERING and who == "gp":
                continue
            with pytest.raises(Refused):
                write(*circle.refused(who), circle)
    assert AuditLine.objects.count() == before
    assert not ReferralOutcome.objects.exists() and not ReferralDissent.objects.exists()


def test_an_assessment_or_a_difference_of_another_child_is_missing(circle: Circle) -> None:
    other = circle.another_child()
    theirs = circle.assessed(other)
    nurse, subject = circle.as_("nurse")
    dissent = actions.record_dissent(nurse, other, theirs.id, ([], "Because."), circle.tick())
    now = circle.tick()
    with pytest.raises(Missing):
        actions.decide_referral(nurse, subject, theirs.id, ([NURSING], ""), now)
    with pytest.raises(Missing):
        actions.record_dissent(nurse, subject, theirs.id, ([], "Because."), now)
    with pytest.raises(Missing):
        actions.settle_dissent(nurse, subject, dissent.id, "Agreed.", now)
    with pytest.raises(Missing):
        queries.assessment_for(nurse, subject, now.date(), theirs.id)
    assert queries.assessment_for(nurse, subject, now.date()) is None
    assert queries.decision_for(nurse, subject, now.date()) is None


@pytest.mark.parametrize("table", [ReferralAssessment, ReferralDissent, DissentSettlement, ReferralOutcome])
def test_what_was_said_is_never_changed(circle: Circle, table: Any) -> None:
    row = circle.assessed()
    dissent = differ(circle, "gp", row.id)
    actions.settle_dissent(*circle.as_("nurse"), dissent.id, "Agreed.", circle.tick())
    actions.decide_referral(*circle.as_("nurse"), row.id, ([NURSING], ""), circle.tick())
    for change in (
        lambda: table.objects.update(by="somebody"),
        lambda: table.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()
    assert str(table.objects.get())


# --- what waits ----------------------------------------------------------------------------------------------


def waits(circle: Circle, who: str) -> list[str]:
    actor = circle.actor(who)
    on = circle.moment.date()
    found = waiting_in(queries.waiting_rows_for(actor, opened_children(actor, on), on))
    return sorted(one.kind for one in found if one.child_id == circle.child_id)


def test_what_waits_follows_the_phase(circle: Circle) -> None:
    assert waits(circle, "nurse") == waits(circle, "doctor") == ["referral_to_assess"]
    assert waits(circle, "gp") == waits(circle, "teacher") == waits(circle, "mother") == []
    row = circle.assessed()
    assert waits(circle, "nurse") == ["referral_to_confirm"]
    assert waits(circle, "colleague") == []
    dissent = differ(circle, "gp", row.id)
    assert waits(circle, "colleague") == ["referral_to_settle"]
    assert waits(circle, "nurse") == ["referral_to_confirm", "referral_to_settle"]
    actions.settle_dissent(*circle.as_("colleague"), dissent.id, "Agreed.", circle.tick())
    actions.decide_referral(*circle.as_("nurse"), row.id, ([NURSING], ""), circle.tick())
    assert waits(circle, "nurse") == waits(circle, "colleague") == []
