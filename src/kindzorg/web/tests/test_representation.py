"""The part of the page of authority on who represents the grown child, and the announcement of the 18th birthday."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from kindzorg.access.ages import birthday
from kindzorg.careteam.authority.actions import assess_capacity
from kindzorg.careteam.authority.rules import NewCapacity
from kindzorg.careteam.models import Representation
from kindzorg.careteam.representation.actions import record_representation
from kindzorg.careteam.representation.rules import NewRepresentation, RepresentationKind
from kindzorg.careteam.tests.world import NOW, TODAY, Family
from kindzorg.people.actions import correct_child
from kindzorg.people.models import Relative
from kindzorg.web.tests.test_authority import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)


def said(family: Family, **given: Any) -> dict[str, Any]:
    values = {
        "relative": str(family.mother_row.id),
        "name": "",
        "kind": "family",
        "source": "gesprek",
        "checked_on": TODAY.isoformat(),
    }
    return {"step": "represents", **{f"represents-{key}": word for key, word in {**values, **given}.items()}}


@pytest.mark.parametrize(("days", "there"), [(1, False), (0, True), (-1, True)])
def test_it_is_there_from_the_17th_birthday(days: int, there: bool) -> None:
    family = Family(birthday(TODAY, -17) + timedelta(days))
    nurse = Visit(family, "nurse")
    assert ("Vertegenwoordiger vanaf 18 jaar" in nurse.get()) == there
    answer = nurse.post(**said(family))
    assert answer.status_code == (302 if there else 404)
    assert Representation.objects.exists() == there


def test_it_is_recorded_checked_and_ended_on_the_page() -> None:
    family = Family(birthday(TODAY, -17) - timedelta(30))
    nurse = Visit(family, "nurse")
    assert "Kies wie het is" in nurse.post(**said(family, relative="")).content.decode()
    assert "aria-invalid" in nurse.post(**said(family, source="")).content.decode()
    assert nurse.post(**said(family, relative="", name="Mevrouw Kramer", kind="curator")).status_code == 302
    assert "staat er al" in _twice(family, nurse)
    row = Representation.objects.get(relative__name="Mevrouw Kramer")
    page = nurse.get()
    assert "curator, door de rechter benoemd" in page and "geldt vanaf" in page and "nog geen account" in page
    assert nurse.post(step="check_represents", id=row.id, why="register").status_code == 302
    asked = nurse.post(step="end_represents", id=row.id, why="beschikking").content.decode()
    assert "vertegenwoordiging echt geëindigd" in asked and "Mevrouw Kramer" in asked
    row.refresh_from_db()
    assert (row.source, row.until) == ("register", None)
    assert nurse.post(step="end_represents", id=row.id, why="beschikking", sure="1").status_code == 302
    row.refresh_from_db()
    assert (row.until, row.ended_why) == (TODAY, "beschikking")
    assert "beschikking" in nurse.get()


def _twice(family: Family, nurse: Visit) -> str:
    assert nurse.post(**said(family)).status_code == 302
    return nurse.post(**said(family)).content.decode()


def test_who_represents_opens_the_file_on_the_18th_birthday_and_the_page_says_what_is_needed() -> None:
    family = Family(birthday(TODAY, -18))
    family.accounts["aunt"] = family.world.account("Tante")
    aunt = Relative.objects.create(
        child_id=family.id,
        owner=family.world.home_care,
        name="Tante",
        relation="other",
        user=family.accounts["aunt"],
        created_at=NOW,
    )
    new = NewRepresentation(aunt.id, RepresentationKind.FAMILY, "gesprek")
    record_representation(*family.as_("nurse"), new, NOW)
    assert "zolang een arts heeft beoordeeld" in Visit(family, "nurse").get()
    start = reverse("child_start", args=[family.id])
    assert Visit(family, "aunt").browser.get(start).status_code == 404
    assess_capacity(*family.as_("doctor"), NewCapacity(False, "gesprek", TODAY + timedelta(90)), NOW)
    visit = Visit(family, "aunt")
    assert visit.browser.get(start).status_code == 200 and "Tante" in visit.get()
    assert "vertegenwoordiger" in visit.browser.get(reverse("child_team", args=[family.id])).content.decode()
    copy = visit.browser.get(reverse("plan", args=[family.id]))
    assert copy.status_code == 200


def test_the_announcement_of_the_18th_birthday_says_who_decides_then() -> None:
    family = Family(birthday(TODAY, -17))
    for days, words in ((20, "curator of mentor"), (-1, "curator of mentor")):
        born = birthday(TODAY + timedelta(days), -18)
        correct_child(*family.as_("nurse"), {"birth_date": born}, NOW)
        page = (
            Visit(family, "nurse").browser.get(reverse("child_birthday", args=[family.id])).content.decode()
        )
        assert words in page and "BW 7:465 lid 3" in page
    correct_child(*family.as_("nurse"), {"birth_date": birthday(TODAY + timedelta(20), -16)}, NOW)
    page = Visit(family, "nurse").browser.get(reverse("child_birthday", args=[family.id])).content.decode()
    assert "curator" not in page
