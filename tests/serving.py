"""The product itself, started as a person starts it, for stories in a browser."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from kindzorg.core.ids import new_id

PATIENCE = 90  # seconds; loading the demo families goes through every action


@contextmanager
def own_database(address: str | None) -> Iterator[dict[str, str]]:
    """What the environment must say for a database that nobody else uses; on SQLite that is the data folder's."""
    if not address or not address.startswith("postgres"):
        yield {}
        return
    name = f"story_{new_id().hex}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield {"KINDZORG_DATABASE_URL": urlunsplit(urlsplit(address)._replace(path=f"/{name}"))}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def demo_site(folder: Path, today: str) -> Iterator[str]:
    """`kindzorg demo` on a free port with its own data; yields its address once it is ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # Measuring a server that runs for minutes is slow, and proves little about a rule.
    quiet = {key: value for key, value in os.environ.items() if not key.startswith(("COV", "KINDZORG_PLAIN"))}
    with own_database(os.environ.get("KINDZORG_DATABASE_URL")) as database:
        environment = quiet | database | {"KINDZORG_DATA_DIR": str(folder), "KINDZORG_TODAY": today}
        log = folder / "site.log"
        with log.open("wb") as written:
            site = subprocess.Popen(
                [Path(sys.executable).parent / "kindzorg", "demo", "--port", str(port)],
                env=environment,
                stdout=written,
                stderr=written,
                start_new_session=True,  # so that its workers end with it
            )
        try:
            yield _when_ready(f"http://127.0.0.1:{port}", site, log)
        finally:
            _end(site)


def _when_ready(address: str, site: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and site.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310
                return address
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"the site did not start:\n{log.read_text(errors='replace')[-4000:]}")


def _end(site: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(site.pid, how)
        except ProcessLookupError:
            return
        try:
            site.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
