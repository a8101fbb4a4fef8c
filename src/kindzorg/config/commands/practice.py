"""`kindzorg practice`: a site to try things on, with invented people alone, made anew each night."""

import argparse
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from kindzorg.config.commands import demo

HELP = "Start a site to practise on: the demo families in a folder of their own, made anew each night."
# Nothing else of an installation comes along: no key, no mail server, no single sign-on.
KEPT = {
    "KINDZORG_DATA_DIR", "KINDZORG_DATABASE_URL", "KINDZORG_ADDRESS", "KINDZORG_PRACTICE_ADDRESS",
    "KINDZORG_PROXIES", "KINDZORG_LOG_LEVEL", "KINDZORG_PLAIN_STATIC",
}  # fmt: skip
NIGHT = 3  # the hour from which a new day's families are loaded


def arguments(parser: argparse.ArgumentParser) -> None:
    demo.site_arguments(parser)


def prepare(options: argparse.Namespace) -> None:
    """What the settings must know: a folder beside the real data, another address, and the way back."""
    from kindzorg.config import env

    for name in [name for name in os.environ if name.startswith("KINDZORG_") and name not in KEPT]:
        del os.environ[name]
    own, real = env.word("KINDZORG_PRACTICE_ADDRESS"), env.word("KINDZORG_ADDRESS")
    os.environ |= {
        "KINDZORG_PRACTISING": "1",
        "KINDZORG_DATA_DIR": str(env.data_dir() / "practice"),
        "KINDZORG_REAL_ADDRESS": real,
        "KINDZORG_ADDRESS": own,
        "KINDZORG_HOSTS": f"{urlsplit(own).hostname},localhost,127.0.0.1" if own else "",
    }
    demo.prepare(options)


def run(options: argparse.Namespace) -> int:
    from kindzorg.core import clock
    from kindzorg.demo.practice import put_back

    if reason := _database_problem() or demo.refusal(options):
        print(f"kindzorg: {reason}", file=sys.stderr)
        return 1
    if not _made(clock.today()):
        return 1
    put_back()
    return demo.serve(options.host, options.port, "practice", _each_night)


def _database_problem() -> str:
    if os.environ.get("KINDZORG_DATABASE_URL"):
        return "practising has a database of its own: start it without KINDZORG_DATABASE_URL"
    return ""


def _made(day: date) -> bool:
    """Make sure that the template of this day is there, as this release has it. Older ones go."""
    from kindzorg.demo.practice import folder, template

    ready = template(day)
    work, fresh = (ready, []) if ready.exists() else (folder() / "loading.sqlite3", ["--fresh"])
    words = [
        str(Path(sys.executable).parent / "kindzorg"),
        "demo",
        "--load-only",
        "--today",
        str(day),
        *fresh,
    ]
    there = os.environ | {"KINDZORG_DATABASE_URL": f"sqlite:///{work}"}
    if subprocess.run(words, env=there, check=False).returncode:  # noqa: S603
        return False
    with closing(sqlite3.connect(work)) as loaded:
        loaded.execute("PRAGMA journal_mode=DELETE")  # all of it in the one file
    work.replace(ready)
    for old in set(folder().glob(template("*").name)) - {ready}:
        old.unlink()
    return True


def _each_night(parts: Sequence[demo.Part]) -> None:
    """Until a part stops: once a night the families of the new day. Where that fails, those of before stay."""
    from kindzorg.core import clock
    from kindzorg.demo.practice import put_back

    last = clock.today()
    while all(part.poll() is None for part in parts):
        now = clock.now()
        if now.date() > last and now.hour >= NIGHT:
            last = now.date()
            if _made(last):
                put_back()
        time.sleep(1)
