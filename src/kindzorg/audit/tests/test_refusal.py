"""A refusal stays in the trail although all that the refused request wrote is rolled back."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from kindzorg.access import policy
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind, Outcome
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.queries import child_for, open_child
from kindzorg.careteam.tests.world import World
from kindzorg.core.errors import Invalid


def write_then_refuse(request: Any, child_id: UUID) -> HttpResponse:
    """Writes a line, and then asks for what the nurse may not."""
    opened = child_for(request.actor, child_id, request.today)
    write_line(request.actor, "plan.read", Kind.READ, opened.subject, request.now)
    policy.require(request.actor, "plan.approve", opened.subject, request.today)
    return HttpResponse("never")


def look(request: Any, child_id: UUID) -> HttpResponse:
    """Opens the child."""
    return HttpResponse(str(open_child(request.actor, child_id, "plan.read", "plan.read", request.now).role))


def write_then_stumble(request: Any, child_id: UUID) -> HttpResponse:
    """Writes a line, and then finds that it cannot be done."""
    opened = child_for(request.actor, child_id, request.today)
    write_line(request.actor, "plan.read", Kind.READ, opened.subject, request.now)
    raise Invalid("not_now")


urlpatterns = [
    path("try/<uuid:child_id>/refuse", write_then_refuse, name="try_refuse"),
    path("try/<uuid:child_id>/look", look, name="try_look"),
    path("try/<uuid:child_id>/stumble", write_then_stumble, name="try_stumble"),
    path("", include("kindzorg.web.urls")),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def nurse(world: World, client: Client) -> Client:
    client.force_login(world.nurse_account)
    return client


def refusals() -> list[tuple[str, str, UUID | None]]:
    lines = AuditLine.objects.filter(outcome=Outcome.REFUSED).order_by("id")
    return list(lines.values_list("event", "permission", "child_id"))


def test_a_refusal_is_answered_as_not_found_and_stays_in_the_trail(world: World, nurse: Client) -> None:
    answer = nurse.get(f"/try/{world.subject.child_id}/refuse")
    assert answer.status_code == 404
    assert refusals() == [("refused GET try_refuse", "plan.approve", world.subject.child_id)]


@pytest.mark.postgresql
@pytest.mark.parametrize("page", ["refuse", "stumble"])
def test_nothing_else_of_the_request_stays(world: World, nurse: Client, page: str) -> None:
    nurse.get(f"/try/{world.subject.child_id}/{page}")
    assert not AuditLine.objects.filter(event="plan.read").exists()


def test_unknown_and_forbidden_are_answered_alike_and_both_stand_in_the_trail(
    world: World, client: Client
) -> None:
    client.force_login(world.account("Vreemde"))
    unknown = uuid4()
    answers = [client.get(f"/try/{child_id}/look") for child_id in (unknown, world.subject.child_id)]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].content.replace(str(unknown).encode(), b"") == answers[1].content.replace(
        str(world.subject.child_id).encode(), b""
    )
    assert {child_id for _, _, child_id in refusals()} == {unknown, world.subject.child_id}


def test_who_may_look_leaves_a_line_of_reading(world: World, nurse: Client) -> None:
    answer = nurse.get(f"/try/{world.subject.child_id}/look")
    assert (answer.status_code, answer.content) == (200, b"level5_nurse")
    assert AuditLine.objects.filter(event="plan.read", outcome=Outcome.DONE).count() == 1 and refusals() == []


def test_what_cannot_be_done_now_is_no_refusal(world: World, nurse: Client) -> None:
    assert nurse.get(f"/try/{world.subject.child_id}/stumble").status_code == 409
    assert refusals() == []
