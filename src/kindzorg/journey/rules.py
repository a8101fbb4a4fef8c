"""The phases and the table of steps between them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from kindzorg.core.errors import Invalid


class Phase(StrEnum):
    """The four phases of the method, and the end."""

    REFERRAL = "referral"
    NEEDS = "needs"
    CAREPLAN = "careplan"
    CLOSURE = "closure"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow of the table: why one may go, and whether it leads back (makes new rows to the right)."""

    reason: str
    back: bool = False


STEPS: Mapping[tuple[Phase, Phase], Step] = {
    (Phase.REFERRAL, Phase.NEEDS): Step("referral_decided"),
    (Phase.NEEDS, Phase.CAREPLAN): Step("needs_known"),
    (Phase.CAREPLAN, Phase.CLOSURE): Step("ending_considered"),
    (Phase.CLOSURE, Phase.CLOSED): Step("closed"),
    # A child can die, move or leave before there is a plan: every ending passes through phase 4.
    (Phase.REFERRAL, Phase.CLOSURE): Step("ends_early"),
    (Phase.NEEDS, Phase.CLOSURE): Step("ends_early"),
    # Three arrows lead back; the first from wherever the law changed.
    (Phase.NEEDS, Phase.REFERRAL): Step("law_changed", back=True),
    (Phase.CAREPLAN, Phase.REFERRAL): Step("law_changed", back=True),
    (Phase.CAREPLAN, Phase.NEEDS): Step("needs_changed", back=True),
    (Phase.CLOSURE, Phase.CAREPLAN): Step("closure_not_agreed", back=True),
    (Phase.CLOSED, Phase.NEEDS): Step("reopened", back=True),
}


def step(start: Phase, end: Phase) -> Step:
    """The step from one phase to another. Raises Invalid when the table has no such arrow."""
    try:
        return STEPS[start, end]
    except KeyError:
        raise Invalid("no_such_step", start=start, end=end) from None


def next_phases(phase: Phase) -> tuple[Phase, ...]:
    """Where one can go from here."""
    return tuple(end for start, end in STEPS if start == phase)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for somebody, for the start pages.

    `kind` is a code that the page words; `address` is the name of the page where it is done, with `child_id` and,
    if it has one, `object_id`. `since` is when it began to wait, `due` the day before which it should be done.
    """

    child_id: UUID
    kind: str
    address: str
    since: datetime
    due: date | None = None
    object_id: UUID | None = None
    about: str = ""

    def overdue(self, on: date) -> bool:
        """Whether the day has passed."""
        return self.due is not None and self.due < on
