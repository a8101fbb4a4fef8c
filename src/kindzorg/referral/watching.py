"""The worker's side of phase 1: each round it looks whose term is over, and which decision of a payer ends soon."""

from datetime import datetime
from uuid import UUID

from kindzorg.access.policy import system_actor
from kindzorg.core import clock
from kindzorg.core.walls import behind_wall
from kindzorg.referral.binding import actions
from kindzorg.referral.binding.queries import overdue
from kindzorg.referral.terms.actions import remind_of_end
from kindzorg.referral.terms.queries import ending

ACTOR = system_actor("binding")


def watch_terms(now: datetime) -> int:
    """Take what was not answered in its term one level higher; gives back how many. Twice on a day changes nothing.

    Each in a transaction of its own, so that one that fails leaves the others alone.
    """
    with behind_wall(ACTOR.id, now.date(), system=True):
        late = overdue(ACTOR, now.date())
    done = 0
    for binding_id in late:
        with behind_wall(ACTOR.id, now.date(), system=True):
            done += actions.escalate_overdue(ACTOR, binding_id, now) is not None
    return done


def watch_indications(now: datetime) -> int:
    """Remind of decisions of payers that end; gives back how many people were told. Twice on a day changes nothing."""
    with behind_wall(ACTOR.id, now.date(), system=True):
        soon = ending(ACTOR, now.date())
    told = 0
    for term_id in soon:
        with behind_wall(ACTOR.id, now.date(), system=True):
            told += remind_of_end(ACTOR, term_id, now)
    return told


def tell_settled(binding_id: str) -> str:
    """The task: tell both sides what the network settled. Running it twice tells once."""
    now = clock.now()
    with behind_wall(ACTOR.id, now.date(), system=True):
        told = actions.tell_settled(ACTOR, UUID(binding_id), now)
    return f"{told} told"
