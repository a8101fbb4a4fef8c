"""The page of written wishes: the child writes and takes back, who treats it reads, nobody else knows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.access import policy
from kindzorg.access.ages import birthday
from kindzorg.access.roles import Role
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.authority.actions import assess_capacity
from kindzorg.careteam.authority.queries import unconfirmed, wishes_for
from kindzorg.careteam.authority.rules import NewCapacity
from kindzorg.careteam.marks.queries import marks_for
from kindzorg.careteam.marks.rules import marks_key
from kindzorg.careteam.models import Mark, Wish
from kindzorg.careteam.queries import hidden_objects
from kindzorg.careteam.rules import wishes_key
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, Family
from kindzorg.core.errors import Refused
from kindzorg.core.ids import new_id
from kindzorg.people.actions import NewProfessional, register_professional
from kindzorg.people.models import User
from kindzorg.people.rules import Qualification

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


def test_a_mother_who_is_also_a_nurse_of_the_child_reads_as_its_mother() -> None:
    family = Family(birthday(TODAY, -13))
    at(family, "child", 302, step="write", kind="closed_after_death", words="Dit blijft van mij.")
    work = register_professional(
        JOB,
        NewProfessional(
            "Moeder", family.world.home_care.id, Qualification.PAEDIATRIC_NURSE, family.accounts["mother"].id
        ),
        NOW,
    )
    add_member(JOB, family.born, NewMember(Role.PAEDIATRIC_NURSE, professional_id=work.id), NOW)
    actor, subject = family.as_("mother")
    # As the nurse that she is too.
    actor = replace(actor, grants=tuple(one for one in actor.grants if one.role == Role.PAEDIATRIC_NURSE))
    assert policy.may(actor, "plan.read", subject, TODAY)
    with pytest.raises(Refused):
        wishes_for(actor, subject, TODAY)
    # Nor does she decide about authority, courts, capacity, marks and requests of her own family.
    apart = {one for (_, one), row in policy.matrix().items() if row.condition == "not_family"}
    assert apart and not any(policy.may(actor, one, subject, TODAY) for one in apart)
    colleague = family.as_("nurse")
    assert {one for one in apart if policy.may(colleague[0], one, colleague[1], TODAY)} == apart - {
        "capacity.assess",
        "annex.begin",
        "annex.treat",  # of a doctor or case manager alone
    }
    # Not that there is anything either: no line of the trail, no mark, no question for a second professional.
    for about, apart in (((actor, subject), True), (family.as_("nurse"), False)):
        hidden = hidden_objects(*about, TODAY)
        assert (wishes_key(family.id) in hidden, marks_key(family.id) in hidden) == (apart, apart)
    mark = Mark.objects.create(
        child_id=family.id, owner_id=family.world.home_care.id, object_kind="note", object_id=new_id(),
        hides_from="parents", by_child=False, by_id=family.accounts["nurse"].id, by="Marit", reason="x",
        starts=TODAY, created_at=NOW,
    )  # fmt: skip
    assert unconfirmed(actor, [subject], TODAY) is None and marks_for(actor, subject, TODAY) == []
    second, child = family.as_("second")
    waits = unconfirmed(second, [child], TODAY)
    assert waits and list(waits[1]) == [mark]
    assert mark.object_id in hidden_objects(actor, subject, TODAY)
