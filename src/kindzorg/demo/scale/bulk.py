"""Rows by the ten thousands: gathered per table as plain values and written at once (COPY on PostgreSQL).

Everything is kept as both databases read it: ids as 32 hexadecimal digits, moments as words in UTC, lists as JSON.
"""

import json
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from random import Random
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model
from django.db.models.expressions import DatabaseDefault

DAY = 86_400
EPOCH = date(1970, 1, 1)


@cache
def day(seconds: int) -> str:
    """The calendar day of a moment."""
    return (EPOCH + timedelta(days=seconds // DAY)).isoformat()


def moment(seconds: int) -> str:
    """A moment in UTC, as it is stored."""
    rest = seconds % DAY
    return f"{day(seconds - rest)} {rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"


def seconds_of(given: datetime) -> int:
    """A moment as whole seconds since 1970."""
    return int(given.astimezone(UTC).timestamp())


@cache
def _shape(model: type[Model]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The columns of a table, and what stands in each when nothing is given."""
    fields = model._meta.concrete_fields
    unset = {
        one.attname: plain(_default(one), isinstance(one, JSONField)) for one in fields if not one.primary_key
    }
    return tuple(str(one.column) for one in fields), {one.attname: unset.get(one.attname) for one in fields}


def _default(field: Any) -> Any:
    """What the field is without being given; where only the database knows it, what the database would put there."""
    value = field.get_default()
    return field.db_default if isinstance(value, DatabaseDefault) else value


def plain(value: Any, as_json: bool = False) -> Any:
    """A value as both databases read it."""
    if isinstance(value, list | dict) or (as_json and value is not None):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Enum):
        return str(value)
    return int(value) if isinstance(value, bool) else value


class Rows:
    """Gathers rows; `write` sends them, tables in the order in which they were first met."""

    def __init__(self, seed: int) -> None:
        self.counts: dict[str, int] = {}
        self._random = Random(f"ids {seed}")
        self._number = 0
        self._waiting: dict[type[Model], list[tuple[Any, ...]]] = {}

    def new_id(self, seconds: int) -> str:
        """A UUIDv7 of that moment; of two made after each other the second is the greater."""
        self._number += 1
        high, low = divmod(self._number, 1 << 20)
        tail = 1 << 63 | low << 42 | self._random.getrandbits(42)
        return f"{seconds * 1000:012x}7{high & 0xFFF:03x}{tail:016x}"

    def add(self, model: type[Model], seconds: int, **given: Any) -> str:
        """One row made at that moment; gives back its id. Lists and mappings become JSON."""
        _, unset = _shape(model)
        values = unset | given
        key: str = values["id"] or self.new_id(seconds)
        values["id"] = key
        if "created_at" in unset:
            values["created_at"] = moment(seconds)
        for name, value in given.items():
            if not isinstance(value, str) and value is not None:
                values[name] = plain(value)
        if len(values) != len(unset):
            raise ValueError(f"{model.__name__} has no {set(values) - set(unset)}")
        self._waiting.setdefault(model, []).append(tuple(values.values()))
        return key

    def write(self) -> None:
        """Send what waits. Foreign keys are looked at with each table, so that nothing piles up until the end."""
        for model, rows in self._waiting.items():
            if rows:
                _send(model, rows)
                self.counts[model._meta.db_table] = self.counts.get(model._meta.db_table, 0) + len(rows)
        self._waiting = {model: [] for model in self._waiting}


def _send(model: type[Model], rows: list[tuple[Any, ...]]) -> None:
    quote = connection.ops.quote_name
    names, _ = _shape(model)
    into = f"{quote(model._meta.db_table)} ({', '.join(map(quote, names))})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608 - names of our own tables
