"""Binding referrals: what each act does, what it leaves in the trail, and whom it refuses."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction

from kindzorg.access.policy import system_actor
from kindzorg.careteam.models import Grant, Membership
from kindzorg.core.errors import Conflict, DomainError, Invalid, Missing, Refused
from kindzorg.core.vocabulary import Law, LifeDomain
from kindzorg.journey.models import CareJourney
from kindzorg.notices.models import Notice
from kindzorg.people.models import Child
from kindzorg.referral import actions as referral
from kindzorg.referral.binding import actions
from kindzorg.referral.binding.actions import Said
from kindzorg.referral.binding.queries import overdue, stuck_for
from kindzorg.referral.binding.rules import BindingMove as Move
from kindzorg.referral.models import BindingReferral, BindingStep
from kindzorg.referral.tests.binding import (
    NO,
    another_region,
    answers,
    days_later,
    network_coordinator,
    new,
    sent,
    shut,
    stands,
    steers,
)
from kindzorg.referral.tests.world import Circle, lines
from kindzorg.referral.watching import ACTOR, tell_settled, watch_terms

pytestmark = pytest.mark.django_db
TERM, SECOND = 57, 15


def told(kind: str) -> set[UUID]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient_id", flat=True))


def test_it_is_sent_to_an_organisation_of_the_team(circle: Circle) -> None:
    row = sent(circle, person_id=circle.work["municipality"])
    assert stands(circle, row).last == Move.SENT and row.region_id == circle.region.id
    (line,) = lines("binding.sent", circle.subject)
    assert (line.object_id, line.permission) == (row.id, "binding.send")
    assert "logeren" not in str(line.detail)
    assert told("binding_sent") == {circle.users["municipality"].id}


def test_it_is_about_what_was_decided(circle: Circle) -> None:
    given = circle.assessed()
    kept = [one["id"] for one in given.outcome["entries"] if one["status"] == "certain" and one["law"]]
    decided = referral.decide_referral(circle.nurse, circle.subject, given.id, (kept, ""), circle.tick())
    entry = decided.entries[0]
    row = sent(circle, entry=entry.id, law=entry.law)
    assert row.entry == entry.id and row.outcome is not None
    other = next(law for law in Law if law != entry.law)
    for wrong in ({"entry": entry.id, "law": other}, {"entry": "nothing", "law": entry.law}):
        with pytest.raises(Invalid, match="entry_not_kept"):
            sent(circle, **wrong)


def test_without_a_decision_it_is_about_a_law_alone(circle: Circle) -> None:
    assert sent(circle).outcome is None
    with pytest.raises(Invalid, match="entry_not_kept"):
        sent(circle, entry="zvw_nursing")


def test_a_nurse_sends_only_where_nobody_coordinates(circle: Circle) -> None:
    with pytest.raises(Invalid, match="coordinator_sends") as raised:
        actions.send_binding(*circle.as_("nurse"), new(circle), circle.tick())
    assert raised.value.data["name"] == "Coordinator"
    Membership.objects.filter(child_id=circle.child_id, role="coordinator").update(until=circle.moment.date())
    row = actions.send_binding(*circle.as_("nurse"), new(circle), circle.tick())
    assert row.sent_by == circle.nurse.name


@pytest.mark.parametrize("who", ["coach", "doctor", "municipality", "mother", "child", "stranger"])
def test_nobody_else_sends(circle: Circle, who: str) -> None:
    with pytest.raises(Refused):
        actions.send_binding(*circle.refused(who), new(circle), circle.tick())


def test_nothing_is_sent_where_the_family_shares_nothing(circle: Circle) -> None:
    for domains, person in (
        ({LifeDomain.SOCIAL}, None),
        (set(LifeDomain) - {LifeDomain.MEDICAL}, "municipality"),
    ):
        shut(circle, "municipality", domains)
        with pytest.raises(Invalid, match="not_open_to_receiver"):
            sent(circle, person_id=circle.work.get(person))
    sent(circle, domain=LifeDomain.MEDICAL)
    for other in ({"receiver_id": circle.houses["stranger"]}, {"person_id": circle.work["teacher"]}):
        with pytest.raises(Invalid, match="not_open_to_receiver"):
            sent(circle, domain=LifeDomain.MEDICAL, **other)


def test_what_was_closed_since_is_told_to_nobody_there(circle: Circle) -> None:
    row = sent(circle)
    shut(circle, "municipality", {LifeDomain.SOCIAL})
    with pytest.raises(Missing):
        answers(circle, row, "accepted", Said())
    steers(circle, row, "withdrawn")
    assert told("binding_changed") == set()


def test_without_an_open_journey_nothing_is_sent(circle: Circle) -> None:
    CareJourney.objects.filter(child_id=circle.child_id).update(phase="closed", closed_at=circle.moment)
    with pytest.raises(Missing, match="no_open_journey"):
        sent(circle)


def test_who_works_alone_leaves_it_with_the_keeper_of_the_file(circle: Circle) -> None:
    actor, subject = circle.as_("coordinator")
    row = actions.send_binding(replace(actor, organisation_id=None), subject, new(circle), circle.tick())
    assert row.owner_id == circle.home_care.id


def test_it_is_accepted(circle: Circle) -> None:
    row = sent(circle)
    answers(circle, row, "accepted", Said())
    assert stands(circle, row).over
    assert len(lines("binding.accepted", circle.subject)) == 1
    assert told("binding_answered") == {circle.users["coordinator"].id}
    with pytest.raises(Conflict):
        answers(circle, row, "refused")


def test_a_refusal_has_a_reason_and_says_what_instead_and_goes_on(circle: Circle) -> None:
    row = sent(circle)
    for said, field in ((Said("", "Iets anders"), "words"), (Said("Nee", ""), "instead")):
        with pytest.raises(Invalid) as raised:
            answers(circle, row, "refused", said)
        assert raised.value.fields == (field,)
    answers(circle, row, "refused")
    found = stands(circle, row)
    assert (found.last, found.level) == (Move.TO_COORDINATOR, Move.TO_COORDINATOR)
    assert (found.answer_by - circle.moment.date()).days >= 14
    assert told("binding_stuck") == {circle.users["coordinator"].id}
    assert len(lines("binding.refused", circle.subject)) == 1
    days_later(circle, 3)
    answers(circle, row, "refused")
    assert stands(circle, row).answer_by == found.answer_by  # no new term by saying no again
    steers(circle, row, "to_network")
    answers(circle, row, "refused")
    assert stands(circle, row).level == Move.TO_NETWORK


def test_a_question_makes_the_term_stand_still(circle: Circle) -> None:
    row = sent(circle)
    with pytest.raises(Invalid):
        answers(circle, row, "more_asked", Said(" "))
    answers(circle, row, "more_asked", Said("Hoe oud is het kind?"))
    before = stands(circle, row)
    days_later(circle, TERM + 40)
    assert stands(circle, row).last == Move.MORE_ASKED
    steers(circle, row, "answered", "Zeven.")
    after = stands(circle, row)
    assert (after.answer_by - before.answer_by).days >= TERM + 40
    assert len(lines("binding.answered", circle.subject)) == 1
    assert told("binding_changed") == {circle.users["municipality"].id}


def test_silence_goes_to_the_coordinator_and_then_to_the_network(circle: Circle) -> None:
    row = sent(circle)
    days_later(circle, 50)
    assert stands(circle, row).last == Move.SENT
    days_later(circle, TERM - 50)
    assert stands(circle, row).last == Move.TO_COORDINATOR
    days_later(circle, 0)  # twice on a day changes nothing
    assert len(lines("binding.to_coordinator", circle.subject)) == 1
    days_later(circle, SECOND)
    assert stands(circle, row).last == Move.TO_NETWORK
    days_later(circle, 100)
    assert BindingStep.objects.filter(binding=row).count() == 3
    (line,) = lines("binding.to_network", circle.subject)
    assert line.actor_role == "system" and line.permission == "binding.watch"
    answers(circle, row, "accepted", Said())  # too late is never too late
    assert stands(circle, row).over


@pytest.mark.parametrize("change", [{"died_on": "2026-10-01"}, {"merged": True}])
def test_nothing_is_chased_for_a_child_that_died_or_whose_file_was_merged(
    circle: Circle, change: dict
) -> None:
    row = sent(circle)
    if change.pop("merged", False):
        change = {"merged_into_id": circle.another_child().child_id}
    Child.objects.filter(id=circle.child_id).update(**change)
    circle.moment += timedelta(days=TERM)
    assert overdue(ACTOR, circle.moment.date()) == [] and watch_terms(circle.moment) == 0
    assert BindingStep.objects.filter(binding=row).count() == 1


def test_where_there_is_no_network_it_stays_with_the_coordinator(circle: Circle) -> None:
    Child.objects.filter(id=circle.child_id).update(region_id=None)
    row = sent(circle)
    days_later(circle, TERM)
    days_later(circle, SECOND)
    assert stands(circle, row).level == Move.TO_COORDINATOR
    with pytest.raises(Invalid, match="no_network"):
        steers(circle, row, "to_network")


def test_the_worker_leaves_alone_what_is_gone_or_done(circle: Circle) -> None:
    assert actions.escalate_overdue(ACTOR, uuid4(), circle.tick()) is None
    row = sent(circle)
    assert actions.escalate_overdue(ACTOR, row.id, circle.tick()) is None
    assert actions.tell_settled(ACTOR, uuid4(), circle.tick()) == 0


def test_who_coordinates_settles_it_or_takes_it_back(circle: Circle) -> None:
    row, other = sent(circle), sent(circle)
    with pytest.raises(Conflict):
        steers(circle, row, "settled")  # nothing to settle yet
    days_later(circle, TERM)
    with pytest.raises(Invalid):
        steers(circle, row, "settled", " ")
    steers(circle, row, "settled")
    assert stands(circle, row).last == Move.SETTLED
    steers(circle, other, "withdrawn", "Niet meer nodig.")
    assert stands(circle, other).over
    assert (
        len(lines("binding.settled", circle.subject)) == len(lines("binding.withdrawn", circle.subject)) == 1
    )


def test_an_answer_by_telephone_is_written_down_with_who_gave_it(circle: Circle) -> None:
    row = sent(circle)

    def heard(who: str) -> BindingStep:
        said = Said(heard_of=who)
        return actions.hear_binding(*circle.as_("coordinator"), row.id, Move.ACCEPTED, said, circle.tick())

    with pytest.raises(Invalid) as raised:
        heard("")
    assert raised.value.fields == ("heard_of",)
    step = heard("Mevrouw Smit, Gemeente")
    assert (step.heard_of, step.by) == ("Mevrouw Smit, Gemeente", "coordinator")
    assert len(lines("binding.heard", circle.subject)) == 1


@pytest.mark.parametrize("who", ["teacher", "doctor", "youth_care"])
def test_another_than_the_receiver_answers_nothing(circle: Circle, who: str) -> None:
    row = sent(circle)
    with pytest.raises(DomainError) as raised:
        answers(circle, row, "accepted", Said(), who)
    assert isinstance(raised.value, Missing | Refused)
    for act in (actions.hear_binding, actions.steer_binding):
        with pytest.raises(Refused):
            act(*circle.as_(who), row.id, Move.WITHDRAWN, NO, circle.tick())


def test_two_who_act_at_once_do_not_both(circle: Circle) -> None:
    row = sent(circle)
    with pytest.raises(Conflict):
        actions._add(circle.nurse, row, 1, Move.ACCEPTED, circle.tick())


def test_the_network_of_the_region_settles_what_is_stuck(circle: Circle) -> None:
    row = sent(circle)
    ingrid, elsewhere = network_coordinator(circle), network_coordinator(circle, another_region().id)
    with pytest.raises(Missing):
        actions.settle_stuck(ingrid, row.id, "Zo.", circle.tick())
    days_later(circle, TERM)
    days_later(circle, SECOND)
    with pytest.raises(Missing):
        actions.settle_stuck(elsewhere, row.id, "Zo.", circle.tick())
    with pytest.raises(Refused):
        actions.settle_stuck(circle.actor("coordinator"), row.id, "Zo.", circle.tick())
    with pytest.raises(Invalid):
        actions.settle_stuck(ingrid, row.id, " ", circle.tick())
    actions.settle_stuck(ingrid, row.id, "De gemeente begint op 1 december.", circle.tick())
    with pytest.raises(Conflict):
        actions.settle_stuck(ingrid, row.id, "Nog eens.", circle.tick())
    (line,) = lines("binding.settled", circle.subject)
    assert (line.actor_role, line.actor_name) == ("network_coordinator", "Ingrid")
    assert [one.standing.over for one in stuck_for(ingrid, circle.moment.date())] == [True]
    assert tell_settled(str(row.id)) == "2 told" and tell_settled(str(row.id)) == "0 told"
    assert told("binding_settled") == {circle.users["coordinator"].id, circle.users["municipality"].id}


def test_no_family_is_ever_told(circle: Circle) -> None:
    row = sent(circle)
    answers(circle, row, "refused")
    days_later(circle, SECOND)
    actions.settle_stuck(network_coordinator(circle), row.id, "Zo.", circle.tick())
    tell_settled(str(row.id))
    family = {circle.users[who].id for who in ("mother", "father", "aunt", "child", "helper")}
    about = Notice.objects.filter(kind__startswith="binding")
    assert set(about.values_list("kind", flat=True)) == {"binding_sent", "binding_stuck", "binding_settled"}
    assert not set(about.values_list("recipient_id", flat=True)) & family


def test_who_sent_it_steers_where_nobody_coordinates(circle: Circle) -> None:
    Membership.objects.filter(child_id=circle.child_id, role="coordinator").update(until=circle.moment.date())
    Grant.objects.filter(user=circle.users["coordinator"]).update(until=circle.moment.date())
    row = actions.send_binding(*circle.as_("nurse"), new(circle), circle.tick())
    answers(circle, row, "accepted", Said())
    assert told("binding_answered") == {circle.nurse.id}


def test_what_was_sent_and_answered_is_never_changed(circle: Circle) -> None:
    row = sent(circle)
    step = BindingStep.objects.filter(binding=row)
    for act in (
        lambda: BindingReferral.objects.filter(id=row.id).update(law=Law.WLZ),
        lambda: step.update(move=Move.ACCEPTED),
        lambda: step._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_job_alone_watches_the_terms(circle: Circle) -> None:
    with pytest.raises(Refused):
        overdue(circle.nurse, circle.moment.date())
    with pytest.raises(Refused):
        actions.escalate_overdue(circle.nurse, uuid4(), circle.tick())
    assert system_actor("binding").id == ACTOR.id
