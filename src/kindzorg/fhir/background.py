"""The worker's side of a large handover: read it with progress, then take it whole or not at all."""

from typing import Any
from uuid import UUID

from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import system_actor
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.core import clock
from kindzorg.core.errors import DomainError, Missing
from kindzorg.core.walls import behind_wall
from kindzorg.fhir.handover import Sent, handover_of
from kindzorg.fhir.intake import read
from kindzorg.people.queries import account_for
from kindzorg.record.actions import claim_upload, file_upload, note_progress, refuse_upload
from kindzorg.record.filing import identity_of

ACTOR = system_actor("worker")
STEPS = 20


def take(upload_id: str) -> str:
    """The task: take one upload. Running it twice takes it once; a worker that dies in it leaves nothing behind."""
    key, now = UUID(upload_id), clock.now()
    with behind_wall(ACTOR.id, now.date(), system=True):
        row = claim_upload(ACTOR, key, now)
    if row is None or row.raw is None:
        return "nothing to do"
    try:
        _take(row, Sent(row.name, row.raw, row.source))
    except DomainError as error:
        now = clock.now()
        with behind_wall(ACTOR.id, now.date(), system=True):
            refuse_upload(ACTOR, key, error, now)
        return "refused"
    return "taken"


def _take(row: Any, sent: Sent) -> None:
    key, child_id, now = row.id, row.child_id, clock.now()
    with behind_wall(ACTOR.id, now.date(), system=True):
        user = account_for(ACTOR, row.by_id, now.date())
        if user is None:
            raise Missing("account_closed")
        actor = actor_for(user, assurance=Assurance(row.assurance))
        subject = identity_of(child_for(ACTOR, child_id, now.date()).child)

    def progress(done: int, total: int) -> None:
        if done % max(total // STEPS, 1) == 0:
            moment = clock.now()
            with behind_wall(ACTOR.id, moment.date(), system=True):
                note_progress(ACTOR, key, done, moment)

    intake = read(sent.payload, source=sent.source, subject=subject, progress=progress)
    now = clock.now()
    with behind_wall(actor.id, now.date()):
        opened = child_for(actor, child_id, now.date())
        file_upload(actor, opened.subject, key, handover_of(intake, sent), now)
