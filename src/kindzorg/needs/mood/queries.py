"""Reading how a child says that it goes."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.core.errors import Missing
from kindzorg.needs.answers import Feeling
from kindzorg.needs.models import MoodCheck
from kindzorg.needs.mood.rules import Mood, MoodReach, readable


def moods_for(actor: Actor, subject: Subject, on: date) -> Sequence[Mood]:
    """What the child told, newest first, as far as it is for the actor. For who sees every domain. One statement."""
    itself = policy.may(actor, "mood.write", subject, on)
    if not itself:
        policy.require_every_domain(actor, "mood.read", subject, on)
    nurse = policy.may(actor, "needs.read_nurse_first", subject, on)
    rows = MoodCheck.objects.filter(child_id=subject.child_id, takes_back=None, taken_back=None)
    told = (
        Mood(
            id=row.id,
            face=Feeling(row.face),
            words=row.words,
            reach=MoodReach(row.reach),
            at=row.created_at,
        )
        for row in rows.order_by("-created_at", "-id")
    )
    return readable(told, itself=itself, nurse=nurse)


def own_mood(actor: Actor, subject: Subject, mood_id: UUID, on: date) -> Mood:
    """One of the child's own. Raises Missing, also for one that was taken back."""
    policy.require(actor, "mood.write", subject, on)
    for one in moods_for(actor, subject, on):
        if one.id == mood_id:
            return one
    raise Missing("no_such_mood", child_id=subject.child_id)
