"""Writing and correcting notes, and marking them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.grounds import Side
from kindzorg.access.policy import Actor, Explanation, Subject
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.marks.actions import mark_entry, mark_own
from kindzorg.careteam.marks.rules import NewMark, restricted_key
from kindzorg.careteam.models import Mark
from kindzorg.careteam.queries import reads_restricted
from kindzorg.careteam.rules import HidesFrom, MarkedKind, requests_key
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.people.models import Child, Relative
from kindzorg.record.models import FamilyNote, Note, RestrictedNote, Statement
from kindzorg.record.notes.queries import note_for
from kindzorg.record.notes.rules import NEEDED_AT_HOME, NewNote, Part, check_note, may_be_kept
from kindzorg.record.queries import item_for

TABLES: Mapping[Part, Any] = {Part.CHILD: Note, Part.FAMILY: FamilyNote, Part.RESTRICTED: RestrictedNote}
PERMISSIONS = {
    Part.CHILD: "note.write",
    Part.FAMILY: "note.write_family",
    Part.RESTRICTED: "note.write_restricted",
}


@transaction.atomic
def write_note(
    actor: Actor, subject: Subject, new: NewNote, now: datetime
) -> Note | FamilyNote | RestrictedNote:
    """Write something down, or correct one's own entry: the earlier wording stays. Raises Invalid, Missing.

    The trail speaks of restricted notes under one id per child, so that no line tells of one.
    """
    leave = policy.require(actor, PERMISSIONS[new.part], subject, now.date(), new.domain)
    check_note(new)
    if new.part == Part.RESTRICTED and not reads_restricted(actor, subject, now.date()):
        raise Refused("refused", permission=leave.permission, child_id=subject.child_id)
    row = _written(actor, subject, new, leave, now)
    restricted = new.part == Part.RESTRICTED
    shown = restricted_key(subject.child_id) if restricted else row.entry_id
    event = "note.corrected" if new.corrects else "note.written"
    about = {"leave": leave, "object_kind": f"{new.part}_note", "object_id": shown}
    write_line(actor, event, Kind.CREATE, subject, now, **about)
    return row


def _written(
    actor: Actor, subject: Subject, new: NewNote, leave: Explanation, now: datetime
) -> Note | FamilyNote | RestrictedNote:
    table, row_id = TABLES[new.part], new_id()
    if new.corrects:
        mine = table.objects.filter(child_id=subject.child_id, entry_id=new.corrects, by_id=actor.id)
        newest = mine.order_by("-created_at", "-id").first()
        if (
            newest is None or not newest.words
        ):  # Without words: it was destroyed on request, and is not filled again.
            raise Missing("note_not_found", child_id=subject.child_id)
    extra = {"about_id": new.about_id} if new.part == Part.RESTRICTED else {}
    role = policy.role_for(actor, subject, now.date()) or (leave.grant and leave.grant.role)
    row = table(
        id=row_id,
        entry_id=new.corrects or row_id,
        child_id=subject.child_id,
        owner_id=Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id),
        ground=new.ground,
        domain=new.domain,
        words=new.words.strip(),
        by=actor.name,
        by_id=actor.id,
        by_role=str(role),
        created_at=now,
        **extra,
    )
    row.save(force_insert=True)
    written: Note | FamilyNote | RestrictedNote = row
    return written


@transaction.atomic
def keep_from_parents(actor: Actor, subject: Subject, entry_id: UUID, now: datetime) -> Mark:
    """A child from 12 keeps a note of its own from its parents. Raises Missing, Invalid."""
    policy.require(actor, "mark.set_own", subject, now.date())
    note = note_for(actor, subject, entry_id, now.date())
    new = NewMark(MarkedKind.NOTE, note.id, note.by_id, note.by_role, HidesFrom.PARENTS, ground=note.ground)
    return mark_own(actor, subject, new, now)


@transaction.atomic
def keep_note_from(
    actor: Actor, subject: Subject, entry_id: UUID, hides_from: HidesFrom, reason: str, now: datetime
) -> Mark:
    """A professional keeps a note from parents or child, for a reason. Raises Missing, Invalid."""
    policy.require(actor, "mark.set", subject, now.date())
    note = note_for(actor, subject, entry_id, now.date())
    new = NewMark(MarkedKind.NOTE, note.id, note.by_id, note.by_role, hides_from, reason)
    return mark_entry(actor, subject, new, now)


@dataclass(frozen=True, slots=True)
class NewStatement:
    """What somebody of the family says beside an item or note, and who that is."""

    object_id: UUID
    words: str
    by: str
    by_id: UUID
    side: Side = Side.HOLDER


@transaction.atomic
def add_statement(actor: Actor, subject: Subject, new: NewStatement, now: datetime) -> Statement:
    """Put the family's own words beside an item or note that stays as it is (BW 7:454(2)).

    The words of a child are not for its parents, nor is the line that it said something.
    """
    leave = policy.require(actor, "request.decide", subject, now.date())
    row = Statement.objects.create(
        child_id=subject.child_id,
        owner_id=Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id),
        object_id=new.object_id,
        words=new.words.strip(),
        by=new.by,
        by_id=new.by_id,
        side=new.side,
        created_at=now,
    )
    shown = requests_key(subject.child_id) if new.side == Side.CHILD else new.object_id
    about = {"leave": leave, "object_kind": "statement", "object_id": shown}
    write_line(actor, "statement.added", Kind.CREATE, subject, now, **about)
    return row


@transaction.atomic
def keep_item_from(
    actor: Actor, subject: Subject, item_id: UUID, given: tuple[HidesFrom, str], now: datetime
) -> Mark:
    """A professional keeps an item from parents or child (`given`: from whom, why). Raises Missing, Invalid.

    What somebody of the family told is not kept from that side.
    """
    policy.require(actor, "mark.set", subject, now.date())
    item = item_for(actor, subject, item_id, now.date())
    new = NewMark(MarkedKind.RECORD_ITEM, item.id, item.by_id, _told_as(subject, item.by_id), *given)
    return mark_entry(actor, subject, new, now)


@transaction.atomic
def keep_item_from_parents(actor: Actor, subject: Subject, item_id: UUID, now: datetime) -> Mark:
    """A child from 12 keeps an item of its file from its parents. Raises Missing, Invalid.

    Not what they told themselves, what they may read by law, or what care at home leans on (`may_be_kept`).
    """
    policy.require(actor, "mark.set_own", subject, now.date())
    item = item_for(actor, subject, item_id, now.date())
    if not may_be_kept(item.kind, item.ground):
        raise Invalid("mark_needed_at_home" if item.kind in NEEDED_AT_HOME else "mark_not_by_law")
    told = _told_as(subject, item.by_id)
    new = NewMark(MarkedKind.RECORD_ITEM, item.id, item.by_id, told, HidesFrom.PARENTS, ground=item.ground)
    return mark_own(actor, subject, new, now)


def _told_as(subject: Subject, user_id: UUID) -> Role:
    """In which quality this account told something: as the child, as family, or as somebody else."""
    if Child.objects.filter(id=subject.child_id, user_id=user_id).exists():
        return Role.CHILD
    of_family = Relative.objects.filter(child_id=subject.child_id, user_id=user_id).exists()
    return Role.RELATIVE if of_family else Role.EMPLOYEE
