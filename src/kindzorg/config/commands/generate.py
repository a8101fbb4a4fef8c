"""`kindzorg generate`: invented data at national scale."""

import argparse
import json
import sys
import time

HELP = "Make invented children, teams, journeys and plans at national scale (demo mode only)."
WHY_NOT = {
    "demo_only": "invented children belong in a demo: set KINDZORG_DEMO=1 and use a database of its own",
    "real_work": "this database holds real work: use a database of its own",
    "generated_already": "generated children are here already: use an empty database",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--children", type=int, required=True, metavar="N", help="how many, at least 1")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same data (default 1)")
    parser.add_argument("--json", action="store_true", help="print how many rows per table as JSON")


def run(options: argparse.Namespace) -> int:
    from django.db import DatabaseError

    from kindzorg.core import clock
    from kindzorg.core.errors import Refused
    from kindzorg.demo.generation import generate

    began = time.monotonic()

    def tell(done: int) -> None:
        seconds = time.monotonic() - began
        print(
            f"\r{done:,} of {options.children:,} children ({seconds:.0f} s)",
            end="",
            file=sys.stderr,
            flush=True,
        )

    if options.children < 1:
        print("kindzorg generate: --children must be at least 1", file=sys.stderr)
        return 1
    try:
        counts = generate(options.children, options.seed, clock.now(), tell)
    except Refused as error:
        print(f"kindzorg generate: {WHY_NOT[error.code]}", file=sys.stderr)
        return 1
    except DatabaseError as error:
        print(f"\nkindzorg generate: nothing was kept: {error}".rstrip(), file=sys.stderr)
        return 1
    print(f"\n{sum(counts.values()):,} rows in {time.monotonic() - began:.0f} s", file=sys.stderr)
    if options.json:
        print(json.dumps(counts, indent=2))
    return 0
