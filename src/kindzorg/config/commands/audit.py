"""`kindzorg audit`: is the trail whole, what stands in it, and what may go."""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

HELP = "Check the seals on the trail, give out the newest, show lines, remove what was kept long enough."

SHOWN = (
    *("id", "at", "event", "kind", "outcome", "child_id", "object_kind", "object_id", "lifecycle"),
    *("actor_id", "actor_name", "actor_role", "organisation", "purpose", "permission", "basis", "emergency"),
    *("access_point", "source", "detail"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    verify = tasks.add_parser("verify", help="check every seal and line; exit code 3 when something is wrong")
    verify.add_argument(
        "--kept",
        type=_kept,
        action="append",
        default=[],
        metavar="NUMBER:DIGEST",
        help="a seal as it was kept outside this database; may be given more than once",
    )
    tail = tasks.add_parser("tail", help="show the newest lines; that you looked is written down too")
    tail.add_argument("--limit", type=int, default=20, help="how many lines (default 20)")
    seal = tasks.add_parser("seal", help="give out the newest seal, to keep outside this database")
    seal.add_argument("--mail", action="store_true", help="mail it to all privacy officers as well")
    prune = tasks.add_parser(
        "prune", help="remove lines that were kept long enough (as the database's owner)"
    )
    prune.add_argument("--years", type=int, help="keep so many years (default KINDZORG_TRAIL_YEARS)")
    for task in (verify, tail, seal):
        task.add_argument("--json", action="store_true", help="print it as JSON")


def _kept(words: str) -> tuple[int, str]:
    number, _, digest = words.strip().partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise argparse.ArgumentTypeError("use NUMBER:DIGEST as `kindzorg audit verify` prints it")
    return int(number), digest


def run(options: argparse.Namespace) -> int:
    from django.db import transaction

    from kindzorg.core.thawing import every_row

    tasks = {"verify": _verify, "tail": _tail, "seal": _seal, "prune": _prune}
    with transaction.atomic(), every_row():  # The owner of the database stands behind the wall too.
        return tasks[options.task](options)


def _verify(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from kindzorg.access.policy import system_actor
    from kindzorg.audit.actions import check_trail
    from kindzorg.audit.rules import SEALED_WITHIN

    now = timezone.now()
    verdict = check_trail(system_actor("command line"), now, options.kept)
    overdue = verdict.unsealed_since is not None and now - verdict.unsealed_since > SEALED_WITHIN
    last = verdict.last.kept_as if verdict.last else ""
    findings: Mapping[str, Any] = {
        "ok": not verdict.broken,
        "seals": verdict.seals,
        "lines": verdict.lines,
        "pruned_seals": verdict.pruned,
        "unsealed": verdict.unsealed,
        "unsealed_since": verdict.unsealed_since.isoformat() if verdict.unsealed_since else None,
        "last": last,
        "broken": [
            {"what": one.what, "seal": one.seal, "line": str(one.line_id) if one.line_id else None}
            for one in verdict.broken
        ],
    }
    if options.json:
        print(json.dumps(findings))
    else:
        _say(findings)
    if overdue:
        print(f"not sealed since {findings['unsealed_since']}: does a worker run?", file=sys.stderr)
    return 3 if verdict.broken or overdue else 0


def _say(findings: Mapping[str, Any]) -> None:
    print(
        f"{findings['lines']} lines under {findings['seals']} seals; last seal {findings['last'] or 'none'}"
    )
    print(f"{findings['unsealed']} lines are not sealed yet")
    if findings["pruned_seals"]:
        print(f"{findings['pruned_seals']} seals whose lines were removed after their time")
    for one in findings["broken"]:
        about = f"line {one['line']}" if one["line"] else "the seal itself"
        print(f"{one['what']}: seal {one['seal'] or 'none'}, {about}", file=sys.stderr)


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


def _seal(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from kindzorg.access.policy import system_actor
    from kindzorg.audit.actions import give_seal
    from kindzorg.careteam.queries import privacy_officers
    from kindzorg.notices.actions import mail_seal

    actor, now = system_actor("command line"), timezone.now()
    seal = give_seal(actor, now)
    if seal is None:
        print("there is no seal yet: does a worker run?", file=sys.stderr)
        return 1
    kept = f"{seal.number}:{seal.digest}"
    mailed = mail_seal(actor, seal, privacy_officers(actor, now.date()), now) if options.mail else 0
    said = {"seal": kept, "at": seal.at.isoformat(), "mailed": mailed}
    print(json.dumps(said) if options.json else kept)
    if options.mail and not mailed:
        print("no privacy officer has a mail address", file=sys.stderr)
    return 0


def _prune(options: argparse.Namespace) -> int:
    from django.conf import settings
    from django.db import DatabaseError
    from django.utils import timezone

    from kindzorg.access.policy import system_actor
    from kindzorg.audit.actions import prune_lines

    years = settings.KINDZORG_TRAIL_YEARS if options.years is None else options.years
    if years < settings.KINDZORG_FILE_YEARS:
        kept = settings.KINDZORG_FILE_YEARS
        print(f"files are kept {kept} years (KINDZORG_FILE_YEARS), and the trail as long", file=sys.stderr)
        return 1
    try:
        done = prune_lines(system_actor("command line"), years, timezone.now())
    except DatabaseError as error:
        print(f"the database refuses, only its owner may remove lines: {error}", file=sys.stderr)
        return 1
    print(f"removed {done.lines} lines, up to seal {done.seal}" if done else "nothing to remove")
    return 0
