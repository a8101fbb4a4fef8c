"""On which side of a binding referral somebody acts: who asks and who was asked never act for each other."""

from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from kindzorg.access.roles import Role
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.models import Grant, Membership
from kindzorg.careteam.queries import opened_children
from kindzorg.careteam.tests.world import JOB, family_agrees
from kindzorg.core.errors import Refused
from kindzorg.journey.waiting import waiting_in
from kindzorg.notices.models import Notice
from kindzorg.people.actions import NewProfessional, register_professional
from kindzorg.people.models import Professional
from kindzorg.people.rules import Qualification
from kindzorg.referral.binding import actions
from kindzorg.referral.binding.actions import Said
from kindzorg.referral.binding.queries import side_for, steering, view_of
from kindzorg.referral.binding.rules import BindingMove as Move
from kindzorg.referral.binding.rules import BindingSide, side_of
from kindzorg.referral.models import BindingReferral, BindingStep
from kindzorg.referral.queries import waiting_rows_for
from kindzorg.referral.tests.binding import NO, answers, new, sent, stands, steers
from kindzorg.referral.tests.world import Circle

pytestmark = pytest.mark.django_db
SENDERS_MOVES = (Move.ANSWERED, Move.TO_NETWORK, Move.SETTLED, Move.WITHDRAWN)
RECEIVERS_MOVES = (Move.ACCEPTED, Move.REFUSED, Move.MORE_ASKED)


def joins(circle: Circle, who: str, role: Role, house: str = "municipality") -> None:
    """Somebody who works at this house joins the team in a role of its own."""
    circle.users[who] = circle.account(who)
    told = NewProfessional(
        who.title(), circle.houses[house], Qualification.LEVEL5_PAEDIATRIC_NURSE, circle.users[who].id
    )
    circle.work[who] = register_professional(JOB, told, circle.tick()).id
    add_member(circle.nurse, circle.subject, NewMember(role, professional_id=circle.work[who]), circle.tick())
    family_agrees(circle.subject, circle.tick())


@pytest.fixture
def inside(circle: Circle) -> Circle:
    """At the municipality that is asked works a nurse and a coordinator of this child as well."""
    joins(circle, "their_nurse", Role.LEVEL5_NURSE)
    joins(circle, "their_coordinator", Role.COORDINATOR)
    return circle


def nobody_coordinates(circle: Circle) -> None:
    """Then a nurse sends."""
    today = circle.moment.date()
    Membership.objects.filter(child_id=circle.child_id, role=Role.COORDINATOR).update(until=today)
    Grant.objects.filter(scope_id=circle.child_id, role=Role.COORDINATOR).update(until=today)


def sent_by_nurse(circle: Circle) -> BindingReferral:
    nobody_coordinates(circle)
    return actions.send_binding(*circle.as_("nurse"), new(circle), circle.tick())


def status(circle: Circle, who: str, name: str, row: BindingReferral, **given: str) -> int:
    browser, where = circle.client(who), reverse(name, args=[circle.child_id, row.id])
    return (browser.post(where, given) if given else browser.get(where)).status_code


def offered(circle: Circle, who: str, row: BindingReferral) -> set[str]:
    """The doors that the page of one leads to."""
    found = circle.client(who).get(reverse("binding", args=[circle.child_id, row.id]))
    page = unescape(found.content.decode())
    doors = ("binding_answer", "binding_steer")
    return {name for name in doors if reverse(name, args=[circle.child_id, row.id]) in page}


def waits(circle: Circle, who: str) -> set[str]:
    actor, on = circle.actor(who), circle.moment.date()
    rows = waiting_rows_for(actor, opened_children(actor, on), on)
    return {one.kind for one in waiting_in(rows) if one.kind.startswith("binding")}


@pytest.mark.parametrize(
    ("role", "receives", "sent", "side"),
    [
        (Role.COORDINATOR, False, False, BindingSide.SENDER),
        (Role.COORDINATOR, False, True, BindingSide.SENDER),
        (Role.LEVEL5_NURSE, False, True, BindingSide.SENDER),
        (Role.LEVEL5_NURSE, False, False, None),
        (Role.PAEDIATRICIAN, False, False, None),
        (None, False, False, None),
        (Role.MUNICIPALITY, True, False, BindingSide.RECEIVER),
        (Role.LEVEL5_NURSE, True, False, BindingSide.RECEIVER),
        (Role.COORDINATOR, True, False, BindingSide.RECEIVER),
        (Role.COORDINATOR, True, True, None),
        (Role.LEVEL5_NURSE, True, True, None),
    ],
)
def test_which_side(role: Role | None, receives: bool, sent: bool, side: BindingSide | None) -> None:
    assert side_of(role, receives=receives, sent=sent) == side


