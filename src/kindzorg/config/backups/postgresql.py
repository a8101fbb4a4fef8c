"""PostgreSQL: pg_dump and pg_restore, and the proof that no row was left behind the row-level wall.

The owner stands behind the wall too, and would save nothing: the backup is made by a role above it
(`KINDZORG_BACKUP_DATABASE_URL`, docs/operations.md). What it counts, what the product counts in the same snapshot and
what stands in the dump must be the same.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from kindzorg.config import env
from kindzorg.config.backups import Unsound
from kindzorg.core.walls import APP_ROLE, DEFAULT_RIGHTS

ADDRESS = "KINDZORG_BACKUP_DATABASE_URL"
BEFORE = "kindzorg_before"
ABOVE = (
    "{role} stands behind the row-level wall and would save nothing: make a role above it "
    f"(docs/operations.md) and name it in {ADDRESS}"
)
# Where we are is made by the owner; rights on what comes later are given anew, in the name of this owner.
LEFT_OUT = (" SCHEMA - public ", " COMMENT - SCHEMA public ", " DEFAULT ACL ")
Connection = psycopg.Connection[Any]


def dump(target: Path) -> tuple[Mapping[str, int], str]:
    """Save the database; gives back the rows of each table and the version of the server. Raises Unsound."""
    place = env.database(ADDRESS) if env.word(ADDRESS) else settings.DATABASES["default"]
    with _connect(place) as source:
        _must_be_above_the_wall(source)
        source.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = _one(source, "SELECT pg_export_snapshot()")
        counts = _counts(source)
        _must_be_the_same("the product", _counts_of_the_product(snapshot), counts)
        _run(
            place,
            "pg_dump",
            "--format=custom",
            "--schema=public",
            f"--snapshot={snapshot}",
            f"--file={target}",
        )
        server = str(source.info.server_version)
    _must_be_the_same("the dump", counts_in(target), counts)
    return counts, server


def counts_in(saved: Path) -> dict[str, int]:
    """How many rows of each table stand in a dump: it is read from beginning to end."""
    words = [_program("pg_restore"), "--data-only", "--file=-", str(saved)]
    counts: dict[str, int] = {}
    table = b""
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:  # noqa: S603
        for line in reading.stdout or ():
            if table:
                if line == b"\\.\n":
                    table = b""
                else:
                    counts[table.decode()] += 1
            elif line.startswith(b"COPY public."):
                table = line.split()[1].removeprefix(b"public.").strip(b'"')
                counts[table.decode()] = 0
        said = reading.stderr.read() if reading.stderr else b""
    if reading.returncode:
        raise Unsound(f"pg_restore cannot read the dump: {_first(said.decode(errors='replace'))}")
    return counts


def is_empty() -> bool:
    """Whether there is no table yet."""
    with _connect(settings.DATABASES["default"]) as target:
        return not _tables(target)


@contextmanager
def restored(source: Path, tables: Mapping[str, int]) -> Iterator[None]:
    """Put the dump in place of what is there, which comes back when anything fails. Raises Unsound."""
    place = settings.DATABASES["default"]
    if counts_in(source) != dict(tables):
        raise Unsound("the tables in this backup do not hold the rows that it names")
    connection.close()
    with _connect(place) as target:
        if not _one(target, "SELECT count(*) FROM pg_roles WHERE rolname = %s", APP_ROLE):
            raise Unsound(f"there is no role {APP_ROLE} on this server: the README says how to make it")
        target.execute(f"ALTER SCHEMA public RENAME TO {BEFORE}; CREATE SCHEMA public")
    try:
        _load(place, source)
        with _connect(place) as target:
            target.execute(DEFAULT_RIGHTS)
            target.execute("SELECT set_config('kindzorg.system', 'on', true)")
            _must_be_the_same("the restored database", _counts(target), tables)
        yield
    except BaseException:
        connection.close()
        with _connect(place) as target:
            target.execute(f"DROP SCHEMA public CASCADE; ALTER SCHEMA {BEFORE} RENAME TO public")
        raise
    connection.close()
    with _connect(place) as target:
        target.execute(f"DROP SCHEMA {BEFORE} CASCADE")


def _load(place: Mapping[str, Any], source: Path) -> None:
    listed = _run(place, "pg_restore", "--list", str(source))
    kept = source.with_suffix(".list")
    lines = [line for line in listed.splitlines() if not any(words in f"{line} " for words in LEFT_OUT)]
    kept.write_text("\n".join(lines), encoding="utf-8")
    name = place["NAME"]
    how = ("--no-owner", "--exit-on-error", "--single-transaction", f"--use-list={kept}", f"--dbname={name}")
    _run(place, "pg_restore", *how, str(source))


def _must_be_above_the_wall(source: Connection) -> None:
    above = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    if not _one(source, above):
        raise Unsound(ABOVE.format(role=source.info.user))
    source.commit()


def _counts_of_the_product(snapshot: str) -> dict[str, int]:
    """What the owner counts as a system job, at the very moment of the dump: by another role's eyes."""
    with _connect(settings.DATABASES["default"]) as own:
        try:
            own.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            own.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot)))
        except psycopg.Error:
            raise Unsound(f"{ADDRESS} names another database than KINDZORG_DATABASE_URL") from None
        own.execute("SELECT set_config('kindzorg.system', 'on', true)")
        return _counts(own)


def _must_be_the_same(who: str, found: Mapping[str, int], counts: Mapping[str, int]) -> None:
    if other := [name for name in sorted({*found, *counts}) if found.get(name) != counts.get(name)]:
        one = other[0]
        raise Unsound(
            f"rows are missing: {one} holds {counts.get(one)}, and {who} has {found.get(one)} "
            f"({len(other)} tables differ)"
        )


def _tables(database: Connection) -> list[str]:
    rows = database.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
    ).fetchall()
    return [name for (name,) in rows]


def _counts(database: Connection) -> dict[str, int]:
    asked = sql.SQL("SELECT count(*) FROM public.{}")
    return {
        name: _one(database, asked.format(sql.Identifier(name)).as_string(database))
        for name in _tables(database)
    }


def _one(database: Connection, asked: str, *given: object) -> Any:
    row = database.execute(asked, given or None).fetchone()  # type: ignore[arg-type]
    return row[0] if row else None


def _connect(place: Mapping[str, Any]) -> Connection:
    try:
        return psycopg.connect(
            dbname=place["NAME"],
            user=place["USER"] or None,
            password=place["PASSWORD"] or None,
            host=place["HOST"] or None,
            port=place["PORT"] or None,
        )
    except psycopg.OperationalError as error:
        raise Unsound(_first(str(error))) from None


def _run(place: Mapping[str, Any], program: str, *words: str) -> str:
    """Run a program of PostgreSQL; the password goes by the environment, where no list of programs shows it."""
    names = {
        "PGDATABASE": "NAME",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGHOST": "HOST",
        "PGPORT": "PORT",
    }
    own = {name: str(place[key]) for name, key in names.items() if place[key]}
    # Foreign keys are checked while the wall stands already.
    own["PGOPTIONS"] = f"{os.environ.get('PGOPTIONS', '')} -c kindzorg.system=on".strip()
    done = subprocess.run(  # noqa: S603
        [_program(program), *words], env=os.environ | own, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unsound(f"{program} failed: {_first(done.stderr)}")
    return done.stdout


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Unsound(f"{name} is not here: install PostgreSQL's client programs (postgresql-client)")
    return found


def _first(words: str) -> str:
    """The first line that says what is wrong."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[0] if lines else "no reason given")
