"""`kindzorg retention`: which files have been kept long enough, what holds them, and real deletion."""

import argparse
import json
import sys
from datetime import date
from typing import Any
from uuid import UUID

HELP = "List files whose term is over, hold one, confirm that they may go, and delete what was confirmed."
CAUSES = ("complaint", "claim", "investigation", "good_care", "family_asked")
WORDS = {
    "no_such_file": "there is no such file in the reach of this account",
    "no_such_hold": "there is no such hold in the reach of this account",
    "reason_needed": "say why: on standard input, or with --reason-file",
    "until_past": "--until comes after today",
    "until_too_far": "--until lies too far ahead: five years at the most, then somebody looks again",
    "not_held": "this hold is not in force",
    "not_due": "the term of one of these files is not over, or a hold keeps it: nothing was confirmed",
    "not_allowed": "this account may not do that",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    listed = tasks.add_parser("list", help="the files whose term is over, and the holds in force")
    listed.add_argument("--json", action="store_true", help="print it as JSON")
    hold = tasks.add_parser("hold", help="keep a file beyond its term")
    hold.add_argument("child", type=UUID, metavar="ID")
    hold.add_argument("--cause", choices=CAUSES, required=True)
    hold.add_argument("--until", type=date.fromisoformat, required=True, metavar="DATE")
    lift = tasks.add_parser("lift", help="let a hold go before its day")
    lift.add_argument("hold", type=UUID, metavar="ID")
    for task in (hold, lift):
        # Not among the arguments: those stand in the list of processes and in the shell's history.
        task.add_argument(
            "--reason-file",
            type=argparse.FileType(encoding="utf-8"),
            default="-",
            metavar="FILE",
            help="where the reason stands; without it, or for -, standard input",
        )
    confirm = tasks.add_parser("confirm", help="say that these files may go; read the list first")
    confirm.add_argument("children", type=UUID, nargs="+", metavar="ID")
    for task in (hold, lift, confirm):
        task.add_argument("--as", dest="username", required=True, help="in whose name: a privacy officer's")
    delete = tasks.add_parser(
        "delete", help="delete for good what was confirmed (as the owner of the database)"
    )
    delete.add_argument("--json", action="store_true", help="print it as JSON")


def run(options: argparse.Namespace) -> int:
    from kindzorg.core.errors import DomainError, Refused

    tasks = {"list": _list, "hold": _hold, "lift": _lift, "confirm": _confirm, "delete": _delete}
    try:
        return tasks[options.task](options)
    except Refused:
        print(f"kindzorg retention: {WORDS['not_allowed']}", file=sys.stderr)
    except DomainError as error:
        print(f"kindzorg retention: {WORDS[error.code]}", file=sys.stderr)
    return 1


def _list(options: argparse.Namespace) -> int:
    from kindzorg.access.policy import system_actor
    from kindzorg.core import clock
    from kindzorg.keeping.retention.queries import files_due, holds_for

    actor, now = system_actor("command line"), clock.now()
    files, holds = files_due(actor, now), holds_for(actor, now.date())
    if options.json:
        due = [
            {
                "child": str(one.child_id),
                "owner": one.owner,
                "changed_on": str(one.changed_on),
                "over_on": str(one.over_on),
                "held": one.held,
                "confirmed": bool(one.confirmed_by),
            }
            for one in files
        ]
        held = [
            {
                "hold": str(one.row.id),
                "child": str(one.row.child_id),
                "cause": one.row.cause,
                "until": str(one.row.until),
                "by": one.row.by,
            }
            for one in holds
        ]
        print(json.dumps({"due": due, "holds": held}))
        return 0
    for one in files:
        state = (
            "held" if one.held else f"confirmed by {one.confirmed_by}" if one.confirmed_by else "to look at"
        )
        print(f"{one.child_id} {one.owner}: last changed {one.changed_on}, term over {one.over_on}; {state}")
    for hold in holds:
        print(f"hold {hold.row.id} on {hold.row.child_id}: {hold.row.cause} until {hold.row.until}")
    print(f"{len(files)} files whose term is over, {len(holds)} holds", file=sys.stderr)
    return 0


def _person(options: argparse.Namespace) -> Any:
    from kindzorg.careteam.queries import actor_for
    from kindzorg.core.errors import Refused
    from kindzorg.people.models import User

    user = User.objects.filter(username=options.username, is_active=True).first()
    if user is None:
        raise Refused("no_such_account")
    return actor_for(user)


def _hold(options: argparse.Namespace) -> int:
    from kindzorg.core import clock
    from kindzorg.keeping.retention.actions import hold_file
    from kindzorg.keeping.retention.rules import HoldCause, NewHold

    new = NewHold(HoldCause(options.cause), options.reason_file.read(), options.until)
    print(f"held: {hold_file(_person(options), options.child, new, clock.now()).id}")
    return 0


def _lift(options: argparse.Namespace) -> int:
    from kindzorg.core import clock
    from kindzorg.keeping.retention.actions import lift_hold

    lift_hold(_person(options), options.hold, options.reason_file.read(), clock.now())
    print("lifted")
    return 0


def _confirm(options: argparse.Namespace) -> int:
    from kindzorg.core import clock
    from kindzorg.keeping.retention.actions import confirm_deletion

    print(f"{confirm_deletion(_person(options), options.children, clock.now())} confirmed")
    return 0


def _delete(options: argparse.Namespace) -> int:
    """One file at a time: what is done stays done."""
    from django.db import DatabaseError

    from kindzorg.access.policy import system_actor
    from kindzorg.core import clock
    from kindzorg.keeping.retention.actions import delete_file
    from kindzorg.keeping.retention.queries import files_confirmed

    actor, now = system_actor("command line"), clock.now()
    ready = [one.child_id for one in files_confirmed(actor, now) if not one.held]
    gone: dict[str, int] = {}
    try:
        for child_id in ready:
            gone[str(child_id)] = delete_file(actor, child_id, now)
    except DatabaseError as error:
        print(
            f"kindzorg retention: {str(error).splitlines()[0]}: run it as the owner of the database",
            file=sys.stderr,
        )
        return 1
    print(json.dumps(gone) if options.json else f"{len(gone)} files deleted, {sum(gone.values())} rows")
    return 0
