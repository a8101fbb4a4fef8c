"""Recording and ending authority, what a court forbids, what was assessed, and what the child put in writing."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.authority.queries import known_of
from kindzorg.careteam.authority.rules import (
    NewAuthority,
    NewCapacity,
    NewRestriction,
    check_authority_row,
    check_capacity,
    check_restriction,
    check_wish,
    may_confirm,
)
from kindzorg.careteam.models import (
    Capacity,
    CourtRestriction,
    Grant,
    Membership,
    ParentalAuthority,
    Wish,
)
from kindzorg.careteam.representation.actions import let_representatives_in
from kindzorg.careteam.rules import Known, WishKind, grant_end_corrected, wishes_key
from kindzorg.core.errors import Invalid, Missing
from kindzorg.people.models import Child, Relative


def _of_child(subject: Subject, now: datetime) -> dict[str, object]:
    owner_id = Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id)
    return {"child_id": subject.child_id, "owner_id": owner_id, "created_at": now}


def _relative(subject: Subject, relative_id: UUID) -> Relative:
    row = Relative.objects.filter(child_id=subject.child_id, id=relative_id).first()
    if row is None:
        raise Missing("relative_not_found", child_id=subject.child_id)
    return row


@transaction.atomic
def record_authority(actor: Actor, subject: Subject, new: NewAuthority, now: datetime) -> ParentalAuthority:
    """Record that a relative holds authority, and how that is known. Raises Invalid, Missing.

    Not being in the register of authority is no proof of having none (BW 1:251b): `source` says what was seen.
    """
    leave = policy.require(actor, "authority.change", subject, now.date())
    check_authority_row(new, now.date())
    row = ParentalAuthority.objects.create(
        **_of_child(subject, now),
        relative=_relative(subject, new.relative_id),
        organisation_id=new.organisation_id,
        kind=new.kind,
        source=new.source.strip(),
        checked_on=new.checked_on,
        starts=now.date(),
    )
    about = {"leave": leave, "object_kind": "relative", "object_id": new.relative_id}
    write_line(actor, "authority.recorded", Kind.CREATE, subject, now, **about)
    return row


def _authority(subject: Subject, authority_id: UUID, on: date) -> ParentalAuthority:
    rows = ParentalAuthority.objects.select_for_update().filter(child_id=subject.child_id, id=authority_id)
    row = rows.first()
    if row is None or (row.until is not None and row.until <= on):
        raise Missing("authority_not_found", child_id=subject.child_id)
    return row


@transaction.atomic
def check_authority(
    actor: Actor, subject: Subject, authority_id: UUID, source: str, now: datetime
) -> ParentalAuthority:
    """Somebody looked today whether this authority still holds, and where. Raises Invalid, Missing."""
    leave = policy.require(actor, "authority.change", subject, now.date())
    if not source.strip():
        raise Invalid("authority_without_source", fields=("source",))
    row = _authority(subject, authority_id, now.date())
    row.checked_on, row.source = now.date(), source.strip()
    row.save(update_fields=["checked_on", "source"])
    about = {"leave": leave, "object_kind": "relative", "object_id": row.relative_id}
    write_line(actor, "authority.checked", Kind.UPDATE, subject, now, **about)
    return row


@transaction.atomic
def end_authority(
    actor: Actor, subject: Subject, authority_id: UUID, why: str, now: datetime
) -> ParentalAuthority:
    """The authority ended, from today. What it opened closes with it. Raises Invalid, Missing."""
    leave = policy.require(actor, "authority.change", subject, now.date())
    if not why.strip():
        raise Invalid("ended_without_reason", fields=("why",))
    row = _authority(subject, authority_id, now.date())
    row.until, row.ended_why = now.date(), why.strip()
    row.save(update_fields=["until", "ended_why"])
    about = {"leave": leave, "object_kind": "relative", "object_id": row.relative_id}
    write_line(actor, "authority.ended", Kind.UPDATE, subject, now, **about)
    return row


@transaction.atomic
def record_restriction(
    actor: Actor, subject: Subject, new: NewRestriction, now: datetime
) -> CourtRestriction:
    """Record what a court forbids a relative. It holds from now on, whatever grant he has. Raises Invalid, Missing.

    Who may not see is shut out by policy, query and database, which all read this row: no grant is touched, so that
    all is as before on the day that the restriction ends.
    """
    leave = policy.require(actor, "restriction.change", subject, now.date())
    check_restriction(new, now.date())
    row = CourtRestriction.objects.create(
        **_of_child(subject, now),
        relative=_relative(subject, new.relative_id),
        kind=new.kind,
        source=new.source.strip(),
        recorded_by_id=actor.id,
        recorded_by=actor.name,
        starts=now.date(),
        until=new.until,
    )
    about = {"leave": leave, "object_kind": "restriction", "object_id": row.id}
    write_line(actor, "restriction.recorded", Kind.CREATE, subject, now, **about)
    return row


def _restriction(subject: Subject, restriction_id: UUID, on: date) -> CourtRestriction:
    rows = CourtRestriction.objects.select_for_update().filter(child_id=subject.child_id, id=restriction_id)
    row = rows.first()
    if row is None or (row.until is not None and row.until <= on):
        raise Missing("restriction_not_found", child_id=subject.child_id)
    return row


@transaction.atomic
def confirm_restriction(
    actor: Actor, subject: Subject, restriction_id: UUID, now: datetime
) -> CourtRestriction:
    """A second professional saw the source too. Raises Invalid for who recorded it, Missing."""
    leave = policy.require(actor, "restriction.change", subject, now.date())
    row = _restriction(subject, restriction_id, now.date())
    if not may_confirm(row.recorded_by_id, actor.id, row.confirmed_by_id):
        raise Invalid("second_one_needed")
    row.confirmed_by_id, row.confirmed_by, row.confirmed_on = actor.id, actor.name, now.date()
    row.save(update_fields=["confirmed_by_id", "confirmed_by", "confirmed_on"])
    about = {"leave": leave, "object_kind": "restriction", "object_id": row.id}
    write_line(actor, "restriction.confirmed", Kind.UPDATE, subject, now, **about)
    return row


@transaction.atomic
def end_restriction(
    actor: Actor, subject: Subject, restriction_id: UUID, why: str, now: datetime
) -> CourtRestriction:
    """The restriction ended, from today: what the relative's grants open is open again. Raises Invalid, Missing."""
    leave = policy.require(actor, "restriction.change", subject, now.date())
    if not why.strip():
        raise Invalid("ended_without_reason", fields=("why",))
    row = _restriction(subject, restriction_id, now.date())
    row.until, row.ended_why = now.date(), why.strip()
    row.save(update_fields=["until", "ended_why"])
    about = {"leave": leave, "object_kind": "restriction", "object_id": row.id}
    write_line(actor, "restriction.ended", Kind.UPDATE, subject, now, **about)
    return row


