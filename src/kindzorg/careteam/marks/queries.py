"""Reading marks: professionals read all, a child its own."""

from collections.abc import Sequence
from datetime import date

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.marks.rules import MarkView, state_of
from kindzorg.careteam.models import Mark
from kindzorg.careteam.rules import HidesFrom


def view_of(actor: Actor, row: Mark, on: date) -> MarkView:
    """A stored mark as the rules know it. `actor` has been let in by who calls."""
    sure = row.by_child or row.confirmed_by_id is not None
    return MarkView(
        id=row.id,
        object_id=row.object_id,
        hides_from=HidesFrom(row.hides_from),
        state=state_of(sure=sure, lifted=bool(row.lifted_by), until=row.until, on=on),
        by=row.by,
        by_id=row.by_id,
        by_child=row.by_child,
        reason=row.reason,
        confirmed_by=row.confirmed_by,
        until=row.until,
    )


def marks_for(actor: Actor, subject: Subject, on: date) -> Sequence[MarkView]:
    """The marks that this reader may know of, the newest first; empty for who may not mark. One statement at most."""
    rows = Mark.objects.filter(child_id=subject.child_id).order_by("-created_at", "-id")
    if policy.may(actor, "mark.set_own", subject, on):
        rows = rows.filter(by_child=True, by_id=actor.id)
    elif not policy.may(actor, "mark.set", subject, on):
        return []
    return [view_of(actor, row, on) for row in rows]
