"""The pages of binding referrals: what each reader finds, and what nobody does."""

from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.careteam.queries import actor_for, opened_children
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.core.walls import behind_wall
from kindzorg.referral.binding.rules import BindingMove
from kindzorg.referral.models import BindingReferral, BindingStep
from kindzorg.referral.tests.binding import (
    another_region,
    answers,
    days_later,
    network_coordinator,
    sent,
    shut,
    stands,
    steers,
)
from kindzorg.referral.tests.conftest import counted
from kindzorg.referral.tests.world import Circle, lines
from kindzorg.ui.tests.pages import unexplained
from kindzorg.web.waiting import waiting_rows

pytestmark = pytest.mark.django_db
SENDERS, WATCHERS = (
    {"coordinator", "nurse", "colleague", "specialist", "aide"},
    {"coach", "case_manager", "auditor"},
)
READERS = SENDERS | WATCHERS | {"doctor", "gp", "municipality", "mother"}
TERM, SECOND = 57, 15


def get(circle: Circle, who: str, name: str, *args: Any, status: int = 200, most: int = 12) -> str:
    client = circle.client(who)
    where = reverse(name, args=args)
    client.get(where)  # what is kept, and the session's first sign of life
    with counted(most):
        answer = client.get(where)
    assert answer.status_code == status, (who, name, answer.status_code)
    return unescape(answer.content.decode())


def post(circle: Circle, who: str, name: str, *args: Any, status: int = 302, **given: str) -> str:
    answer = circle.client(who).post(reverse(name, args=args), given)
    assert answer.status_code == status, unescape(answer.content.decode())[:4000]
    return unescape(answer.content.decode())


def test_who_may_read_one_and_who_finds_nothing(circle: Circle) -> None:
    row = sent(circle)
    for who in circle.users:
        status = 200 if who in READERS else 404
        for name, args in (("bindings", ()), ("binding", (row.id,))):
            if name == "bindings" and who in ("therapist", "teacher", "youth_care"):
                continue  # theirs is there, and empty
            get(circle, who, name, circle.child_id, *args, status=status)


@pytest.mark.parametrize("who", ["therapist", "teacher", "youth_care"])
def test_who_is_asked_nothing_sees_nothing(circle: Circle, who: str) -> None:
    row = sent(circle)
    page = get(circle, who, "bindings", circle.child_id)
    assert "Huis van municipality" not in page and row.needed not in page
    get(circle, who, "binding", circle.child_id, row.id, status=404)


def test_it_is_written_and_sent(circle: Circle) -> None:
    page = get(circle, "coordinator", "binding_new", circle.child_id)
    assert "wens van de methode" in page and "te bevestigen" in page
    house = circle.houses["municipality"]
    day = (circle.moment.date() + timedelta(days=9)).isoformat()
    told = {
        "about": "jeugdwet", "domain": "social", "receiver": f"{house}/{circle.work['municipality']}",
        "needed": "Logeren.", "why": "Rust.", "needed_from": day, "answer_by": day,
    }  # fmt: skip
    bad = post(
        circle,
        "coordinator",
        "binding_new",
        circle.child_id,
        status=200,
        **(told | {"answer_by": "2020-01-01"}),
    )
    assert "Kies een dag na vandaag" in bad
    post(circle, "coordinator", "binding_new", circle.child_id, **told)
    row = BindingReferral.objects.get(child_id=circle.child_id)
    assert (row.receiver_id, row.person_id, row.law) == (house, circle.work["municipality"], "jeugdwet")
    refused = post(circle, "nurse", "binding_new", circle.child_id, status=200, **told)
    assert "Coordinator coördineert over de wetten heen" in refused


def test_a_closed_organisation_cannot_be_chosen(circle: Circle) -> None:
    shut(circle, "municipality", set(LifeDomain))
    page = get(circle, "coordinator", "binding_new", circle.child_id)
    assert f'value="{circle.houses["municipality"]}"' not in page
    assert "Nog niet te kiezen" in page and "Huis van municipality" in page


