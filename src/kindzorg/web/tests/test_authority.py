"""The page on authority: who reads it, and what each form on it does."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.access.ages import birthday
from kindzorg.access.roles import Role
from kindzorg.careteam.actions import NewMember, add_member
from kindzorg.careteam.authority.actions import confirm_restriction, record_restriction
from kindzorg.careteam.authority.rules import NewRestriction
from kindzorg.careteam.marks.actions import confirm_mark
from kindzorg.careteam.models import Capacity, CourtRestriction, Membership, ParentalAuthority
from kindzorg.careteam.queries import actor_for, opened_children
from kindzorg.careteam.rules import HidesFrom, RestrictionKind
from kindzorg.careteam.tests.world import NOW, TODAY, Family
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.people.actions import NewRelative, register_relative
from kindzorg.people.models import Relative, User
from kindzorg.people.rules import OrganisationKind, Relation
from kindzorg.record.notes.actions import keep_note_from, write_note
from kindzorg.record.notes.rules import NewNote
from kindzorg.ui.tests.pages import unexplained
from kindzorg.web.waiting import waiting_rows

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
    asked = nurse.post(step="end", id=row, why="beschikking").content.decode()
    assert "Is het gezag echt geëindigd?" in asked and 'value="beschikking"' in asked and "Moeder" in asked
    assert ParentalAuthority.objects.get().until is None
    assert nurse.post(step="end", id=row, why="beschikking", sure="1").status_code == 302
    assert "geëindigd" in nurse.get() and ParentalAuthority.objects.get().until == TODAY
    for data in (
        {"step": "nothing"},
        {"step": "end", "id": "x"},
        {"step": "end", "id": str(uuid4()), "why": "x"},
    ):
        assert nurse.post(**data).status_code == 404


def test_a_restriction_is_recorded_confirmed_and_ended_on_the_page(family: Family) -> None:
    nurse, doctor, mother = (Visit(family, who) for who in ("nurse", "doctor", "mother"))
    assert "rechter" not in unexplained(mother.get())
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


def holder(family: Family, **said: Any) -> dict[str, Any]:
    given = {
        "relative": "",
        "name": "",
        "kind": "joint",
        "source": "register",
        "checked_on": TODAY.isoformat(),
    }
    return {"step": "holder", **{f"holder-{key}": value for key, value in {**given, **said}.items()}}


def test_new_authority_is_recorded_of_who_is_known_and_of_somebody_new(family: Family) -> None:
    nurse, doctor = Visit(family, "nurse"), Visit(family, "doctor")
    assert "Gezag vastleggen" in nurse.get() and "Gezag vastleggen" not in doctor.get()
    assert doctor.post(**holder(family, name="Vader")).status_code == 404
    assert "schrijf de naam op" in nurse.post(**holder(family)).content.decode()
    again = nurse.post(**holder(family, relative=family.mother_row.id)).content.decode()
    assert "staat het gezag er al" in again
    later = holder(family, name="Vader", checked_on=(TODAY + timedelta(1)).isoformat())
    assert "moet nog komen" in nurse.post(**later).content.decode()
    assert nurse.post(**holder(family, name="Vader")).status_code == 302
    row = ParentalAuthority.objects.get(relative__name="Vader")
    assert (row.kind, row.source, row.checked_on) == ("joint", "register", TODAY)
    assert Relative.objects.filter(name="Vader").count() == 1


def test_an_institution_holds_it_through_a_person_with_a_name(family: Family) -> None:
    house = family.world.house(OrganisationKind.YOUTH_CARE)
    nurse = Visit(family, "nurse")
    alone = holder(family, name="Ans Jansen", kind="institution")
    assert "welke instelling" in nurse.post(**alone).content.decode().split("aria-invalid")[0]
    assert not Relative.objects.filter(name="Ans Jansen").exists()
    assert nurse.post(**{**alone, "holder-organisation": str(house.id)}).status_code == 302
    row = ParentalAuthority.objects.get(kind="institution")
    assert (row.organisation, row.relative.name, row.relative.relation) == (house, "Ans Jansen", "guardian")
    assert house.name in nurse.get()


def parent_without(family: Family) -> Relative:
    account = family.world.account("Vader")
    new = NewRelative("Vader", Relation.FATHER, user_id=account.id)
    row = register_relative(family.world.nurse, family.born, new, NOW)
    member = NewMember(Role.PARENT_WITHOUT_AUTHORITY, relative_id=row.id, task="om het weekend")
    add_member(family.world.nurse, family.born, member, NOW)
    family.accounts["father"] = account
    return row


def test_a_parent_who_is_in_without_it_decides_too_once_it_is_recorded(family: Family) -> None:
    row = parent_without(family)
    assert not family.may("father", "plan.agree")
    assert Visit(family, "nurse").post(**holder(family, relative=row.id)).status_code == 302
    assert family.may("father", "plan.agree") and family.may("father", "record.read")
    held = Membership.objects.filter(relative=row).order_by("created_at", "id")
    assert [(one.role, one.task, one.until is None) for one in held] == [
        ("parent_without_authority", "om het weekend", False),
        ("authority_holder", "om het weekend", True),
    ]


def test_from_sixteen_recorded_authority_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: NOW)
    family = Family(birthday(TODAY, -17))
    row = parent_without(family)
    assert Visit(family, "nurse").post(**holder(family, relative=row.id)).status_code == 302
    assert [one.role for one in Membership.objects.filter(relative=row)] == ["parent_without_authority"]


def waits(family: Family, who: str) -> list[str]:
    actor = actor_for(User.objects.get(id=family.accounts[who].id))
    rows = waiting_rows(actor, opened_children(actor, TODAY), TODAY, {})
    return [row["kind"] for row in rows.get(family.id, []) if row["kind"].endswith("to_confirm")]


def test_what_a_second_professional_has_to_look_at_waits_for_that_one(family: Family) -> None:
    parent_without(family)
    new = NewRestriction(Relative.objects.get(name="Vader").id, RestrictionKind.DECIDE, "rechtbank")
    restriction = record_restriction(*family.as_("nurse"), new, NOW)
    entry = write_note(*family.as_("doctor"), NewNote(LifeDomain.SOCIAL, "uitslag"), NOW).entry_id
    mark = keep_note_from(*family.as_("nurse"), entry, HidesFrom.PARENTS, "eerst praten", NOW)
    assert waits(family, "nurse") == []
    assert sorted(waits(family, "doctor")) == ["mark_to_confirm", "restriction_to_confirm"]
    for who in ("mother", "father", "child"):
        assert waits(family, who) == []
    confirm_restriction(*family.as_("doctor"), restriction.id, NOW)
    confirm_mark(*family.as_("second"), mark.id, NOW)
    assert waits(family, "doctor") == []


def test_the_page_of_people_says_who_has_authority_to_who_may_know(family: Family) -> None:
    parent_without(family)
    for who, seen in (("nurse", True), ("mother", True), ("child", False)):
        browser = Client()
        browser.force_login(User.objects.get(id=family.accounts[who].id))
        page = unexplained(browser.get(reverse("child_team", args=[family.id])).content.decode())
        assert ("Gezag: ja, samen met de andere ouder · nagekeken op" in page) is seen
        assert ("Gezag: nee, of niet vastgelegd" in page) is seen
