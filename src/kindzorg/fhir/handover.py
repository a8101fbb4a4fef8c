"""A hospital's handover on its way into a child's file: bytes read here, written by the actions of `record`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.careteam.queries import child_for
from kindzorg.core.errors import Invalid
from kindzorg.fhir.intake import Intake, read
from kindzorg.record.actions import take_handover, take_new_child
from kindzorg.record.filing import identity_of
from kindzorg.record.queries import HandoverReport, known_child
from kindzorg.record.rules import HandedOver, Handover, Outcome

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent: its name and bytes, and who sent it where that is known."""

    name: str
    payload: bytes
    source: str = ""


def import_for_child(
    actor: Actor, child_id: UUID, sent: Sent, now: datetime, progress: Progress | None = None
) -> HandoverReport:
    """Take a file about a child that the actor chose. Raises Invalid with a code of `payload.Refusal`."""
    opened = child_for(actor, child_id, now.date())
    policy.require(actor, "record.import", opened.subject, now.date())
    subject = identity_of(opened.child)
    intake = read(sent.payload, source=sent.source, subject=subject, progress=progress)
    return take_handover(actor, opened.subject, handover_of(intake, sent), now)


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
        raise Invalid("handover_known_maybe", children=tuple((one.id, str(one)) for one in known["maybe"]))
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
