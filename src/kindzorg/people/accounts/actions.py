"""Opening accounts, and what is written down of signing in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q

from kindzorg.access import policy
from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.core.errors import Invalid
from kindzorg.core.languages import NAMES
from kindzorg.people.accounts.rules import EXPLANATION, KEPT, LARGEST, REMEMBERED, Attempt, Method
from kindzorg.people.actions import register_user
from kindzorg.people.models import KeptForm, SignIn, SignInFailure, SignInKey, User


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account as somebody was invited to it. Without an e-mail address the user name is what one types."""

    name: str
    email: str = ""
    password: str = ""
    language: str = "nl"
    username: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """How somebody came in, or showed more surely who they are."""

    method: Method
    level: Assurance
    provider: str = ""
    acr: str = ""


@transaction.atomic
def open_account(actor: Actor, new: NewAccount, now: datetime) -> User:
    """Make an account for somebody who was invited. Raises Invalid for a name or an address that is in use."""
    policy.require(actor, "account.keep", None, now.date())
    email = new.email.strip().lower()
    username = (new.username or email).strip()
    if not username:
        raise Invalid("username_missing", fields=("username",))
    if email and User.objects.filter(email__iexact=email).exists():
        raise Invalid("email_in_use", fields=("email",))
    if User.objects.filter(username__iexact=username).exists():
        raise Invalid("username_in_use", fields=("username",))
    user = register_user(actor, username, new.name, now, language=new.language)
    user.email = email
    if new.password:
        user.set_password(new.password)
    user.save(update_fields=["email", "password"])
    return user


@transaction.atomic
def prepare_key(actor: Actor, user_id: UUID, provider: str, value: str, now: datetime) -> SignInKey:
    """Say by what a provider of OpenID Connect knows the owner of an account. Raises Invalid when it is taken."""
    leave = policy.require(actor, "account.keep", None, now.date())
    if SignInKey.objects.filter(provider=provider, value=value).exists():
        raise Invalid("key_in_use", fields=("value",))
    key = SignInKey.objects.create(user_id=user_id, provider=provider, value=value, created_at=now)
    about = {"leave": leave, "object_kind": "user", "object_id": user_id, "provider": provider}
    write_line(actor, "account.prepared", Kind.UPDATE, None, now, **about)
    return key


@transaction.atomic
def note_sign_in(actor: Actor, who: Actor, event: str, entry: Entry, now: datetime) -> SignIn:
    """Write down that somebody signed in (`account.signed_in`) or showed more surely who they are."""
    leave = policy.require(actor, "account.keep", None, now.date())
    row = SignIn.objects.create(
        user_id=who.id,
        provider=entry.provider,
        method=entry.method,
        acr=entry.acr[:200],
        level=entry.level,
        created_at=now,
    )
    about = {"object_kind": "user", "object_id": who.id, "method": entry.method, "level": entry.level}
    write_line(who, event, Kind.EXECUTE, None, now, leave=leave, **about, provider=entry.provider)
    return row


@transaction.atomic
def note_failure(
    actor: Actor, attempt: Attempt | None, user_id: UUID | None, why: str, now: datetime
) -> None:
    """Write down that signing in went wrong, and forget what is older than an hour.

    Whose account was meant stands in the trail; what was typed nowhere. Without an `attempt` nobody has to wait.
    """
    leave = policy.require(actor, "account.keep", None, now.date())
    SignInFailure.objects.filter(created_at__lt=now - REMEMBERED).delete()
    if attempt:
        SignInFailure.objects.create(
            account=attempt.account, address=attempt.address, device=attempt.device, created_at=now
        )
    about = {"object_kind": "user", "object_id": user_id} if user_id else {}
    write_line(actor, "account.sign_in_failed", Kind.EXECUTE, None, now, leave=leave, why=why, **about)


@transaction.atomic
def note_account(actor: Actor, who: Actor, event: str, now: datetime, **about: str) -> None:
    """Write down what somebody did with the own account: signed out, added a second step, changed the password."""
    leave = policy.require(actor, "account.keep", None, now.date())
    write_line(who, event, Kind.UPDATE, None, now, leave=leave, object_kind="user", object_id=who.id, **about)


