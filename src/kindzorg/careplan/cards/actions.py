"""Giving a card away, taking it back, and what is written down when somebody looks at it."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.cards.models import CardLink
from kindzorg.careplan.cards.queries import live
from kindzorg.careplan.cards.rules import HOW_LONG, NewCard, check_card, tells
from kindzorg.core.errors import Missing
from kindzorg.notices.actions import tell
from kindzorg.people.calendars.rules import counted, secret_hash
from kindzorg.people.models import Child


@transaction.atomic
def give_card(actor: Actor, subject: Subject, new: NewCard, now: datetime) -> str:
    """Let whoever holds the card look at it without signing in; gives back its secret, which is never kept.

    The child's account, when it is another than who gives, is told. Raises Invalid (`check_card`).
    """
    leave = policy.require(actor, "card.share", subject, now.date())
    child = Child.objects.select_for_update().get(id=subject.child_id)
    check_card(new, len(live(actor, subject, now)))
    secret = secrets.token_urlsafe(32)
    link = CardLink.objects.create(
        child_id=child.id,
        owner_id=child.owner_id,
        made_by_id=actor.id,
        level=actor.assurance,
        label=new.label.strip(),
        secret_hash=secret_hash(secret),
        ends_at=now + HOW_LONG[new.lasting],
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "card_link", "object_id": link.id}
    write_line(actor, "card.shared", Kind.CREATE, subject, now, **about)
    age = subject.age(now.date())
    if child.user_id and child.user_id != actor.id and age is not None and age >= 12:
        tell(actor, subject, "card.shared", [child.user_id], link.id, now)
    return secret


@transaction.atomic
def end_card(actor: Actor, subject: Subject, link_id: UUID, now: datetime) -> None:
    """Take a card back: its square code shows nothing from now on. Raises Missing."""
    leave = policy.require(actor, "card.share", subject, now.date())
    if not live(actor, subject, now).filter(id=link_id).update(revoked_at=now, revoked_by=actor.name):
        raise Missing("no_such_card", child_id=subject.child_id)
    about = {"leave": leave, "object_kind": "card_link", "object_id": link_id}
    write_line(actor, "card.ended", Kind.UPDATE, subject, now, **about)


@transaction.atomic
def open_card(
    actor: Actor, subject: Subject, link: CardLink, family: Iterable[UUID], address: str, now: datetime
) -> None:
    """Somebody who holds the card looks at it, by the right of its maker (`actor`): a line under the card's own name.

    `family` are told, at most once an hour. Raises Refused when the maker may not give cards any more, Invalid.
    """
    leave = policy.require(actor, "card.share", subject, now.date())
    since, times = counted(link.counted_from, link.counted, now)
    CardLink.objects.filter(id=link.id).update(
        opened=F("opened") + 1, last_opened_at=now, counted_from=since, counted=times
    )
    holder = Actor(link.id, link.label, on_behalf_of=actor.name, access_point=address)
    about = {"leave": leave, "object_kind": "card_link", "object_id": link.id}
    write_line(holder, "card.opened", Kind.READ, subject, now, **about)
    if tells(link.last_opened_at, now):
        tell(actor, subject, "card.opened", family, link.id, now)
