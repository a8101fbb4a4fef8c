"""Who of the family needs an interpreter, for everybody who plans with them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.spoken.rules import SpokenView, view_of
from kindzorg.core.errors import Missing
from kindzorg.core.statements import Later
from kindzorg.core.vocabulary import Truth
from kindzorg.people.models import Relative


def interpreters_for(actor: Actor, subject: Subject, on: date) -> Sequence[SpokenView]:
    """Of whom it is said that an interpreter is needed; nothing for who may not see the team. One statement."""
    return interpreters_later(actor, subject, on).now()


def interpreters_later(actor: Actor, subject: Subject, on: date) -> Later[Sequence[SpokenView]]:
    """The same, not asked for yet."""
    if not policy.may(actor, "team.read", subject, on):
        return Later((), lambda: ())
    rows = Relative.objects.filter(child_id=subject.child_id, interpreter=Truth.YES)
    return Later((rows.order_by("created_at", "id"),), lambda found: [view_of(one) for one in found])


def spoken_of(actor: Actor, subject: Subject, relative_id: UUID, on: date) -> tuple[SpokenView, bool]:
    """What is known of one relative, and whether the actor is that relative. Raises Missing when there is none."""
    policy.require(actor, "team.read", subject, on)
    row = Relative.objects.filter(child_id=subject.child_id, id=relative_id).first()
    if row is None:
        raise Missing("no_such_relative", child_id=subject.child_id)
    return view_of(row), row.user_id == actor.id
