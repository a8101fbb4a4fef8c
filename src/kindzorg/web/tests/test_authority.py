"""The page on authority: who reads it, and what each form on it does."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.access.ages import birthday
from kindzorg.careteam.models import Capacity, CourtRestriction, ParentalAuthority
from kindzorg.careteam.tests.world import NOW, TODAY, Family
from kindzorg.people.models import User

pytestmark = pytest.mark.django_db


class Visit:
    def __init__(self, family: Family, who: str) -> None:
        self.browser, self.url = Client(), reverse("child_authority", args=[family.id])
        self.browser.force_login(User.objects.get(id=family.accounts[who].id))

    def get(self, status: int = 200) -> str:
        answer = self.browser.get(self.url)
        assert answer.status_code == status
        return answer.content.decode()

    def post(self, **data: Any) -> Any:
        return self.browser.post(self.url, data)


@pytest.fixture
def family(monkeypatch: pytest.MonkeyPatch) -> Family:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    return Family(birthday(TODAY, -13))


def test_authority_is_checked_and_ended_on_the_page(family: Family) -> None:
    nurse, row = Visit(family, "nurse"), family.authority.id
    assert "Niet in het gezagsregister staan betekent niet: geen gezag" in nurse.get()
    assert nurse.post(step="check", id=row, why="uittreksel").status_code == 302
    assert ParentalAuthority.objects.get().source == "uittreksel"
    assert "waar u dit zag" in nurse.post(step="end", id=row, why="").content.decode()
    assert nurse.post(step="end", id=row, why="beschikking").status_code == 302 and "geëindigd" in nurse.get()
    for data in (
        {"step": "nothing"},
        {"step": "end", "id": "x"},
        {"step": "end", "id": str(uuid4()), "why": "x"},
    ):
        assert nurse.post(**data).status_code == 404


def test_a_restriction_is_recorded_confirmed_and_ended_on_the_page(family: Family) -> None:
    nurse, doctor, mother = (Visit(family, who) for who in ("nurse", "doctor", "mother"))
    assert "rechter" not in mother.get()
    asked = {"step": "court", "court-relative": family.mother_row.id, "court-kind": "see"}
    assert "aria-invalid" in nurse.post(**asked).content.decode()
    past = {**asked, "court-source": "rechtbank", "court-until": TODAY.isoformat()}
    assert "al voorbij" in nurse.post(**past).content.decode()
    assert nurse.post(**asked, **{"court-source": "rechtbank Utrecht"}).status_code == 302
    mother.get(status=404)
    row = CourtRestriction.objects.get().id
    assert "Een ander dan wie" in nurse.post(step="confirm", id=row).content.decode()
    assert "Ik zag de beschikking ook" in doctor.get()
    assert doctor.post(step="confirm", id=row).status_code == 302
    assert doctor.post(step="end_court", id=row, why="hof").status_code == 302
    mother.get()


def test_a_doctor_assesses_on_the_page_and_a_nurse_does_not(family: Family) -> None:
    doctor, nurse = Visit(family, "doctor"), Visit(family, "nurse")
    asked = {"step": "assess", "capacity-can_decide": "no", "capacity-reason": "gesprek vandaag"}
    far = {**asked, "capacity-until": (TODAY + timedelta(900)).isoformat()}
    assert "binnen een jaar" in doctor.post(**far).content.decode()
    soon = {**asked, "capacity-until": (TODAY + timedelta(90)).isoformat()}
    assert nurse.post(**soon).status_code == 404 and doctor.post(**soon).status_code == 302
    assert not Capacity.objects.get().can_decide and "gesprek vandaag" in nurse.get()
    Visit(family, "child").get(status=404)
