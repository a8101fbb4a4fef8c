"""What a machine that watches the installation is told."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from kindzorg.access.policy import system_actor
from kindzorg.config import commands
from kindzorg.notices.actions import note_beat
from kindzorg.web import health

pytestmark = pytest.mark.django_db


def beat(seconds_ago: int) -> None:
    note_beat(system_actor("worker"), "worker", timezone.now() - timedelta(seconds=seconds_ago))


def test_the_process_answers(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_a_house_with_a_worker_is_ready(client: Client) -> None:
    beat(5)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "migrations": "ok", "worker": "ok"}


def test_a_house_whose_worker_never_came_or_is_gone_is_not_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["worker"]) == (503, "not running")
    beat(600)
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.json()["worker"].startswith("not seen for 60")


def test_waiting_migrations_are_said_before_the_worker_is_looked_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "waiting_migrations", lambda: ["notices.0002_more"])
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "migrations": "1 waiting", "worker": "not known"}


def test_a_database_that_is_away_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(connection, "ensure_connection", away)
    assert health.readiness() == {"database": "DatabaseError"}


@pytest.mark.parametrize(
    ("version", "holds"),
    [(140099, False), (150008, False), (150009, True), (160004, False), (160005, True), (170000, False),
     (170001, True), (180000, True)],
)  # fmt: skip
def test_a_database_whose_wall_has_a_known_hole_is_said(
    monkeypatch: pytest.MonkeyPatch, version: int, holds: bool
) -> None:
    monkeypatch.setattr(connection, "vendor", "postgresql")
    monkeypatch.setattr(connection, "pg_version", version, raising=False)
    assert ("too old" in health.readiness()["database"]) is not holds


def test_the_command_line_says_the_same(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "_start_django", lambda: None)
    assert commands.main(["check"]) == 3
    assert "worker: not running" in capsys.readouterr().out
    beat(0)
    assert commands.main(["check", "--json"]) == 0
