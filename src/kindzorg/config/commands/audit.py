"""`kindzorg audit`: is the trail whole, and what stands in it?"""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

HELP = "Check the seals on the trail, or show its newest lines."


SHOWN = (
    *("id", "at", "event", "kind", "outcome", "child_id", "object_kind", "object_id"),
    *("actor_id", "actor_name", "actor_role", "organisation", "permission", "detail"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    verify = tasks.add_parser("verify", help="check every seal and line; exit code 3 when something is wrong")
    verify.add_argument(
        "--kept",
        type=_kept,
        metavar="NUMBER:DIGEST",
        help="a seal as it was written down outside this database",
    )
    tail = tasks.add_parser("tail", help="show the newest lines; that you looked is written down too")
    tail.add_argument("--limit", type=int, default=20, help="how many lines (default 20)")
    for task in (verify, tail):
        task.add_argument("--json", action="store_true", help="print it as JSON")


def _kept(words: str) -> tuple[int, str]:
    number, _, digest = words.partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise argparse.ArgumentTypeError("use NUMBER:DIGEST as `kindzorg audit verify` prints it")
    return int(number), digest


def run(options: argparse.Namespace) -> int:
    return _verify(options) if options.task == "verify" else _tail(options)


def _verify(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from kindzorg.access.policy import system_actor
    from kindzorg.audit.actions import check_trail

    verdict = check_trail(system_actor("command line"), timezone.now(), options.kept)
    last = f"{verdict.last.number}:{verdict.last.digest}" if verdict.last else ""
    findings: Mapping[str, Any] = {
        "ok": not verdict.broken,
        "seals": verdict.seals,
        "lines": verdict.lines,
        "last": last,
        "broken": [
            {"what": one.what, "seal": one.seal, "line": str(one.line_id) if one.line_id else None}
            for one in verdict.broken
        ],
    }
    if options.json:
        print(json.dumps(findings))
    else:
        print(f"{verdict.lines} lines under {verdict.seals} seals; last seal {last or 'none'}")
        for one in verdict.broken:
            about = f"line {one.line_id}" if one.line_id else "the seal itself"
            print(f"{one.what}: seal {one.seal or 'none'}, {about}", file=sys.stderr)
    return 3 if verdict.broken else 0


def _tail(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from kindzorg.access.policy import system_actor
    from kindzorg.audit.actions import read_newest

    for line in read_newest(system_actor("command line"), timezone.now(), options.limit):
        if options.json:
            print(json.dumps({name: getattr(line, name) for name in SHOWN}, default=str))
        else:
            print(f"{line.at.isoformat(timespec='seconds')} {line.actor_name} {line.event} {line.outcome}")
    return 0
