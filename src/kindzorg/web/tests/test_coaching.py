"""The pages on which a care coach is offered, and on which the family says yes or no."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from kindzorg.careteam.coaching.actions import CoachAnswer, answer_coach, offer_coach
from kindzorg.careteam.coaching.models import CoachStep
from kindzorg.careteam.models import Grant, Membership
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.people.models import Relative
from kindzorg.referral.tests.binding import shut
from kindzorg.referral.tests.conftest import built, circle, counted
from kindzorg.referral.tests.world import Circle
from kindzorg.ui.tests.pages import unexplained

pytestmark = pytest.mark.django_db
assert built  # a fixture
__all__ = ["circle"]


@pytest.fixture
def alone(circle: Circle) -> Circle:
    """The circle without a coach."""
    day = circle.moment.date()
    Membership.objects.filter(child_id=circle.child_id, role="care_coach").update(until=day)
    Grant.objects.filter(user=circle.users["coach"]).update(until=day)
    return circle


def get(circle: Circle, who: str, name: str, status: int = 200) -> str:
    client, where = circle.client(who), reverse(name, args=[circle.child_id])
    client.get(where)
    with counted():
        answer = client.get(where)
    assert answer.status_code == status, (who, name, answer.status_code)
    return unescape(unexplained(answer.content.decode()))


def post(circle: Circle, who: str, name: str, status: int = 302, **given: Any) -> str:
    answer = circle.client(who).post(reverse(name, args=[circle.child_id]), given)
    assert answer.status_code == status, unescape(answer.content.decode())[:3000]
    return unescape(unexplained(answer.content.decode()))


def test_with_a_coach_in_the_team_nothing_is_offered(circle: Circle) -> None:
    page = get(circle, "nurse", "coaching")
    assert (
        "Zorgcoach in het team: Coach." in page
        and reverse("coaching_offer", args=[circle.child_id]) not in page
    )
    assert "Bied een zorgcoach aan" not in get(circle, "nurse", "child_start")


def test_the_nurse_offers_and_the_mother_says_no_and_yes(alone: Circle) -> None:
    for who in ("nurse", "coordinator"):
        assert "Bied een zorgcoach aan" in get(alone, who, "child_start")
    assert "zorgcoach" not in get(alone, "doctor", "child_start")
    assert "nog geen zorgcoach aangeboden" in get(alone, "nurse", "coaching")
    post(alone, "nurse", "coaching_offer")
    post(alone, "nurse", "coaching_offer")  # twice is once
    assert CoachStep.objects.filter(child_id=alone.child_id).count() == 1
    assert "Bied een zorgcoach aan" not in get(alone, "nurse", "child_start")
    assert "Wilt u een zorgcoach?" in get(alone, "mother", "child_start")
    form = get(alone, "mother", "coaching_answer")
    assert "Ja, wij willen een zorgcoach" in form and "Nee, nu niet" in form
    assert "Kies ja of nee." in post(alone, "mother", "coaching_answer", 200)
    late = {"said": "no", "again_on": "2020-01-01"}
    assert "binnen een jaar" in post(alone, "mother", "coaching_answer", 200, **late)
    post(alone, "mother", "coaching_answer", said="no")
    assert "U wilt nu geen zorgcoach. Wij vragen het u weer vanaf 14 december 2026." in get(
        alone, "mother", "coaching"
    )
    assert "Wilt u een zorgcoach?" not in get(alone, "mother", "child_start")
    alone.moment += timedelta(days=100)
    assert "Bied een zorgcoach aan" in get(alone, "nurse", "child_start")
    post(alone, "mother", "coaching_answer", said="yes")
    assert "nodig iemand uit" in get(alone, "nurse", "child_start")
    page = get(alone, "nurse", "coaching")
    assert reverse("invite_search", args=[alone.child_id]) in page
    assert "al beantwoord" in post(alone, "mother", "coaching_answer", 200, said="yes")


def test_the_nurse_writes_down_who_said_it(alone: Circle) -> None:
    post(alone, "nurse", "coaching_offer")
    get(alone, "nurse", "coaching_hear")
    mother = Relative.objects.get(child_id=alone.child_id, name="Mother").id
    assert "Kies wie het zei" in post(alone, "nurse", "coaching_hear", 200, said="yes", way="telephone")
    told = {"said": "no", "way": "telephone", "by": [str(mother)], "words": "Later misschien."}
    post(alone, "nurse", "coaching_hear", **told)
    page = get(alone, "nurse", "coaching")
    assert "gezegd door Mother" in page and "Later misschien." in page
    assert "Later misschien." in get(alone, "doctor", "coaching")
    shut(alone, "doctor", {LifeDomain.SOCIAL})
    page = get(alone, "doctor", "coaching")
    assert "gezegd door Mother" in page and "Later misschien." not in page


@pytest.mark.parametrize("who", ["teacher", "municipality", "father", "aunt", "helper", "child", "stranger"])
def test_who_finds_no_page(alone: Circle, who: str) -> None:
    get(alone, who, "coaching", 404)
    for name in ("coaching_offer", "coaching_answer", "coaching_hear"):
        post(alone, who, name, 404)


def test_who_reads_and_does_not_offer(alone: Circle) -> None:
    page = get(alone, "doctor", "coaching")
    assert reverse("coaching_offer", args=[alone.child_id]) not in page
    post(alone, "doctor", "coaching_offer", 404)
    post(alone, "nurse", "coaching_answer", 404)


def test_it_stands_in_the_familys_copy(alone: Circle) -> None:
    from io import BytesIO
    from zipfile import ZipFile

    offer_coach(*alone.as_("nurse"), alone.tick())
    answer_coach(*alone.as_("mother"), CoachAnswer(False, "Nu nog niet nodig."), alone.tick())
    answer = alone.client("mother").post(reverse("child_copy", args=[alone.child_id]))
    with ZipFile(BytesIO(answer.content)) as taken:
        assert "Nu nog niet nodig." in taken.read("bladzijden/people.html").decode()