def test_the_receiver_answers_on_the_own_page(circle: Circle) -> None:
    row = sent(circle)
    home = get(circle, "municipality", "home")
    start = get(circle, "municipality", "child_start", circle.child_id)
    assert "bindende verwijzing: geef antwoord" in start and "bindende verwijzing: geef antwoord" in home
    page = get(circle, "municipality", "binding", circle.child_id, row.id)
    assert row.needed in page and row.why in page and "Antwoord uiterlijk" in page
    get(circle, "municipality", "binding_answer", circle.child_id, row.id)
    address = ("binding_answer", circle.child_id, row.id)
    lacking = post(circle, "municipality", *address, status=200, move="refused", words="Nee.")
    assert "Schrijf dit in een paar woorden op" in lacking
    post(circle, "municipality", *address, move="refused", words="Nee.", instead="De Wlz.")
    assert stands(circle, row).last == BindingMove.TO_COORDINATOR
    assert "gaat het naar het netwerk" in get(circle, "municipality", "binding", circle.child_id, row.id)
    assert "bindende verwijzing loopt vast" in get(circle, "coordinator", "child_start", circle.child_id)
    for who in ("nurse", "doctor", "mother", "municipality"):
        assert "loopt vast" not in get(circle, who, "child_start", circle.child_id)
    assert "De Wlz." in get(circle, "coordinator", "binding", circle.child_id, row.id)


def test_who_coordinates_answers_a_question_and_writes_down_what_was_said(circle: Circle) -> None:
    row = sent(circle)
    post(
        circle, "municipality", "binding_answer", circle.child_id, row.id, move="more_asked", words="Hoe oud?"
    )
    assert "vraag terug over een bindende" in get(circle, "coordinator", "child_start", circle.child_id)
    steer = ("binding_steer", circle.child_id, row.id)
    assert "Antwoord geven op hun vraag" in get(circle, "coordinator", *steer)
    post(circle, "coordinator", *steer, move="answered", words="Zes.")
    heard = ("binding_answer", circle.child_id, row.id)
    assert "Antwoord van de ander opschrijven" in get(circle, "coordinator", *heard)
    assert "paar woorden" in post(circle, "coordinator", *heard, status=200, move="accepted")
    post(circle, "coordinator", *heard, move="accepted", heard_of="Mevrouw Smit")
    page = get(circle, "coordinator", "binding", circle.child_id, row.id)
    assert "Mevrouw Smit" in page and reverse("binding_steer", args=[circle.child_id, row.id]) not in page
    assert "niets meer gewacht" in get(circle, "coordinator", *steer)
    get(circle, "doctor", *heard, status=404)


def test_a_person_of_the_receiver_may_not_write_for_another(circle: Circle) -> None:
    row = sent(circle, receiver_id=circle.houses["teacher"], law="education")
    for who in ("municipality", "doctor"):
        post(
            circle, who, "binding_answer", circle.child_id, row.id, status=404, move="accepted", heard_of="Ik"
        )
    assert BindingStep.objects.filter(binding=row).count() == 1


SENTENCES = (
    "Wij hebben Huis van municipality gevraagd dit te regelen",
    "Huis van municipality heeft nog niet geantwoord, en wij gaan erachteraan.",
    "de coördinator zoekt het uit",
    "het netwerk in de regio lost het op",
    "Huis van municipality gaat dit regelen.",
)


def family_reads(circle: Circle, number: int) -> None:
    """Of all sentences exactly this one stands on the start page and on the plan, and nothing is asked."""
    start = get(circle, "mother", "child_start", circle.child_id)
    plan = get(circle, "mother", "plan", circle.child_id)
    for shown in (unexplained(start), unexplained(plan)):
        assert [one for one in SENTENCES if one in shown] == [SENTENCES[number]]
    assert "bindende verwijzing" not in start and "Nothing waits" not in start
    everywhere = unexplained(get(circle, "mother", "bindings", circle.child_id))
    assert [one for one in SENTENCES if one in everywhere] == [SENTENCES[number]]
    opened = opened_children(circle.actor("mother"), circle.moment.date())
    rows = waiting_rows(circle.actor("mother"), opened, circle.moment.date(), {})
    assert not [one for found in rows.values() for one in found if one["kind"].startswith("binding")]


