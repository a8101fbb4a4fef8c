"""Holding a file, lifting that, confirming that files may go, and letting them go."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.core.errors import Conflict, Invalid, Missing
from kindzorg.core.thawing import every_row
from kindzorg.core.walls import behind_wall
from kindzorg.keeping.models import DeletionOrder, HoldLifting, LegalHold
from kindzorg.keeping.removal import files_of, remove, rows_about
from kindzorg.keeping.retention import rules
from kindzorg.keeping.retention.queries import FINDER, files_due, holds_in_force, in_reach
from kindzorg.keeping.retention.rules import NewHold
from kindzorg.people.models import Child


def _in_reach(actor: Actor, child_id: UUID, now: datetime, *, lock: bool = False) -> Child:
    """The file, if the actor guards its term. Raises Missing for another's, as for none."""
    found = in_reach(actor, now.date()).filter(id=child_id)
    row = (found.select_for_update() if lock else found).first()
    if row is None:
        raise Missing("no_such_file", child_id=child_id)
    return row


def _subject(child: Child) -> Subject:
    return Subject(child.id, child.birth_date)


@transaction.atomic
def hold_file(actor: Actor, child_id: UUID, new: NewHold, now: datetime) -> LegalHold:
    """Keep a file beyond its term, until a day. Raises Missing, and Invalid for what is wrong with the hold."""
    leave = policy.require(actor, "retention.hold", None, now.date())
    if problem := rules.hold_problem(new, now.date()):
        raise Invalid(problem, fields=("reason" if problem == "reason_needed" else "until",))
    with behind_wall(FINDER.id, now.date(), system=True):
        child = _in_reach(actor, child_id, now, lock=True)
        row = LegalHold.objects.create(
            child_id=child.id,
            owner_id=child.owner_id,
            cause=new.cause,
            reason=new.reason.strip(),
            until=new.until,
            by_id=actor.id,
            by=actor.name,
            created_at=now,
        )
    about = {"leave": leave, "object_kind": "hold", "object_id": row.id, "cause": new.cause}
    write_line(actor, "retention.held", Kind.CREATE, _subject(child), now, **about)
    return row


@transaction.atomic
def lift_hold(actor: Actor, hold_id: UUID, reason: str, now: datetime) -> None:
    """Let a hold go before its day. Raises Missing, Invalid without a reason, Conflict when it is lifted already."""
    leave = policy.require(actor, "retention.hold", None, now.date())
    if not reason.strip():
        raise Invalid("reason_needed", fields=("reason",))
    with behind_wall(FINDER.id, now.date(), system=True):
        hold = LegalHold.objects.filter(id=hold_id).first()
        if hold is None:
            raise Missing("no_such_hold", hold_id=hold_id)
        child = _in_reach(actor, hold.child_id, now)
        if not holds_in_force(actor, now.date()).filter(id=hold_id).exists():
            raise Conflict("not_held")
        HoldLifting.objects.create(
            child_id=child.id,
            owner_id=child.owner_id,
            hold=hold,
            reason=reason.strip(),
            by_id=actor.id,
            by=actor.name,
            created_at=now,
        )
    about = {"leave": leave, "object_kind": "hold", "object_id": hold.id}
    write_line(actor, "retention.hold_lifted", Kind.UPDATE, _subject(child), now, **about)


@transaction.atomic
def confirm_deletion(actor: Actor, children: Sequence[UUID], now: datetime) -> int:
    """A person looked at this list and confirms that these files may go; gives back how many are new in it.

    Raises Conflict("not_due") when one of them may not: changed or held since the list was shown, or not in reach.
    """
    leave = policy.require(actor, "retention.confirm", None, now.date())
    due = {one.child_id: one for one in files_due(actor, now, children)} if children else {}
    if blocked := rules.blockers(due, children):
        raise Conflict("not_due", files=blocked)
    new = [due[one] for one in dict.fromkeys(children) if not due[one].confirmed_by]
    with behind_wall(FINDER.id, now.date(), system=True):
        for file in new:
            child = _in_reach(actor, file.child_id, now)
            row = DeletionOrder.objects.create(
                child_id=child.id, owner_id=child.owner_id, by_id=actor.id, by=actor.name, created_at=now
            )
            about = {"leave": leave, "object_kind": "deletion", "object_id": row.id}
            write_line(actor, "retention.confirmed", Kind.EXECUTE, _subject(child), now, **about)
    return len(new)


@transaction.atomic
def delete_file(actor: Actor, child_id: UUID, now: datetime) -> int:
    """Delete a file whose term is over and that somebody confirmed, with what was merged into it; gives back how many
    rows went. As the owner of the database.

    Raises Conflict("not_due") when it changed or is held since, Conflict("not_confirmed") when nobody confirmed it.
    The trail stays for its own term; one line without a name says that a file was deleted.
    """
    leave = policy.require(actor, "retention.delete", None, now.date())
    with every_row():
        # First, so that a hold is there before the term is looked at, or finds no file any more.
        list(Child.objects.select_for_update().filter(id=child_id))
        due = {one.child_id: one for one in files_due(actor, now, [child_id])}
        if rules.blockers(due, [child_id]):
            raise Conflict("not_due", files=(child_id,))
        if not due[child_id].confirmed_by:
            raise Conflict("not_confirmed", files=(child_id,))
        files = files_of(child_id)
        rows = rows_about(files)
        gone = remove(rows)
    about = {"leave": leave, "object_kind": "file", "rows": gone, "tables": len(rows), "files": len(files)}
    for one in files:
        write_line(actor, "file.destroyed", Kind.DELETE, Subject(one, None), now, object_id=one, **about)
    return gone
