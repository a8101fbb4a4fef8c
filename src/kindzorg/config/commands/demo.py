"""`kindzorg demo`: the product with the demo families, in one word."""

import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import FrameType

HELP = "Start the product with the demo families, and print the address."
EVERYWHERE = "0.0.0.0"  # noqa: S104 - only when somebody asks for it
Part = subprocess.Popen[bytes]


def arguments(parser: argparse.ArgumentParser) -> None:
    site_arguments(parser)
    parser.add_argument("--load-only", action="store_true", help="load the families and stop")
    parser.add_argument("--fresh", action="store_true", help="throw the demo's data away and begin anew")


def site_arguments(parser: argparse.ArgumentParser) -> None:
    """Where a site with the demo families is served, and on which day it takes place."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--today", type=date.fromisoformat, help="the day on which the demo takes place (2026-11-22)"
    )


def prepare(options: argparse.Namespace) -> None:
    """What the settings must know before Django starts."""
    os.environ["KINDZORG_DEMO"] = "1"
    if options.today:
        os.environ["KINDZORG_TODAY"] = options.today.isoformat()
    if not os.environ.get("KINDZORG_SECRET_KEY"):
        os.environ["KINDZORG_SECRET_KEY"] = _secret()
    if options.host not in ("127.0.0.1", "localhost") and not os.environ.get("KINDZORG_HOSTS"):
        own = "*" if options.host == EVERYWHERE else options.host
        os.environ["KINDZORG_HOSTS"] = f"localhost,127.0.0.1,{own}"


def _secret() -> str:
    """The demo's own key, kept so that a restart signs nobody out and all processes share it."""
    from kindzorg.config import env

    path = env.data_dir() / "demo-secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


def run(options: argparse.Namespace) -> int:
    if reason := refusal(options):
        print(f"kindzorg: {reason}", file=sys.stderr)
        return 1
    _load(options.fresh)
    return 0 if options.load_only else serve(options.host, options.port)


def refusal(options: argparse.Namespace) -> str:
    """Why the families cannot be served here: the port is taken, or somebody's real work stands here."""
    serves = not getattr(options, "load_only", False)
    if serves and (reason := _port_problem(options.host, options.port)):
        return reason
    from kindzorg.demo.loading import holds_real_work

    real = "this database holds real work: the demo needs a database of its own"
    return real if holds_real_work() else ""


def _port_problem(host: str, port: int) -> str:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return f"port {port} cannot be used ({error.strerror}): choose another with --port"
    return ""


def _load(fresh: bool) -> None:
    from django.core.management import call_command

    from kindzorg.core import clock
    from kindzorg.demo.loading import load, loaded_for

    if fresh:
        _empty()
    print("Preparing the database ...", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    today = clock.today()
    before = loaded_for()
    added = load(before or today, lambda name: print(f"  loaded {name}", flush=True))
    if not added:
        print("The demo families are there.")
    if before and before != today:
        print(f"They were loaded for {before}. For today: --fresh; as it was then: --today {before}.")


def _empty() -> None:
    """Away with the demo's data: the file of SQLite, or all tables of the PostgreSQL database."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.close()
        for ending in ("", "-wal", "-shm"):
            Path(f"{settings.DATABASES['default']['NAME']}{ending}").unlink(missing_ok=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def _until_one_ends(parts: Sequence[Part]) -> None:
    os.wait()


def serve(
    host: str, port: int, name: str = "demo", watch: Callable[[Sequence[Part]], None] = _until_one_ends
) -> int:
    """Server and worker as our children, until somebody stops us or `watch` sees one of them stop."""
    from django.core.management import call_command

    if not os.environ.get("KINDZORG_PLAIN_STATIC"):
        call_command("collectstatic", interactive=False, verbosity=0)
    signal.signal(signal.SIGTERM, _stop)
    # A group of their own each, so that a part ends with the processes that it started.
    children = [subprocess.Popen(one, start_new_session=True) for one in _commands(host, port)]  # noqa: S603
    try:
        if _answers(host, port, children):
            shown = f"[{host}]" if ":" in host else "localhost" if host in ("127.0.0.1", EVERYWHERE) else host
            print(f"\nKindzorg {name}: http://{shown}:{port}/")
            print("Open it, choose a person, look around. Ctrl-C stops it.", flush=True)
            watch(children)
        print(f"kindzorg: a part of the {name} stopped by itself, see above", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _end(children)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _answers(host: str, port: int, children: Sequence[Part]) -> bool:
    """Whether the server takes calls, within a minute and while all parts run."""
    for _ in range(300):
        if any(child.poll() is not None for child in children):
            return False
        try:
            socket.create_connection(("127.0.0.1" if host == EVERYWHERE else host, port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return True
    return False


def _commands(host: str, port: int) -> list[list[str]]:
    from importlib.util import find_spec

    bin_folder = Path(sys.executable).parent
    server = [str(bin_folder / "granian"), "--interface", "wsgi", "--host", host, "--port", str(port)]
    server += ["--workers", "2", "--blocking-threads", "2", "--log-level", "warning"]
    server += ["kindzorg.config.wsgi:application"]
    worker = [str(bin_folder / "kindzorg"), "worker"]
    return [server, worker] if find_spec("kindzorg.config.commands.worker") else [server]


def _end(children: Sequence[Part]) -> None:
    """Stop each part with all its own processes: kindly, and after five seconds for sure."""
    for child in children:
        _signal(child, signal.SIGTERM)
    until = time.monotonic() + 5
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=max(0.1, until - time.monotonic()))
        _signal(child, signal.SIGKILL)


def _signal(child: Part, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)
