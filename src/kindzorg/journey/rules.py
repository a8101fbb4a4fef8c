"""The phases and the table of steps between them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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


# Who opens the start page again within this time is still on the same visit.
VISIT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Look:
    """When somebody looked at a child's start page: the visit of now, and the one before it (None: there is none)."""

    seen_at: datetime
    previous_at: datetime | None


def look_now(last: Look | None, before: datetime | None, now: datetime) -> Look:
    """The visit to which this moment belongs: the last one, or a new one. `before`: an earlier visit that is known
    from elsewhere, where none was kept."""
    if last is None:
        return Look(now, before)
    return last if now - last.seen_at < VISIT else Look(now, last.seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that others changed. `item` says what kind of thing it is about, `item_id` which one; `kind` is a code
    that the page words, `address` the name of the page about it, `page_key` what that page asks beside the child."""

    item: str
    item_id: UUID | None
    title: str
    kind: str
    at: datetime
    by: str = ""
    address: str = ""
    page_key: object = None


@dataclass(frozen=True, slots=True)
class NewsOfItem:
    """All that is new about one thing, newest first."""

    item: str
    title: str
    events: tuple[News, ...]


def grouped(news: Iterable[News]) -> tuple[NewsOfItem, ...]:
    """What is new, thing by thing; the thing in which something changed last comes first."""
    found: dict[tuple[str, UUID | None, str], list[News]] = {}
    for one in sorted(news, key=lambda one: one.at, reverse=True):
        found.setdefault((one.item, one.item_id, "" if one.item_id else one.title), []).append(one)
    return tuple(NewsOfItem(events[0].item, events[0].title, tuple(events)) for events in found.values())
