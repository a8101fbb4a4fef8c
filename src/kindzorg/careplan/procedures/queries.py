"""Reading what is going to happen, and how the child wants it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careplan.procedures import models as tables
from kindzorg.careplan.procedures import rules
from kindzorg.careplan.procedures.rules import Moment, Procedure, Step, Wish, WishPart, WishReach
from kindzorg.core.errors import Missing
from kindzorg.core.statements import Later, together
from kindzorg.core.vocabulary import LifeDomain


def is_itself(actor: Actor, subject: Subject, on: date) -> bool:
    """Whether the actor is the child."""
    return policy.role_for(actor, subject, on) in (Role.CHILD, Role.YOUNG_PERSON)


def coming_procedures(actor: Actor, subject: Subject, on: date) -> Sequence[Procedure]:
    """What is still to happen, without steps and wishes. One statement."""
    policy.require(actor, "procedure.read", subject, on, LifeDomain.MEDICAL)
    return rules.first_then_next([_procedure(row) for row in _newest(_rows(subject))], on)


def procedures_for(actor: Actor, subject: Subject, on: date) -> Sequence[Procedure]:
    """Everything that is prepared, newest first. Two statements."""
    policy.require(actor, "procedure.read", subject, on, LifeDomain.MEDICAL)
    rows, wishes = _told(actor, subject, on)
    steps = _steps(actor, [row.id for row in rows])
    return [_procedure(row, steps[row.id], wishes[row.entry_id]) for row in rows]


def procedure_for(actor: Actor, subject: Subject, entry_id: UUID, on: date) -> Procedure:
    """One of them. Two statements. Raises Missing, also for one that was taken away."""
    for one in procedures_for(actor, subject, on):
        if one.entry_id == entry_id:
            return one
    raise Missing("no_such_procedure", child_id=subject.child_id)


def reach_before(
    actor: Actor, subject: Subject, entry_id: UUID, part: WishPart, on: date
) -> WishReach | None:
    """For whom the child, who asks, last said that this part is. One statement."""
    policy.require(actor, "procedure.wish", subject, on, LifeDomain.MEDICAL)
    rows = tables.ProcedureWish.objects.filter(
        child_id=subject.child_id, entry_id=entry_id, part=part, by_id=actor.id, typed=False
    )
    return rules.reach_before(_wish(row) for row in rows.order_by("created_at", "id"))


def wished_at(actor: Actor, subject: Subject, kinds: Sequence[str], on: date) -> Sequence[Procedure]:
    """For who does one of these acts: what is to come of them, where the child said how it wants it. One statement.

    Who does or learns an act, and sees its card alone, reads the wishes on it: the page asks for acts that it shows.
    """
    whole = policy.may(actor, "procedure.read", subject, on, LifeDomain.MEDICAL)
    policy.require(actor, "procedure.read" if whole else "learning.say", subject, on, LifeDomain.MEDICAL)
    rows, wishes = _told(actor, subject, on)
    found = [
        _procedure(row, (), wishes[row.entry_id])
        for row in rows
        if row.kind in kinds and row.entry_id in wishes
    ]
    return rules.first_then_next(found, on)


def _told(actor: Actor, subject: Subject, on: date) -> tuple[list[Any], Mapping[UUID, Sequence[Wish]]]:
    """What is prepared, and the wishes that the actor may see: they are asked together."""
    said = tables.ProcedureWish.objects.filter(child_id=subject.child_id).order_by("created_at", "id")
    rows, told = together([Later((one,), list) for one in (_rows(subject), said)])
    return _newest(rows), _wishes(actor, subject, told, on)


def _rows(subject: Subject) -> QuerySet[Any, Any]:
    return tables.Procedure.objects.filter(child_id=subject.child_id).order_by("number")


def _newest(rows: Iterable[Any]) -> list[Any]:
    newest = {row.entry_id: row for row in rows}
    return sorted(
        (row for row in newest.values() if not row.gone), key=lambda row: row.entry_id, reverse=True
    )


def _steps(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, list[Step]]:
    found: dict[UUID, list[Step]] = defaultdict(list)
    for row in tables.ProcedureStep.objects.filter(procedure_id__in=ids).order_by("number"):
        found[row.procedure_id].append(Step(Moment(row.moment), row.key, row.words))
    return found


def _wishes(actor: Actor, subject: Subject, told: Iterable[Any], on: date) -> Mapping[UUID, Sequence[Wish]]:
    said: dict[UUID, list[Wish]] = defaultdict(list)
    for row in told:
        said[row.entry_id].append(_wish(row))
    nurse = policy.may(actor, "needs.read_nurse_first", subject, on)
    itself = is_itself(actor, subject, on)
    seen = {key: rules.wishes_now(some, itself=itself, nurse=nurse) for key, some in said.items()}
    return defaultdict(tuple, {key: some for key, some in seen.items() if some})


def _wish(row: Any) -> Wish:
    return Wish(
        entry_id=row.entry_id,
        part=WishPart(row.part),
        chosen=tuple(row.chosen),
        words=row.words,
        reach=WishReach(row.reach),
        typed=row.by if row.typed else "",
        at=row.created_at,
    )


def _procedure(row: Any, steps: Sequence[Step] = (), wishes: Sequence[Wish] = ()) -> Procedure:
    return Procedure(
        entry_id=row.entry_id,
        number=row.number,
        kind=row.kind,
        title=row.title,
        on_day=row.on_day,
        where=row.where,
        by_whom=row.by_whom,
        by=row.by,
        at=row.created_at,
        steps=steps,
        wishes=wishes,
    )
