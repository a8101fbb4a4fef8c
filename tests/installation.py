"""An installation of one's own, whose command line is used as a person uses it: as an owner that is no superuser."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from kindzorg.core.ids import new_id
from kindzorg.core.walls import APP_ROLE
from tests.machine import TODAY
from tests.serving import KINDZORG, PATIENCE

SERVER = os.environ.get("KINDZORG_DATABASE_URL", "")
POSTGRESQL = SERVER.startswith("postgres")


@dataclass(frozen=True)
class House:
    """An installation: what its environment says, and its data folder."""

    environment: Mapping[str, str]
    folder: Path

    def run(self, *words: str, said: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        """Run `kindzorg` with these words; `said` is what comes in on standard input."""
        environment = {**self.environment, "KINDZORG_DATA_DIR": str(self.folder), **more}
        return subprocess.run(
            [KINDZORG, *words], env=environment, input=said, capture_output=True, text=True, timeout=PATIENCE,
            check=False,
        )  # fmt: skip

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table, as text."""
        if POSTGRESQL:
            with psycopg.connect(as_superuser(self.environment["KINDZORG_DATABASE_URL"])) as database:
                names = database.execute(
                    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                ).fetchall()
                asked = sql.SQL("SELECT t::text FROM {} t ORDER BY 1")
                return {
                    name: [row for (row,) in database.execute(asked.format(sql.Identifier(name)))]
                    for (name,) in names
                }
        with closing(sqlite3.connect(self.folder / "kindzorg.sqlite3")) as database:
            names = database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).fetchall()
            asked = 'SELECT * FROM "{}"'
            return {name: sorted(map(repr, database.execute(asked.format(name)))) for (name,) in names}


def as_superuser(address: str) -> str:
    """The same database as the server's superuser."""
    return urlunsplit(urlsplit(SERVER)._replace(path=urlsplit(address).path))


@contextmanager
def plain_owner() -> Iterator[Mapping[str, str]]:
    """An empty database of an owner that is no superuser, and a role above the wall, as docs/operations.md has it."""
    name = f"again_{new_id().hex}"
    parts = urlsplit(SERVER)
    host = f"{parts.hostname or '127.0.0.1'}:{parts.port or 5432}"

    def address(role: str) -> str:
        return urlunsplit(parts._replace(netloc=f"{role}:plain@{host}", path=f"/{name}"))

    above = f"{name}_backup"
    with psycopg.connect(SERVER, autocommit=True) as superuser:
        superuser.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'plain'; GRANT {APP_ROLE} TO {name}")
        superuser.execute(f"CREATE ROLE {above} LOGIN BYPASSRLS PASSWORD 'plain'")
        superuser.execute(f"GRANT pg_read_all_data TO {above}")
        superuser.execute(f"CREATE DATABASE {name} OWNER {name}")
        try:
            yield {"KINDZORG_DATABASE_URL": address(name), "ABOVE": address(above)}
        finally:
            superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")
            superuser.execute(f"DROP ROLE {name}; DROP ROLE {above}")


def demo_house(database: Mapping[str, str], folder: Path) -> House:
    """A demo installation on this database, with nothing of the tests' own environment."""
    quiet = {
        key: value for key, value in os.environ.items() if not key.startswith(("COV", "DJANGO", "KINDZORG"))
    }
    return House({**quiet, **database, "KINDZORG_DEMO": "1", "KINDZORG_TODAY": TODAY.isoformat()}, folder)
