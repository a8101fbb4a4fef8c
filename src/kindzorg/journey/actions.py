"""Opening a journey and taking its steps."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Explanation, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.core.errors import Conflict, Missing
from kindzorg.journey import rules
from kindzorg.journey.models import CareJourney, JourneyStep, LastLook
from kindzorg.journey.rules import Look, Phase


@transaction.atomic
def open_journey(actor: Actor, subject: Subject, controller_id: UUID, now: datetime) -> CareJourney:
    """Start a journey in phase 1. Raises Conflict when one is open: a readmission does not start another."""
    leave = policy.require(actor, "journey.open", subject, now.date())
    if CareJourney.objects.filter(child_id=subject.child_id, closed_at__isnull=True).exists():
        raise Conflict("journey_already_open", child_id=subject.child_id)
    journey = CareJourney.objects.create(
        child_id=subject.child_id, owner_id=controller_id, opened_at=now, phase_since=now, created_at=now
    )
    _note_step(actor, subject, journey, ("", "opened"), now, leave)
    return journey


@transaction.atomic
def take_step(actor: Actor, subject: Subject, end: Phase, now: datetime, note: str = "") -> CareJourney:
    """Go to another phase, if the table has that arrow. Raises Missing without an open journey, Invalid without arrow.

    A closed journey can only be reopened by `reopen_journey`.
    """
    leave = policy.require(actor, "journey.step", subject, now.date())
    journey = (
        CareJourney.objects.select_for_update()
        .filter(child_id=subject.child_id, closed_at__isnull=True)
        .first()
    )
    if journey is None:
        raise Missing("no_open_journey", child_id=subject.child_id)
    return _go(actor, subject, journey, end, now, leave, note)


@transaction.atomic
def reopen_journey(actor: Actor, subject: Subject, now: datetime, note: str = "") -> CareJourney:
    """Open the last closed journey again: the needs are looked at anew. Raises Missing when there is none."""
    leave = policy.require(actor, "journey.step", subject, now.date())
    journey = (
        CareJourney.objects.select_for_update()
        .filter(child_id=subject.child_id, closed_at__isnull=False)
        .order_by("-closed_at")
        .first()
    )
    if (
        journey is None
        or CareJourney.objects.filter(child_id=subject.child_id, closed_at__isnull=True).exists()
    ):
        raise Missing("no_closed_journey", child_id=subject.child_id)
    return _go(actor, subject, journey, Phase.NEEDS, now, leave, note)


def _go(
    actor: Actor,
    subject: Subject,
    journey: CareJourney,
    end: Phase,
    now: datetime,
    leave: Explanation,
    note: str,
) -> CareJourney:
    start = Phase(journey.phase)
    reason = rules.step(start, end).reason
    journey.phase, journey.phase_since = end, now
    journey.closed_at = now if end == Phase.CLOSED else None
    journey.save(update_fields=["phase", "phase_since", "closed_at"])
    _note_step(actor, subject, journey, (start, reason), now, leave, note)
    return journey


def _note_step(
    actor: Actor,
    subject: Subject,
    journey: CareJourney,
    step: tuple[str, str],
    now: datetime,
    leave: Explanation,
    note: str = "",
) -> None:
    start, reason = step
    row = JourneyStep.objects.create(
        child_id=subject.child_id,
        owner_id=journey.owner_id,
        journey=journey,
        start=start,
        end=journey.phase,
        reason=reason,
        note=note,
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "journey_step", "object_id": row.id}
    write_line(actor, f"journey.{reason}", Kind.UPDATE, subject, now, **about)


@transaction.atomic
def note_look(actor: Actor, subject: Subject, look: Look, now: datetime) -> None:
    """Keep that a visit began, in one statement. Leaves no line: that the page was read is one already."""
    policy.require(actor, "child.open", subject, now.date())
    row = LastLook(
        child_id=subject.child_id,
        user_id=actor.id,
        seen_at=look.seen_at,
        previous_at=look.previous_at,
        created_at=now,
    )
    LastLook.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["child", "user"],
        update_fields=["seen_at", "previous_at"],
    )
