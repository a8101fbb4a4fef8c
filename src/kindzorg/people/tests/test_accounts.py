"""Opening accounts, who has to wait, and what is written down of signing in."""

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, connection, transaction

from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.queries import actor_for
from kindzorg.careteam.tests.world import JOB, NOW, TODAY, World
from kindzorg.core.errors import Invalid, Refused
from kindzorg.core.vocabulary import Audience
from kindzorg.people.accounts import actions, queries
from kindzorg.people.accounts.actions import Entry, NewAccount, Typed
from kindzorg.people.accounts.rules import KEPT, LARGEST, REMEMBERED, Attempt, Method
from kindzorg.people.actions import give_child_account
from kindzorg.people.models import Child, KeptForm, SignIn, SignInFailure, User

STRANGER = Actor(uuid4(), "Somebody")
pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def account(email: str = "samira@example.org", **more: str) -> User:
    return actions.open_account(JOB, NewAccount("Samira", email, **more), NOW)


def newest() -> AuditLine:
    return AuditLine.objects.order_by("-id").first()


# --- opening -------------------------------------------------------------------------------------------------


def test_an_account_has_an_address_a_name_and_a_password_that_only_its_owner_knows() -> None:
    user = account(" Samira@Example.org ", password="vier gewone woorden")
    assert (user.username, user.email, user.name) == ("samira@example.org", "samira@example.org", "Samira")
    assert user.check_password("vier gewone woorden") and user.password.startswith("argon2")
    line = newest()
    assert (line.event, line.object_id) == ("account.registered", user.id)
    assert "samira@" not in str(line.detail)


def test_an_account_without_address_or_password() -> None:
    user = account("", username="yusuf")
    assert (user.username, user.email, user.has_usable_password()) == ("yusuf", "", False)


@pytest.mark.parametrize(
    ("email", "username", "code"),
    [("SAMIRA@example.org", "", "email_in_use"), ("", "Samira@example.org", "username_in_use"),
     ("", "", "username_missing"), ("", "  ", "username_missing")],
)  # fmt: skip
def test_an_address_and_a_name_belong_to_one_account(email: str, username: str, code: str) -> None:
    account()
    with pytest.raises(Invalid) as caught:
        account(email, username=username)
    assert caught.value.code == code
    assert User.objects.count() == 1


def test_only_the_door_touches_accounts(world: World) -> None:
    user, attempt = account(), Attempt("a", "b")
    entry, typed = Entry(Method.PASSWORD, Assurance.LOW), Typed("/", "", {})
    for somebody in (STRANGER, world.nurse):
        for refused in (
            lambda: actions.open_account(somebody, NewAccount("A", "a@b.nl"), NOW),  # noqa: B023
            lambda: actions.prepare_key(somebody, user.id, "hospital", "1", NOW),  # noqa: B023
            lambda: actions.note_sign_in(somebody, somebody, "account.signed_in", entry, NOW),  # noqa: B023
            lambda: actions.note_failure(somebody, attempt, None, "password", NOW),  # noqa: B023
            lambda: actions.note_account(somebody, somebody, "account.signed_out", NOW),  # noqa: B023
            lambda: actions.choose_language(somebody, somebody, "ar", NOW),  # noqa: B023
            lambda: actions.keep_form(somebody, user.id, typed, NOW),  # noqa: B023
            lambda: actions.drop_form(somebody, user.id, uuid4(), NOW),  # noqa: B023
            lambda: actions.forget_factors(somebody, user.id, NOW),  # noqa: B023
            lambda: queries.account_named(somebody, "samira", TODAY),  # noqa: B023
            lambda: queries.account_by_key(somebody, "hospital", "1", TODAY),  # noqa: B023
            lambda: queries.professional_by_email(somebody, "a@b.nl", TODAY),  # noqa: B023
            lambda: queries.is_professional(somebody, user.id, TODAY),  # noqa: B023
            lambda: queries.waits_until(somebody, attempt, NOW),  # noqa: B023
            lambda: queries.account_with_address(somebody, user.id, "", TODAY),  # noqa: B023
            lambda: queries.confirmed_accounts(somebody, "a@b.nl", TODAY),  # noqa: B023
            lambda: queries.spoken_to(somebody, user.id, TODAY),  # noqa: B023
            lambda: queries.kept_forms(somebody, user.id, NOW),  # noqa: B023
        ):
            with pytest.raises(Refused):
                refused()


# --- finding -------------------------------------------------------------------------------------------------


def test_an_account_is_found_by_name_or_address_whatever_the_capitals() -> None:
    user = account(username="samira")
    assert queries.account_named(JOB, "SAMIRA", TODAY) == user
    assert queries.account_named(JOB, "samira@EXAMPLE.org", TODAY) == user
    assert queries.account_named(JOB, "iemand", TODAY) is None


def test_two_accounts_with_one_address_are_none() -> None:
    account(username="samira")
    User.objects.create(username="other", email="samira@example.org", name="Other", created_at=NOW)
    assert queries.account_named(JOB, "samira@example.org", TODAY) is None


