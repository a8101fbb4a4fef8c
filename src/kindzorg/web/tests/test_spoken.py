"""An interpreter is needed: said on one page, and seen on the pages of everybody who plans with the family."""

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.access.ages import birthday
from kindzorg.careteam.tests.world import NOW, TODAY, Family
from kindzorg.people.models import Relative, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(monkeypatch: pytest.MonkeyPatch) -> Family:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    return Family(birthday(TODAY, -9))


def at(family: Family, reader: str, name: str, *args: object, status: int = 200, **data: str) -> str:
    browser, url = Client(), reverse(name, args=[family.id, *args])
    browser.force_login(User.objects.get(id=family.accounts[reader].id))
    answer = browser.post(url, data) if data else browser.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def relative(family: Family, who: str) -> Relative:
    return Relative.objects.get(child_id=family.id, user_id=family.accounts[who].id)


def test_the_mother_says_it_and_the_team_sees_who_said_so(family: Family) -> None:
    mother = relative(family, "mother")
    page = at(family, "mother", "spoken", mother.id)
    assert "Oekraïens" in page and "Nederlandse Gebarentaal" in page
    assert "Kies een antwoord" in at(family, "mother", "spoken", mother.id, language="uk")
    at(family, "mother", "spoken", mother.id, status=302, language="uk", interpreter="yes")
    team = at(family, "nurse", "child_team")
    assert "Tolk nodig" in team and "Oekraïens" in team and f"gezegd door {mother.name}" in team
    for page in ("week_plan", "meetings", "meeting_new"):
        assert f"Tolk nodig voor {mother.name}: Oekraïens" in at(family, "nurse", page)
    at(family, "nurse", "spoken", mother.id, status=302, language="uk", interpreter="no")
    assert "Tolk nodig" not in at(family, "nurse", "child_team")


def test_nobody_else_says_it_of_her(family: Family) -> None:
    mother = relative(family, "mother")
    link = reverse("spoken", args=[family.id, mother.id])
    assert link in at(family, "nurse", "child_team")
    assert link not in at(family, "child", "child_team")
    at(family, "child", "spoken", mother.id, status=404, language="ar", interpreter="yes")
