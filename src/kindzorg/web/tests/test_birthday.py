"""The page of a birthday that changes rights: ahead of it, and afterwards for who was told."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from kindzorg.access.ages import birthday
from kindzorg.people.actions import correct_child
from kindzorg.referral.tests.conftest import Circle

pytestmark = pytest.mark.django_db


def turns_twelve(circle: Circle, day: date) -> None:
    correct_child(*circle.as_("nurse"), {"birth_date": birthday(day, -12)}, circle.tick())


@pytest.mark.parametrize(("days", "status"), [(200, 404), (20, 200), (0, 200), (-40, 200)])
def test_it_is_there_from_three_months_ahead_and_stays(circle: Circle, days: int, status: int) -> None:
    turns_twelve(circle, circle.moment.date() + timedelta(days=days))
    page = circle.client("mother").get(reverse("child_birthday", args=[circle.child_id]))
    assert page.status_code == status
    assert status != 200 or "als uw kind 12 wordt" in page.content.decode()
