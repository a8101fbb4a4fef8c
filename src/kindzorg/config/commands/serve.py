"""`kindzorg serve`: the web server (granian, WSGI)."""

import argparse
import os
import sys
from pathlib import Path

HELP = "Start the web server."


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="processes (default 2)")


def run(options: argparse.Namespace) -> int:
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    granian = str(Path(sys.executable).with_name("granian"))
    os.execv(
        granian,
        [
            granian,
            "--interface", "wsgi",
            "--host", options.host,
            "--port", str(options.port),
            "--workers", str(options.workers),
            "--log-level", "warning",
            "kindzorg.config.wsgi:application",
        ],
    )  # fmt: skip
