"""Reading notes: those about the child, those of the family itself, and the restricted ones."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careteam.marks.queries import marks_for
from kindzorg.careteam.queries import hidden_lines, reads_restricted
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.statements import Later
from kindzorg.core.vocabulary import Ground, LifeDomain
from kindzorg.record.models import FamilyNote, Note, RestrictedNote
from kindzorg.record.notes.rules import NoteView, Part, entries


def _view(part: Part, row: Any) -> NoteView:
    return NoteView(
        id=row.entry_id,
        part=part,
        domain=LifeDomain(row.domain),
        ground=Ground(row.ground),
        words=row.words,
        by=row.by,
        by_id=row.by_id,
        by_role=Role(row.by_role),
        at=row.created_at,
    )


def notes_for(actor: Actor, subject: Subject, on: date) -> Sequence[NoteView]:
    """The entries about the child that this reader may see, newest first. Two statements.

    Without what consent closes, what the ground keeps from this age, and what is marked: as if it were not there.
    """
    views = notes_later(actor, subject, on).now()
    return entries(views, marks_for(actor, subject, on) if views else ())


def notes_later(actor: Actor, subject: Subject, on: date) -> Later[Sequence[NoteView]]:
    """Every wording of them, oldest first and without its marks; not asked for yet."""
    policy.require(actor, "note.read", subject, on)
    rows = Note.objects.filter(
        child_id=subject.child_id, domain__in=policy.may_domains(actor, "note.read", subject, on)
    )
    seen = rows.exclude(hidden_lines(actor, subject, on, "entry_id")).order_by("created_at", "id")
    return Later((seen,), lambda found: _inspected(actor, subject, on, found))


def _inspected(actor: Actor, subject: Subject, on: date, rows: Sequence[Note]) -> Sequence[NoteView]:
    return [_view(Part.CHILD, row) for row in rows if _may_inspect(actor, subject, row.ground, on)]


def entries_seen(actor: Actor, subject: Subject, ids: Collection[UUID], on: date) -> frozenset[UUID]:
    """Of these entries those about the child in domains that are open to the reader. One statement."""
    rows = Note.objects.filter(
        child_id=subject.child_id,
        entry_id__in=ids,
        domain__in=policy.may_domains(actor, "note.read", subject, on),
    )
    return frozenset(rows.values_list("entry_id", flat=True))


def _may_inspect(actor: Actor, subject: Subject, ground: str, on: date) -> bool:
    return policy.may_inspect(actor, subject, Ground(ground), on)


def note_for(actor: Actor, subject: Subject, entry_id: UUID, on: date) -> NoteView:
    """One entry about the child. Raises Missing, also for one that this reader may not see."""
    for note in notes_for(actor, subject, on):
        if note.id == entry_id:
            return note
    raise Missing("note_not_found", child_id=subject.child_id)


def family_notes_for(actor: Actor, subject: Subject, on: date) -> Sequence[NoteView]:
    """What parents wrote of the family itself: apart from the child's file, and never for the child."""
    return family_notes_later(actor, subject, on).now()


def family_notes_later(actor: Actor, subject: Subject, on: date) -> Later[Sequence[NoteView]]:
    """The same, not asked for yet."""
    policy.require(actor, "note.read_family", subject, on)
    rows = FamilyNote.objects.filter(
        child_id=subject.child_id, domain__in=policy.may_domains(actor, "note.read_family", subject, on)
    )
    seen = rows.exclude(hidden_lines(actor, subject, on, "entry_id")).order_by("created_at", "id")
    return Later((seen,), lambda found: entries(_view(Part.FAMILY, row) for row in found))


def restricted_notes_for(actor: Actor, subject: Subject, on: date) -> Sequence[NoteView]:
    """What a few professionals note about safety. Raises Refused for everybody else, as if there were no such page."""
    leave = policy.require(actor, "note.read_restricted", subject, on)
    if not reads_restricted(actor, subject, on):
        raise Refused("refused", permission=leave.permission, child_id=subject.child_id)
    rows = RestrictedNote.objects.filter(child_id=subject.child_id).exclude(about_id=actor.id)
    return entries(_view(Part.RESTRICTED, row) for row in rows.order_by("created_at", "id"))
