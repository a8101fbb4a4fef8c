"""The secret of a calendar's address, and how often it may be asked for. Pure."""

import hashlib
from datetime import datetime, timedelta

from kindzorg.core.errors import Invalid

PERIOD = timedelta(minutes=10)
MOST = 30
"""How often in one period: a few devices of one person, each asked by hand now and then, stay far below."""


def secret_hash(secret: str) -> str:
    """What is kept of a secret. It holds 256 random bits, so that a plain hash cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def counted(since: datetime | None, times: int, now: datetime) -> tuple[datetime, int]:
    """From when is counted and how often it was asked for, this time included.

    Raises Invalid ("calendar_too_often", with `until`) where it was asked for more than so often in one period.
    """
    if since is None or now >= since + PERIOD:
        return now, 1
    if times >= MOST:
        raise Invalid("calendar_too_often", until=since + PERIOD)
    return since, times + 1
