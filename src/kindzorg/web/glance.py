"""The plan in four tiles: one line per life domain."""

from datetime import date
from typing import Any

from kindzorg.access.policy import Actor
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.vocabulary import LifeDomain


def glance(actor: Actor, opened: OpenedChild, on: date) -> list[dict[str, Any]]:
    """Per domain a tile: how many goals, how far."""
    return [{"domain": str(domain), "line": ""} for domain in LifeDomain]
