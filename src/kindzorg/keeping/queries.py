"""What waits here for somebody."""

from collections.abc import Sequence
from datetime import date

from kindzorg.access.policy import Actor
from kindzorg.careteam.queries import OpenedChild
from kindzorg.journey.rules import Waiting
from kindzorg.keeping.merging import queries as merging
from kindzorg.keeping.requests import queries as requests


def waiting_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[Waiting]:
    """What of all alcoves waits for this actor."""
    return [*merging.waiting_for(actor, children, on), *requests.waiting_for(actor, children, on)]
