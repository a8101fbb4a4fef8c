"""How long a card can be looked at without signing in, and when that is over. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kindzorg.core.errors import Invalid

LIVE_AT_MOST = 10
"""How many cards of one child can be looked at at once: more would be beyond anybody's sight (own choice)."""
TOLD_AGAIN = timedelta(hours=1)
"""Within this time somebody who looks once more is not told of again: it is one event."""


class Lasting(StrEnum):
    """For how long: a day out, a week's stay, a season, a year."""

    DAY = "day"
    WEEK = "week"
    SEASON = "season"
    YEAR = "year"


HOW_LONG: Mapping[Lasting, timedelta] = {
    Lasting.DAY: timedelta(days=1),
    Lasting.WEEK: timedelta(days=7),
    Lasting.SEASON: timedelta(days=91),
    Lasting.YEAR: timedelta(days=365),
}


@dataclass(frozen=True, slots=True)
class NewCard:
    """For whom or where the card is ("oma", "aan de rolstoel"), and for how long."""

    label: str
    lasting: Lasting


def check_card(new: NewCard, live: int) -> None:
    """Raises Invalid: "card_label_required", "card_too_many" (so many live already)."""
    if not new.label.strip():
        raise Invalid("card_label_required", fields=("label",))
    if live >= LIVE_AT_MOST:
        raise Invalid("card_too_many", most=LIVE_AT_MOST)


def tells(last_opened_at: datetime | None, now: datetime) -> bool:
    """Whether the family is told that somebody looked: not again within the hour."""
    return last_opened_at is None or now >= last_opened_at + TOLD_AGAIN
