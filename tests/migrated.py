"""A migrated SQLite database, kept for the next run: going through every migration takes half a minute of a processor.

It is found by what made it (migrations, the walls and words they lean on, Django), so it is never an old one.
"""

import fcntl
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
from django.db import connection

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "var" / "test"


def migrated() -> Path:
    """Where the database stands, or will, that today's migrations make."""
    made = hashlib.sha256(django.__version__.encode())
    source = ROOT / "src" / "kindzorg"
    for one in sorted(
        {*source.glob("*/migrations/*.py"), *source.glob("core/**/*.py"), *source.glob("**/rules.py")}
    ):
        made.update(one.relative_to(source).as_posix().encode() + one.read_bytes())
    return KEPT / f"migrated-{made.hexdigest()[:16]}.sqlite3"


@contextmanager
def from_kept() -> Iterator[None]:
    """Within it, the test database begins as the kept one and only newer migrations run; where none is kept, it is
    kept after. One process at a time: the second finds what the first made."""
    if connection.vendor != "sqlite":
        yield
        return
    kept = migrated()
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kept.exists():
            fcntl.flock(lock, fcntl.LOCK_UN)
            connection.prepare_database = lambda: _fill(kept)  # Django's own hook, called before it migrates
            yield
            del connection.prepare_database
        else:
            yield
            if connection.connection is not None:  # None where no test that runs needs a database
                _keep(kept)


def _fill(kept: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(f"file:{kept}?mode=ro", uri=True)) as source:
        source.backup(connection.connection)


def _keep(kept: Path) -> None:
    for old in KEPT.glob("migrated-*.sqlite3"):
        old.unlink()
    aside = kept.with_suffix(".tmp")
    aside.unlink(missing_ok=True)
    with closing(sqlite3.connect(aside)) as target:
        connection.connection.backup(target)
    aside.rename(kept)
