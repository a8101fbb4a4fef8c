"""Preparing a procedure for a child, taking it away, and the child saying how it wants it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Explanation, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.procedures import models as tables
from kindzorg.careplan.procedures import rules
from kindzorg.careplan.procedures.queries import is_itself, procedure_for
from kindzorg.careplan.procedures.rules import NewProcedure, NewWish, WishReach
from kindzorg.careteam.rules import wishes_key
from kindzorg.core.errors import Conflict
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.people.models import Child


def _given(actor: Actor, subject: Subject, now: datetime) -> dict[str, Any]:
    owner_id = Child.objects.select_for_update().values_list("owner_id", flat=True).get(id=subject.child_id)
    by = {"by_id": actor.id, "by": actor.name, "organisation": actor.organisation}
    return {"child_id": subject.child_id, "owner_id": owner_id, "created_at": now, **by}


def _line(
    actor: Actor, subject: Subject, event: str, entry_id: UUID, now: datetime, leave: Explanation
) -> None:
    about: dict[str, Any] = {"leave": leave, "object_kind": "procedure", "object_id": entry_id}
    write_line(actor, event, Kind.CREATE, subject, now, **about)


@transaction.atomic
def write_procedure(actor: Actor, subject: Subject, new: NewProcedure, now: datetime) -> UUID:
    """Prepare what is going to happen, or say it anew: the earlier stays. Gives back the id of the whole.

    Raises Invalid, Missing, Conflict ("procedure_changed": somebody else changed it meanwhile).
    """
    leave = policy.require(actor, "procedure.write", subject, now.date(), LifeDomain.MEDICAL)
    rules.check_procedure(new)
    given = _given(actor, subject, now)
    before = procedure_for(actor, subject, new.entry_id, now.date()) if new.entry_id else None
    if before and before.number != new.after:
        raise Conflict("procedure_changed")
    row_id = new_id()
    row = tables.Procedure.objects.create(
        **given,
        id=row_id,
        entry_id=before.entry_id if before else row_id,
        number=before.number + 1 if before else 1,
        kind=before.kind if before else new.kind,
        title=new.title.strip(),
        on_day=new.on_day,
        where=new.where.strip(),
        by_whom=new.by_whom.strip(),
    )
    of = {key: given[key] for key in ("child_id", "owner_id", "created_at")}
    for place, one in enumerate(new.steps, 1):
        step = {"moment": one.moment, "key": one.key, "words": one.words.strip()}
        tables.ProcedureStep.objects.create(**of, **step, procedure=row, number=place)
    _line(actor, subject, "procedure.written", row.entry_id, now, leave)
    return row.entry_id


@transaction.atomic
def take_away_procedure(actor: Actor, subject: Subject, entry_id: UUID, now: datetime) -> None:
    """It does not go on, or was prepared by mistake: nobody is shown it any more. Raises Missing."""
    leave = policy.require(actor, "procedure.write", subject, now.date(), LifeDomain.MEDICAL)
    given = _given(actor, subject, now)
    before = procedure_for(actor, subject, entry_id, now.date())
    told = {"kind": before.kind, "title": before.title, "on_day": before.on_day}
    tables.Procedure.objects.create(**given, **told, entry_id=entry_id, number=before.number + 1, gone=True)
    _line(actor, subject, "procedure.taken_away", entry_id, now, leave)


@transaction.atomic
def say_wish(actor: Actor, subject: Subject, new: NewWish, now: datetime) -> None:
    """The child says how it wants it, or somebody writes that down for it; saying nothing takes it back.

    What is written down for a child is for everybody who cares for it: who wrote it knows it already. Raises Invalid,
    Missing.
    """
    leave = policy.require(actor, "procedure.wish", subject, now.date(), LifeDomain.MEDICAL)
    rules.check_wish(new)
    given = _given(actor, subject, now)
    typed = not is_itself(actor, subject, now.date())
    procedure_for(actor, subject, new.entry_id, now.date())
    said = {"chosen": list(new.chosen), "words": new.words.strip(), "part": new.part}
    reach = WishReach.ALL if typed else new.reach
    tables.ProcedureWish.objects.create(**given, **said, entry_id=new.entry_id, reach=reach, typed=typed)
    event = "procedure.wished" if new.chosen or said["words"] else "procedure.wish_taken_back"
    # Of what is not for the parents they find no trace either.
    told = new.entry_id if reach == WishReach.ALL else wishes_key(subject.child_id)
    _line(actor, subject, event, told, now, leave)
