"""Recording, checking and ending who represents the grown child; and what that leaves of who is let in."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.authority.queries import known_of
from kindzorg.careteam.models import Grant, Membership, Representation
from kindzorg.careteam.representation.rules import (
    NewRepresentation,
    begins,
    check_representation,
    ends,
    over,
)
from kindzorg.core.errors import Invalid, Missing
from kindzorg.people.models import Child, Relative


@transaction.atomic
def record_representation(
    actor: Actor, subject: Subject, new: NewRepresentation, now: datetime
) -> Representation:
    """Record who represents the child from its 18th birthday. Who has an account is let in from that day.

    Raises Invalid, also for who is recorded already, Missing for nobody of this child.
    """
    leave = policy.require(actor, "authority.change", subject, now.date())
    check_representation(new, subject.birth_date, now.date())
    relative = Relative.objects.filter(child_id=subject.child_id, id=new.relative_id).first()
    if relative is None:
        raise Missing("relative_not_found", child_id=subject.child_id)
    if any(not over(one, now.date()) for one in relative.representations.all()):
        raise Invalid("representation_recorded_already", fields=("relative",))
    row = Representation.objects.create(
        child_id=subject.child_id,
        owner_id=Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id),
        relative=relative,
        kind=new.kind,
        source=new.source.strip(),
        checked_on=new.checked_on,
        starts=begins(subject.birth_date or now.date(), now.date()),
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "relative", "object_id": relative.id}
    write_line(actor, "representation.recorded", Kind.CREATE, subject, now, **about)
    let_representatives_in(actor, subject, "authority.change", now)
    return row


@transaction.atomic
def check_representation_again(
    actor: Actor, subject: Subject, representation_id: UUID, source: str, now: datetime
) -> Representation:
    """Somebody looked today whether this one still represents the child, and where. Raises Invalid, Missing."""
    leave = policy.require(actor, "authority.change", subject, now.date())
    if not source.strip():
        raise Invalid("representation_without_source", fields=("source",))
    row = _row(subject, representation_id, now)
    row.checked_on, row.source = now.date(), source.strip()
    row.save(update_fields=["checked_on", "source"])
    about = {"leave": leave, "object_kind": "relative", "object_id": row.relative_id}
    write_line(actor, "representation.checked", Kind.UPDATE, subject, now, **about)
    return row


@transaction.atomic
def end_representation(
    actor: Actor, subject: Subject, representation_id: UUID, why: str, now: datetime
) -> Representation:
    """This one represents the child no longer, from today; who stands next by law does from now on.

    Raises Invalid, Missing.
    """
    leave = policy.require(actor, "authority.change", subject, now.date())
    if not why.strip():
        raise Invalid("ended_without_reason", fields=("why",))
    row = _row(subject, representation_id, now)
    row.until, row.ended_why = now.date(), why.strip()
    row.save(update_fields=["until", "ended_why"])
    about = {"leave": leave, "object_kind": "relative", "object_id": row.relative_id}
    write_line(actor, "representation.ended", Kind.UPDATE, subject, now, **about)
    let_representatives_in(actor, subject, "authority.change", now)
    return row


def _row(subject: Subject, representation_id: UUID, now: datetime) -> Representation:
    rows = Representation.objects.select_for_update().filter(child_id=subject.child_id, id=representation_id)
    row = rows.first()
    if row is None or over(row, now.date()):
        raise Missing("representation_not_found", child_id=subject.child_id)
    return row


@transaction.atomic
def let_representatives_in(actor: Actor, subject: Subject, permission: str, now: datetime) -> None:
    """Let each representative in from and until the day that follows from what is known now; the line of each change.

    `permission` is that of the change from which it follows. Of somebody who was recorded twice the last counts.
    """
    leave = policy.require(actor, permission, subject, now.date())
    known = known_of(actor, subject, now.date())
    found = Representation.objects.filter(child_id=subject.child_id).select_related("relative")
    rows = list({one.relative_id: one for one in found.order_by("created_at", "id")}.values())
    for row in rows:
        starts = row.starts if known.birth_date is None else begins(known.birth_date, row.created_at.date())
        if starts != row.starts and not over(row, now.date()):
            row.starts = starts
            row.save(update_fields=["starts"])
    for row in rows:
        until = ends(row, rows, known, now.date())
        user_id = row.relative.user_id
        if user_id and _opened(row, user_id, until, now):
            about = {"leave": leave, "object_kind": "relative", "object_id": row.relative_id}
            write_line(actor, "representation.access_moved", Kind.UPDATE, subject, now, **about)


@transaction.atomic
def stop_representing(
    actor: Actor, subject: Subject, member: Membership, permission: str, now: datetime
) -> None:
    """Who left the team represents the child no longer; who stands next by law does from now on.

    `permission` is that by which somebody left. Of anybody else nothing changes.
    """
    leave = policy.require(actor, permission, subject, now.date())
    held = Representation.objects.filter(child_id=subject.child_id, relative=member.relative, until=None)
    if member.role == Role.REPRESENTATIVE and held.update(until=now.date()):
        about = {"leave": leave, "object_kind": "relative", "object_id": member.relative_id}
        write_line(actor, "representation.ended", Kind.UPDATE, subject, now, **about)
        let_representatives_in(actor, subject, permission, now)


def _opened(row: Representation, user_id: UUID, until: date | None, now: datetime) -> bool:
    """Set the grant and the part in the team of one representative; whether anything changed."""
    days = {"starts": row.starts, "until": until}
    part = Membership.objects.filter(
        child_id=row.child_id, relative_id=row.relative_id, role=Role.REPRESENTATIVE
    )
    right = Grant.objects.filter(
        user_id=user_id, scope=Scope.CHILD, scope_id=row.child_id, role=Role.REPRESENTATIVE
    )
    if part.exists() and right.exists():
        changed = right.exclude(**days).update(**days)
        return bool(part.exclude(**days).update(**days) or changed)
    given = {"role": Role.REPRESENTATIVE, "created_at": now, **days}
    Grant.objects.create(
        user_id=user_id, scope=Scope.CHILD, scope_id=row.child_id, opens_children=True, **given
    )
    Membership.objects.create(
        child_id=row.child_id, owner_id=row.owner_id, relative_id=row.relative_id, through=row.source, **given
    )
    return True
