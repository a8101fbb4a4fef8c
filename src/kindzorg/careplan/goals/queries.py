"""What a need that the plan keeps reads like for a reader from whom answers of the scan are kept."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kindzorg.access.policy import Actor, Subject
from kindzorg.careplan.goals.rules import Unseen, needs_as_seen
from kindzorg.needs.marked import Unseen as Handover
from kindzorg.needs.marked import needs_kept_from, unseen_in


def unseen_needs(actor: Actor, subject: Subject, on: date, *, anybody: bool = False) -> Unseen:
    """The needs that read otherwise for this reader, None where one is not there at all; empty for professionals.

    `anybody`: as the family may read them on either side, for words that are written anew for all of them. One
    statement at most; who calls has let the actor in.
    """
    return _needs(needs_kept_from(actor, subject, on, anybody=anybody))


def unseen_with(actor: Actor, kept: Iterable[Mapping[str, Any]] | None) -> Unseen:
    """The same from what came along with a row (`handovers_kept`) for this actor."""
    return _needs(unseen_in(kept))


def _needs(handovers: Iterable[Handover]) -> Unseen:
    return {
        need_id: left for one in handovers for need_id, left in needs_as_seen(one.whole, one.seen).items()
    }
