"""A hospital's handover on its way into a child's file: bytes read here, written by the actions of `record`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.queries import child_for
from kindzorg.core.errors import Invalid
from kindzorg.fhir.intake import Intake, look, read
from kindzorg.notices.actions import run_later
from kindzorg.record.actions import NewUpload, begin_file, begin_upload, take_handover, take_new_child
from kindzorg.record.filing import identity_of
from kindzorg.record.queries import HandoverReport, document_known, known_child
from kindzorg.record.rules import HandedOver, Handover, Outcome, digest_of

TAKES = "kindzorg.fhir.background.take"
LARGE = 200
"""Resources from which on a file is read in the background: fewer take a moment."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent: its name and bytes, and who sent it where that is known."""

    name: str
    payload: bytes
    source: str = ""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A large file that goes on in the background: of which child, and by which number it is followed."""

    child_id: UUID
    upload_id: UUID


def import_for_child(
    actor: Actor, child_id: UUID, sent: Sent, now: datetime, progress: Progress | None = None
) -> HandoverReport:
    """Take a file about a child that the actor chose. Raises Invalid with a code of `payload.Refusal`."""
    opened = child_for(actor, child_id, now.date())
    policy.require(actor, "record.import", opened.subject, now.date())
    subject = identity_of(opened.child)
    intake = read(sent.payload, source=sent.source, subject=subject, progress=progress)
    return take_handover(actor, opened.subject, handover_of(intake, sent), now)


def send_for_child(actor: Actor, child_id: UUID, sent: Sent, now: datetime) -> HandoverReport | Uploaded:
    """As `import_for_child` for a person who waits: a large file goes on in the background, checked as a whole."""
    opened = child_for(actor, child_id, now.date())
    policy.require(actor, "record.import", opened.subject, now.date())
    looked = look(sent.payload, source=sent.source, subject=identity_of(opened.child))
    known = document_known(actor, opened.subject, digest_of(sent.payload), now.date())
    if looked.total < LARGE or known:
        return import_for_child(actor, child_id, sent, now)
    return _queued(actor, opened.subject, sent, looked.total, now)


def send_new(
    actor: Actor, sent: Sent, now: datetime, *, other_child: bool = False
) -> HandoverReport | Uploaded:
    """As `import_new` for a person who waits; of a large file about a new child the file is there at once."""
    policy.require(actor, "record.import", None, now.date())
    looked = look(sent.payload, source=sent.source)
    if looked.total < LARGE or looked.child is None:
        return import_new(actor, sent, now, other_child=other_child)
    known = known_child(actor, looked.child, now.date())
    if known["sure"]:
        return send_for_child(actor, known["sure"].id, sent, now)
    if known["maybe"] and not other_child:
        raise _ask_which(known["maybe"])
    with transaction.atomic():
        nurse, subject = begin_file(actor, looked.child, now)
        return _queued(nurse, subject, sent, looked.total, now)


def _queued(actor: Actor, subject: Subject, sent: Sent, total: int, now: datetime) -> Uploaded:
    with transaction.atomic():
        row = begin_upload(actor, subject, NewUpload(sent.name, sent.payload, sent.source, total), now)
        run_later(actor, subject, TAKES, row.id, now)
    return Uploaded(subject.child_id, row.id)


def _ask_which(known: Sequence[Any]) -> Invalid:
    return Invalid("handover_known_maybe", children=tuple((one.id, str(one)) for one in known))


def import_new(
    actor: Actor, sent: Sent, now: datetime, *, other_child: bool = False, progress: Progress | None = None
) -> HandoverReport:
    """Take a file about a child whom the actor did not name: one of theirs by its number, else a new one.

    Raises Invalid with a code of `payload.Refusal`; "handover_no_child"; "handover_no_leader"; and
    "handover_known_maybe" (`children`: who it may be) unless the actor says that it is an `other_child`.
    """
    policy.require(actor, "record.import", None, now.date())
    intake = read(sent.payload, source=sent.source, progress=progress)
    if intake.child is None:
        raise Invalid("handover_no_child")
    known = known_child(actor, intake.child, now.date())
    handover = handover_of(intake, sent)
    if known["sure"]:
        return take_handover(actor, child_for(actor, known["sure"].id, now.date()).subject, handover, now)
    if known["maybe"] and not other_child:
        raise _ask_which(known["maybe"])
    return take_new_child(actor, handover, now)


def handover_of(intake: Intake, sent: Sent) -> Handover:
    """What was read, in the words of the file's room."""
    return Handover(
        raw=sent.payload,
        name=sent.name,
        form=intake.form,
        sender=intake.sender,
        child=intake.child,
        bsn_not_valid=intake.bsn_not_valid,
        resources=tuple(
            HandedOver(
                position=each.position,
                fhir_type=each.fhir_type,
                fhir_id=each.fhir_id,
                source_key=each.source_key,
                title=each.title,
                raw=each.raw,
                outcome=Outcome(each.outcome),
                reason=each.reason,
                field=each.field,
                faults=each.faults,
                items=each.items,
            )
            for each in intake.resources
        ),
    )