@pytest.mark.parametrize("who", ["their_nurse", "their_coordinator", "municipality", "specialist", "aide"])
@pytest.mark.parametrize("stage", ["sent", "asked", "raised"])
def test_who_did_not_send_it_and_does_not_coordinate_does_nothing_for_the_sender(
    inside: Circle, who: str, stage: str
) -> None:
    row = sent(inside)
    if stage != "sent":
        answers(inside, row, "more_asked" if stage == "asked" else "refused")
    before = BindingStep.objects.filter(binding=row).count()
    for move in SENDERS_MOVES:
        with pytest.raises(Refused):
            steers(inside, row, move, who=who)
    said = Said("Nee.", "Iets anders.", "Mevrouw Smit")
    for move in RECEIVERS_MOVES:
        with pytest.raises(Refused):
            actions.hear_binding(*inside.as_(who), row.id, move, said, inside.tick())
    assert status(inside, who, "binding_steer", row) == 404
    assert status(inside, who, "binding_steer", row, move="withdrawn", words="Weg ermee.") == 404
    heard = {"move": "accepted", "heard_of": "Mevrouw Smit"}
    answers_itself = {"municipality", "their_nurse"}
    if who not in answers_itself:
        assert status(inside, who, "binding_answer", row) == 404
        assert status(inside, who, "binding_answer", row, **heard) == 404
    assert offered(inside, who, row) == ({"binding_answer"} if who in answers_itself else set())
    assert BindingStep.objects.filter(binding=row).count() == before


@pytest.mark.parametrize("who", ["coordinator", "nurse", "doctor", "their_coordinator"])
def test_nobody_else_answers_for_the_receiver(inside: Circle, who: str) -> None:
    row = sent(inside)
    for move in RECEIVERS_MOVES:
        with pytest.raises(Refused):
            answers(inside, row, move, NO, who)
    assert stands(inside, row).last == Move.SENT


def test_everybody_of_the_receiver_who_may_answers(inside: Circle) -> None:
    first, second = sent(inside), sent(inside)
    answers(inside, first, "more_asked", Said("Hoe oud?"), "their_nurse")
    answers(inside, second, "accepted", Said(), "municipality")
    assert (stands(inside, first).last, stands(inside, second).last) == (Move.MORE_ASKED, Move.ACCEPTED)


@pytest.mark.parametrize("who", ["coordinator", "nurse"])
def test_who_sent_it_and_who_coordinates_later_both_go_on_with_it(circle: Circle, who: str) -> None:
    row = sent_by_nurse(circle)
    asked = actions.send_binding(*circle.as_("nurse"), new(circle), circle.tick())
    Membership.objects.filter(child_id=circle.child_id).update(until=None)
    Grant.objects.filter(scope_id=circle.child_id).update(until=None)
    assert offered(circle, who, row) == {"binding_answer", "binding_steer"}
    assert status(circle, who, "binding_steer", row, move="withdrawn", words="Niet nodig.") == 302
    assert status(circle, who, "binding_answer", asked, move="accepted", heard_of="Mevrouw Smit") == 302
    assert stands(circle, row, who).last == Move.WITHDRAWN
    assert stands(circle, asked, who).last == Move.ACCEPTED
    assert BindingStep.objects.get(binding=asked, number=2).heard_of == "Mevrouw Smit"


def test_another_nurse_does_not_go_on_with_what_a_nurse_sent(circle: Circle) -> None:
    row = sent_by_nurse(circle)
    for who in ("colleague", "specialist"):
        with pytest.raises(Refused):
            steers(circle, row, "withdrawn", who=who)
        assert offered(circle, who, row) == set()


def test_who_sent_it_and_now_works_for_the_receiver_does_neither(circle: Circle) -> None:
    row = sent_by_nurse(circle)
    Professional.objects.filter(id=circle.work["nurse"]).update(organisation=circle.houses["municipality"])
    actor, subject = circle.as_("nurse")
    assert side_for(actor, subject, view_of(actor, row), circle.moment.date()) is None
    for act in (steers, answers):
        with pytest.raises(Refused):
            act(circle, row, "withdrawn" if act is steers else "accepted", who="nurse")
    assert offered(circle, "nurse", row) == set() and waits(circle, "nurse") == set()
    assert status(circle, "nurse", "binding_answer", row) == 404


def test_what_is_stuck_is_told_to_who_asks_and_never_to_who_was_asked(inside: Circle) -> None:
    row = sent(inside)
    answers(inside, row, "refused")
    told = Notice.objects.filter(kind="binding_stuck").values_list("recipient_id", flat=True)
    assert set(told) == {inside.users["coordinator"].id}
    assert waits(inside, "coordinator") == {"binding_stuck"}
    assert waits(inside, "their_coordinator") == waits(inside, "specialist") == set()
    assert waits(inside, "their_nurse") == {"binding_to_answer"}


def test_where_only_the_receiver_coordinates_it_stays_with_who_sent_it(inside: Circle) -> None:
    row = sent(inside)
    there = Grant.objects.filter(scope_id=inside.child_id, role=Role.COORDINATOR)
    there.exclude(user=inside.users["their_coordinator"]).update(until=inside.moment.date())
    actor: Any = inside.actor("municipality")
    found = steering(actor, inside.as_("municipality")[1], view_of(actor, row), inside.moment.date())
    assert found == {inside.users["coordinator"].id}
