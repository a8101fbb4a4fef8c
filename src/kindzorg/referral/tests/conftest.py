"""The circle around one child, for the tests of phase 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kindzorg.core import clock
from kindzorg.referral.tests.world import Circle


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Circle]:
    """Built once for all tests of a file, and gone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Circle()
        transaction.set_rollback(True)


@pytest.fixture
def circle(built: Circle, db: None, monkeypatch: pytest.MonkeyPatch) -> Circle:
    """One child with everybody around it, in phase 1; the clock of the pages is that of the circle."""
    fresh = copy(built)
    fresh.made = {}
    monkeypatch.setattr(clock, "now", fresh.tick)
    return fresh


@pytest.fixture
def statements() -> Any:
    """`with statements(most=12):` as many statements at most, transaction control and the wall apart."""
    return counted


@contextmanager
def counted(most: int = 12) -> Iterator[list[str]]:
    """What the block asks of the database; fails with the list when it is more than `most`."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    apart = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    found += [
        one["sql"]
        for one in captured.captured_queries
        if not one["sql"].startswith(apart) and "set_config" not in one["sql"]
    ]
    assert len(found) <= most, "\n".join([str(len(found)), *(sql[:180] for sql in found)])
