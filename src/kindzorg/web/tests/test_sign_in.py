"""The real door: name and password, the second step, showing more surely who one is, and one hat at a time."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kindzorg.audit.models import AuditLine
from kindzorg.careteam.tests.world import JOB
from kindzorg.core.encryption import Unreadable, decrypt, encrypt, is_newest, new_key
from kindzorg.people.actions import rotate_keys
from kindzorg.people.models import SignIn, User
from kindzorg.people.renewing import renew_secrets
from kindzorg.referral.tests.world import Circle
from kindzorg.web.tests.signing import Person, events

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def real(settings: Any) -> None:
    """Outside the demo, with a cache that begins empty."""
    settings.KINDZORG_DEMO = False
    cache.clear()


@pytest.fixture
def mother(circle: Circle) -> Person:
    return Person(User.objects.get(id=circle.users["mother"].id))


@pytest.fixture
def nurse(circle: Circle) -> Person:
    return Person(User.objects.get(id=circle.users["nurse"].id))


def start(circle: Circle) -> str:
    return reverse("child_start", args=[circle.child_id])


# --- name and password ---------------------------------------------------------------------------------------


def test_a_mother_comes_in_with_a_password_and_reads(circle: Circle, mother: Person) -> None:
    assert mother.get(start(circle)).url == f"/sign-in?next={start(circle).replace('/', '%2F')}"
    answer = mother.signs_in(next=start(circle))
    assert answer.url == start(circle)
    assert mother.get(start(circle)).status_code == 200
    row = SignIn.objects.get()
    assert (row.user_id, row.method, row.level) == (mother.user.id, "password", "low")
    assert events(mother.user) == ["account.signed_in"]
    assert AuditLine.objects.get(event="account.signed_in").actor_role == "authority_holder"


def test_the_address_is_a_name_too_whatever_the_capitals(mother: Person) -> None:
    User.objects.filter(id=mother.user.id).update(email="samira@example.org")
    assert mother.signs_in(name=" Samira@Example.ORG ").status_code == 302


@pytest.mark.parametrize("name", ["", "niemand"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_words(mother: Person, name: str) -> None:
    page = mother.signs_in("verkeerd", name=name).content.decode()
    assert "horen niet bij elkaar" in page and "Fout: " in page
    assert (name or mother.user.username) in page  # what was typed stays, but for the password
    assert "verkeerd" not in page
    line = AuditLine.objects.get(event="account.sign_in_failed")
    assert line.object_id == (None if name else mother.user.id)
    assert "niemand" not in str(vars(line))


def test_a_closed_account_is_told_so(mother: Person) -> None:
    User.objects.filter(id=mother.user.id).update(is_active=False)
    assert mother.signs_in().url == reverse("account_inactive")
    assert "Dit account is gesloten" in mother.get(reverse("account_inactive")).content.decode()


def test_signing_out_is_written_down_and_keeps_the_language(mother: Person) -> None:
    mother.signs_in()
    mother.browser.post(reverse("set_language"), {"language": "en"})
    assert mother.browser.post(reverse("sign_out")).url == reverse("sign_in")
    assert SESSION_KEY not in mother.browser.session and mother.browser.session["language"] == "en"
    assert events(mother.user)[-1] == "account.signed_out"


def test_it_never_leads_to_another_host(mother: Person) -> None:
    assert mother.signs_in(next="https://elders.example/").url == reverse("home")


def test_nobody_signs_up(client: Client) -> None:
    for address in ("/accounts/signup/", "/sign-in/signup", "/account/signup"):
        assert client.post(address, {"username": "x"}).status_code in (302, 404)
    assert "account_signup" not in {str(one.name) for one in _patterns()}


def _patterns() -> list[Any]:
    from kindzorg.web.sign_in.urls import urlpatterns

    return urlpatterns


# --- waiting -------------------------------------------------------------------------------------------------


def test_a_guesser_waits_and_the_right_password_does_not_help_then(mother: Person) -> None:
    thief = Person(mother.user, "203.0.113.9", password="")
    for _ in range(5):
        thief.signs_in("verkeerd")
    page = thief.signs_in().content.decode()
    assert "Dit ging te vaak mis. Wacht tot" in page
    assert SESSION_KEY not in thief.browser.session
    assert events().count("account.sign_in_failed") == 5


def test_a_guesser_does_not_keep_the_mother_out(mother: Person) -> None:
    """She signed in on her telephone before; then somebody guesses, also from her own network."""
    mother.signs_in()
    mother.browser.post(reverse("sign_out"))
    assert mother.browser.cookies["devices"]["httponly"]
    for address in ("192.0.2.1", "203.0.113.9"):
        thief = Person(mother.user, address, password="")
        for _ in range(5):
            thief.signs_in("verkeerd")
        assert "Wacht tot" in thief.signs_in().content.decode()
    assert mother.signs_in().status_code == 302
    assert SESSION_KEY in mother.browser.session


def test_a_forged_device_cookie_is_no_device(mother: Person) -> None:
    thief = Person(mother.user, "203.0.113.9", password="")
    thief.browser.cookies["devices"] = f'[["{mother.user.id}","x"]]'
    for _ in range(5):
        thief.signs_in("verkeerd")
    assert "Wacht tot" in thief.signs_in().content.decode()


def test_six_addresses_of_one_network_are_one(mother: Person) -> None:
    for number in range(6):
        thief = Person(mother.user, f"2001:db8::{number}", password="")
        page = thief.signs_in("verkeerd").content.decode()
    assert "Wacht tot" in page


# --- the second step -----------------------------------------------------------------------------------------


def test_a_professional_reaches_nothing_before_a_second_step_is_set_up(circle: Circle, nurse: Person) -> None:
    nurse.signs_in()
    for address in ("/start", start(circle), reverse("account"), reverse("account_email")):
        assert nurse.get(address).url.startswith(reverse("stronger")), address
    page = nurse.reads(f"{reverse('stronger')}?next={start(circle)}")
    assert "Eerst een tweede stap" in page and "Stel de app in" in page
    answer = nurse.ties_app()
    assert answer.url == reverse("mfa_view_recovery_codes")
    page = nurse.get(answer.url).content.decode()
    assert page.count("<code>") == 10
    assert "<code>" not in nurse.get(answer.url).content.decode()  # shown once
    assert nurse.get(reverse("onward")).url == start(circle)
    assert nurse.get(start(circle)).status_code == 200
    assert events(nurse.user) == ["account.signed_in", "account.factor_added", "account.confirmed"]
    assert list(SignIn.objects.order_by("created_at", "id").values_list("method", "level")) == [
        ("password", "low"),
        ("totp", "substantial"),
    ]


def test_the_secret_of_the_app_stands_encrypted(nurse: Person) -> None:
    nurse.signs_in()
    nurse.ties_app()
    assert nurse.secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def signed_in_with_app(person: Person) -> Person:
    person.signs_in()
    person.ties_app()
    person.browser.post(reverse("sign_out"))
    return person


def test_from_then_on_the_code_is_asked_at_the_door(circle: Circle, nurse: Person) -> None:
    signed_in_with_app(nurse)
    assert nurse.signs_in(next=start(circle)).url == reverse("mfa_authenticate")
    assert SESSION_KEY not in nurse.browser.session
    page = nurse.browser.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert "Deze code klopt niet" in page
    assert nurse.takes_second_step(1).url == start(circle)
    assert nurse.get(start(circle)).status_code == 200
    assert SignIn.objects.order_by("-created_at", "-id")[0].method == "totp"


def test_a_code_counts_once(nurse: Person) -> None:
    signed_in_with_app(nurse)
    nurse.signs_in()
    code = nurse.code(1)
    cache.clear()
    assert nurse.browser.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    other = Person(nurse.user, "203.0.113.9", password="")
    other.signs_in()
    page = other.browser.post(reverse("mfa_authenticate"), {"code": code}).content.decode()
    assert "Deze code klopt niet" in page


def test_a_code_on_paper_is_a_second_step_too_and_works_once(circle: Circle, nurse: Person) -> None:
    nurse.signs_in()
    nurse.ties_app()
    page = nurse.get(reverse("mfa_view_recovery_codes"))
    code = page.context["unused_codes"][0]
    for works in (True, False):
        nurse.browser.post(reverse("sign_out"))
        nurse.signs_in()
        answer = nurse.browser.post(reverse("mfa_authenticate"), {"code": code})
        assert (answer.status_code == 302) == works
    assert SignIn.objects.order_by("-created_at", "-id")[0].method == "recovery_code"


def test_a_second_step_goes_along_to_a_newer_key(nurse: Person, settings: Any) -> None:
    nurse.signs_in()
    nurse.ties_app()
    papers = nurse.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    Authenticator.objects.create(user=nurse.user, type="webauthn", data={"name": "telefoon"})
    old, told = settings.KINDZORG_ENCRYPTION_KEYS, []
    settings.KINDZORG_ENCRYPTION_KEYS = (new_key(), *old)
    assert rotate_keys(JOB, timezone.now(), lambda *what: told.append(what)) >= 2
    assert ("mfa.Authenticator", 3, 3) in told
    settings.KINDZORG_ENCRYPTION_KEYS = settings.KINDZORG_ENCRYPTION_KEYS[:1]
    assert renew_secrets(lambda *what: None) == 0
    nurse.browser.post(reverse("sign_out"))
    nurse.signs_in()
    assert nurse.takes_second_step(1).status_code == 302
    row = Authenticator.objects.get(user=nurse.user, type="recovery_codes")
    assert set(row.wrap().get_unused_codes()) == set(papers)
    settings.KINDZORG_ENCRYPTION_KEYS = (new_key(),)
    with pytest.raises(Unreadable):
        renew_secrets(lambda *what: None)


def test_codes_on_paper_from_elsewhere_go_along_too(nurse: Person, settings: Any) -> None:
    kept = {"migrated_codes": [encrypt(b"12345678"), encrypt(b"87654321")], "used_mask": 0}
    row = Authenticator.objects.create(user=nurse.user, type="recovery_codes", data=kept)
    settings.KINDZORG_ENCRYPTION_KEYS = (new_key(), *settings.KINDZORG_ENCRYPTION_KEYS)
    assert renew_secrets(lambda *what: None) == 1
    row.refresh_from_db()
    assert [decrypt(one) for one in row.data["migrated_codes"]] == [b"12345678", b"87654321"]
    assert all(is_newest(one) for one in row.data["migrated_codes"])


def test_after_five_wrong_codes_there_is_a_wait(nurse: Person) -> None:
    signed_in_with_app(nurse)
    nurse.signs_in()
    cache.clear()
    for _ in range(6):
        page = nurse.browser.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert "Wacht vijf minuten" in page


def test_a_second_step_may_go_and_then_a_professional_is_before_the_door_again(nurse: Person) -> None:
    nurse.signs_in()
    nurse.ties_app()
    assert nurse.browser.post(reverse("mfa_deactivate_totp")).url == reverse("mfa_index")
    assert events(nurse.user)[-1] == "account.factor_removed"
    nurse.browser.post(reverse("sign_out"))
    nurse.signs_in()
    assert nurse.get("/start").url.startswith(reverse("stronger"))


# --- more surely ---------------------------------------------------------------------------------------------


def needs_more(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let reading who is in the team need more than a password, as taking the file out does."""
    from kindzorg.access import policy
    from kindzorg.access.assurance import Assurance

    usual = policy.needed
    monkeypatch.setattr(
        policy,
        "needed",
        lambda hat, permission, floor: (
            Assurance.SUBSTANTIAL if permission == "team.read" else usual(hat, permission, floor)
        ),
    )
    return reverse("child_team", args=[circle.child_id])


