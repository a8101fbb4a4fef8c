"""SQLite: through its online backup, never as a copy of a file in which somebody may be writing."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from kindzorg.config.backups import Unsound


def dump(target: Path) -> tuple[Mapping[str, int], str]:
    """Copy the database; gives back the rows of each table in the copy, and the version of SQLite."""
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        _must_be_whole(copy)
        return _counts(copy), sqlite3.sqlite_version


def is_empty() -> bool:
    """Whether there is no table yet."""
    connection.ensure_connection()
    return not _counts(connection.connection)


@contextmanager
def restored(source: Path, tables: Mapping[str, int]) -> Iterator[None]:
    """Put the copy in place of what is there, in one step that other programs see whole or not at all.

    Raises Unsound, and leaves what was there, where the copy is not whole or the database is in use.
    """
    with closing(sqlite3.connect(source)) as copy:
        _must_be_whole(copy)
        if dict(tables) != _counts(copy):
            raise Unsound("the tables in this backup do not hold the rows that it names")
        connection.ensure_connection()
        try:
            copy.backup(connection.connection)
        except sqlite3.OperationalError as error:
            raise Unsound(f"the database is in use ({error}): stop web server and worker first") from None
    connection.close()
    yield


def _must_be_whole(copy: sqlite3.Connection) -> None:
    try:
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise Unsound(f"SQLite finds this copy damaged: {found}")


def _counts(database: sqlite3.Connection) -> dict[str, int]:
    names = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    return {
        name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - from its own list
        for (name,) in names
    }