def test_the_family_reads_one_sentence_each_time(circle: Circle) -> None:
    row = sent(circle)
    family_reads(circle, 0)
    circle.moment += timedelta(days=TERM)
    family_reads(circle, 1)
    days_later(circle, 0)
    family_reads(circle, 2)
    days_later(circle, SECOND)
    family_reads(circle, 3)
    answers(circle, row, "accepted")
    family_reads(circle, 4)
    circle.moment += timedelta(days=31)
    assert "gaat dit regelen" not in get(circle, "mother", "child_start", circle.child_id)
    page = get(circle, "mother", "binding", circle.child_id, row.id)
    assert row.needed in page and reverse("binding_answer", args=[circle.child_id, row.id]) not in page


def test_what_was_withdrawn_is_no_news(circle: Circle) -> None:
    steers(circle, sent(circle), "withdrawn")
    assert "municipality" not in get(circle, "mother", "child_start", circle.child_id)


def test_the_network_sees_what_is_stuck_and_not_the_child(circle: Circle) -> None:
    row, still = sent(circle), sent(circle, needed="Dit is nog niet vastgelopen.")
    answers(circle, row, "refused")
    steers(circle, row, "to_network", "Wij komen er niet uit.")
    network_coordinator(circle)
    network_coordinator(circle, elsewhere := another_region().id)
    ingrid, other = "network None", f"network {elsewhere}"
    assert reverse("bindings_stuck") in get(circle, ingrid, "home")
    page = get(circle, ingrid, "bindings_stuck")
    assert "Huis van municipality" in page and "Sterre" not in page and still.needed not in page
    one = get(circle, ingrid, "binding_stuck", row.id)
    assert row.needed in one and "Wij komen er niet uit." in one
    assert row.why not in one and "Sterre" not in one and str(circle.child_id) not in one
    get(circle, ingrid, "binding_stuck", still.id, status=404)
    get(circle, ingrid, "binding", circle.child_id, row.id, status=404)
    assert row.needed not in get(circle, other, "bindings_stuck")
    get(circle, other, "binding_stuck", row.id, status=404)
    for who in ("coordinator", "mother", "municipality"):
        get(circle, who, "bindings_stuck", status=404)
    assert "paar woorden" in post(circle, ingrid, "binding_stuck", row.id, status=200, words=" ")
    post(circle, ingrid, "binding_stuck", row.id, words="De gemeente begint.")
    assert "De gemeente begint." in get(circle, "coordinator", "binding", circle.child_id, row.id)
    assert {one.actor_role for one in lines("binding.stuck_read", circle.subject)} == {"network_coordinator"}
    assert not AuditLine.objects.filter(actor_id=circle.users[ingrid].id, event__startswith="child.").exists()


def test_who_sees_another_domain_finds_nothing_of_it(circle: Circle) -> None:
    row = sent(circle)
    shut(circle, "coach", {LifeDomain.SOCIAL})
    assert row.needed not in get(circle, "coach", "bindings", circle.child_id)
    get(circle, "coach", "binding", circle.child_id, row.id, status=404)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has the row wall")
def test_the_row_wall_lets_the_network_see_what_is_stuck_alone(circle: Circle) -> None:
    row, still = sent(circle), sent(circle)
    answers(circle, row, "refused")
    steers(circle, row, "to_network")
    ingrid = network_coordinator(circle)
    other = network_coordinator(circle, another_region().id)
    on = circle.moment.date()

    def seen(user_id: UUID) -> tuple[set[UUID], set[UUID]]:
        with behind_wall(user_id, on):
            return (
                set(BindingReferral.objects.values_list("id", flat=True)),
                set(BindingStep.objects.values_list("binding_id", flat=True)),
            )

    assert seen(ingrid.id) == ({row.id}, {row.id})
    assert seen(other.id) == (set(), set())
    assert seen(circle.users["coordinator"].id) == ({row.id, still.id}, {row.id, still.id})
    assert seen(circle.users["stranger"].id) == (set(), set())
    assert actor_for(circle.users["network None"]).id == ingrid.id
