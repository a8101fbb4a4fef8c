"""`kindzorg check`: is this installation sound?"""

import argparse
import json

HELP = "Check settings, database and migrations of this installation."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(options: argparse.Namespace) -> int:
    from kindzorg.web.health import readiness

    findings = readiness()
    if options.json:
        print(json.dumps(findings))
    else:
        for name, found in findings.items():
            print(f"{name}: {found}")
    return 0 if all(found == "ok" for found in findings.values()) else 3
