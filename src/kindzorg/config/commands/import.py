"""`kindzorg import FILE...`: read hospitals' handovers into children's files."""  # noqa: N999 - the word that people type

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

HELP = "Read handovers (FHIR R4 JSON or NDJSON) into children's files; exit code 3 when parts were rejected."
SLOW = 200
"""Resources from which on progress is shown."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "--child", type=UUID, help="the child whom the files are about; without it the files say so"
    )
    parser.add_argument("--as", dest="username", help="in whose name; needed to begin a new child's file")
    parser.add_argument(
        "--source", default="", help="who sent the files, where they do not say so themselves"
    )
    parser.add_argument("--json", action="store_true", help="print one line of JSON per file")


def run(options: argparse.Namespace) -> int:
    from django.utils import translation

    with translation.override("en"):
        actor = _actor(options)
        if actor is None:
            return 1
        results = [_import(actor, path, options) for path in options.files]
    if any(result.get("refused") for result in results):
        return 1
    return 3 if any(result["counts"]["rejected"] for result in results) else 0


def _actor(options: argparse.Namespace) -> Any:
    from kindzorg.access.policy import system_actor
    from kindzorg.careteam.queries import actor_for
    from kindzorg.people.models import User

    if not options.username:
        if options.child:
            return system_actor("command line")
        print("kindzorg: say in whose name with --as USERNAME, or which child with --child", file=sys.stderr)
        return None
    user = User.objects.filter(username=options.username, is_active=True).first()
    if user is None:
        print(f"kindzorg: there is no account {options.username!r}", file=sys.stderr)
        return None
    return actor_for(user)


def _import(actor: Any, path: Path, options: argparse.Namespace) -> dict[str, Any]:
    from kindzorg.audit.actions import write_refusal
    from kindzorg.core import clock
    from kindzorg.core.errors import DomainError, Missing, Refused
    from kindzorg.core.walls import behind_wall
    from kindzorg.fhir.forms import WORDS
    from kindzorg.fhir.handover import Sent, import_for_child, import_new
    from kindzorg.ui.wording import word

    now = clock.now()
    try:
        sent = Sent(path.name, path.read_bytes(), options.source)
        with behind_wall(actor.id, now.date(), system=actor.system):
            if options.child:
                report = import_for_child(actor, options.child, sent, now, _progress(path))
            else:
                report = import_new(actor, sent, now, progress=_progress(path))
    except OSError as error:
        return _refused(path, options, "cannot_open", f"cannot be opened: {error.strerror}")
    except (Missing, Refused) as error:
        permission = str(error.data.get("permission", "record.import"))
        write_refusal(actor, "refused import", now, options.child, permission)
        return _refused(
            path, options, error.code, "there is no such child for this account, or it may not import"
        )
    except DomainError as error:
        return _refused(path, options, error.code, word(error, WORDS))
    return _told(path, options, report)


def _progress(path: Path) -> Callable[[int, int], None]:
    shown = [0]

    def tell(done: int, total: int) -> None:
        tenth = done * 10 // total
        if total >= SLOW and tenth > shown[0]:
            shown[0] = tenth
            print(f"{path.name}: {done} of {total} read", file=sys.stderr, flush=True)

    return tell


def _refused(path: Path, options: argparse.Namespace, code: str, sentence: str) -> dict[str, Any]:
    result = {"file": str(path), "refused": code, "why": sentence}
    if options.json:
        print(json.dumps(result))
    print(f"kindzorg: {path}: {sentence}", file=sys.stderr)
    return result


def _told(path: Path, options: argparse.Namespace, report: Any) -> dict[str, Any]:
    names = ("position", "fhir_type", "fhir_id", "title", "outcome", "reason", "field", "effect", "faults")
    result = {
        "file": str(path),
        "child": str(report.child_id),
        "document": str(report.document_id),
        "source": report.source,
        "again": report.again,
        "bsn_not_valid": report.bsn_not_valid,
        "counts": dict(report.counts),
        "resources": [{name: getattr(line, name) for name in names} for line in report.lines],
    }
    if options.json:
        print(json.dumps(result))
        return result
    counts = report.counts
    print(f"{path}: {'was here before, nothing changed; ' if report.again else ''}child {report.child_id}")
    print(f"  {counts['taken']} taken, {counts['kept_unread']} kept unread, {counts['rejected']} rejected")
    print(f"  {counts['new']} new, {counts['same']} known, {counts['asked']} differences wait for a person")
    for line in report.lines:
        if line.outcome != "taken":
            place = f" ({line.field})" if line.field else ""
            print(f"  {line.position}. {line.fhir_type} {line.title}: {line.outcome}, {line.reason}{place}")
    return result
