"""How a notice reaches somebody, and how long the worker keeps trying. Pure."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from kindzorg.access.ages import age


class Way(StrEnum):
    """By which way somebody is told."""

    IN_APP = "in_app"
    MAIL = "mail"


class State(StrEnum):
    """What became of a notice."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    READ = "read"


# How long one attempt holds a notice: longer than a task may last (60 s), shorter than the queue's lease (90 s), so
# that the task of a dead worker finds the notice free when it comes back.
HELD = timedelta(seconds=75)
# The waits after each failed attempt: short for a hiccup, then a working day for an outage.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
# The worker gives a sign of life every few seconds between tasks; a task may last a minute.
SEEN_WITHIN = timedelta(seconds=90)


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after this many attempts; None when it is enough and the notice has failed."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None


def exhausted(attempts: int) -> bool:
    """Whether all attempts were used, also by workers that died during them."""
    return attempts > len(WAITS)


OWN_WORD = "consent_own_word"


def birthday_kind(years: int, months: int) -> str:
    """The kind of the notice of a birthday that changes rights, so many months ahead; on the 12th what is one's own."""
    return OWN_WORD if not months else f"birthday_{years}_in_{months}_months"


def is_young(birth_date: date | None, on: date) -> bool:
    """Whether a child is spoken to as a child ("je"): until the 16th birthday, from when it decides itself."""
    return birth_date is None or age(birth_date, on) < 16


def worker_state(seen: datetime | None, now: datetime) -> str:
    """ "ok", "not running" (never seen here) or since how many seconds no worker was seen."""
    if seen is None:
        return "not running"
    silent = now - seen
    return "ok" if silent <= SEEN_WITHIN else f"not seen for {int(silent.total_seconds())} s"
