"""The pages of sharing and of emergencies, as each of those who come there meets them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kindzorg.access.roles import Role, Scope
from kindzorg.careteam.actions import grant_access
from kindzorg.careteam.models import Consent, EmergencyAccess, EmergencyReview
from kindzorg.careteam.queries import actor_for, children_for
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, World
from kindzorg.people.actions import NewProfessional, register_professional
from kindzorg.people.models import User
from kindzorg.people.rules import OrganisationKind, Qualification
from kindzorg.ui.tests.pages import unexplained

pytestmark = pytest.mark.django_db
WHY = "Binnengebracht met de ambulance, niemand bereikbaar."


class House:
    """Two parents, a nurse, a teacher for whom nothing is open yet, a doctor on duty elsewhere and her officer."""

    def __init__(self) -> None:
        self.world = World()
        self.mother, self.father = self.world.parent("Samira"), self.world.parent("Joost")
        school = self.world.house(OrganisationKind.SCHOOL)
        self.teacher, self.work = self.world.worker("Els", Role.SCHOOL, school, Qualification.TEACHER)
        hospital = self.world.house(OrganisationKind.HOSPITAL)
        self.doctor, self.officer = self.world.account("Daan"), self.world.account("Hanna")
        new = NewProfessional("Daan", hospital.id, Qualification.PAEDIATRICIAN, self.doctor.id)
        register_professional(JOB, new, NOW)
        grant_access(JOB, self.doctor.id, Role.EMPLOYEE, Scope.ORGANISATION, hospital.id, NOW)
        grant_access(JOB, self.officer.id, Role.PRIVACY_OFFICER, Scope.ORGANISATION, hospital.id, NOW)

    def browser(self, who: User | None = None, relative: object = None) -> Client:
        client = Client()
        client.force_login(who or User.objects.get(id=relative.user_id))  # type: ignore[attr-defined]
        return client

    def address(self, name: str, *more: object) -> str:
        return reverse(name, args=[self.world.subject.child_id, *more])

    @property
    def school(self) -> object:
        return self.work.organisation_id


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    clock = {"now": NOW}
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: clock["now"])
    made = House()
    made.clock = clock  # type: ignore[attr-defined]
    yield made


def at(house: House, now: datetime) -> None:
    house.clock["now"] = now  # type: ignore[attr-defined]


def test_both_parents_say_yes_and_one_closes_it_with_one_button(house: House) -> None:
    for parent, said in ((house.mother, "Joost"), (house.father, "Ziet een deel")):
        browser = house.browser(relative=parent)
        form = {"domains": ["social", "development"], "until": ""}
        check = browser.post(house.address("sharing_yes", house.school), form)
        assert "Controleer uw antwoorden" in check.content.decode() and not Consent.objects.filter(
            decided_by=parent.name
        )
        done = browser.post(house.address("sharing_yes", house.school), form | {"sure": "1"}, follow=True)
        assert said in done.content.decode()
        at(house, house.clock["now"] + timedelta(minutes=1))  # type: ignore[attr-defined]
    teacher = house.browser(house.teacher)
    assert teacher.get(house.address("child_team")).status_code == 200
    page = browser.get(house.address("sharing_no", house.school)).content.decode()
    assert page.count("Nu dichtzetten") == 1 and 'name="reason"' in page
    browser.post(house.address("sharing_no", house.school), {"reason": "", "sure": "1"})
    # The teacher had the page open: what is sent now is not found, and nothing is written.
    assert teacher.get(house.address("child_team")).status_code == 404
    assert teacher.post(house.address("child_team")).status_code in (404, 405)
    assert not children_for(actor_for(house.teacher), TODAY).exists()


def test_the_family_finds_the_question_under_what_waits_for_it(house: House) -> None:
    nurse = house.browser(house.world.nurse_account)
    nurse.post(house.address("sharing_ask", house.school), {"domains": ["social"], "until": ""})
    start = house.browser(relative=house.mother).get(house.address("child_start")).content.decode()
    assert "Wie mag meekijken?" in start and house.address("sharing_party", house.school) in start


def test_what_a_nurse_writes_down_is_marked(house: House) -> None:
    nurse = house.browser(house.world.nurse_account)
    form = {"said": "yes", "by": [str(house.mother.id), str(house.father.id)], "way": "telephone",
            "domains": ["social"], "until": ""}  # fmt: skip
    nurse.post(house.address("sharing_record", house.school), form)
    page = house.browser(relative=house.mother).get(house.address("sharing")).content.decode()
    assert "Aan de telefoon gezegd, opgeschreven door Marit" in page
    again = nurse.post(house.address("sharing_record", house.school), form | {"until": "2020-01-01"})
    assert "<title>Fout:" in again.content.decode() and Consent.objects.count() == 2


def test_the_owner_says_why_it_stays(house: House) -> None:
    browser = house.browser(relative=house.mother)
    owner = house.world.home_care.id
    assert "bewaart het dossier" in unexplained(browser.get(house.address("sharing")).content.decode())
    answer = browser.post(house.address("sharing_no", owner), {"reason": ""})
    assert answer.status_code == 200 and "bewaart het dossier" in unexplained(answer.content.decode())


def test_an_emergency_from_the_start_page_to_the_family_and_the_judgement(house: House) -> None:
    doctor = house.browser(house.doctor)
    assert reverse("emergency") in doctor.get(reverse("home")).content.decode()
    wrong = {"family_name": "Anders", "birth_date": "2020-03-01", "given_name": "", "reason": WHY}
    assert "precies deze naam" in doctor.post(reverse("emergency"), wrong).content.decode()
    inside = doctor.post(reverse("emergency"), wrong | {"family_name": "Voorbeeld"})
    assert inside.headers["Location"] == house.address("child_start")
    assert doctor.get(house.address("child_start")).status_code == 200
    assert doctor.get(house.address("sharing")).status_code == 404
    mother = house.browser(relative=house.mother)
    assert "Daan" in mother.get(house.address("child_start")).content.decode()
    assert WHY in mother.get(house.address("sharing")).content.decode()
    at(house, NOW + timedelta(hours=4, minutes=1))
    assert doctor.get(house.address("child_start")).status_code == 404
    at(house, NOW + timedelta(days=9))
    officer = house.browser(house.officer)
    assert reverse("emergency_reviews") in officer.get(reverse("home")).content.decode()
    assert "Daan" in officer.get(reverse("emergency_reviews")).content.decode()
    judge = reverse("emergency_review", args=[EmergencyAccess.objects.get().id])
    assert officer.post(judge, {"justified": "yes", "note": ""}).status_code == 200
    officer.post(judge, {"justified": "yes", "note": "Terecht, niemand was bereikbaar."})
    assert EmergencyReview.objects.get().justified
    assert "niemand was bereikbaar" in mother.get(house.address("sharing")).content.decode()
    assert officer.get(judge).status_code == 404


def test_who_gives_no_care_has_no_door_for_emergencies(house: House) -> None:
    for user in (house.teacher, house.officer):
        browser = house.browser(user)
        assert browser.get(reverse("emergency")).status_code == 404
        assert reverse("emergency") not in browser.get(reverse("home")).content.decode()
    assert house.browser(house.doctor).get(reverse("emergency_reviews")).status_code == 404


def test_the_statements_do_not_grow_with_the_parties(house: House) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            house.browser(relative=house.mother).get(house.address("sharing"))
        return len(seen)

    statements()
    before = statements()
    for name in ("Bea", "Cor", "Dia"):
        hospital = house.world.house(OrganisationKind.HOSPITAL)
        house.world.worker(name, Role.PAEDIATRICIAN, hospital, Qualification.PAEDIATRICIAN)
    assert statements() == before
