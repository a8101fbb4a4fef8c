"""The circle around one child, with a closed needs scan and a journey in phase 3."""

from collections.abc import Iterator
from copy import copy
from typing import Any

import pytest
from django.db import transaction

from kindzorg.closure.tests.ending import scanned
from kindzorg.core import clock
from kindzorg.referral.tests.conftest import counted
from kindzorg.referral.tests.world import Circle


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Circle]:
    """Built once for all tests of a file, and gone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield scanned(Circle())
        transaction.set_rollback(True)


@pytest.fixture
def circle(built: Circle, db: None, monkeypatch: pytest.MonkeyPatch) -> Circle:
    """A child with two needs, in phase 3; the clock of the pages is that of the circle."""
    fresh = copy(built)
    fresh.made = {}
    monkeypatch.setattr(clock, "now", fresh.tick)
    return fresh


@pytest.fixture
def statements() -> Any:
    """`with statements(most=12):` as many statements at most, transaction control and the wall apart."""
    return counted
