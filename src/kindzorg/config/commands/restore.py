"""`kindzorg restore`: put a backup back, or only look whether it could be."""

import argparse
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

HELP = (
    "Put a backup in place, as the owner of the database; exit code 3 when something needs a look after it."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="FILE", help="what `kindzorg backup` made")
    parser.add_argument("--check", action="store_true", help="only say whether it is whole and fits here")
    parser.add_argument(
        "--replace", action="store_true", help="throw away the database and files that are here"
    )
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")


def run(options: argparse.Namespace) -> int:
    from kindzorg.config.backups import Unsound

    try:
        said = _restore(options)
    except Unsound as error:
        print(f"kindzorg restore: {error}", file=sys.stderr)
        return 1
    except (OSError, zipfile.BadZipFile) as error:
        print(f"kindzorg restore: {options.source}: {error}", file=sys.stderr)
        return 1
    print(json.dumps(said) if options.json else _words(said))
    if said["waiting"]:
        print("Now run `kindzorg migrate`, then `kindzorg audit verify`.", file=sys.stderr)
    for one in said["broken"]:
        print(f"the trail is not whole: {one['what']}, seal {one['seal']}", file=sys.stderr)
    return 3 if said["waiting"] or said["broken"] else 0


def _restore(options: argparse.Namespace) -> dict[str, Any]:
    from django.conf import settings
    from django.db import connection

    from kindzorg.config.backups import Unsound, archive, manifest, postgresql, sqlite
    from kindzorg.web.health import waiting_migrations

    store, place = postgresql if connection.vendor == "postgresql" else sqlite, Path(settings.MEDIA_ROOT)
    settings.KINDZORG_DATA_DIR.mkdir(parents=True, exist_ok=True)
    with archive.workplace(settings.KINDZORG_DATA_DIR) as folder:
        said, database, files = archive.unpack(options.source, folder)
        manifest.must_fit(said)
        done = {"made_at": said.made_at, "version": said.version, "rows": sum(said.tables.values())}
        if options.check:
            return {**done, "restored": False, "waiting": [], "broken": []}
        if not options.replace and not (store.is_empty() and not (place.exists() and any(place.iterdir()))):
            raise Unsound("there is something here already: use an empty database, or say --replace")
        with archive.files_in_place(files, place), store.restored(database, said.tables):
            pass
    waiting = waiting_migrations()
    return {**done, "restored": True, "waiting": waiting, "broken": [] if waiting else _verify(said.seal)}


def _verify(seal: str) -> list[dict[str, Any]]:
    """Note it in the trail that was put back, and check that trail against the seal in the backup."""
    from django.db import transaction
    from django.utils import timezone

    from kindzorg.access.policy import system_actor
    from kindzorg.audit.actions import check_trail, note_backup
    from kindzorg.core.thawing import every_row

    actor, now = system_actor("command line"), timezone.now()
    number, _, digest = seal.partition(":")
    note_backup(actor, "backup.restored", now)
    with transaction.atomic(), every_row():
        verdict = check_trail(actor, now, [(int(number), digest)] if seal else [])
    return [{"what": one.what, "seal": one.seal} for one in verdict.broken]


def _words(said: dict[str, Any]) -> str:
    about = f"backup of {said['made_at']} by version {said['version']}, {said['rows']} rows"
    if not said["restored"]:
        return f"This fits here: {about}"
    return f"In place: {about}" + ("" if said["waiting"] or said["broken"] else "; the trail is whole")
