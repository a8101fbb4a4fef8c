"""The page with the table of responsibility: who reads and who writes it, and where nobody answers."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.access.ages import birthday
from kindzorg.careteam.models import Membership, Responsibility
from kindzorg.careteam.tests.world import NOW, TODAY, Family
from kindzorg.people.models import User
from kindzorg.ui.tests.pages import unexplained

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(monkeypatch: pytest.MonkeyPatch) -> Family:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    return Family(birthday(TODAY, -9))


def at(family: Family, reader: str, name: str, /, *args: Any, status: int = 200, **data: Any) -> str:
    browser, url = Client(), reverse(name, args=[family.id, *args])
    browser.force_login(User.objects.get(id=family.accounts[reader].id))
    answer = browser.post(url, data) if data else browser.get(url)
    assert answer.status_code == status
    return unexplained(answer.content.decode())


def part(family: Family, who: str) -> str:
    return str(Membership.objects.get(child_id=family.id, professional__user_id=family.accounts[who].id).id)


def test_it_says_where_nobody_answers_and_that_the_paediatrician_does_medically(family: Family) -> None:
    page = at(family, "mother", "responsibilities")
    assert page.count("Er is nog niemand eindverantwoordelijk") == 3
    assert "Medisch is dat de kinderarts die de behandeling leidt" in page
    assert "Dit is je kinderarts" in at(family, "child", "responsibilities")
    assert reverse("responsibilities", args=[family.id]) in at(family, "mother", "child_team")


def test_a_nurse_chooses_who_answers_and_the_mother_reads_how_to_reach_that_one(family: Family) -> None:
    form = at(family, "nurse", "responsibility_lead", "social")
    assert "Het gezinsleven" in form
    given = {"member": part(family, "second"), "what": "Rust thuis.", "how": "Bel voor vijf uur."}
    assert "Kies of schrijf op wie het is" in at(
        family, "nurse", "responsibility_lead", "social", **{**given, "member": ""}
    )
    at(family, "nurse", "responsibility_lead", "social", status=302, **given)
    page = at(family, "mother", "responsibilities")
    assert "Rust thuis." in page and "Bel voor vijf uur." in page
    assert page.count("Er is nog niemand eindverantwoordelijk") == 2
    lost = at(family, "mother", "responsibility_lead", "social", **given)
    assert "Nu staat er: second" in lost


def test_a_line_is_written_changed_and_ends(family: Family) -> None:
    given = {"who": "Oma", "what": "Past op.", "how": "Op vrijdag."}
    at(family, "mother", "responsibility_new", "safety", status=302, **given)
    row = Responsibility.objects.get()
    assert "Past op." in at(family, "child", "responsibilities")
    assert "Past op." in at(family, "mother", "responsibility", row.id)
    at(family, "mother", "responsibility", row.id, status=302, **{**given, "what": "Past vaker op."})
    changed = Responsibility.objects.get(until=None)
    at(family, "mother", "responsibility", row.id, status=404, **given)
    at(family, "mother", "responsibility", changed.id, status=302, step="end")
    assert "Past vaker op." not in at(family, "mother", "responsibilities")


def test_who_answers_is_changed_at_its_own_form_and_ends(family: Family) -> None:
    given = {"member": part(family, "doctor"), "what": "Alles."}
    at(family, "nurse", "responsibility_lead", "medical", status=302, **given)
    row = Responsibility.objects.get()
    at(family, "nurse", "responsibility", row.id, status=302)
    assert str(row.id) in at(family, "nurse", "responsibility_lead", "medical")
    at(
        family, "nurse", "responsibility_lead", "medical", **{**given, "instead_of": "../"}
    )  # Told, not broken.
    more = {**given, "instead_of": str(row.id)}
    unknown = {**more, "member": part(family, "second")}
    Membership.objects.filter(id=part(family, "second")).update(until=TODAY)
    at(family, "nurse", "responsibility_lead", "medical", **unknown)  # Not one of the choices.
    at(family, "nurse", "responsibility_lead", "medical", status=302, **more)
    at(family, "nurse", "responsibility", Responsibility.objects.get(until=None).id, status=302, step="end")
    assert not Responsibility.objects.filter(until=None).exists()


def test_the_child_and_the_doctor_find_no_form(family: Family) -> None:
    for who in ("child", "doctor"):
        at(family, who, "responsibility_lead", "social", status=404)
        at(family, who, "responsibility_new", "social", status=404)
        assert reverse("responsibility_new", args=[family.id, "social"]) not in at(
            family, who, "responsibilities"
        )
    at(family, "nurse", "responsibility_lead", "nothing", status=404)


def test_it_stands_in_the_copy(family: Family) -> None:
    at(family, "mother", "responsibility_new", "safety", status=302, who="Oma", what="Past op.")
    browser = Client()
    browser.force_login(User.objects.get(id=family.accounts["mother"].id))
    answer = browser.post(reverse("child_copy", args=[family.id]))
    with ZipFile(BytesIO(answer.content)) as taken:
        assert "Past op." in taken.read("gegevens/people.json").decode()
