"""`kindzorg backup`: database and files in one archive, the keys never among them."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HELP = "Save database and files in one archive, while everything runs; keys are never in it."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "to",
        type=Path,
        metavar="FILE",
        help="where to; a folder gets a file named for the moment; nothing is overwritten",
    )
    parser.add_argument("--json", action="store_true", help="print what was saved as JSON")


def run(options: argparse.Namespace) -> int:
    from kindzorg.config.backups import Unsound

    moment = datetime.now(UTC)
    to: Path = options.to.absolute()
    target = to / f"kindzorg-{moment:%Y%m%dT%H%M%SZ}.zip" if to.is_dir() else to
    try:
        said = _save(target, moment)
    except Unsound as error:
        print(f"kindzorg backup: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"kindzorg backup: {error.filename or target}: {error.strerror}", file=sys.stderr)
        return 1
    print(json.dumps(said) if options.json else _words(said))
    return 0


def _save(target: Path, moment: datetime) -> dict[str, Any]:
    from django.conf import settings
    from django.db import connection

    from kindzorg.access.policy import system_actor
    from kindzorg.audit.actions import note_backup
    from kindzorg.audit.queries import newest_seal
    from kindzorg.config.backups import Unsound, archive, manifest, postgresql, sqlite

    if target.exists():
        raise Unsound(f"{target} is there already; choose another name")
    actor, store = system_actor("command line"), postgresql if connection.vendor == "postgresql" else sqlite
    # Taken before the dump, so that the trail in the dump reaches at least as far.
    seal = newest_seal(actor, moment.date())
    kept = f"{seal.number}:{seal.digest}" if seal else ""
    with archive.workplace(target.parent) as folder:
        database = folder / archive.DATABASE[connection.vendor]
        tables, server = store.dump(database)
        said = manifest.describe(moment.isoformat(timespec="seconds"), server, tables, kept)
        digest = archive.pack(said, database, Path(settings.MEDIA_ROOT), target)
    note_backup(actor, "backup.made", moment, digest=digest[:16])
    return {
        "file": str(target),
        "sha256": digest,
        "rows": sum(tables.values()),
        "tables": dict(tables),
        "keys": list(said.keys),
        "hash_key": said.hash_key,
        "seal": kept,
    }


def _words(said: dict[str, Any]) -> str:
    return (
        f"{said['file']}\n{said['rows']} rows in {len(said['tables'])} tables; SHA-256 {said['sha256']}\n"
        f"It cannot be read without these keys, which are not in it: {', '.join(said['keys'])}, "
        f"hash key {said['hash_key']}\nSeal of the trail: {said['seal'] or 'none yet'}"
    )
