"""Run the whole suite: on SQLite always, on PostgreSQL where there is one. Says which ran.

KINDZORG_TEST_POSTGRES  a server to use, as postgresql://user@host:port/name; the user must be able to make
                        databases and roles. Without it a throw-away server is started from the binaries here.
KINDZORG_DEMAND         what may not be missing, as in CI: postgresql,browser,node
Arguments are handed to pytest, for example: make test ARGS="-k referral".
"""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from throwaway_postgres import INSTALL, binaries, throwaway_postgres

ROOT = Path(__file__).parent.parent
LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"


def main() -> int:
    """Returns the exit code: 0 when all that ran passed, and all that was demanded ran."""
    arguments = sys.argv[1:]
    for old in ROOT.glob(".coverage*"):
        old.unlink()
    results = on_sqlite(arguments)
    with postgres() as (url, where):
        if url:
            results |= on_postgres(url, where, arguments)
        elif "postgresql" in os.environ.get("KINDZORG_DEMAND", ""):
            results["PostgreSQL"] = "FAILED: demanded, but not there"
    print("\n" + "=" * 60)
    for name, result in results.items():
        print(f"{name}: {result}")
    if "PostgreSQL" not in results:
        print(f"PostgreSQL: did not run, none is here. To run there too: {INSTALL}")
    return int(any(result.startswith("FAILED") for result in results.values()))


def on_sqlite(arguments: list[str]) -> dict[str, str]:
    """First what is measured for coverage, which takes half as long again; then stories and walks, which prove little
    of it. Where arguments choose the tests, those in one go."""
    if arguments:
        return {"SQLite": run("SQLite", {}, ["-m", "not postgresql", *arguments], measured=True)}
    return {
        "SQLite, measured": run(
            "SQLite, measured", {}, ["-m", "not (postgresql or browser or walk)"], measured=True
        ),
        "SQLite, stories and walks": run(
            "SQLite, stories and walks", {}, ["-m", "(browser or walk) and not postgresql"]
        ),
    }


def on_postgres(url: str, where: str, arguments: list[str]) -> dict[str, str]:
    """First what needs the server to itself, then all that opens a database. Where arguments choose the tests, those
    in one go."""
    name, there = f"PostgreSQL ({where})", {"KINDZORG_DATABASE_URL": url}
    if arguments:
        return {"PostgreSQL": run(name, there, arguments)}
    return {
        "PostgreSQL, alone": run(f"{name}, alone", there, ["-m", "alone", "-n", "0"]),
        "PostgreSQL": run(name, there, ["-m", "not alone and not once"]),
    }


def run(name: str, extra: dict[str, str], arguments: list[str], *, measured: bool = False) -> str:
    """Run pytest on two processes; the answer begins with "passed" or "FAILED"."""
    print(f"\n=== {name} " + "=" * (55 - len(name)), flush=True)
    pytest = ["-m", "pytest", "-q", "-n", os.environ.get("KINDZORG_TEST_WORKERS", "2"), "--dist", "loadfile"]
    python = [sys.executable, *(["-m", "coverage", "run"] if measured else []), *pytest, *arguments]
    environment = {key: value for key, value in os.environ.items() if key != "KINDZORG_DATABASE_URL"} | extra
    began = time.monotonic()
    code = subprocess.run(python, cwd=ROOT, env=environment, check=False).returncode
    return f"{'passed' if code == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s"


@contextlib.contextmanager
def postgres() -> Iterator[tuple[str, str]]:
    """The address of a PostgreSQL server to test on, and what it is; two empty words where there is none."""
    if given := os.environ.get("KINDZORG_TEST_POSTGRES"):
        yield given, "the server in KINDZORG_TEST_POSTGRES"
    elif folder := binaries():
        with throwaway_postgres(folder) as url:
            yield url, f"throw-away server from {folder}"
    elif may_make_databases(LOCAL):
        yield LOCAL, "the server on 127.0.0.1:5432"
    else:
        yield "", ""


def may_make_databases(url: str) -> bool:
    """Whether a server answers there and lets us make databases and roles."""
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


if __name__ == "__main__":
    sys.exit(main())
