"""Values that may have come through JSON, as they were: a database gives a list of rows in one column that way."""

from datetime import UTC, date, datetime
from uuid import UUID


def moment(given: str | datetime) -> datetime:
    """SQLite writes a moment without its zone, which is UTC."""
    at = datetime.fromisoformat(given) if isinstance(given, str) else given
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def day(given: str | date | None) -> date | None:
    """A day, or none."""
    return date.fromisoformat(given) if isinstance(given, str) else given


def key(given: str | UUID | None) -> UUID | None:
    """The key of a row, or none."""
    return UUID(given) if isinstance(given, str) else given
