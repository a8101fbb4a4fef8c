"""The end of a session, and what was typed: for the same person only, whoever comes to the device next."""

import json
import re
import time
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kindzorg.people.models import KeptForm, User
from kindzorg.referral.tests.world import Circle
from kindzorg.web.sign_in import idle
from kindzorg.web.tests.signing import Person, events

pytestmark = pytest.mark.django_db
WORDS = "Zij sliep vannacht slecht en had pijn."


@pytest.fixture(autouse=True)
def real(settings: Any) -> None:
    settings.KINDZORG_DEMO = False
    cache.clear()


@pytest.fixture
def mother(circle: Circle) -> Person:
    person = Person(User.objects.get(id=circle.users["mother"].id))
    person.signs_in()
    person.get(start(circle))
    return person


@pytest.fixture
def nurse(circle: Circle) -> Person:
    person = Person(User.objects.get(id=circle.users["nurse"].id))
    person.signs_in()
    person.ties_app()
    return person


def start(circle: Circle) -> str:
    return reverse("child_start", args=[circle.child_id])


def passes(person: Person, minutes: float) -> None:
    """Nothing happens at this browser for so long."""
    session = person.browser.session
    life = session[idle.LIFE]
    session[idle.LIFE] = life | {"seen": life["seen"] - 60 * minutes, "began": life["began"] - 60 * minutes}
    session.save()


def form(circle: Circle) -> str:
    """An address to which the family sends what it typed."""
    return reverse("child_team", args=[circle.child_id])


# --- the end -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "minutes", "ends"), [
    ("mother", 59, False), ("mother", 61, True), ("nurse", 14, False), ("nurse", 16, True),
])  # fmt: skip
def test_a_session_ends_by_itself_sooner_for_who_works(
    circle: Circle, request: pytest.FixtureRequest, who: str, minutes: int, ends: bool
) -> None:
    person = request.getfixturevalue(who)
    person.get(reverse("account"))
    passes(person, minutes)
    answer = person.get(start(circle))
    assert answer.status_code == (302 if ends else 200)
    assert (SESSION_KEY in person.browser.session) != ends
    if ends:
        assert answer.url == f"/sign-in?next={start(circle).replace('/', '%2F')}&ended=1"
        page = person.get(answer.url).content.decode()
        assert "U bent uitgelogd" in page and "Daarom bent u uitgelogd" in page
        assert events(person.user)[-1] == "account.session_ended"


def test_it_ends_at_the_end_of_the_day_also_for_who_goes_on(circle: Circle, mother: Person) -> None:
    session = mother.browser.session
    session[idle.LIFE] = session[idle.LIFE] | {"began": time.time() - 12 * 3600 - 1}
    session.save()
    assert mother.get(start(circle)).status_code == 302


def test_asking_how_long_is_no_sign_of_life_and_staying_is(mother: Person) -> None:
    passes(mother, 50)
    left = mother.get(reverse("session_left")).json()["left"]
    assert 9 * 60 < left <= 10 * 60
    assert mother.get(reverse("session_left")).json()["left"] <= left
    assert mother.browser.post(reverse("session_stay")).json()["left"] > 59 * 60
    passes(mother, 61)
    assert mother.get(reverse("session_left")).json() == {"left": 0}
    assert Client().get(reverse("session_left")).json() == {"left": 0}


def test_the_page_knows_when_to_warn(circle: Circle, mother: Person) -> None:
    page = mother.get(start(circle))
    assert page.context["idle"]["left"] > 59 * 60
    assert 'id="kz-session"' in page.content.decode()


def test_the_page_says_that_its_time_is_up(circle: Circle, mother: Person) -> None:
    answer = mother.browser.post(reverse("session_end"), {"next": start(circle)})
    assert answer.url == f"/sign-in?next={start(circle).replace('/', '%2F')}&ended=1"
    assert SESSION_KEY not in mother.browser.session
    assert mother.browser.post(reverse("session_end"), {"next": ""}).status_code == 302


# --- what was typed, without JavaScript ----------------------------------------------------------------------


def sends_too_late(person: Person, address: str) -> Any:
    passes(person, 61)
    typed = {"words": WORDS, "topics": ["sleep", "pain"], "csrfmiddlewaretoken": "x"}
    return person.browser.post(address, typed)


def test_what_was_sent_too_late_is_there_after_signing_in_and_can_be_sent(
    circle: Circle, mother: Person
) -> None:
    address = form(circle)
    answer = sends_too_late(mother, address)
    assert answer.url == "/sign-in?next=%2Fsession%2Fkept&ended=1"
    assert mother.signs_in().url == reverse("session_kept")
    page = mother.get(reverse("session_kept"))
    words = page.content.decode()
    assert "Wat u had getypt is er nog" in words and words.count(WORDS) == 2
    assert 'name="topics" value="sleep"' in words and 'name="topics" value="pain"' in words
    assert 'value="x"' not in words
    kept = page.context["form_kept"]
    answer = mother.browser.post(reverse("session_send", args=[kept.id]))
    assert (answer.status_code, answer["Location"]) == (307, address)
    assert KeptForm.objects.count() == 1
    mother.browser.post(address, {"words": WORDS})  # as the browser does by itself
    assert not KeptForm.objects.exists()
    assert "resent" not in mother.browser.session
    assert events(mother.user)[-1] == "account.form_dropped"


def test_what_did_not_arrive_stays(circle: Circle, mother: Person) -> None:
    sends_too_late(mother, f"/children/{uuid4()}/team")
    mother.signs_in()
    kept = KeptForm.objects.get()
    address = mother.browser.post(reverse("session_send", args=[kept.id]))["Location"]
    assert mother.browser.post(address, {"words": WORDS}).status_code == 404
    assert KeptForm.objects.count() == 1


