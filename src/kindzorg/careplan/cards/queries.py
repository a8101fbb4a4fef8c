"""The cards that were given away, and the one that belongs to a secret."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careplan.agreements.rules import AgreementState, Occasion
from kindzorg.careplan.cards.models import CardLink
from kindzorg.careplan.queries import what_if_for
from kindzorg.careplan.rules import AgreementView, PlanView
from kindzorg.core.errors import Missing
from kindzorg.people.calendars.rules import counted, secret_hash

OVER = frozenset({AgreementState.DECLINED, AgreementState.DONE, AgreementState.LAPSED})
FIRST = (Occasion.CRISIS, Occasion.WORSE)


def live(actor: Actor, subject: Subject, now: datetime) -> QuerySet[CardLink]:
    """The cards of a child that can be looked at now, for who may give one."""
    policy.require(actor, "card.share", subject, now.date())
    return CardLink.objects.filter(child_id=subject.child_id, revoked_at=None, ends_at__gt=now)


def cards_for(actor: Actor, subject: Subject, now: datetime) -> Sequence[CardLink]:
    """The cards that were given away and hold now, newest first, for who may take them back. One statement."""
    return list(live(actor, subject, now).select_related("made_by").order_by("-created_at", "-id"))


def card_at(actor: Actor, secret: str, now: datetime) -> CardLink:
    """The card at this secret, with its maker; for the door. One statement.

    Raises Missing for unknown, over and taken back alike, Invalid ("calendar_too_often", with `until`).
    """
    policy.require(actor, "card.open", None, now.date())
    rows = CardLink.objects.filter(secret_hash=secret_hash(secret), revoked_at=None, ends_at__gt=now)
    link = rows.filter(made_by__is_active=True, child__died_on=None).select_related("made_by").first()
    if link is None:
        raise Missing("no_such_card")
    counted(link.counted_from, link.counted, now)
    return link


def what_if(actor: Actor, subject: Subject, on: date) -> tuple[PlanView | None, Sequence[AgreementView]]:
    """The plan in force, and of it what was agreed for when it gets worse or in a crisis; the crisis first.
    Two statements."""
    plan = what_if_for(actor, subject, on) if policy.may(actor, "plan.read", subject, on) else None
    if plan is None:
        return None, ()
    held = [one for one in plan.loose if one.state not in OVER]
    return plan, sorted(held, key=lambda one: FIRST.index(one.content.occasion))  # type: ignore[arg-type]
