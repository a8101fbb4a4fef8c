"""The care coach's page over her families: who is stuck, what to do together, who never came in."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.actions import take_step
from kindzorg.journey.rules import Phase
from kindzorg.needs.actions import open_scan
from kindzorg.people.models import Relative
from kindzorg.referral.tests.binding import answers, days_later, sent, shut
from kindzorg.referral.tests.conftest import counted
from kindzorg.referral.tests.world import Circle, lines

pytestmark = pytest.mark.django_db


def page(circle: Circle, who: str = "coach", status: int = 200, most: int = 12) -> str:
    client = circle.client(who)
    client.get(reverse("coach"))
    with counted(most):
        answer = client.get(reverse("coach"))
    assert answer.status_code == status
    return unescape(answer.content.decode())


def scanning(circle: Circle) -> None:
    """The journey stands in phase 2, and nobody of the family told anything yet."""
    take_step(*circle.as_("nurse"), Phase.NEEDS, circle.tick())
    open_scan(*circle.as_("nurse"), circle.tick())


def start(circle: Circle, who: str = "coach", **given: str) -> Any:
    person = Relative.objects.get(child_id=circle.child_id, name="Mother").id
    told = {"child": str(circle.child_id), "person": str(person), "what": "needs_together"}
    client = circle.client(who)
    return client, person, client.post(reverse("coach_start"), told | given)


def test_a_quiet_family_is_not_stuck(circle: Circle) -> None:
    found = page(circle)
    assert "Niemand loopt vast." in found and "Er is nu niets om samen te doen." in found


def test_who_stands_still_and_who_got_no_answer_is_stuck(circle: Circle) -> None:
    row = sent(circle)
    answers(circle, row, "refused")
    found = page(circle)
    assert "Een bindende verwijzing zonder antwoord" in found and "Al weken geen stap" not in found
    days_later(circle, 22)
    assert "Al weken geen stap" in page(circle)
    answers(circle, row, "accepted")
    assert "Een bindende verwijzing" not in page(circle)


def test_what_is_closed_to_the_coach_is_not_there(circle: Circle) -> None:
    answers(circle, sent(circle), "refused")
    shut(circle, "coach", {LifeDomain.SOCIAL})
    assert "Een bindende verwijzing" not in page(circle)


def test_the_page_asks_as_much_for_two_families_as_for_one(circle: Circle) -> None:
    scanning(circle)
    client = circle.client("coach")
    client.get(reverse("coach"))
    with counted() as one:
        client.get(reverse("coach"))
    answers(circle, sent(circle), "refused")
    circle.moment += timedelta(days=40)
    with counted() as more:
        client.get(reverse("coach"))
    assert len(one) == len(more)


def test_together_is_one_tap(circle: Circle) -> None:
    scanning(circle)
    found = page(circle)
    assert [one for one in ("hulpbehoeftescan invullen", "Samen met Mother") if one not in found] == [], found
    client, person, answer = start(circle)
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("needs", args=[circle.child_id]) + f"?for={person}"
    (line,) = lines("family.visit_begun", circle.subject)
    assert (line.on_behalf_of, line.detail["how"]) == ("Mother", "telephone")
    assert "Mother" in unescape(client.get(answer.headers["Location"]).content.decode())


@pytest.mark.parametrize("wrong", [{"child": "x"}, {"person": ""}, {"what": "closure"}])
def test_what_cannot_be_started_is_not_found(circle: Circle, wrong: dict[str, str]) -> None:
    _client, _person, answer = start(circle, **wrong)
    assert answer.status_code == 404


@pytest.mark.parametrize("who", ["nurse", "mother", "municipality", "stranger"])
def test_the_page_is_the_coachs_alone(circle: Circle, who: str) -> None:
    page(circle, who, 404)
    _client, _person, answer = start(circle, who)
    assert answer.status_code == 404 and not lines("family.visit_begun", circle.subject)


def test_who_never_came_in_stands_there(circle: Circle) -> None:
    assert "Mother" in page(circle)