def test_what_needs_more_asks_for_it_and_leads_back(
    circle: Circle, mother: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = needs_more(circle, monkeypatch)
    mother.signs_in()
    answer = mother.get(page)
    assert answer.url == f"{reverse('stronger')}?next={page.replace('/', '%2F')}&level=substantial"
    words = mother.reads(answer.url)
    assert "Laat zien dat u het bent" in words and "Voeg een passkey toe" in words
    assert AuditLine.objects.filter(outcome="refused", permission="team.read").count() == 1
    mother.ties_app()
    assert mother.get(reverse("onward")).url == page
    assert mother.get(page).status_code == 200


def test_who_has_an_app_types_its_code_and_is_back(
    circle: Circle, mother: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    mother.signs_in()
    mother.ties_app()
    # An hour later, at the door of another page, in a session that has shown only the password.
    session = mother.browser.session
    session["account_authentication_methods"] = session["account_authentication_methods"][:1]
    session.save()
    page = needs_more(circle, monkeypatch)
    words = mother.reads(page)
    assert "Met een code van de app" in words and "Stel de app in" not in words
    assert mother.again(1, reverse("onward")).url == reverse("onward")
    assert mother.get(reverse("onward")).url == page
    assert mother.get(page).status_code == 200
    assert events(mother.user)[-1] == "account.confirmed"


def test_a_stranger_is_not_asked_for_more(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the asking would say that the child is here."""
    page = needs_more(circle, monkeypatch)
    stranger = Person(circle.account("Iemand"))
    stranger.signs_in()
    assert stranger.get(page).status_code == 404


def test_the_installation_can_ask_more_of_families(circle: Circle, mother: Person, settings: Any) -> None:
    settings.KINDZORG_LEVELS = {"family": "substantial", "professional": "substantial"}
    mother.signs_in()
    assert mother.get("/start").url.startswith(reverse("stronger"))
    mother.ties_app()
    assert mother.get(start(circle)).status_code == 200


def test_the_demo_leaves_nothing_of_the_person_before(circle: Circle, settings: Any, nurse: Person) -> None:
    settings.KINDZORG_DEMO = True
    nurse.signs_in()
    nurse.browser.post(reverse("choose_person"), {"person": str(circle.users["mother"].id)})
    assert "account_authentication_methods" not in nurse.browser.session
    assert nurse.get(start(circle)).status_code == 200
    assert SignIn.objects.order_by("-created_at", "-id")[0].method == "demo"
