"""The worker's side of the plan: once a day it asks who has yet to prepare or to say whether they come, and reminds of
a competence that ends."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from kindzorg.access.policy import Actor, Subject, system_actor
from kindzorg.careplan.learning.actions import remind_of_end
from kindzorg.careplan.learning.queries import ending
from kindzorg.careplan.meetings.actions import remind_of_meeting
from kindzorg.careplan.meetings.queries import near
from kindzorg.careplan.reviews import actions
from kindzorg.careplan.reviews.queries import to_ask
from kindzorg.careteam.queries import child_for
from kindzorg.core.walls import behind_wall

ACTOR = system_actor("reviews")
COMING = system_actor("meetings")
ABLE = system_actor("competences")
LOOKED: dict[str, date] = {}


def ask_to_prepare(now: datetime) -> int:
    """Ask for preparations; gives back how many people were asked. This process looks once a day, and nobody is asked
    twice for the same."""
    return _each(ACTOR, to_ask, actions.ask_to_prepare, now)


def remind_of_meetings(now: datetime) -> int:
    """Remind who has not said whether they come to a meeting that is near; gives back how many. Once, as above."""
    return _each(COMING, near, remind_of_meeting, now)


def remind_of_competences(now: datetime) -> int:
    """Remind of competences that end soon; gives back how many people were told. Once, as above."""
    return _each(ABLE, ending, remind_of_end, now)


def _each(
    actor: Actor,
    find: Callable[[Actor, date], Sequence[tuple[UUID, UUID]]],
    act: Callable[[Actor, Subject, UUID, datetime], int],
    now: datetime,
) -> int:
    """Each in a transaction of its own, so that one that fails leaves what was done before it."""
    if LOOKED.get(actor.name) == now.date():
        return 0
    with behind_wall(actor.id, now.date(), system=True):
        found = find(actor, now.date())
    told = 0
    for child_id, about in found:
        with behind_wall(actor.id, now.date(), system=True):
            told += act(actor, child_for(actor, child_id, now.date()).subject, about, now)
    LOOKED[actor.name] = now.date()
    return told
