"""`kindzorg assess-referral`: try the rules of phase 1 on a case of your own, without a database."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HELP = "Assess which laws carry a child's care, from a JSON file with facts."
ALONE = True
EXAMPLE = '{"birth_date": "2026-07-20", "facts": {"nursing_need": "yes", "somatic_main": "unknown"}}'


def arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--facts", metavar="FILE.json", help=f"the case ('-' reads standard input), such as {EXAMPLE}"
    )
    what.add_argument("--list-facts", action="store_true", help="explain each fact id")
    parser.add_argument(
        "--on", type=date.fromisoformat, default=None, metavar="DATE", help="the day (default today)"
    )
    parser.add_argument("--rules", metavar="VERSION", help="force a rule set, such as that of another year")
    parser.add_argument("--audience", choices=("parent", "professional"), default="professional")
    parser.add_argument("--language", choices=("nl", "en"), default="nl")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    from kindzorg.core.errors import DomainError

    if options.list_facts:
        return _list(options)
    try:
        case = _case(options.facts)
        return _assess(options, case)
    except (OSError, ValueError, TypeError) as error:
        print(f"kindzorg assess-referral: {options.facts}: {error}", file=sys.stderr)
    except DomainError as error:
        details = ", ".join(f"{key}={value}" for key, value in error.data.items())
        print(f"kindzorg assess-referral: {error.code} ({details})", file=sys.stderr)
    return 1


def _list(options: argparse.Namespace) -> int:
    from kindzorg.referral.wording import list_facts

    facts = list_facts(options.language, options.audience)
    if options.json:
        print(json.dumps([asdict(fact) for fact in facts], ensure_ascii=False, indent=2))
    else:
        for fact in facts:
            print(f"{fact.id}\n  {fact.question}\n  {fact.help}\n  {', '.join(fact.sources)}")
    return 0


def _case(name: str) -> dict[str, Any]:
    words = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    case = json.loads(words)
    if not isinstance(case, dict) or "birth_date" not in case or not isinstance(case.get("facts", {}), dict):
        raise ValueError(f"give a JSON object such as {EXAMPLE}")
    return case


def _assess(options: argparse.Namespace, case: dict[str, Any]) -> int:
    from kindzorg.referral.decision import to_json
    from kindzorg.referral.rules import Facts, assess, what_would_change
    from kindzorg.referral.wording import describe

    on = options.on or datetime.now(ZoneInfo("Europe/Amsterdam")).date()
    facts, birth_date = Facts(case.get("facts", {})), date.fromisoformat(str(case["birth_date"]))
    found = assess(facts, birth_date, on, version=options.rules)
    words = [asdict(describe(entry, options.audience, options.language)) for entry in found.entries]
    if not options.json:
        for said in words:
            print(f"{said['title']} [{said['status']}]\n  {said['why']}\n")
        return 0
    out = to_json(found)
    for entry, said in zip(out["entries"], words, strict=True):
        entry["text"] = said
    changes = what_would_change(facts, birth_date, on, version=options.rules)
    out["what_would_change"] = [change._asdict() for change in changes]
    print(json.dumps(out, ensure_ascii=False, indent=2, default=str))
    return 0
