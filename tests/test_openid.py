"""Signing in at a real provider of OpenID Connect: what is let in, and above all what is not."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kindzorg.access.assurance import Assurance
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.tests.world import JOB, NOW, World
from kindzorg.people.accounts.actions import prepare_key
from kindzorg.people.models import SignIn, User
from kindzorg.web.tests.signing import Person, events
from tests.provider import KEY, ONE, TWO, Hospital, hospital

GO, BACK = f"/sign-in/with/{KEY}", f"/sign-in/with/{KEY}/back"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def running() -> Iterator[Hospital]:
    with hospital(f"http://testserver{BACK}") as provider:
        yield provider


@pytest.fixture
def linde(running: Hospital, settings: Any) -> Hospital:
    settings.KINDZORG_DEMO = False
    settings.KINDZORG_OPENID = (running.settings(),)
    cache.clear()
    running.lies("")
    return running


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def nurse(world: World) -> User:
    """A nurse whom the hospital knows by an employee number, prepared for; and without a password of ours."""
    prepare_key(JOB, world.nurse_account.id, KEY, "12345", NOW)
    return world.nurse_account


def goes(browser: Client, **more: str) -> str:
    """Press the button of the provider: the address to which one is sent."""
    page = browser.post(GO, more)
    assert page.status_code == 200, page.status_code
    return unescape(re.search(r'url=(http[^"]+)"', page.content.decode())[1])


def signs_in(browser: Client, linde: Hospital, who: str = "marit", shows: str = TWO, **more: str) -> Any:
    """All the way there and back; our answer."""
    back = linde.signs_in(goes(browser, **more), who, shows)
    assert back.startswith(f"http://testserver{BACK}?")
    return browser.get(back.removeprefix("http://testserver"))


def refused() -> str:
    """What the trail says of the last time that it went wrong."""
    return AuditLine.objects.filter(event="account.sign_in_failed").order_by("-id")[0].detail["why"]


# --- what is sent --------------------------------------------------------------------------------------------


def test_the_flow_has_a_nonce_a_state_and_a_challenge_and_asks_a_level(linde: Hospital) -> None:
    asked = parse_qs(urlsplit(goes(Client(), level="substantial")).query)
    assert asked["response_type"] == ["code"] and asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) >= 32 and len(asked["state"][0]) >= 16
    assert (asked["acr_values"], asked["prompt"]) == ([TWO], ["login"])
    assert parse_qs(urlsplit(goes(Client())).query)["acr_values"] == [f"{ONE} {TWO}"]
    assert parse_qs(urlsplit(goes(Client(), level="nonsense")).query)["acr_values"] == [f"{ONE} {TWO}"]
    again = parse_qs(urlsplit(goes(Client())).query)
    assert again["nonce"] != asked["nonce"] and again["state"] != asked["state"]


def test_only_by_post_and_only_to_providers_of_the_settings(linde: Hospital) -> None:
    assert Client().get(GO).status_code == 405
    assert Client().post("/sign-in/with/elders").status_code == 404
    assert Client().get("/sign-in/with/elders/back?state=x&code=y").status_code == 404


# --- let in --------------------------------------------------------------------------------------------------


def test_a_prepared_nurse_comes_in_at_the_level_of_the_provider(linde: Hospital, nurse: User) -> None:
    browser = Client()
    assert signs_in(browser, linde, next="/account").url == "/account"
    assert browser.session[SESSION_KEY] == str(nurse.id)
    row = SignIn.objects.get()
    assert (row.user_id, row.provider, row.method, row.acr, row.level) == (
        nurse.id, KEY, "openid", TWO, "substantial",
    )  # fmt: skip
    # Known now by who she is there; nothing else of what the provider knows is kept.
    account = SocialAccount.objects.get()
    assert (account.user_id, account.uid) == (nurse.id, "marit")
    assert "ziekenhuis" not in str(account.extra_data) and "12345" not in str(account.extra_data)
    assert events(nurse)[-2:] == ["account.factor_added", "account.signed_in"]
    assert browser.get("/start").status_code == 200
    browser.post(reverse("sign_out"))
    assert signs_in(browser, linde).url == "/start"
    assert SocialAccount.objects.count() == 1


def test_a_provider_that_was_sure_needs_no_code_of_ours(linde: Hospital, nurse: User) -> None:
    person = Person(nurse)
    person.signs_in()
    person.ties_app()
    person.browser.post(reverse("sign_out"))
    assert signs_in(person.browser, linde, shows=TWO).url == "/start"
    person.browser.post(reverse("sign_out"))
    # One that was not sure does: together they are sure.
    assert signs_in(person.browser, linde, shows=ONE).url == reverse("mfa_authenticate")
    assert person.takes_second_step(1).url == "/start"
    assert person.get("/start").status_code == 200
    assert SignIn.objects.order_by("-created_at", "-id")[0].level == "substantial"


def test_too_low_a_level_is_asked_to_do_better_and_then_goes_on(
    linde: Hospital, world: World, nurse: User
) -> None:
    browser, page = Client(), reverse("child_start", args=[world.subject.child_id])
    assert signs_in(browser, linde, shows=ONE, next=page).url == page
    asked = browser.get(page)
    assert asked.url.startswith(reverse("stronger"))
    words = browser.get(asked.url, follow=True).content.decode()
    assert "Ziekenhuis De Linde" in words and 'value="substantial"' in words
    # On the word of who is not sure, no second step of ours is added.
    assert "Stel de app in" not in words
    for name in ("mfa_activate_totp", "mfa_add_webauthn"):
        assert browser.get(reverse(name)).url.startswith(reverse("stronger"))
    assert (
        signs_in(browser, linde, shows=TWO, next="/sign-in/onward", level="substantial").url
        == "/sign-in/onward"
    )
    assert browser.get("/sign-in/onward").url == page
    assert browser.get(page).status_code == 200
    assert list(SignIn.objects.order_by("created_at", "id").values_list("level", flat=True)) == [
        "low",
        "substantial",
    ]


def test_a_level_that_the_settings_do_not_know_is_low(linde: Hospital, nurse: User, settings: Any) -> None:
    settings.KINDZORG_OPENID = (linde.settings(levels={"urn:elsewhere": Assurance.HIGH}),)
    browser = Client()
    signs_in(browser, linde)
    assert SignIn.objects.get().level == "low"
    words = browser.get("/start", follow=True).content.decode()
    assert (
        "Daar is hier nog geen manier voor" not in words
    )  # the provider can still be asked for the other word


def test_by_an_address_that_the_provider_speaks_for(linde: Hospital, nurse: User, settings: Any) -> None:
    about = {"match": "email", "email_domains": ("ziekenhuis.example",), "scopes": ("openid", "email")}
    settings.KINDZORG_OPENID = (linde.settings(**about),)
    User.objects.filter(id=nurse.id).update(email="marit@ziekenhuis.example")
    browser = Client()
    assert signs_in(browser, linde).url == "/start"
    assert browser.session[SESSION_KEY] == str(nurse.id)


@pytest.mark.parametrize("who", ["unsure", "foreign", "nobody"])
def test_not_by_an_address_that_is_not_sure_or_not_theirs(
    linde: Hospital, nurse: User, settings: Any, who: str
) -> None:
    about = {"match": "email", "email_domains": ("ziekenhuis.example",), "scopes": ("openid", "email")}
    settings.KINDZORG_OPENID = (linde.settings(**about),)
    User.objects.filter(id=nurse.id).update(
        email="marit@elders.example" if who == "foreign" else "marit@ziekenhuis.example"
    )
    browser = Client()
    assert signs_in(browser, linde, who).status_code == 403
    assert SESSION_KEY not in browser.session


def test_somebody_adds_the_provider_to_the_own_account(linde: Hospital, world: World, settings: Any) -> None:
    """A family has no number at the hospital: it signs in with a password, and adds the other way."""
    settings.KINDZORG_OPENID = (linde.settings(match=""),)
    person = Person(world.account("Samira"))
    person.signs_in()
    page = person.get(reverse("socialaccount_connections")).content.decode()
    assert "Ziekenhuis De Linde" in page and 'value="connect"' in page
    assert signs_in(person.browser, linde, "samira", process="connect").url == reverse(
        "socialaccount_connections"
    )
    assert events(person.user)[-1] == "account.factor_added"
    other = Client()
    assert signs_in(other, linde, "samira").url == "/start"
    assert other.session[SESSION_KEY] == str(person.user.id)
    account = SocialAccount.objects.get()
    person.browser.post(reverse("socialaccount_connections"), {"account": account.pk})
    assert not SocialAccount.objects.exists()
    assert events(person.user)[-1] == "account.factor_removed"


def test_what_belongs_to_another_is_not_added(linde: Hospital, world: World, nurse: User) -> None:
    signs_in(Client(), linde)
    person = Person(world.account("Samira"))
    person.signs_in()
    signs_in(person.browser, linde, "marit", process="connect")
    assert SocialAccount.objects.get().user_id == nurse.id


# --- not let in ----------------------------------------------------------------------------------------------


def test_an_unknown_person_gets_a_kind_page_and_no_account(linde: Hospital, nurse: User) -> None:
    before, browser = User.objects.count(), Client()
    answer = signs_in(browser, linde, "stranger")
    assert answer.status_code == 403
    assert "Wij kennen u hier nog niet" in answer.content.decode()
    assert SESSION_KEY not in browser.session
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)
    assert refused() == f"unknown_at_{KEY}"
    assert "stranger" not in str(list(AuditLine.objects.values_list("detail", "actor_name")))


def test_a_closed_account_stays_closed(linde: Hospital, nurse: User) -> None:
    User.objects.filter(id=nurse.id).update(is_active=False)
    browser = Client()
    assert signs_in(browser, linde).status_code == 403
    assert SESSION_KEY not in browser.session


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        ("issuer", "InvalidIssuerError"),
        ("audience", "InvalidAudienceError"),
        ("expired", "ExpiredSignatureError"),
        ("key", "InvalidSignatureError"),
        ("none", "alg"),
        ("shared", "alg"),
        ("replay", "nonce"),
    ],
)
def test_a_bent_answer_lets_nobody_in(linde: Hospital, nurse: User, lie: str, why: str) -> None:
    signs_in(Client(), linde)  # an honest one first, which can then be replayed
    linde.lies(lie)
    browser = Client()
    answer = signs_in(browser, linde)
    assert answer.status_code == 401
    assert "Inloggen lukte niet" in answer.content.decode()
    assert SESSION_KEY not in browser.session
    assert why in refused()
    linde.lies("")
    assert signs_in(browser, linde).url == "/start"


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(linde: Hospital, nurse: User) -> None:
    browser = Client()
    back = linde.signs_in(goes(browser), "marit", TWO).removeprefix("http://testserver")
    assert Client().get(back).status_code == 401
    assert browser.get(back).url == "/start"
    browser.post(reverse("sign_out"))
    assert browser.get(back).status_code == 401
    assert SESSION_KEY not in browser.session


def test_an_answer_of_another_provider_is_no_answer(linde: Hospital, nurse: User) -> None:
    """The mix-up: the answer names who gave it (RFC 9207)."""
    browser = Client()
    back = linde.signs_in(goes(browser), "marit", TWO).removeprefix("http://testserver")
    assert browser.get(back.replace("iss=", "iss=x")).status_code == 401
    assert refused().endswith(": iss")


def test_a_provider_that_names_itself_otherwise_is_not_ours(
    linde: Hospital, nurse: User, settings: Any
) -> None:
    settings.KINDZORG_OPENID = (linde.settings(issuer=f"{linde.issuer}/"),)
    page = Client().post(GO)
    assert page.status_code == 502
    assert "geeft geen antwoord" in page.content.decode()


def test_a_provider_that_is_away_is_said_so(linde: Hospital, settings: Any) -> None:
    settings.KINDZORG_OPENID = (linde.settings(issuer="http://127.0.0.1:9"),)
    assert Client().post(GO).status_code == 502


def test_who_stops_there_is_back_at_the_door(linde: Hospital) -> None:
    browser = Client()
    answer = signs_in(browser, linde, "")
    assert answer.url == reverse("socialaccount_login_cancelled")
    assert "U stopte met inloggen" in browser.get(answer.url).content.decode()


def test_it_never_leads_to_another_host(linde: Hospital, nurse: User) -> None:
    assert signs_in(Client(), linde, next="https://elders.example/").url == "/start"