@transaction.atomic
def choose_language(actor: Actor, who: Actor, language: str, now: datetime) -> None:
    """The language of somebody's pages, mails and papers from now on. Raises Invalid for one that there is not."""
    leave = policy.require(actor, "account.keep", None, now.date())
    if language not in NAMES:
        raise Invalid("language_unknown", fields=("language",))
    if not User.objects.filter(id=who.id).exclude(language=language).update(language=language):
        return
    about = {"object_kind": "user", "object_id": who.id, "language": language}
    write_line(who, "account.language_chosen", Kind.UPDATE, None, now, leave=leave, **about)


@transaction.atomic
def close_explanation(actor: Actor, who: Actor, key: str, now: datetime) -> None:
    """Somebody knows this now: it is not shown by itself again, on any device. Raises Invalid for what is no key."""
    leave = policy.require(actor, "account.keep", None, now.date())
    if not EXPLANATION.fullmatch(key):
        raise Invalid("explanation_unknown", fields=("key",))
    user = User.objects.select_for_update().get(id=who.id)
    if key in user.explained.split():
        return
    user.explained = f"{user.explained} {key}".strip()
    user.save(update_fields=["explained"])
    about = {"object_kind": "user", "object_id": who.id, "explanation": key}
    write_line(who, "account.explanation_closed", Kind.UPDATE, None, now, leave=leave, **about)


@transaction.atomic
def open_explanations(actor: Actor, who: Actor, now: datetime) -> None:
    """Somebody wants to be told everything once more."""
    leave = policy.require(actor, "account.keep", None, now.date())
    if not User.objects.filter(id=who.id).exclude(explained="").update(explained=""):
        return
    about = {"object_kind": "user", "object_id": who.id}
    write_line(who, "account.explanations_opened", Kind.UPDATE, None, now, leave=leave, **about)


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody was typing: on which page, where it was sent (empty: not yet), and each field with its values."""

    page: str
    action: str
    fields: dict[str, list[str]]


@transaction.atomic
def keep_form(actor: Actor, user_id: UUID, typed: Typed, now: datetime) -> KeptForm | None:
    """Keep what somebody was typing for when the same person signs in again; None for more than can be kept, and
    where that account is gone.

    One for each page: what is typed there later replaces it. What is older than a day goes.
    """
    leave = policy.require(actor, "account.keep", None, now.date())
    if sum(len(value) for values in typed.fields.values() for value in values) > LARGEST:
        return None
    if not User.objects.filter(id=user_id).exists():
        return None
    KeptForm.objects.filter(Q(created_at__lt=now - KEPT) | Q(user_id=user_id, page=typed.page[:500])).delete()
    row = KeptForm.objects.create(
        user_id=user_id,
        page=typed.page[:500],
        action=typed.action[:500],
        fields=typed.fields,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "user", "object_id": user_id}
    write_line(actor, "account.form_kept", Kind.CREATE, None, now, **about)
    return row


@transaction.atomic
def drop_form(actor: Actor, user_id: UUID, form_id: UUID, now: datetime) -> None:
    """Throw away what was kept for this account: it has been used, or is not wanted any more."""
    leave = policy.require(actor, "account.keep", None, now.date())
    KeptForm.objects.filter(user_id=user_id, id=form_id).delete()
    about = {"leave": leave, "object_kind": "user", "object_id": user_id}
    write_line(actor, "account.form_dropped", Kind.DELETE, None, now, **about)


@transaction.atomic
def forget_factors(actor: Actor, user_id: UUID, now: datetime) -> None:
    """Take away every second step of an account whose owner has lost them all; a new one is asked at once."""
    leave = policy.require(actor, "account.keep", None, now.date())
    Authenticator.objects.filter(user_id=user_id).delete()
    about = {"leave": leave, "object_kind": "user", "object_id": user_id}
    write_line(actor, "account.factors_forgotten", Kind.DELETE, None, now, **about)
