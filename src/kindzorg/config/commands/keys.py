"""`kindzorg keys`: the keys with which numbers and files are kept unreadable in the database."""

import argparse
import secrets
import sys

HELP = "Make new keys, or put everything that is encrypted under the newest key."


def arguments(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    new = tasks.add_parser("new", help="print new keys; they are kept nowhere")
    new.set_defaults(alone=True)
    tasks.add_parser("ids", help="by what the keys that are set are called, as a backup names those it needs")
    tasks.add_parser(
        "rotate", help="encrypt all rows with the newest key; as the owner of the database, may be run again"
    )


def run(options: argparse.Namespace) -> int:
    return {"new": _new, "ids": _ids, "rotate": _rotate}[options.task]()


def _new() -> int:
    from kindzorg.core.encryption import new_key

    print("# First time: keep both, apart from the database and from its backups.")
    print(
        "# Later: put the new encryption key before the old ones, with a comma, and run `kindzorg keys rotate`."
    )
    print(f"KINDZORG_ENCRYPTION_KEYS={new_key()}")
    print(f"KINDZORG_HASH_KEY={secrets.token_urlsafe(40)}")
    return 0


def _ids() -> int:
    from django.conf import settings

    from kindzorg.core.encryption import key_id

    for place, key in enumerate(settings.KINDZORG_ENCRYPTION_KEYS, start=1):
        print(f"KINDZORG_ENCRYPTION_KEYS {place}: {key_id(key)}")
    print(f"KINDZORG_HASH_KEY: {key_id(settings.KINDZORG_HASH_KEY)}")
    return 0


def _rotate() -> int:
    from django.db import DatabaseError

    from kindzorg.access.policy import system_actor
    from kindzorg.core import clock
    from kindzorg.core.encryption import Unreadable
    from kindzorg.people.actions import rotate_keys

    def tell(table: str, done: int, total: int) -> None:
        print(
            f"\r{table}: {done:,} of {total:,}", end="" if done < total else "\n", file=sys.stderr, flush=True
        )

    try:
        changed = rotate_keys(system_actor("command line"), clock.now(), tell)
    except Unreadable as error:
        print(f"\nkindzorg keys: {error}; keep every key until all is rotated", file=sys.stderr)
        return 1
    except DatabaseError as error:
        print(
            f"\nkindzorg keys: {str(error).splitlines()[0]}: run it as the owner of the database",
            file=sys.stderr,
        )
        return 1
    print(f"{changed} rows are under the newest key now; every older key can go")
    return 0
