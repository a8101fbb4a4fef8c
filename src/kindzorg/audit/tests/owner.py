"""What only the owner of the database can do: take the triggers off, change rows, and put them back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def owner_of_the_database(table: str) -> Iterator[None]:
    """Run the block with the triggers of this table off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
        )
        made = cursor.fetchall()
        for name, _ in made:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, statement in made:
            cursor.execute(statement)
