"""The worker inside a test: connections belong to the test, the clock stands still, and nobody waits."""

from datetime import timedelta

import pytest

from kindzorg.careteam.tests.world import NOW
from kindzorg.core import clock
from kindzorg.notices import worker


@pytest.fixture(autouse=True)
def inside_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue closes connections between tasks and sleeps when it is empty; a test can bear neither."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=1))
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr("django_q.worker.close_old_django_connections", lambda: None)
    monkeypatch.setattr("django_q.monitor.close_old_django_connections", lambda: None)
    monkeypatch.setattr("django_q.brokers.orm.sleep", lambda _: None)
