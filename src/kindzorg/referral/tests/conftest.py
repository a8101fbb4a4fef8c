"""The circle around one child, for the tests of phase 1."""

from collections.abc import Iterator
from copy import copy
from typing import Any

import pytest
from django.db import transaction

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
