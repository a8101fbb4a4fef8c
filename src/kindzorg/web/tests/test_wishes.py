"""The page of written wishes: the child writes and takes back, who treats it reads, nobody else knows."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.access.ages import birthday
from kindzorg.careteam.authority.actions import assess_capacity
from kindzorg.careteam.authority.rules import NewCapacity
from kindzorg.careteam.models import Wish
from kindzorg.careteam.tests.world import NOW, TODAY, Family
from kindzorg.people.models import User

pytestmark = pytest.mark.django_db


def at(family: Family, who: str, status: int = 200, **data: Any) -> str:
    browser, url = Client(), reverse("child_wishes", args=[family.id])
    browser.force_login(User.objects.get(id=family.accounts[who].id))
    answer = browser.post(url, data) if data else browser.get(url)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)


def test_a_child_of_thirteen_writes_about_after_its_death_and_takes_it_back() -> None:
    family = Family(birthday(TODAY, -13))
    page = at(family, "child")
    assert "Je hebt nog niets opgeschreven" in page and "behandeling die ik niet wil" not in page
    wish = {"step": "write", "kind": "closed_after_death", "words": "Dit blijft van mij."}
    assert "Schrijf op wat je wilt" in at(family, "child", **{**wish, "words": ""})
    assert "Schrijf op wat je wilt" in at(family, "child", **{**wish, "words": "  "})
    at(family, "child", 302, **wish)
    for who in ("child", "doctor", "nurse"):
        assert "Dit blijft van mij." in at(family, who)
    at(family, "mother", 404)
    at(family, "child", 302, step="back", kind="closed_after_death")
    assert Wish.objects.get().until == TODAY and "nog niets" in at(family, "child")


def test_who_only_reads_writes_nothing_and_nobody_takes_back_what_is_not_there() -> None:
    family = Family(birthday(TODAY, -13))
    wish = {"step": "write", "kind": "closed_after_death", "words": "van de dokter"}
    for data in (wish, {"step": "back", "kind": "closed_after_death"}):
        page = at(family, "doctor", 200 if data is wish else 404, **data)
        assert "van de dokter" not in page
    at(family, "child", 404, step="back", kind="closed_after_death")
    assert "Je hebt nog niets" in at(family, "child", step="back", kind="nonsense")
    assert not Wish.objects.exists()


def test_from_sixteen_a_refusal_that_counts_once_one_cannot_decide() -> None:
    family = Family(birthday(TODAY, -16))
    at(family, "child", 302, step="write", kind="refuses_treatment", words="Geen beademing meer.")
    assert "gegronde redenen" not in at(family, "doctor")
    soon = NewCapacity(False, "gesprek", TODAY + timedelta(90))
    assess_capacity(*family.as_("doctor"), soon, NOW)
    page = at(family, "doctor")
    assert "gegronde redenen" in page and "Geen beademing meer." in page
    at(family, "mother", 404)


def test_a_child_of_eleven_and_one_without_a_birth_date_have_no_such_page() -> None:
    for born in (birthday(TODAY, -11), None):
        family = Family(born)
        at(family, "child", 404)
        assert "Er is niets opgeschreven" in at(family, "doctor")