def test_a_prepared_key_finds_its_account_at_its_own_provider_only() -> None:
    user = account()
    actions.prepare_key(JOB, user.id, "hospital", "12345", NOW)
    assert (newest().event, newest().object_id) == ("account.prepared", user.id)
    assert queries.account_by_key(JOB, "hospital", "12345", TODAY) == user
    assert queries.account_by_key(JOB, "elsewhere", "12345", TODAY) is None
    with pytest.raises(Invalid):
        actions.prepare_key(JOB, account("other@example.org").id, "hospital", "12345", NOW)
    User.objects.filter(id=user.id).update(is_active=False)
    assert queries.account_by_key(JOB, "hospital", "12345", TODAY) is None


def test_a_provider_finds_a_professional_by_address_and_never_a_parent(world: World) -> None:
    User.objects.filter(id=world.nurse_account.id).update(email="marit@thuis.example")
    account("samira@thuis.example")
    assert queries.professional_by_email(JOB, "Marit@thuis.example", TODAY) == world.nurse_account
    assert queries.professional_by_email(JOB, "samira@thuis.example", TODAY) is None
    assert queries.is_professional(JOB, world.nurse_account.id, TODAY)
    assert not queries.is_professional(JOB, account().id, TODAY)


def test_a_reset_goes_only_to_an_address_that_was_confirmed() -> None:
    user = account()
    assert queries.confirmed_accounts(JOB, user.email, TODAY) == []
    address = EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    assert queries.confirmed_accounts(JOB, "SAMIRA@example.org", TODAY) == [user]
    assert queries.account_with_address(JOB, user.id, user.email, TODAY) == (user, address)
    assert queries.account_with_address(JOB, user.id, "", TODAY) == (user, None)
    User.objects.filter(id=user.id).update(is_active=False)
    assert queries.confirmed_accounts(JOB, user.email, TODAY) == []
    assert queries.account_with_address(JOB, user.id, "", TODAY) == (None, None)


def test_a_child_is_spoken_to_as_a_child_until_its_16th_birthday(world: World) -> None:
    assert queries.spoken_to(JOB, world.nurse_account.id, TODAY) == Audience.PROFESSIONAL
    assert queries.spoken_to(JOB, account().id, TODAY) == Audience.PARENT
    for born, reader in (
        (TODAY.replace(year=TODAY.year - 15), Audience.CHILD),
        (TODAY.replace(year=TODAY.year - 16), Audience.PARENT),
        (None, Audience.CHILD),
    ):
        subject, own = world.child(born), world.account("Kind")
        give_child_account(world.nurse, subject, own.id, NOW)
        assert Child.objects.get(id=subject.child_id).changed_at == NOW
        assert queries.spoken_to(JOB, own.id, TODAY) == reader


# --- waiting -------------------------------------------------------------------------------------------------


def fail(attempt: Attempt, times: int) -> None:
    for _ in range(times):
        actions.note_failure(JOB, attempt, None, "password", NOW)


def waits(attempt: Attempt) -> bool:
    return queries.waits_until(JOB, attempt, NOW) is not None


def test_a_guesser_waits_at_one_address_and_for_all_accounts_of_many() -> None:
    fail(Attempt("mother", "cafe"), 4)
    assert not waits(Attempt("mother", "cafe"))
    fail(Attempt("mother", "cafe"), 1)
    assert waits(Attempt("mother", "cafe"))
    assert not waits(Attempt("mother", "home")) and not waits(Attempt("father", "cafe"))
    for number in range(25):
        fail(Attempt(f"account {number}", "cafe"), 1)
    assert waits(Attempt("father", "cafe"))


def test_nobody_elsewhere_keeps_a_mother_out_of_her_own_device() -> None:
    """The whole world guesses at her account, also from her own address: her device goes on."""
    for number in range(60):
        fail(Attempt("mother", f"address {number}"), 1)
    fail(Attempt("mother", "home"), 40)
    assert waits(Attempt("mother", "somewhere new"))
    assert waits(Attempt("mother", "home"))
    assert not waits(Attempt("mother", "home", "her telephone"))


def test_a_stolen_device_cannot_guess_for_ever_and_slows_down_nobody_else() -> None:
    fail(Attempt("mother", "cafe", "telephone"), 10)
    assert waits(Attempt("mother", "elsewhere", "telephone"))
    assert not waits(Attempt("mother", "cafe")) and not waits(Attempt("mother", "cafe", "tablet"))


def test_failures_are_forgotten_after_an_hour() -> None:
    fail(Attempt("mother", "cafe"), 8)
    later = NOW + REMEMBERED + timedelta(seconds=1)
    assert queries.waits_until(JOB, Attempt("mother", "cafe"), later) is None
    actions.note_failure(JOB, Attempt("father", "cafe"), None, "password", later)
    assert SignInFailure.objects.count() == 1


def test_a_failure_stands_in_the_trail_without_what_was_typed() -> None:
    user = account()
    actions.note_failure(JOB, Attempt("a", "b"), user.id, "password", NOW)
    assert (newest().event, newest().object_id, newest().detail) == (
        "account.sign_in_failed",
        user.id,
        {"why": "password"},
    )
    actions.note_failure(JOB, None, None, "unknown_name", NOW)
    assert (newest().object_id, newest().actor_id) == (None, JOB.id)
    assert SignInFailure.objects.count() == 1


