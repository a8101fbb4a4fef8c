"""Phase 4: preparing an ending, arranging each need, answering, deciding, reopening."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Explanation, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.actions import freeze_outcome, withdraw_version
from kindzorg.closure.models import (
    ChecklistMark,
    Closure,
    ClosurePreparation,
    NeedSettlement,
    ReceiverAnswer,
    TransitionText,
)
from kindzorg.closure.queries import needs_at_end, request_for, settled_needs
from kindzorg.closure.rules import (
    Answer,
    Chapter,
    ClosureRecord,
    Disposition,
    Ending,
    checklist,
    problems_to_close,
    record_as_data,
)
from kindzorg.core.errors import Incomplete, Invalid, Missing
from kindzorg.core.texts import text
from kindzorg.journey.actions import take_step
from kindzorg.journey.models import CareJourney
from kindzorg.journey.rules import Phase

NOTE = 500
"""Characters in the note at a point of the list towards 18."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What becomes of one need."""

    need_id: str
    disposition: Disposition
    receiver: str = ""
    receiver_organisation_id: UUID | None = None
    told: bool = False
    note: str = ""


def _journey(subject: Subject) -> CareJourney:
    journey = CareJourney.objects.filter(child_id=subject.child_id, closed_at__isnull=True).first()
    if journey is None:
        raise Missing("no_open_journey", child_id=subject.child_id)
    return journey


def _preparation(subject: Subject) -> ClosurePreparation:
    row = ClosurePreparation.objects.filter(child_id=subject.child_id, ended_at__isnull=True).first()
    if row is None:
        raise Incomplete("ending_not_chosen", missing=(("", "ending_not_chosen"),))
    return row


@transaction.atomic
def prepare_closure(actor: Actor, subject: Subject, ending: Ending, now: datetime) -> ClosurePreparation:
    """Begin to prepare an ending, or choose another one; the journey goes to phase 4. The plan stays in force."""
    leave = policy.require(actor, "closure.prepare", subject, now.date())
    journey = _journey(subject)
    if journey.phase != Phase.CLOSURE:
        take_step(actor, subject, Phase.CLOSURE, now)
    row = ClosurePreparation.objects.filter(child_id=subject.child_id, ended_at__isnull=True).first()
    if row:
        row.ending = ending
        row.save(update_fields=["ending"])
    else:
        row = ClosurePreparation.objects.create(
            child_id=subject.child_id,
            owner_id=journey.owner_id,
            journey=journey,
            ending=ending,
            created_at=now,
        )
    about = {"leave": leave, "object_kind": "closure", "object_id": row.id}
    write_line(actor, "closure.prepared", Kind.UPDATE, subject, now, **about)
    return row


@transaction.atomic
def arrange_need(actor: Actor, subject: Subject, arranged: Arrangement, now: datetime) -> NeedSettlement:
    """Say what becomes of one need. Raises Invalid for an unknown need, or without a receiver's name."""
    leave = policy.require(actor, "closure.prepare", subject, now.date())
    preparation = _preparation(subject)
    needs = {need.id: need for need in needs_at_end(actor, subject, now.date())}
    if arranged.need_id not in needs:
        raise Invalid("need_not_found", fields=("need_id",))
    handed_on = arranged.disposition == Disposition.RECEIVER
    if handed_on and not arranged.receiver.strip():
        raise Invalid("receiver_not_named", fields=("receiver",))
    row = NeedSettlement.objects.create(
        child_id=subject.child_id,
        owner_id=preparation.owner_id,
        preparation=preparation,
        need_id=arranged.need_id,
        domain=needs[arranged.need_id].domain,
        words=needs[arranged.need_id].words,
        disposition=arranged.disposition,
        receiver=arranged.receiver.strip() if handed_on else "",
        receiver_organisation_id=arranged.receiver_organisation_id if handed_on else None,
        told=arranged.told,
        note=arranged.note.strip(),
        by=actor.name,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "settlement", "object_id": row.id}
    write_line(actor, "closure.need_arranged", Kind.CREATE, subject, now, **about)
    return row


@transaction.atomic
def answer_request(
    actor: Actor, subject: Subject, settlement_id: UUID, said: tuple[Answer, str], now: datetime
) -> ReceiverAnswer:
    """A receiver accepts or declines to take over a need. Declining asks a reason.

    The receiver's own people answer for their organisation; who prepares the closing may note an answer that was
    given by telephone or on paper: the name of who noted it stands beside it. Raises Missing or Invalid.
    """
    leave = policy.require(actor, "closure.accept", subject, now.date())
    answer, reason = said
    row = request_for(actor, subject, settlement_id, now.date())
    if answer == Answer.ASKED:
        raise Invalid("answer_needed", fields=("answer",))
    if answer == Answer.DECLINED and not reason.strip():
        raise Invalid("reason_needed", fields=("reason",))
    given = ReceiverAnswer.objects.create(
        child_id=subject.child_id,
        owner_id=row.owner_id,
        settlement=row,
        answer=answer,
        reason=reason.strip(),
        by=actor.name,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "settlement", "object_id": row.id}
    write_line(actor, f"closure.{answer}", Kind.CREATE, subject, now, **about)
    return given


