"""`kindzorg export`: everything that is kept of one child."""

import argparse
import json
import sys
from pathlib import Path
from uuid import UUID

HELP = "Write everything that is kept of one child, as NDJSON: one line per row, with its table."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--child", type=UUID, required=True, metavar="ID")
    parser.add_argument("--out", metavar="FILE", help="where to (default standard output); never overwritten")
    parser.add_argument("--json", action="store_true", help="print how many rows per table as JSON")


def run(options: argparse.Namespace) -> int:
    from kindzorg.access.policy import system_actor
    from kindzorg.core import clock
    from kindzorg.core.errors import DomainError
    from kindzorg.core.walls import behind_wall
    from kindzorg.web.export import child_export

    try:
        actor, now = system_actor("export"), clock.now()
        with behind_wall(actor.id, now.date(), system=True):
            rows = list(child_export(actor, options.child, now))
        lines = [json.dumps({"table": table, **row}, default=str, ensure_ascii=False) for table, row in rows]
        if options.out:
            with Path(options.out).open("x", encoding="utf-8") as target:
                target.write("\n".join(lines) + "\n")
        else:
            print("\n".join(lines))
    except DomainError:
        print("kindzorg export: there is no child with this id", file=sys.stderr)
        return 1
    except FileExistsError:
        print(f"kindzorg export: {options.out} is there already; choose another name", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"kindzorg export: {options.out}: {error.strerror}", file=sys.stderr)
        return 1
    counts: dict[str, int] = {}
    for table, _ in rows:
        counts[table] = counts.get(table, 0) + 1
    print(
        json.dumps(counts) if options.json else f"{len(rows)} rows",
        file=sys.stderr if not options.out else sys.stdout,
    )
    return 0
