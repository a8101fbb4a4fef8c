"""A migrated SQLite database, kept for the next run: going through every migration takes half a minute of a processor.

It is found by what made it (migrations, the walls and words they lean on, Django), so it is never an old one.
"""

import fcntl
import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
from django.db import connection

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "var" / "test"
# What a migration says of the product's own modules.
NAMED = re.compile(r"\bkindzorg(?:\.[a-z_0-9]+)+")


def migrated() -> Path:
    """Where the database stands, or will, that today's migrations make."""
    made = hashlib.sha256(django.__version__.encode())
    migrations = sorted((ROOT / "src").glob("kindzorg/*/migrations/*.py"))
    words = {word for one in migrations for word in NAMED.findall(one.read_text(encoding="utf-8"))}
    leant_on = {(ROOT / "src" / word.replace(".", "/")).with_suffix(".py") for word in words}
    core = (ROOT / "src" / "kindzorg" / "core").glob("*.py")
    for one in [*migrations, *sorted({*core, *filter(Path.exists, leant_on)})]:
        made.update(str(one.relative_to(ROOT)).encode() + one.read_bytes())
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