@transaction.atomic
def assess_capacity(actor: Actor, subject: Subject, new: NewCapacity, now: datetime) -> Capacity:
    """A doctor assessed whether the child can weigh its own interests; the parents' access follows. Raises Invalid.

    The last assessment counts until its day of review; then the child decides again, unless it is assessed anew.
    """
    leave = policy.require(actor, "capacity.assess", subject, now.date())
    before = known_of(actor, subject, now.date())
    check_capacity(new, before.birth_date, now.date())
    row = Capacity.objects.create(
        **_of_child(subject, now),
        can_decide=new.can_decide,
        reason=new.reason.strip(),
        assessed_by_id=actor.id,
        assessed_by=actor.name,
        organisation=actor.organisation,
        starts=now.date(),
        until=new.until,
    )
    about = {"leave": leave, "object_kind": "capacity", "object_id": row.id}
    write_line(actor, "capacity.assessed", Kind.CREATE, subject, now, **about)
    end_anew(actor, subject, before, "capacity.assess", now)
    return row


@transaction.atomic
def end_anew(actor: Actor, subject: Subject, before: Known, permission: str, now: datetime) -> None:
    """Let the grants of the holders of authority end by what is known now, and those of representatives begin and end;
    `before` is what was known until now.

    `permission` is that of the change from which it follows.
    """
    leave = policy.require(actor, permission, subject, now.date())
    after = known_of(actor, subject, now.date())
    if before == after:
        return
    holders = Membership.objects.filter(child_id=subject.child_id, role=Role.AUTHORITY_HOLDER)
    agreed = dict(holders.order_by("created_at", "id").values_list("relative__user_id", "until"))
    grants = Grant.objects.select_for_update().filter(
        scope=Scope.CHILD, scope_id=subject.child_id, role=Role.AUTHORITY_HOLDER
    )
    for grant in grants:
        until = grant_end_corrected(grant.until, agreed.get(grant.user_id), before, after)
        if until != grant.until:
            grant.until = until
            grant.save(update_fields=["until"])
            about = {"leave": leave, "object_kind": "grant", "object_id": grant.id, "role": grant.role}
            write_line(actor, "grant.end_moved", Kind.UPDATE, subject, now, **about)
    let_representatives_in(actor, subject, permission, now)


@transaction.atomic
def write_wish(actor: Actor, subject: Subject, kind: WishKind, words: str, now: datetime) -> Wish:
    """The child puts something in writing; it takes the place of an earlier wish of that kind. Raises Invalid."""
    leave = policy.require(actor, "wish.write", subject, now.date())
    check_wish(kind, words, subject.birth_date, now.date())
    _take_back(subject, kind, now)
    row = Wish.objects.create(
        **_of_child(subject, now),
        kind=kind,
        words=words.strip(),
        written_by_id=actor.id,
        starts=now.date(),
    )
    about = {"leave": leave, "object_kind": "wish", "object_id": wishes_key(subject.child_id)}
    write_line(actor, "wish.written", Kind.CREATE, subject, now, **about)
    return row


@transaction.atomic
def withdraw_wish(actor: Actor, subject: Subject, kind: WishKind, now: datetime) -> None:
    """The child takes a wish back. Raises Missing when there is none."""
    leave = policy.require(actor, "wish.write", subject, now.date())
    if not _take_back(subject, kind, now):
        raise Missing("wish_not_found", child_id=subject.child_id)
    about = {"leave": leave, "object_kind": "wish", "object_id": wishes_key(subject.child_id)}
    write_line(actor, "wish.withdrawn", Kind.UPDATE, subject, now, **about)


def _take_back(subject: Subject, kind: WishKind, now: datetime) -> int:
    return Wish.objects.filter(child_id=subject.child_id, kind=kind, until__isnull=True).update(
        until=now.date()
    )
