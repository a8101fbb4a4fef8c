"""Marking an entry, confirming that as the second one, and lifting it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.marks.queries import view_of
from kindzorg.careteam.marks.rules import (
    PROVISIONAL,
    MarkState,
    NewMark,
    check_mark,
    check_own_mark,
    marks_key,
    may_confirm,
)
from kindzorg.careteam.models import Mark
from kindzorg.core.errors import Invalid, Missing
from kindzorg.people.models import Child


@transaction.atomic
def mark_own(actor: Actor, subject: Subject, new: NewMark, now: datetime) -> Mark:
    """A child from 12 keeps what is its own from its parents, at once and without a reason. Raises Invalid."""
    leave = policy.require(actor, "mark.set_own", subject, now.date())
    check_own_mark(new, actor.id)
    row = _mark(actor, subject, new, now, by_child=True)
    about = {"leave": leave, "object_kind": "mark", "object_id": marks_key(subject.child_id)}
    write_line(actor, "mark.set", Kind.CREATE, subject, now, **about)
    return row


@transaction.atomic
def mark_entry(actor: Actor, subject: Subject, new: NewMark, now: datetime) -> Mark:
    """A professional keeps an entry from parents or child; it lapses unless a second one confirms. Raises Invalid."""
    leave = policy.require(actor, "mark.set", subject, now.date())
    check_mark(new)
    row = _mark(actor, subject, new, now, by_child=False)
    about = {"leave": leave, "object_kind": "mark", "object_id": marks_key(subject.child_id)}
    write_line(actor, "mark.set", Kind.CREATE, subject, now, **about)
    return row


def _mark(actor: Actor, subject: Subject, new: NewMark, now: datetime, *, by_child: bool) -> Mark:
    owner_id = Child.objects.select_for_update().values_list("owner_id", flat=True).get(id=subject.child_id)
    same = {"object_id": new.object_id, "hides_from": new.hides_from}
    before = Mark.objects.filter(child_id=subject.child_id, **same, lifted_by="")
    if any(view_of(actor, one, now.date()).state != MarkState.LAPSED for one in before):
        raise Invalid("marked_already")
    return Mark.objects.create(
        child_id=subject.child_id,
        owner_id=owner_id,
        created_at=now,
        ground=new.ground,
        object_kind=new.object_kind,
        by_child=by_child,
        reason=new.reason.strip(),
        by_id=actor.id,
        by=actor.name,
        starts=now.date(),
        until=None if by_child else now.date() + PROVISIONAL,
        **same,
    )


def _of_child(subject: Subject, mark_id: UUID) -> Mark:
    row = Mark.objects.select_for_update().filter(child_id=subject.child_id, id=mark_id, lifted_by="").first()
    if row is None:
        raise Missing("mark_not_found", child_id=subject.child_id)
    return row


@transaction.atomic
def confirm_mark(actor: Actor, subject: Subject, mark_id: UUID, now: datetime) -> Mark:
    """The second professional agrees: the mark goes on holding. Raises Missing, Invalid for who set it or too late."""
    leave = policy.require(actor, "mark.set", subject, now.date())
    row = _of_child(subject, mark_id)
    if not may_confirm(row.by_id, actor.id, view_of(actor, row, now.date()).state):
        raise Invalid("second_one_needed")
    row.confirmed_by_id, row.confirmed_by, row.confirmed_on = actor.id, actor.name, now.date()
    row.until = None
    row.save(update_fields=["confirmed_by_id", "confirmed_by", "confirmed_on", "until"])
    about = {"leave": leave, "object_kind": "mark", "object_id": marks_key(subject.child_id)}
    write_line(actor, "mark.confirmed", Kind.UPDATE, subject, now, **about)
    return row


@transaction.atomic
def lift_mark(actor: Actor, subject: Subject, mark_id: UUID, now: datetime) -> Mark:
    """The entry shows again: a professional's mark by any who may mark. Raises Missing, also for a child's own."""
    leave = policy.require(actor, "mark.set", subject, now.date())
    row = _of_child(subject, mark_id)
    if row.by_child:
        raise Missing("mark_not_found", child_id=subject.child_id)
    _lift(actor, row, now)
    about = {"leave": leave, "object_kind": "mark", "object_id": marks_key(subject.child_id)}
    write_line(actor, "mark.lifted", Kind.UPDATE, subject, now, **about)
    return row


@transaction.atomic
def lift_own(actor: Actor, subject: Subject, mark_id: UUID, now: datetime) -> Mark:
    """The child lets its parents read the entry again. Raises Missing for a mark of somebody else."""
    leave = policy.require(actor, "mark.set_own", subject, now.date())
    row = _of_child(subject, mark_id)
    if not (row.by_child and row.by_id == actor.id):
        raise Missing("mark_not_found", child_id=subject.child_id)
    _lift(actor, row, now)
    about = {"leave": leave, "object_kind": "mark", "object_id": marks_key(subject.child_id)}
    write_line(actor, "mark.lifted", Kind.UPDATE, subject, now, **about)
    return row


def _lift(actor: Actor, row: Mark, now: datetime) -> None:
    row.lifted_by, row.until = actor.name, now.date()
    row.save(update_fields=["lifted_by", "until"])
