"""Reading the directory of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.people.models import Child, Professional, Relative, User

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """An account to choose from: whose it is, and the child or the organisation by whom it is known."""

    user_id: UUID
    username: str
    name: str
    child: Child | None = None
    professional: Professional | None = None


def choices_for(actor: Actor, on: date) -> Sequence[Choice]:
    """Accounts of children, relatives and professionals in the order of entry, at most `SHOWN` of each.

    Three statements, whatever the size of the country.
    """
    policy.require(actor, "directory.change", None, on)
    children = [(one.user, one, None) for one in _active(Child.objects.select_related("user"))]
    relatives = [
        (one.user, one.child, None) for one in _active(Relative.objects.select_related("user", "child"))
    ]
    workers = [
        (one.user, None, one)
        for one in _active(Professional.objects.select_related("user", "organisation__region"))
    ]
    return [
        Choice(user.id, user.username, user.name, child, professional)
        for user, child, professional in (*children, *relatives, *workers)
        if user
    ]


def _active(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(user__is_active=True).order_by("id")[:SHOWN]


def account_for(actor: Actor, user_id: UUID, on: date) -> User | None:
    """The account, if it may still be used."""
    policy.require(actor, "directory.change", None, on)
    return User.objects.filter(id=user_id, is_active=True).first()
