"""The worker's loop: what it does in a round, and what does not stop it."""

import os
import signal

import pytest
from django.db import DatabaseError
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import OrmQ, Task
from django_q.tasks import async_task

from kindzorg.access.policy import system_actor
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.audit.models import AuditSeal
from kindzorg.config import commands
from kindzorg.notices import worker
from kindzorg.notices.models import WorkerBeat

pytestmark = pytest.mark.django_db
DONE: list[int] = []


def do(number: int) -> None:
    """A task."""
    DONE.append(number)


def fail(number: int) -> None:
    """A task that fails."""
    DONE.append(number)
    raise RuntimeError("no")


def stop(number: int) -> None:
    """A task in whose midst the worker is asked to stop."""
    os.kill(os.getpid(), signal.SIGTERM)
    DONE.append(number)


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    DONE.clear()


def test_once_empties_the_queue_seals_and_gives_a_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = []
    monkeypatch.setattr(worker, "seal_lines", lambda actor, now: sealed.append(actor.name))
    for number in range(3):
        async_task(do, number)
    assert worker.run(once=True) == 0
    assert sorted(DONE) == [0, 1, 2] and OrmQ.objects.count() == 0
    assert WorkerBeat.objects.get().name == "worker" and sealed == ["worker"]


def test_a_task_that_fails_stays_for_another_time_and_stops_nobody() -> None:
    async_task(fail, 1)
    async_task(do, 2)
    assert worker.run(once=True) == 0
    assert sorted(DONE) == [1, 2]
    assert OrmQ.objects.get().lock > timezone.now()
    assert Task.objects.get(success=False).attempt_count == 1


def test_a_task_signed_with_another_key_is_dropped_and_said_so(caplog: pytest.LogCaptureFixture) -> None:
    broker = get_broker()
    broker.enqueue("bm90:signed")
    assert worker.run_queued(broker) is True
    assert OrmQ.objects.count() == 0 and "KINDZORG_SECRET_KEY" in caplog.text


def test_asked_to_stop_it_finishes_the_task_first() -> None:
    before = signal.getsignal(signal.SIGTERM)
    async_task(stop, 1)
    assert worker.run() == 0
    assert DONE == [1] and OrmQ.objects.count() == 0
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_database_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = []

    def away(broker: object) -> bool:
        rounds.append(1)
        if len(rounds) == 1:
            raise DatabaseError("away")
        os.kill(os.getpid(), signal.SIGINT)
        return False

    monkeypatch.setattr(worker, "run_queued", away)
    monkeypatch.setattr(worker, "BREATH", 0)
    monkeypatch.setattr(worker.connection, "close", lambda: None)
    assert worker.run() == 0 and len(rounds) == 2
    rounds.clear()
    assert worker.run(once=True) == 1


def test_a_round_ends_in_time_whatever_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(worker, "notices_due", lambda actor, now: ["a", "b"])
    monkeypatch.setattr(worker, "deliver", sent.append)
    monkeypatch.setattr(worker, "SWEEP_LASTS", 0)
    worker.keep_house()
    assert sent == []


def test_a_round_seals_the_trail(monkeypatch: pytest.MonkeyPatch) -> None:
    # The test is one transaction, which PostgreSQL does not take for settled while it runs.
    monkeypatch.setattr("kindzorg.audit.queries._HORIZON", "9223372036854775807")
    line = write_line(system_actor("worker"), "plan.read", Kind.READ, None, timezone.now())
    worker.keep_house()
    assert AuditSeal.objects.get().last_id == line.id


def test_the_command_line_starts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_start_django", lambda: None)
    async_task(do, 1)
    assert commands.main(["worker", "--once"]) == 0
    assert DONE == [1]
