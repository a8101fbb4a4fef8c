"""`kindzorg migrate`: bring the database to this version."""

import argparse

HELP = "Bring the database to this version (as the owner of the database)."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--check", action="store_true", help="only say whether something is waiting; exit code 3 if so"
    )


def run(options: argparse.Namespace) -> int:
    from django.core.management import call_command

    if options.check:
        from kindzorg.web.health import waiting_migrations

        waiting = waiting_migrations()
        print(f"{len(waiting)} waiting")
        return 3 if waiting else 0
    call_command("migrate", interactive=False, verbosity=1)
    return 0
