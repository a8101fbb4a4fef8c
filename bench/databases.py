"""Throw-away databases with invented data at the sizes to compare."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"
DATA = Path(__file__).parent.parent / "var" / "bench"
DEMO = {
    "KINDZORG_DEMO": "1",
    "KINDZORG_PLAIN_STATIC": "1",
    "DJANGO_SETTINGS_MODULE": "kindzorg.config.settings",
}


@contextlib.contextmanager
def postgres() -> Iterator[tuple[str, str]]:
    """The address of a PostgreSQL server to measure on, and what it is.

    KINDZORG_BENCH_POSTGRES, else the server on 127.0.0.1:5432 if it lets us make databases, else a server of our
    own from the binaries on this machine (which does not wait for its disk).
    """
    if given := os.environ.get("KINDZORG_BENCH_POSTGRES"):
        yield given, "the server in KINDZORG_BENCH_POSTGRES"
    elif _may_make_databases(LOCAL):
        yield LOCAL, "the server on 127.0.0.1:5432"
    else:
        sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
        from throwaway_postgres import INSTALL, binaries, throwaway_postgres

        folder = binaries()
        if folder is None:
            raise SystemExit(f"No PostgreSQL here: {INSTALL}, or measure on SQLite with --quick")
        with throwaway_postgres(folder) as url:
            yield url, "a throw-away server that does not wait for its disk"


def _may_make_databases(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


@contextlib.contextmanager
def country(server: str, children: int, keep: bool) -> Iterator[str]:
    """A database with so many generated children; yields its address. Dropped at the end unless kept.

    A kept one is used again, brought to this version.
    """
    name = f"kindzorg_bench_{children}"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    there = _exists(server, name)
    if not there:
        _administer(server, "CREATE DATABASE {}", name)
    try:
        fill(url, None if there and keep else children)
        yield url
    finally:
        if not keep:
            _administer(server, "DROP DATABASE {} WITH (FORCE)", name)


@contextlib.contextmanager
def small_country(children: int) -> Iterator[str]:
    """The same in a file of SQLite."""
    with tempfile.TemporaryDirectory(prefix="kindzorg-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        fill(url, children)
        yield url


def fill(url: str, children: int | None) -> None:
    """Bring the database to this version; with a number also invent so many children."""
    _kindzorg(url, ["migrate"])
    if children is not None:
        print(f"Inventing {children:,} children ...", file=sys.stderr, flush=True)
        _kindzorg(url, ["generate", "--children", str(children), "--seed", "1"])


def environment(url: str) -> Mapping[str, str]:
    """What the product needs to know to run on this database, with a data folder of its own."""
    (DATA / "static").mkdir(parents=True, exist_ok=True)
    return DEMO | {"KINDZORG_DATABASE_URL": url, "KINDZORG_DATA_DIR": str(DATA)}


def _kindzorg(url: str, words: list[str]) -> None:
    command = [str(Path(sys.executable).parent / "kindzorg"), *words]
    subprocess.run(command, env={**os.environ, **environment(url)}, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def _exists(server: str, name: str) -> bool:
    with psycopg.connect(server) as connection:
        return (
            connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
        )


def _administer(server: str, words: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL(words).format(sql.Identifier(name)))  # type: ignore[arg-type]
