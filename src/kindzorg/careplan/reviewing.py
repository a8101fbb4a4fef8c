"""The worker's side of reviews: once a day it asks who has yet to prepare, the family first."""

from datetime import date, datetime

from kindzorg.access.policy import system_actor
from kindzorg.careplan.reviews import actions
from kindzorg.careplan.reviews.queries import to_ask
from kindzorg.careteam.queries import child_for
from kindzorg.core.walls import behind_wall

ACTOR = system_actor("reviews")
LOOKED: dict[str, date] = {}


def ask_to_prepare(now: datetime) -> int:
    """Ask for preparations; gives back how many people were asked. This process looks once a day, and nobody is asked
    twice for the same."""
    if LOOKED.get("on") == now.date():
        return 0
    with behind_wall(ACTOR.id, now.date(), system=True):
        near = to_ask(ACTOR, now.date())
    asked = 0
    for child_id, review_id in near:
        with behind_wall(ACTOR.id, now.date(), system=True):
            subject = child_for(ACTOR, child_id, now.date()).subject
            asked += actions.ask_to_prepare(ACTOR, subject, review_id, now)
    LOOKED["on"] = now.date()
    return asked