@transaction.atomic
def mark_item(
    actor: Actor, subject: Subject, item: str, done: tuple[bool, str], now: datetime
) -> ChecklistMark:
    """Mark a point of the list towards 18 as done or not, with a note of at most 500 characters.

    Raises Invalid for an unknown point, or for a note that is longer.
    """
    leave = policy.require(actor, "closure.prepare", subject, now.date())
    known = {one.id for one in checklist(subject.birth_date)} if subject.birth_date else set()
    if item not in known:
        raise Invalid("item_not_found", fields=("item",))
    if len(done[1].strip()) > NOTE:
        raise Invalid("note_too_long", fields=("note",), most=NOTE)
    row = ChecklistMark.objects.create(
        child_id=subject.child_id,
        owner_id=_journey(subject).owner_id,
        item=item,
        done=done[0],
        note=done[1].strip(),
        by=actor.name,
        created_at=now,
    )
    write_line(
        actor, "transition.marked", Kind.UPDATE, subject, now, leave=leave, object_kind="checklist", item=item
    )
    return row


@transaction.atomic
def write_chapter(
    actor: Actor, subject: Subject, chapter: Chapter, words: str, now: datetime
) -> TransitionText:
    """Write a chapter of the transition plan, which who does not see all cannot read; what stood there stays."""
    leave = policy.require(actor, "transition.write", subject, now.date())
    policy.require_every_domain(actor, "transition.write", subject, now.date())
    row = TransitionText.objects.create(
        child_id=subject.child_id,
        owner_id=_journey(subject).owner_id,
        chapter=chapter,
        words=words.strip(),
        by=actor.name,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "transition", "object_id": row.id}
    write_line(actor, "transition.written", Kind.UPDATE, subject, now, **about)
    return row


@transaction.atomic
def decide_closure(actor: Actor, subject: Subject, closing: tuple[str, str], now: datetime) -> ClosureRecord:
    """Close the care: (whom the family may call afterwards, note). Stores the record and ends the journey.

    Raises Incomplete with `missing`: no need is left without a receiver who accepted or a recorded reason.
    """
    leave = policy.require(actor, "closure.decide", subject, now.date())
    policy.require_every_domain(actor, "closure.decide", subject, now.date())
    preparation = _preparation(subject)
    needs = needs_at_end(actor, subject, now.date())
    settled = {
        need_id: one for need_id, (one, _) in settled_needs(actor, subject, preparation, now.date()).items()
    }
    if problems := problems_to_close(needs, settled, Ending(preparation.ending)):
        raise Incomplete("closing_not_ready", missing=problems)
    contact, note = closing
    if not contact.strip():
        raise Invalid("contact_needed", fields=("contact",))
    record = ClosureRecord(
        ending=Ending(preparation.ending),
        settled=tuple(settled[need.id] for need in needs),
        needs=needs,
        contact=contact.strip(),
        note=note.strip(),
        decided_by=actor.name,
        decided_on=now.date(),
    )
    _store(actor, subject, preparation, record, now, leave)
    return record


def _store(
    actor: Actor,
    subject: Subject,
    preparation: ClosurePreparation,
    record: ClosureRecord,
    now: datetime,
    leave: Explanation,
) -> None:
    row = Closure.objects.create(
        child_id=subject.child_id,
        owner_id=preparation.owner_id,
        journey_id=preparation.journey_id,
        record=record_as_data(record),
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )
    preparation.ended_at = now
    preparation.save(update_fields=["ended_at"])
    freeze_outcome(actor, subject, now)
    with suppress(Missing):  # A version still under way ends with the care: nobody has to sign it any more.
        withdraw_version(actor, subject, text("closure.closing.version_withdrawn", "parent", "nl"), now)
    about = {"leave": leave, "object_kind": "closure", "object_id": row.id}
    write_line(actor, "closure.decided", Kind.CREATE, subject, now, **about)
    take_step(actor, subject, Phase.CLOSED, now)


@transaction.atomic
def give_up_closing(actor: Actor, subject: Subject, reason: str, now: datetime) -> None:
    """The closing was not agreed: back to the plan, which never stopped. Raises Invalid without a reason."""
    leave = policy.require(actor, "closure.decide", subject, now.date())
    if not reason.strip():
        raise Invalid("reason_needed", fields=("reason",))
    preparation = _preparation(subject)
    preparation.ended_at = now
    preparation.save(update_fields=["ended_at"])
    about = {"leave": leave, "object_kind": "closure", "object_id": preparation.id}
    write_line(actor, "closure.given_up", Kind.UPDATE, subject, now, **about)
    take_step(actor, subject, Phase.CAREPLAN, now, reason.strip())
