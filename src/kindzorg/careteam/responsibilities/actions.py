"""Writing down who answers for what, and ending it. A row is ended and another begun, never rewritten."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.models import Membership, Responsibility
from kindzorg.careteam.queries import in_force
from kindzorg.careteam.responsibilities.rules import NewResponsibility, ResponsibilityKind, check
from kindzorg.core.errors import Conflict, Missing
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.people.models import Child


@transaction.atomic
def set_responsibility(
    actor: Actor, subject: Subject, new: NewResponsibility, now: datetime
) -> Responsibility:
    """Write down who answers for a domain, or a line in it; what stood there before ends with it.

    Raises Invalid, Missing (the person is not in the team, the line has gone), and Conflict where somebody else was
    written down in the meantime: `theirs` is that name.
    """
    leave = policy.require(actor, "team.change", subject, now.date(), new.domain)
    check(new)
    child = Child.objects.select_for_update().get(id=subject.child_id)
    _end_former(subject, new, now)
    row = Responsibility.objects.create(
        child_id=child.id,
        owner_id=child.owner_id,
        domain=new.domain,
        kind=new.kind,
        member_id=new.member_id,
        who=_name(subject, new, now),
        what=new.what.strip(),
        how=new.how.strip(),
        by=actor.name,
        by_id=actor.id,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "responsibility", "object_id": row.id}
    write_line(actor, "responsibility.set", Kind.CREATE, subject, now, **about)
    return row


def _end_former(subject: Subject, new: NewResponsibility, now: datetime) -> None:
    standing = Responsibility.objects.filter(child_id=subject.child_id, domain=new.domain, until=None)
    if new.kind == ResponsibilityKind.DOMAIN:
        former = standing.filter(kind=new.kind).first()
        if (former.id if former else None) != new.instead_of:
            raise Conflict("responsibility_changed", theirs=former.who if former else "", mine=new.what)
    elif new.instead_of is None:
        return
    else:
        former = standing.filter(kind=new.kind, id=new.instead_of).first()
        if former is None:
            raise Missing("no_such_responsibility", child_id=subject.child_id)
    if former is not None:
        _end(former, now)


def _end(row: Responsibility, now: datetime) -> None:
    row.until = now.date()
    row.save(update_fields=["until"])


def _name(subject: Subject, new: NewResponsibility, now: datetime) -> str:
    if new.member_id is None:
        return new.who.strip()
    inside = Membership.objects.filter(in_force(now.date()), child_id=subject.child_id, id=new.member_id)
    member = inside.select_related("professional", "relative", "organisation").first()
    if member is None:
        raise Missing("no_such_member", child_id=subject.child_id)
    return str(member.professional or member.relative or member.organisation)


@transaction.atomic
def end_responsibility(actor: Actor, subject: Subject, row_id: UUID, now: datetime) -> Responsibility:
    """A row ends today. Raises Missing for one that has ended, or that is in a domain closed to the actor."""
    leave = policy.require(actor, "team.change", subject, now.date())
    rows = Responsibility.objects.filter(child_id=subject.child_id, until=None)
    row = rows.filter(id=row_id, domain__in=_domains(actor, subject, now)).first()
    if row is None:
        raise Missing("no_such_responsibility", child_id=subject.child_id)
    _end(row, now)
    about = {"leave": leave, "object_kind": "responsibility", "object_id": row.id}
    write_line(actor, "responsibility.ended", Kind.UPDATE, subject, now, **about)
    return row


def _domains(actor: Actor, subject: Subject, now: datetime) -> frozenset[LifeDomain]:
    return policy.may_domains(actor, "team.change", subject, now.date())
