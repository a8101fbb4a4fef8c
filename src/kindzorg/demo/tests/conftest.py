"""The families, loaded once and put back for each file of tests, and gone after it."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from kindzorg.demo.loading import load
from tests.machine import TODAY


@pytest.fixture(scope="session")
def loaded() -> Iterator[sqlite3.Connection]:
    """A copy, in memory, of the test database with the families; empty until the first file asked for them."""
    copy = sqlite3.connect(":memory:")
    yield copy
    copy.close()


@pytest.fixture(scope="module")
def families(django_db_setup: None, django_db_blocker: Any, loaded: sqlite3.Connection) -> Iterator[date]:
    """The day for which all families stand in the database. A test's own writes go with it."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            yield from _put_back(loaded)
            return
        with transaction.atomic():
            load(TODAY)
            yield TODAY
            transaction.set_rollback(True)


def _put_back(loaded: sqlite3.Connection) -> Iterator[date]:
    connection.ensure_connection()
    before = sqlite3.connect(":memory:")
    connection.connection.backup(before)
    if loaded.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        loaded.backup(connection.connection)
    else:
        load(TODAY)
        connection.connection.backup(loaded)
    yield TODAY
    before.backup(connection.connection)
    before.close()
