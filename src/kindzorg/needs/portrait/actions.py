"""Telling who the child is."""

from datetime import datetime

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.needs.models import PortraitPiece
from kindzorg.needs.portrait.queries import wordings_for
from kindzorg.needs.portrait.rules import NewPiece, check, voice_of
from kindzorg.people.models import Child


@transaction.atomic
def write_piece(actor: Actor, subject: Subject, new: NewPiece, now: datetime) -> PortraitPiece:
    """Tell something, say it better, or take it away (no words): earlier wordings stay.

    The child writes in its own voice, a parent in that of the parents. Raises Invalid, and Conflict where somebody
    else wrote in the meantime: `theirs` and `mine`.
    """
    leave = policy.require(actor, "portrait.write", subject, now.date())
    child = Child.objects.select_for_update().get(id=subject.child_id)
    role = policy.role_for(actor, subject, now.date())
    wordings = wordings_for(actor, subject, new.topic, now.date())
    newest = wordings[-1] if wordings else None
    check(new, newest)
    row = PortraitPiece.objects.create(
        child_id=child.id,
        owner_id=child.owner_id,
        topic=new.topic,
        voice=voice_of(role),
        revision=newest.revision + 1 if newest else 1,
        words=new.words.strip(),
        by=actor.name,
        by_id=actor.id,
        by_role=str(role),
        on_behalf_of=actor.on_behalf_of,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "portrait", "object_id": row.id}
    write_line(actor, "portrait.written", Kind.CREATE, subject, now, **about)
    return row
