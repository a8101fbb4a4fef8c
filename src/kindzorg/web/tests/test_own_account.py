"""One's own account: one hat at a time, devices, the password, the e-mail address, and mails about it."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ

from kindzorg.access.roles import Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.actions import grant_access
from kindzorg.careteam.tests.world import JOB
from kindzorg.people.models import User
from kindzorg.referral.tests.world import Circle
from kindzorg.web.sign_in import mail as account_mail
from kindzorg.web.sign_in.devices import device_words
from kindzorg.web.sign_in.passwords import GoodPassword, problems
from kindzorg.web.tests.signing import PASSWORD, Person, events

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def real(settings: Any) -> None:
    """Outside the demo, with a cache that begins empty and a mail server."""
    settings.KINDZORG_DEMO = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.KINDZORG_ADDRESS = "http://testserver"
    cache.clear()


@pytest.fixture
def mother(circle: Circle) -> Person:
    user = User.objects.get(id=circle.users["mother"].id)
    user.email = "samira@example.org"
    return Person(user)


@pytest.fixture
def nurse(circle: Circle) -> Person:
    return Person(User.objects.get(id=circle.users["nurse"].id))


def start(circle: Circle) -> str:
    return reverse("child_start", args=[circle.child_id])


# --- one hat at a time ---------------------------------------------------------------------------------------


@pytest.fixture
def both(circle: Circle, nurse: Person) -> Person:
    """The nurse is also the mother of another child."""
    own = circle.another_child()
    grant_access(JOB, nurse.user.id, Role.AUTHORITY_HOLDER, Scope.CHILD, own.child_id, circle.moment)
    nurse.own = own
    nurse.signs_in()
    nurse.ties_app()
    return nurse


def test_who_is_both_chooses_and_never_mixes(circle: Circle, both: Person) -> None:
    theirs, own = start(circle), reverse("child_start", args=[both.own.child_id])
    assert both.get(theirs).url.startswith(reverse("hat"))
    page = both.reads(theirs)
    assert "Voor mijn werk" in page and "Voor mijn eigen gezin" in page
    both.reads(f"{reverse('hat')}?next={own}")
    assert both.browser.post(reverse("hat"), {"hat": "family"}).url == reverse("onward")
    assert both.get(reverse("onward")).url == own
    assert both.get(own).status_code == 200
    assert both.get(theirs).status_code == 404
    line = AuditLine.objects.filter(event="child.start_read").order_by("-id").first()
    assert (line.actor_role, line.organisation) == ("authority_holder", "")
    page = both.get(own).content.decode()
    assert "Voor uw gezin" in page and reverse("hat") in page
    both.browser.post(reverse("hat"), {"hat": "professional"})
    assert both.get(theirs).status_code == 200
    line = AuditLine.objects.filter(event="child.start_read").order_by("-id").first()
    assert line.actor_role == "level5_nurse" and line.organisation
    assert events(both.user)[-1] == "account.hat_changed"


def test_with_the_hat_of_the_family_the_second_step_is_still_asked(circle: Circle, both: Person) -> None:
    session = both.browser.session
    session["account_authentication_methods"] = session["account_authentication_methods"][:1]
    session["hat"] = "family"
    session.save()
    assert both.get("/start").url.startswith(reverse("stronger"))


def test_nobody_takes_a_hat_that_is_not_theirs(mother: Person) -> None:
    mother.signs_in()
    mother.browser.post(reverse("hat"), {"hat": "professional"})
    assert mother.browser.session.get("hat") is None
    assert "kz-hat" not in mother.get(reverse("account")).content.decode()


# --- the own account -----------------------------------------------------------------------------------------


def test_out_everywhere_else(circle: Circle, mother: Person) -> None:
    mother.signs_in()
    tablet = Person(mother.user, "198.51.100.7", password="")
    tablet.signs_in()
    page = mother.get(reverse("usersessions_list")).content.decode()
    assert page.count("Chrome op Android") == 2 and "Overal anders uitloggen" in page
    mother.browser.post(reverse("usersessions_list"))
    assert tablet.get(start(circle)).status_code == 302
    assert mother.get(start(circle)).status_code == 200
    assert events(mother.user)[-1] == "account.signed_out_elsewhere"


def test_a_new_password_ends_the_other_sessions(circle: Circle, mother: Person) -> None:
    mother.signs_in()
    tablet = Person(mother.user, "198.51.100.7", password="")
    tablet.signs_in()
    new = "een heel ander wachtwoord"
    page = mother.browser.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "kort"}
    )
    assert "Te kort: gebruik minstens 12 tekens." in page.content.decode()
    answer = mother.browser.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new}
    )
    assert answer.url == reverse("account")
    assert tablet.get(start(circle)).status_code == 302
    assert mother.get(start(circle)).status_code == 200
    assert events(mother.user)[-1] == "account.password_changed"
    assert tablet.signs_in(new).status_code == 302


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
            "Safari op iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge op Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko Firefox/140.0", "Firefox op Linux"),
        ("curl/8.0", "Onbekend apparaat"),
        ("", "Onbekend apparaat"),
    ],
)
def test_a_device_in_words(agent: str, words: str) -> None:
    from django.utils.translation import override

    with override("nl"):
        assert device_words(agent) == words


# --- a password that was forgotten ---------------------------------------------------------------------------


def confirmed(person: Person) -> Person:
    """Whose address was confirmed before."""
    EmailAddress.objects.create(user=person.user, email=person.user.email, verified=True, primary=True)
    return person


def delivered() -> list[Any]:
    """What the worker mails when it takes what is in the queue."""
    for task in OrmQ.objects.order_by("id"):
        name, args = task.task["func"], task.task["args"]
        assert name == account_mail.SENDS
        assert "http" not in str(args)  # the queue holds no link
        account_mail.send(*args)
    OrmQ.objects.all().delete()
    return mail.outbox


def asks_reset(email: str) -> Any:
    return Client(REMOTE_ADDR="192.0.2.1").post(reverse("account_reset_password"), {"email": email})


def test_a_link_by_mail_leads_to_a_new_password_once(circle: Circle, mother: Person) -> None:
    confirmed(mother)
    answer = asks_reset("Samira@example.org")
    assert answer.url == reverse("account_reset_password_done")
    letter = delivered()[0]
    assert letter.to == ["samira@example.org"]
    assert "Kies een nieuw wachtwoord" in letter.subject
    assert not [
        word for word in ("kind", "zorgplan", "Yusuf") if word in letter.body.lower().replace("kindzorg", "")
    ]
    link = re.search(r"http://testserver(\S+)", letter.body)[1]
    browser = Client()
    address = browser.get(link).url
    assert "set-password" in address  # the key has left the address bar
    page = browser.post(address, {"password1": "123456789012"}).content.decode()
    assert "Te makkelijk te raden" in page and "Fout: " in page
    assert browser.post(address, {"password1": "een heel ander wachtwoord"}).url == reverse("home")
    assert browser.get(start(circle)).status_code == 200
    assert events(mother.user)[-2:] == ["account.signed_in", "account.password_changed"]
    assert "Deze link werkt niet meer" in Client().get(link).content.decode()
    assert delivered()[-1].subject == "Er is iets veranderd aan uw inlog"
    assert "http" not in delivered()[-1].body


@pytest.mark.parametrize("email", ["niemand@example.org", "samira@example.org"])
def test_an_unknown_and_an_unconfirmed_address_get_the_same_page_and_no_mail(
    mother: Person, email: str
) -> None:
    """A typing error at the invitation must not hand the account to the owner of the wrong address."""
    answer = asks_reset(email)
    assert answer.url == reverse("account_reset_password_done")
    assert "Kijk in uw mail" in Client().get(answer.url).content.decode()
    assert delivered() == []


def test_asking_again_at_once_sends_no_second_mail_and_refuses_nobody(mother: Person) -> None:
    confirmed(mother)
    for _ in range(8):
        assert asks_reset("samira@example.org").status_code == 302
    assert len(delivered()) == 1
    cache.clear()
    asks_reset("samira@example.org")
    assert len(delivered()) == 2


def test_the_second_step_is_asked_after_a_reset_too(mother: Person) -> None:
    mother.signs_in()
    mother.ties_app()
    link = account_mail.reset_link(User.objects.get(id=mother.user.id)).removeprefix("http://testserver")
    browser = Client()
    address = browser.get(link).url
    answer = browser.post(address, {"password1": "een heel ander wachtwoord"})
    assert answer.url == reverse("mfa_authenticate")


def test_a_mail_server_that_is_away_is_tried_again_by_the_queue(mother: Person, monkeypatch: Any) -> None:
    def away(self: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", away)
    with pytest.raises(ConnectionRefusedError):
        account_mail.send("reset", str(mother.user.id))


def test_an_account_that_is_closed_or_has_no_address_gets_no_mail(mother: Person) -> None:
    User.objects.filter(id=mother.user.id).update(email="")
    assert account_mail.send("reset", str(mother.user.id)) == "nobody to send to"
    assert account_mail.send("confirm", str(mother.user.id), "weg@example.org") == "nobody to send to"
    User.objects.filter(id=mother.user.id).update(email="samira@example.org", is_active=False)
    assert account_mail.send("reset", str(mother.user.id)) == "nobody to send to"
    account_mail.enqueue("account/email/password_reset_key", "", mother.user)
    account_mail.enqueue("account/email/password_reset_key", "x@example.org", None)
    assert OrmQ.objects.count() == 0 and mail.outbox == []


def test_in_the_language_of_who_reads_it(mother: Person) -> None:
    for language, subject in (("en", "Choose a new password"), ("fr", "Kies een nieuw wachtwoord")):
        User.objects.filter(id=mother.user.id).update(language=language)
        account_mail.send("reset", str(mother.user.id))
        assert mail.outbox[-1].subject == subject


# --- the e-mail address --------------------------------------------------------------------------------------


def test_an_address_counts_when_it_was_confirmed(mother: Person) -> None:
    mother.signs_in()
    page = mother.get(reverse("account_email")).content.decode()
    assert "Nog niet bevestigd" in page and "samira@example.org" in page
    mother.browser.post(reverse("account_email"), {"action_send": "1", "email": "samira@example.org"})
    letter = delivered()[0]
    assert letter.subject == "Is dit uw e-mailadres?"
    link = re.search(r"http://testserver(\S+)", letter.body)[1]
    assert "Ja, dit is van mij" in Client().get(link).content.decode()
    Client().post(link)
    assert EmailAddress.objects.get().verified
    assert (
        "Uw adres is <strong>samira@example.org</strong>"
        in mother.get(reverse("account_email")).content.decode()
    )
    assert "Deze link werkt niet meer" in Client().get("/sign-in/confirm/onzin/").content.decode()


def test_another_address_replaces_the_old_one_when_it_was_confirmed(mother: Person) -> None:
    confirmed(mother).signs_in()
    address = reverse("account_email")
    assert mother.browser.post(address, {"action_add": "1", "email": "geen adres"}).status_code == 200
    mother.browser.post(address, {"action_add": "1", "email": "nieuw@example.org"})
    assert events(mother.user)[-1] == "account.email_asked"
    assert User.objects.get(id=mother.user.id).email == "samira@example.org"
    letter = delivered()[-1]
    assert letter.to == ["nieuw@example.org"]
    mother.browser.post(re.search(r"http://testserver(\S+)", letter.body)[1])
    assert User.objects.get(id=mother.user.id).email == "nieuw@example.org"


def test_an_address_of_somebody_else_is_never_taken_and_nobody_is_told(
    circle: Circle, mother: Person
) -> None:
    father = circle.account("Vader", "vader@example.org")
    EmailAddress.objects.create(user=father, email="vader@example.org", verified=True, primary=True)
    confirmed(mother).signs_in()
    answer = mother.browser.post(reverse("account_email"), {"action_add": "1", "email": "vader@example.org"})
    assert answer.status_code == 302
    assert delivered() == []
    assert EmailAddress.objects.get(email="vader@example.org", verified=True).user_id == father.id


# --- what a good password is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("vier gewone woorden hier", ""),
        ("correcthorsebattery", ""),
        ("Kastanje-boom", ""),
        ("kort", "Too short"),
        ("elf tekens!", "Too short"),
        ("", "Too short"),
        ("aaaaaaaaaaaa", "Too easy"),
        ("abababababab", "Too easy"),
        ("123456789012", "Too easy"),
        ("qwertyuiopas", "Too easy"),
        ("abcdefghijkl", "Too easy"),
        ("liverpool123", "Many people"),
        ("samira van huis", "Your own name"),
        ("x" * 201, "Too long"),
    ],
)
def test_what_is_said_of_a_password(password: str, says: str) -> None:
    from django.utils.translation import override

    with override("en"):
        said = problems(password, ("Samira Haddad", "samira", "samira@example.org"))
    assert (says in said[0]) if says else said == []


def test_it_is_said_while_it_is_typed_and_kept_nowhere(mother: Person) -> None:
    def says(person: Client, words: str) -> str:
        return person.post(reverse("password_strength"), {"password1": words}).content.decode()

    nobody = Client()
    assert "Te kort" in says(nobody, "kort")
    assert "Een goed wachtwoord" in says(nobody, "kastanje boom")
    assert "Een sterk wachtwoord" in says(nobody, "kastanjes in de herfst")
    assert says(nobody, "").strip() == ""
    assert nobody.get(reverse("password_strength")).status_code == 405
    mother.signs_in()
    assert "Uw eigen naam" in says(mother.browser, f"{mother.user.name} en nog iets")
    with pytest.raises(ValidationError):
        GoodPassword().validate("kort")
