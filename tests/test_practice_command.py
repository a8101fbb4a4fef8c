"""`kindzorg practice`: what it refuses, what it leaves out, and that "begin anew" is one write among others."""

import argparse
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kindzorg.access.policy import system_actor
from kindzorg.config.commands import practice
from kindzorg.demo import practice as site
from kindzorg.people.actions import register_region
from tests.serving import free_port

DAY = date(2026, 11, 22)


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    practice.arguments(parser)
    return parser.parse_args([*words, "--port", str(free_port())])


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """That of a real installation, before anything is set by us."""
    for name in [name for name in os.environ if name.startswith("KINDZORG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KINDZORG_DATA_DIR", str(tmp_path))
    before = dict(os.environ)
    yield tmp_path
    os.environ.clear()
    os.environ.update(before)


def test_nothing_of_the_real_installation_comes_along_but_the_way_back(environment: Path) -> None:
    os.environ |= {
        "KINDZORG_SECRET_KEY": "real" * 10, "KINDZORG_ENCRYPTION_KEYS": "real", "KINDZORG_HASH_KEY": "real",
        "KINDZORG_MAIL_HOST": "real", "KINDZORG_OIDC": "real", "KINDZORG_BACKUP_DATABASE_URL": "real",
        "KINDZORG_TODAY": "2020-01-01", "KINDZORG_HOSTS": "real.example",
        "KINDZORG_ADDRESS": "https://plan.example", "KINDZORG_PRACTICE_ADDRESS": "https://oefenen.example",
    }  # fmt: skip
    practice.prepare(options())
    said = {name: value for name, value in os.environ.items() if name.startswith("KINDZORG_")}
    assert not [name for name, value in said.items() if value.startswith("real")]
    assert (said["KINDZORG_DEMO"], said["KINDZORG_PRACTISING"]) == ("1", "1")
    assert said["KINDZORG_DATA_DIR"] == str(environment / "practice")
    assert said["KINDZORG_REAL_ADDRESS"] == "https://plan.example"
    assert said["KINDZORG_ADDRESS"] == "https://oefenen.example"
    assert said["KINDZORG_HOSTS"] == "oefenen.example,localhost,127.0.0.1"
    assert "KINDZORG_TODAY" not in said, "the day is the real one"


def test_it_refuses_a_database_that_is_named(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.environ["KINDZORG_DATABASE_URL"] = "postgresql://kindzorg_owner@db.example/kindzorg"
    practice.prepare(options())
    assert practice.run(options()) == 1
    assert "without KINDZORG_DATABASE_URL" in capsys.readouterr().err


@pytest.mark.django_db
def test_it_refuses_where_real_work_stands(
    environment: Path, now: datetime, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.KINDZORG_DEMO = False
    register_region(system_actor("test"), "A real region", now)
    practice.prepare(options())
    assert practice.run(options()) == 1
    assert "holds real work" in capsys.readouterr().err
    assert not list(environment.rglob("*.sqlite3"))


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that is served, with templates of two days beside it."""
    path = tmp_path / "kindzorg.sqlite3"
    databases = {"default": {"NAME": path}}
    monkeypatch.setattr(site, "settings", SimpleNamespace(KINDZORG_DATA_DIR=tmp_path, DATABASES=databases))
    _write(site.template("2026-11-21"), "of the day before")
    _write(site.template(DAY), "as at first")
    _write(path, "changed")
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
    return path


def _write(path: Path, words: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE said (words TEXT)")
        database.execute("INSERT INTO said VALUES (?)", (words,))


def said(database: sqlite3.Connection) -> list[str]:
    return [words for (words,) in database.execute("SELECT words FROM said").fetchall()]


def test_who_reads_while_it_is_put_back_finishes_with_what_was_there(live: Path) -> None:
    with closing(sqlite3.connect(live, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert said(reader) == ["changed"]
        site.put_back()
        assert said(reader) == ["changed"]
        reader.execute("COMMIT")
        assert said(reader) == ["as at first"]
        reader.execute("INSERT INTO said VALUES ('and on')")
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert said(reader) == ["as at first", "and on"]


def test_it_waits_for_who_writes(live: Path) -> None:
    with closing(sqlite3.connect(live, isolation_level=None, check_same_thread=False)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO said VALUES ('in between')")
        back = threading.Thread(target=site.put_back)
        back.start()
        back.join(0.5)
        assert back.is_alive()
        writer.execute("COMMIT")
        back.join(20)
        assert said(writer) == ["as at first"]


@pytest.mark.django_db
def test_elsewhere_there_is_no_beginning_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "put_back", lambda: pytest.fail("put back outside the practice site"))
    assert Client().post(reverse("begin_anew")).status_code == 404
    assert Client().get(reverse("begin_anew")).status_code == 405


@pytest.mark.parametrize("loads", [True, False])
def test_the_families_are_made_anew_once_a_night(monkeypatch: pytest.MonkeyPatch, loads: bool) -> None:
    moments = ("2026-11-22 23:00", "2026-11-23 01:00", "2026-11-23 03:00", "2026-11-23 04:00")
    hours = map(datetime.fromisoformat, moments)
    done: list[object] = []
    monkeypatch.setattr("kindzorg.core.clock.today", lambda: DAY)
    monkeypatch.setattr("kindzorg.core.clock.now", lambda: next(hours))
    monkeypatch.setattr(practice, "_made", lambda day: done.append(day) or loads)
    monkeypatch.setattr(site, "put_back", lambda: done.append("put back"))
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    polls = iter([None] * 4 + [0])
    practice._each_night([SimpleNamespace(poll=lambda: next(polls))])  # type: ignore[list-item]
    assert done == [date(2026, 11, 23), *(["put back"] if loads else [])]
