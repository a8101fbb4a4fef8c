"""From the last release to now: a backup of then is put back and brought to this version, and nothing is lost.

The archives in tests/upgrades were made by `kindzorg backup` of that release, with the demo families in it
(CONTRIBUTING.md says how to move on with each release).
"""

import json
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.installation import POSTGRESQL, House, as_superuser, demo_house, plain_owner

RELEASE = "0.1.0"
UPGRADES = Path(__file__).parent / "upgrades"
ARCHIVE = UPGRADES / f"{RELEASE}-{'postgresql' if POSTGRESQL else 'sqlite'}.zip"
# What a migration since then was meant to change: table, columns, and why. Everything else must be as it was.
CHANGED: Mapping[str, set[str]] = {}
# Rows that migrating itself adds.
GROWS = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture(scope="module")
def then(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, dict[str, Any]]]:
    """The release's database, not yet brought to this version, and every row in it."""
    with plain_owner() if POSTGRESQL else nullcontext({}) as database:
        house = demo_house(database, tmp_path_factory.mktemp("then"))
        done = house.run("restore", str(ARCHIVE))
        assert done.returncode in (0, 3), done.stderr
        yield house, tables(house)


def tables(house: House) -> dict[str, list[dict[str, str]]]:
    """Every row of every table, column by column."""
    if POSTGRESQL:
        with psycopg.connect(as_superuser(house.environment["KINDZORG_DATABASE_URL"])) as database:
            names = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            return {name: _rows(database.execute(_all_of(name))) for (name,) in names}
    with closing(sqlite3.connect(house.folder / "kindzorg.sqlite3")) as database:
        names = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        asked = 'SELECT * FROM "{}"'
        return {name: _rows(database.execute(asked.format(name))) for (name,) in names}


def _all_of(name: str) -> sql.Composed:
    return sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))


def _rows(cursor: Any) -> list[dict[str, str]]:
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, map(repr, row), strict=True)) for row in cursor.fetchall()]


def _only(rows: list[dict[str, str]], columns: set[str]) -> list[tuple[str, ...]]:
    return sorted(tuple(row[name] for name in sorted(columns)) for row in rows)


def test_the_archive_is_of_the_release(then: Any) -> None:
    with zipfile.ZipFile(ARCHIVE) as archive:
        said = json.loads(archive.read("manifest.json"))
    assert said["version"] == RELEASE
    assert said["tables"]["people_child"] > 7 and len(said["tables"]) > 80
    assert {name: len(rows) for name, rows in then[1].items() if name != "audit_auditline"} == {
        name: count for name, count in said["tables"].items() if name != "audit_auditline"
    }


def test_everything_that_was_there_is_there_and_the_product_opens(then: Any) -> None:
    house, before = then
    done = house.run("migrate")
    assert done.returncode == 0, done.stdout + done.stderr
    assert house.run("migrate", "--check").returncode == 0
    after = tables(house)
    for name in sorted(set(before) - GROWS):
        assert name in after, f"{name} is gone"
        if not before[name]:
            continue
        columns = set(before[name][0]) - CHANGED.get(name, set())
        gone = columns - set(after[name][0] if after[name] else ())
        assert not gone, f"{name}: without {sorted(gone)}"
        held = set(_only(after[name], columns))
        lost = [row for row in _only(before[name], columns) if row not in held]
        assert not lost, f"{name}: {len(lost)} rows lost or changed, such as {lost[0]}"
    verified = house.run("audit", "verify", "--json")
    assert json.loads(verified.stdout)["ok"], verified.stderr
    environment = {
        **house.environment,
        "KINDZORG_DATA_DIR": str(house.folder),
        "DJANGO_SETTINGS_MODULE": "kindzorg.config.settings",
        "KINDZORG_PLAIN_STATIC": "1",
    }
    words = [sys.executable, str(UPGRADES / "pages.py")]
    opened = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert opened.returncode == 0, opened.stdout + opened.stderr[-3000:]