# --- what is kept --------------------------------------------------------------------------------------------


def test_each_sign_in_is_kept_with_its_level_and_cannot_be_changed() -> None:
    user = account()
    who = actor_for(user, assurance=Assurance.SUBSTANTIAL)
    entry = Entry(Method.OPENID, Assurance.SUBSTANTIAL, "hospital", "urn:two")
    row = actions.note_sign_in(JOB, who, "account.signed_in", entry, NOW)
    assert (row.user_id, row.provider, row.acr, row.level) == (user.id, "hospital", "urn:two", "substantial")
    line = newest()
    assert (line.actor_id, line.event) == (user.id, "account.signed_in")
    assert line.detail == {"method": "openid", "level": "substantial", "provider": "hospital"}
    for change in (
        lambda: SignIn.objects.update(level="high"),
        lambda: SignIn.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_language_stays_with_the_account() -> None:
    user = account()
    actions.choose_language(JOB, actor_for(user), "ar", NOW)
    assert User.objects.get(id=user.id).language == "ar"
    line = newest()
    assert (line.actor_id, line.event, line.detail) == (
        user.id,
        "account.language_chosen",
        {"language": "ar"},
    )
    actions.choose_language(JOB, actor_for(user), "ar", NOW)
    assert newest().id == line.id
    with pytest.raises(Invalid, match="language_unknown"):
        actions.choose_language(JOB, actor_for(user), "tlh", NOW)


def test_what_somebody_did_with_the_own_account_stands_in_the_trail() -> None:
    user = account()
    actions.note_account(JOB, actor_for(user), "account.factor_added", NOW, factor="totp")
    assert (newest().actor_id, newest().event, newest().detail) == (
        user.id,
        "account.factor_added",
        {"factor": "totp"},
    )


def test_what_was_typed_is_kept_for_its_typist_encrypted_and_for_a_day() -> None:
    mother, father = account(), account("vader@example.org")
    typed = Typed("/children/x/report", "/children/x/report", {"words": ["Zij sliep slecht"]})
    row = actions.keep_form(JOB, mother.id, typed, NOW)
    assert queries.kept_forms(JOB, mother.id, NOW)[0].fields == {"words": ["Zij sliep slecht"]}
    assert queries.kept_forms(JOB, father.id, NOW) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT fields FROM people_keptform")
        assert "sliep" not in str(cursor.fetchone())
    assert "sliep" not in str(newest().detail)
    assert queries.kept_forms(JOB, mother.id, NOW + KEPT) == []
    # Somebody else cannot throw it away.
    actions.drop_form(JOB, father.id, row.id, NOW)
    assert KeptForm.objects.count() == 1
    actions.drop_form(JOB, mother.id, row.id, NOW)
    assert KeptForm.objects.count() == 0


def test_what_is_typed_later_on_the_same_page_replaces_it_and_too_much_is_not_kept() -> None:
    mother = account()
    for words in ("eerst", "later"):
        actions.keep_form(JOB, mother.id, Typed("/a", "", {"words": [words]}), NOW)
    actions.keep_form(JOB, mother.id, Typed("/b", "", {"words": ["elders"]}), NOW)
    assert [row.fields["words"] for row in queries.kept_forms(JOB, mother.id, NOW)] == [["elders"], ["later"]]
    assert actions.keep_form(JOB, mother.id, Typed("/c", "", {"words": ["x" * (LARGEST + 1)]}), NOW) is None
    assert actions.keep_form(JOB, uuid4(), Typed("/c", "", {}), NOW) is None, "an account that is gone"
    actions.keep_form(JOB, mother.id, Typed("/d", "", {}), NOW + KEPT + timedelta(1))
    assert KeptForm.objects.count() == 1


def test_who_lost_all_second_steps_begins_again_with_one() -> None:
    user = account()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    actions.forget_factors(JOB, user.id, NOW)
    assert not Authenticator.objects.filter(user=user).exists()
    assert (newest().event, newest().object_id) == ("account.factors_forgotten", user.id)


def test_an_explanation_that_is_known_stays_closed_until_all_are_asked_for_again() -> None:
    user = account()
    for key in ("goal", "start", "goal"):
        actions.close_explanation(JOB, actor_for(user), key, NOW)
    assert User.objects.get(id=user.id).explained == "goal start"
    line = newest()
    assert (line.actor_id, line.event) == (user.id, "account.explanation_closed")
    assert line.detail == {"explanation": "start"}
    for wrong in ("", "two words", "x" * 41):
        with pytest.raises(Invalid, match="explanation_unknown"):
            actions.close_explanation(JOB, actor_for(user), wrong, NOW)
    actions.open_explanations(JOB, actor_for(user), NOW)
    assert User.objects.get(id=user.id).explained == ""
    assert newest().event == "account.explanations_opened"
    actions.open_explanations(JOB, actor_for(user), NOW)
    assert AuditLine.objects.filter(event="account.explanations_opened").count() == 1