def test_it_is_kept_also_when_the_session_is_gone_altogether(circle: Circle, mother: Person) -> None:
    """Signed out in another window, or after the weekend: the device still knows whose page this was."""
    mother.browser.session.delete()
    assert mother.browser.post(form(circle), {"words": WORDS}).url.startswith("/sign-in")
    assert KeptForm.objects.get().user_id == mother.user.id


def test_nobody_else_on_that_device_sees_it(circle: Circle, mother: Person) -> None:
    sends_too_late(mother, form(circle))
    kept = KeptForm.objects.get()
    father = Person(User.objects.get(id=circle.users["father"].id))
    father.browser.cookies = mother.browser.cookies
    assert father.signs_in(next=reverse("session_kept")).url == reverse("session_kept")
    answer = father.get(reverse("session_kept"))
    assert answer.url == reverse("home")
    assert father.get(reverse("session_page", args=[kept.id])).status_code == 404
    for address in ("session_send", "session_drop"):
        assert father.browser.post(reverse(address, args=[kept.id])).status_code == 404
    assert father.get(f"{reverse('session_fields')}?page={kept.page}").json() == {}
    assert KeptForm.objects.count() == 1
    father.browser.post(reverse("sign_out"))
    assert mother.signs_in().url == reverse("session_kept")
    assert WORDS in mother.get(reverse("session_kept")).content.decode()


def test_without_knowing_who_typed_nothing_is_kept(circle: Circle) -> None:
    assert Client().post(form(circle), {"words": WORDS}).status_code == 302
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("name", ["account_change_password", "mfa_reauthenticate", "account_email"])
def test_passwords_and_codes_are_never_kept(mother: Person, name: str) -> None:
    passes(mother, 61)
    mother.browser.post(reverse(name), {"oldpassword": "geheim", "code": "123456"})
    assert not KeptForm.objects.exists()


def test_it_can_be_thrown_away(circle: Circle, mother: Person) -> None:
    sends_too_late(mother, form(circle))
    mother.signs_in()
    kept = KeptForm.objects.get()
    assert mother.browser.post(reverse("session_drop", args=[kept.id]), {"plain": "1"}).url == reverse("home")
    assert not KeptForm.objects.exists()
    assert mother.get(reverse("session_kept")).url == reverse("home")


# --- what was typed, handed over by the page -----------------------------------------------------------------


def hands_over(browser: Client, page: str, **fields: list[str]) -> int:
    data = {"page": page, "fields": json.dumps(fields)}
    return browser.post(reverse("session_keep"), data).status_code


def test_the_page_hands_over_what_is_being_typed_and_gets_it_back(circle: Circle, mother: Person) -> None:
    page = form(circle)
    assert hands_over(mother.browser, page, words=[WORDS], topics=["pain"]) == 204
    mother.browser.post(reverse("session_end"), {"next": page})
    assert mother.signs_in().url == reverse("session_kept")
    words = mother.get(reverse("session_kept")).content.decode()
    assert WORDS in words and page not in words
    back = mother.get(re.search(r'href="(/session/kept/[^"]+/page)"', words)[1]).url
    assert back == f"{page}#kz-kept"
    found = mother.get(f"{reverse('session_fields')}?page={page}").json()
    assert found["fields"] == {"words": [WORDS], "topics": ["pain"]}
    assert mother.get(f"{reverse('session_fields')}?page=/elsewhere").json() == {}
    assert mother.browser.post(reverse("session_drop", args=[found["id"]])).status_code == 204
    assert not KeptForm.objects.exists()


def test_it_is_handed_over_also_just_after_the_end(circle: Circle, mother: Person) -> None:
    """The laptop was closed: the page wakes up when the session has long ended."""
    passes(mother, 300)
    assert hands_over(mother.browser, form(circle), words=[WORDS]) == 204
    assert SESSION_KEY not in mother.browser.session
    assert KeptForm.objects.get().user_id == mother.user.id


@pytest.mark.parametrize(
    "page", ["https://elders.example/", "//elders.example/", "start", "/account/password", ""]
)
def test_it_is_kept_for_a_page_of_ours_alone(mother: Person, page: str) -> None:
    assert hands_over(mother.browser, page, words=[WORDS]) == 400
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("fields", ["", "[]", "no json", '{"a": 1}', "7"])
def test_what_is_no_form_is_refused(mother: Person, fields: str) -> None:
    answer = mother.browser.post(reverse("session_keep"), {"page": "/start", "fields": fields})
    assert answer.status_code == 400
    assert mother.browser.post(reverse("session_keep")).status_code == 400


def test_a_stranger_hands_over_nothing() -> None:
    assert hands_over(Client(), "/start", words=[WORDS]) == 400


def test_what_does_not_exist_is_not_found(mother: Person) -> None:
    for address in ("session_send", "session_drop"):
        assert mother.browser.post(reverse(address, args=[uuid4()])).status_code == 404
    assert mother.get(reverse("session_page", args=[uuid4()])).status_code == 404


def test_what_was_not_sent_is_not_sent_on(circle: Circle, mother: Person) -> None:
    hands_over(mother.browser, form(circle), words=[WORDS])
    kept = KeptForm.objects.get()
    assert mother.browser.post(reverse("session_send", args=[kept.id])).status_code == 404


def test_a_page_that_is_too_old_says_so_kindly(circle: Circle, mother: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("sign_out"))
    assert answer.status_code == 403
    assert "Deze pagina stond te lang open" in answer.content.decode()


def test_a_part_of_a_page_sends_the_whole_page_to_the_door(circle: Circle, mother: Person) -> None:
    passes(mother, 61)
    answer = mother.browser.get(start(circle), headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"].split("?")[0]) == (200, "/sign-in")
