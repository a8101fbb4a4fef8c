"""A child tells how it goes, and takes that back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.needs.models import MoodCheck
from kindzorg.needs.mood.queries import own_mood
from kindzorg.needs.mood.rules import NewMood, check_mood
from kindzorg.people.models import Child


@transaction.atomic
def tell_mood(actor: Actor, subject: Subject, new: NewMood, now: datetime) -> MoodCheck:
    """Tell how it goes, to whom the child chooses. The trail says that it was told, not what nor to whom.

    Raises Invalid.
    """
    leave = policy.require(actor, "mood.write", subject, now.date())
    check_mood(new)
    row = MoodCheck.objects.create(
        child_id=subject.child_id,
        owner_id=Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id),
        face=new.face,
        words=new.words.strip(),
        reach=new.reach,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "mood", "object_id": row.id}
    write_line(actor, "mood.told", Kind.CREATE, subject, now, **about)
    return row


@transaction.atomic
def take_back_mood(actor: Actor, subject: Subject, mood_id: UUID, now: datetime) -> None:
    """Nobody reads it any more, also not the child. Raises Missing."""
    leave = policy.require(actor, "mood.write", subject, now.date())
    Child.objects.select_for_update().get(id=subject.child_id)
    told = own_mood(actor, subject, mood_id, now.date())
    row = MoodCheck.objects.get(id=told.id)
    MoodCheck.objects.create(
        child_id=row.child_id, owner_id=row.owner_id, reach=row.reach, takes_back=row, created_at=now
    )
    about = {"leave": leave, "object_kind": "mood", "object_id": row.id}
    write_line(actor, "mood.taken_back", Kind.UPDATE, subject, now, **about)
