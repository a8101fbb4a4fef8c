"""The pages of load and carrying power: half a minute for a parent, the picture, and the sign for who guides it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.access.ages import birthday
from kindzorg.access.roles import Role
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.rules import strain_key
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, Family, family_agrees
from kindzorg.needs.models import StrainCheck
from kindzorg.people.actions import NewProfessional, NewRelative, register_professional, register_relative
from kindzorg.people.models import User
from kindzorg.people.rules import Qualification, Relation
from kindzorg.ui.tests.pages import unexplained

pytestmark = pytest.mark.django_db
HEAVY = {"load": "very_much", "power": "little", "words": "Ik ben op.", "share": "yes"}
FINE = {"load": "some", "power": "much", "words": "", "share": "yes"}


@pytest.fixture
def family(monkeypatch: pytest.MonkeyPatch) -> Family:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    return Family(birthday(TODAY, -9))


def at(family: Family, reader: str, name: str, /, *args: Any, status: int = 200, **data: Any) -> str:
    browser, url = Client(), reverse(name, args=[family.id, *args])
    browser.force_login(User.objects.get(id=family.accounts[reader].id))
    answer = browser.post(url, data, follow=status == 200) if data else browser.get(url)
    assert answer.status_code == status, (name, answer.status_code)
    return unexplained(answer.content.decode())


def coach(family: Family) -> None:
    family.accounts["coach"] = family.world.account("Fatma")
    new = NewProfessional(
        "Fatma", family.world.home_care.id, Qualification.NURSE, family.accounts["coach"].id
    )
    row = register_professional(JOB, new, NOW)
    add_member(JOB, family.born, NewMember(Role.CARE_COACH, professional_id=row.id), NOW)
    family_agrees(family.born)


def test_a_mother_reads_who_gets_a_sign_before_she_sends(family: Family) -> None:
    assert "Dan krijgt uw verpleegkundige een seintje" in at(family, "mother", "strain_new")
    coach(family)
    assert "Dan krijgt uw zorgcoach Fatma een seintje" in at(family, "mother", "strain_new")
    assert "nog niets verteld" in at(family, "mother", "strain")
    page = at(family, "mother", "strain_new", **HEAVY)
    assert "Uw zorgcoach Fatma krijgt een seintje" in page and "kz-curves__line" in page
    assert (
        "seintje"
        not in at(family, "mother", "strain_new", **FINE).split("<main", 1)[1].split("kz-card", 1)[0]
    )


def test_kept_to_herself_it_says_so(family: Family) -> None:
    page = at(family, "mother", "strain_new", **{**HEAVY, "share": "no"})
    assert "Alleen u leest dit" in page and "alleen voor uzelf" in page and "krijgt een seintje" not in page
    assert "Nog niemand van het gezin" in at(family, "nurse", "strain")


def test_nothing_chosen_is_asked_again(family: Family) -> None:
    page = at(family, "mother", "strain_new", load="", power="", words="Ik ben op.", share="")
    assert page.count("Kies een antwoord") >= 2 and "Kies voor wie dit is" in page and "Ik ben op." in page
    assert not StrainCheck.objects.exists()


def test_the_coach_finds_it_on_her_start_page_and_writes_what_was_agreed(family: Family) -> None:
    coach(family)
    at(family, "mother", "strain_new", **HEAVY)
    row = StrainCheck.objects.get()
    start = at(family, "coach", "child_start")
    assert "Bespreek hoe het gaat met" in start and "Moeder" in start
    assert reverse("strain_sign", args=[family.id, row.id]) in at(family, "coach", "strain")
    assert "Ik ben op." in at(family, "coach", "strain_sign", row.id)
    assert "Schrijf op wat u samen afsprak" in at(family, "coach", "strain_sign", row.id, agreed=" ")
    at(family, "coach", "strain_sign", row.id, status=302, agreed="Twee nachten vrij.")
    assert "Bespreek hoe het gaat met" not in at(family, "coach", "child_start")
    at(family, "coach", "strain_sign", row.id, status=404)
    page = at(family, "mother", "strain")
    assert "Twee nachten vrij." in page and "<li>Fatma, " in page


def test_who_looks_at_the_own_is_not_among_those_who_looked_at_somebody_elses(family: Family) -> None:
    account = family.world.account("Vader")
    father = register_relative(JOB, family.born, NewRelative("Vader", Relation.FATHER, account.id), NOW)
    add_member(JOB, family.born, NewMember(Role.PARENT_WITHOUT_AUTHORITY, relative_id=father.id), NOW)
    family.accounts["father"] = account
    family_agrees(family.born)
    for who in ("mother", "father"):
        at(family, who, "strain_new", **HEAVY)
        at(family, who, "strain_new")
        at(family, who, "strain")
    page = at(family, "mother", "strain")
    assert "<li>Vader" not in page and "Nog niemand" in page
    at(family, "nurse", "strain")
    assert "<li>Marit, " in at(family, "mother", "strain")
    lines = AuditLine.objects.filter(child_id=family.id, event__startswith="strain.")
    read = lines.filter(event="strain.read").values_list("actor_name", flat=True)
    assert set(read) == {"Marit"}
    own = lines.filter(event="strain.own_read").values_list("actor_name", "object_id").distinct()
    assert set(own) == {("Moeder", strain_key(family.id)), ("Vader", strain_key(family.id))}


def test_school_doctor_and_child_find_no_door(family: Family) -> None:
    at(family, "mother", "strain_new", **HEAVY)
    row = StrainCheck.objects.get()
    for who in ("doctor", "child"):
        for name, *args in (("strain",), ("strain_new",), ("strain_sign", row.id)):
            at(family, who, name, *args, status=404)
        assert reverse("strain", args=[family.id]) not in at(family, who, "child_start")
    for who in ("mother", "nurse"):
        assert reverse("strain", args=[family.id]) in at(family, who, "child_start")
    at(family, "mother", "strain_sign", row.id, status=404)


def test_a_young_person_has_the_page_too_and_sees_who_read_it_in_the_trail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    family = Family(birthday(TODAY, -17))
    at(family, "child", "strain_new", **HEAVY)
    assert "Ik ben op." in at(family, "nurse", "strain")
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW + timedelta(minutes=5))
    assert "bekeek draagkracht en draaglast" in at(family, "child", "child_trail")
    assert "<li>Marit, " in at(family, "child", "strain")
    assert AuditLine.objects.filter(event="strain.own_read", object_id=family.id).exists()
