"""Finding accounts at the door, before anybody is let in: only the door itself asks."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Q

from kindzorg.access import policy
from kindzorg.access.ages import age
from kindzorg.access.policy import Actor
from kindzorg.core.vocabulary import Audience
from kindzorg.people.accounts.rules import (
    ACCOUNT,
    ADDRESS,
    DEVICE,
    KEPT,
    PAIR,
    REMEMBERED,
    Attempt,
    longest_wait,
    wait_until,
)
from kindzorg.people.models import Child, KeptForm, Professional, SignInFailure, SignInKey, User


def account_named(actor: Actor, typed: str, on: date) -> User | None:
    """The account that somebody means by a user name or an e-mail address; None where it is none, or more than one."""
    policy.require(actor, "account.keep", None, on)
    found = list(User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed))[:2])
    return found[0] if len(found) == 1 else None


def account_by_key(actor: Actor, provider: str, value: str, on: date) -> User | None:
    """The account that was prepared for what a provider knows its owner by."""
    policy.require(actor, "account.keep", None, on)
    key = SignInKey.objects.filter(provider=provider, value=value, user__is_active=True)
    found = key.select_related("user").first()
    return found.user if found else None


def professional_by_email(actor: Actor, email: str, on: date) -> User | None:
    """The account of the professional with this e-mail address; None where there is none, or more than one."""
    policy.require(actor, "account.keep", None, on)
    rows = User.objects.filter(email__iexact=email, is_active=True, professionals__isnull=False)
    found = list(rows.distinct()[:2])
    return found[0] if len(found) == 1 else None


def is_professional(actor: Actor, user_id: UUID, on: date) -> bool:
    """Whether the account is of somebody who works somewhere, whatever else that person is."""
    policy.require(actor, "account.keep", None, on)
    return Professional.objects.filter(user_id=user_id).exists()


def waits_until(actor: Actor, attempt: Attempt, now: datetime) -> datetime | None:
    """Until when this attempt has to wait, after what went wrong before; None when it may be made now.

    A device that signed in to the account before waits for its own failures alone, so that nobody elsewhere can
    keep its owner out.
    """
    policy.require(actor, "account.keep", None, now.date())
    if attempt.device:
        own = _moments(now, account=attempt.account, device=attempt.device)
        return longest_wait([wait_until(own, DEVICE)], now)
    unknown = {"device": ""}
    waits = (
        wait_until(_moments(now, account=attempt.account, address=attempt.address, **unknown), PAIR),
        wait_until(_moments(now, address=attempt.address, **unknown), ADDRESS),
        wait_until(_moments(now, account=attempt.account, **unknown), ACCOUNT),
    )
    return longest_wait(waits, now)


def _moments(now: datetime, **which: str) -> Sequence[datetime]:
    rows = SignInFailure.objects.filter(created_at__gt=now - REMEMBERED, **which)
    return list(rows.values_list("created_at", flat=True))


def account_with_address(
    actor: Actor, user_id: UUID, email: str, on: date
) -> tuple[User | None, EmailAddress | None]:
    """An account that may be used, and one of its e-mail addresses; None for one that another account has."""
    policy.require(actor, "account.keep", None, on)
    user = User.objects.filter(id=user_id, is_active=True).first()
    taken = User.objects.filter(email__iexact=email).exclude(id=user_id).exists()
    own = EmailAddress.objects.filter(user_id=user_id, email__iexact=email)
    return user, own.first() if email and not taken else None


def confirmed_accounts(actor: Actor, email: str, on: date) -> Sequence[User]:
    """The accounts that may get a reset link at this address: it was confirmed, so no typing error hands one over."""
    policy.require(actor, "account.keep", None, on)
    rows = EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True)
    return [row.user for row in rows.select_related("user")]


def spoken_to(actor: Actor, user_id: UUID, on: date) -> Audience:
    """How the owner of an account is spoken to: a child until its 16th birthday as a child."""
    policy.require(actor, "account.keep", None, on)
    if Professional.objects.filter(user_id=user_id).exists():
        return Audience.PROFESSIONAL
    child = Child.objects.filter(user_id=user_id).first()
    young = child is not None and (child.birth_date is None or age(child.birth_date, on) < 16)
    return Audience.CHILD if young else Audience.PARENT


def kept_forms(actor: Actor, user_id: UUID, now: datetime) -> Sequence[KeptForm]:
    """What this account was typing when a session ended, newest first: nobody else's is ever looked at."""
    policy.require(actor, "account.keep", None, now.date())
    rows = KeptForm.objects.filter(user_id=user_id, created_at__gt=now - KEPT)
    return list(rows.order_by("-created_at", "-id")[:5])
