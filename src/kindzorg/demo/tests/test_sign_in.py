"""Coming in: in the demo by choosing a person, outside it not at all."""

import json
from datetime import date
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kindzorg.people.models import User

pytestmark = pytest.mark.django_db


def test_who_did_not_sign_in_is_sent_to_the_cards(client: Client, families: date) -> None:
    for name in ("home",):
        answer = client.get(reverse(name))
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("sign_in"))
    for address in ("/healthz", "/readyz"):
        assert client.get(address).status_code in (200, 503)


def test_the_cards_show_who_and_what_they_see(client: Client, families: date) -> None:
    page = client.get(reverse("sign_in")).content.decode()
    assert "Samira Haddad" in page
    assert "Spreekt Arabisch" in page
    assert "Dit is een demo" in page
    assert page.index("Yusuf Haddad") < page.index("Fenna Wijnstra") < page.index("Marit van der Laan")
    missing = [user.name for user in User.objects.all() if user.name not in page]
    assert missing == []


def test_every_person_has_words_in_both_languages(client: Client, families: date) -> None:
    for language in ("nl", "en"):
        client.cookies["django_language"] = language
        context = client.get(reverse("sign_in")).context
        people = [one for group in (*context["families"], *context["groups"]) for one in group["people"]]
        assert [one["name"] for one in people if not (one["who"] and one["sees"])] == []
        assert all(family["line"] for family in context["families"])


def test_choosing_a_person_signs_in_with_a_new_session(client: Client, families: date) -> None:
    client.post(reverse("set_language"), {"language": "en", "next": "/sign-in"})
    before = client.session.session_key
    marit = User.objects.get(username="marit")
    answer = client.post(reverse("choose_person"), {"person": str(marit.id)})
    assert answer.url == reverse("home")
    assert client.session[SESSION_KEY] == str(marit.id)
    assert client.session.session_key != before
    assert client.session["language"] == "en"
    # Straight on as somebody else, and out again.
    samira = User.objects.get(username="samira")
    client.post(reverse("choose_person"), {"person": str(samira.id)})
    assert client.session[SESSION_KEY] == str(samira.id)
    assert client.session["language"] == "en"
    assert client.post(reverse("sign_out")).url == reverse("sign_in")
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize("person", ["", "marit", "01890000-0000-7000-8000-000000000000"])
def test_an_unknown_person_leads_back_to_the_cards(client: Client, families: date, person: str) -> None:
    answer = client.post(reverse("choose_person"), {"person": person})
    assert answer.url == reverse("sign_in")
    assert SESSION_KEY not in client.session


def test_who_is_signed_in_can_change_to_anybody(client: Client, families: date) -> None:
    client.post(reverse("choose_person"), {"person": str(User.objects.get(username="peter").id)})
    page = client.get(reverse("sign_in")).content.decode()
    assert [user.name for user in User.objects.all() if user.name not in page] == []
    assert reverse("sign_in") in client.get(reverse("home")).content.decode()


def test_what_was_typed_when_a_session_ended_is_offered_to_the_same_person_only(
    client: Client, families: date
) -> None:
    people = {name: User.objects.get(username=name) for name in ("samira", "marit")}
    client.post(reverse("choose_person"), {"person": str(people["samira"].id)})
    words = "Zij sliep vannacht slecht en had pijn."
    typed = {"page": reverse("home"), "fields": json.dumps({"note": [words]})}
    assert client.post(reverse("session_keep"), typed).status_code == 204
    client.post(reverse("session_end"), {"next": reverse("home")})
    other = client.post(reverse("choose_person"), {"person": str(people["marit"].id)})
    assert other.url == reverse("home")
    assert words not in client.get(reverse("session_kept"), follow=True).content.decode()
    again = client.post(reverse("choose_person"), {"person": str(people["samira"].id)})
    assert again.url == reverse("session_kept")
    assert words in client.get(again.url).content.decode()


def test_only_by_post(client: Client, families: date) -> None:
    for name in ("choose_person", "sign_out", "set_language"):
        assert client.get(reverse(name)).status_code == 405


def test_a_post_from_elsewhere_is_refused(families: date) -> None:
    strict = Client(enforce_csrf_checks=True)
    marit = User.objects.get(username="marit")
    assert strict.post(reverse("choose_person"), {"person": str(marit.id)}).status_code == 403


def test_outside_the_demo_nobody_can_be_chosen(client: Client, families: date, settings: Any) -> None:
    settings.KINDZORG_DEMO = False
    page = client.get(reverse("sign_in")).content.decode()
    assert "E-mailadres of gebruikersnaam" in page
    assert "Samira" not in page
    marit = User.objects.get(username="marit")
    assert client.post(reverse("choose_person"), {"person": str(marit.id)}).status_code == 404
    assert SESSION_KEY not in client.session


@pytest.mark.parametrize(
    ("next_page", "back"), [("/sign-in", "/sign-in"), ("https://elsewhere.example/", "/"), ("", "/")]
)
def test_the_language_never_leads_elsewhere(
    client: Client, families: date, next_page: str, back: str
) -> None:
    assert client.post(reverse("set_language"), {"language": "en", "next": next_page}).url == back


def test_only_languages_that_exist(client: Client, families: date) -> None:
    client.post(reverse("set_language"), {"language": "tlh"})
    assert "language" not in client.session


def test_the_cards_take_three_statements(client: Client, families: date) -> None:
    with CaptureQueriesContext(connection) as caught:
        client.get(reverse("sign_in"))
    control = ("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")
    sent = [one["sql"].lstrip() for one in caught]
    asked = [sql for sql in sent if not sql.startswith(control) and "current_setting('kindzorg" not in sql]
    assert len(asked) <= 3, "\n".join(asked)


def test_the_cards_are_small(client: Client, families: date) -> None:
    answer = client.get(reverse("sign_in"), headers={"Accept-Encoding": "gzip"})
    assert len(answer.content) < 30_000
