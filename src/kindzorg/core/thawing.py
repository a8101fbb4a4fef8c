"""Frozen rows that must change after all: re-encrypting, and deletion that the law demands."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

FROZEN_NAMES = "%_frozen_%"


@contextmanager
def thawed(tables: Iterable[str]) -> Iterator[None]:
    """Run the block in one transaction in which the frozen rows of these tables can be changed and deleted.

    For re-encrypting and for deletion that the law demands, and nothing else. On PostgreSQL only the owner of the
    tables can: a request, in the application's role, is refused by the database. The rows of every child show.
    """
    with transaction.atomic(), every_row():
        with connection.cursor() as cursor:
            _check_now(cursor)
            put_back = [again for table in sorted(set(tables)) for again in _thaw(cursor, table)]
        yield
        with connection.cursor() as cursor:
            _check_now(cursor)
            for statement in put_back:
                cursor.execute(statement)


@contextmanager
def every_row() -> Iterator[None]:
    """The wall shows the rows of every child to the owner of the database, as to a system job, until the block ends.

    Inside a transaction.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('kindzorg.system', true), set_config('kindzorg.system', 'on', true)"
        )
        before = cursor.fetchone()[0] or ""
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kindzorg.system', %s, true)", [before])


@contextmanager
def past_the_wall() -> Iterator[None]:
    """Run the block in one transaction in which the owner writes in bulk: COPY knows no row-level security.

    For inventing data alone: nobody else reaches the walled tables until the block ends.
    """
    with transaction.atomic():
        walled = _forced() if connection.vendor == "postgresql" else []
        _force(walled, "NO FORCE")
        yield
        _force(walled, "FORCE")


def _forced() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relforcerowsecurity ORDER BY relname")
        return [name for (name,) in cursor.fetchall()]


def _force(tables: Iterable[str], how: str) -> None:
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY")


def _check_now(cursor: Any) -> None:
    """What PostgreSQL would check at the end of the transaction holds its tables until it has been checked."""
    if connection.vendor == "postgresql":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _thaw(cursor: Any, table: str) -> list[str]:
    """Take the triggers off one table; gives back the statements that put them on again."""
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s ORDER BY tgname",
            [table, FROZEN_NAMES],
        )
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        return [f"ALTER TABLE {table} ENABLE TRIGGER {name}" for name in names]
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND name LIKE %s",
        [table, FROZEN_NAMES],
    )
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {name}")
    return [sql for _, sql in triggers]
