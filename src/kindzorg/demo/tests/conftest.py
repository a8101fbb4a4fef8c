"""The families, loaded once for all tests of a file, and gone after it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from kindzorg.demo.loading import load
from tests.machine import TODAY


@pytest.fixture(scope="module")
def families(django_db_setup: None, django_db_blocker: Any) -> Iterator[date]:
    """The day for which all families stand in the database. A test's own writes go with it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(TODAY)
        yield TODAY
        transaction.set_rollback(True)
