"""The product itself, started as a person starts it, for stories in a browser."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from kindzorg.core.encryption import new_key
from kindzorg.core.ids import new_id
from tests.migrated import migrated

PATIENCE = 600  # seconds; loading the demo families goes through every action
KINDZORG = Path(sys.executable).parent / "kindzorg"


@dataclass(frozen=True)
class DemoData:
    """The demo families, loaded once: what the environment must say to use them, and the folder they are in."""

    environment: dict[str, str]
    folder: Path


# Keys of the tests' own: what was loaded for the demo can then be served for real too.
KEYS = {
    "KINDZORG_ENCRYPTION_KEYS": new_key(),
    "KINDZORG_HASH_KEY": new_key(),
    "KINDZORG_SECRET_KEY": new_key() + new_key(),
}
# As it runs for real, but over plain HTTP on this machine, where there is no proxy in front.
FOR_REAL = {"KINDZORG_DEMO": "0", "KINDZORG_SSL_REDIRECT": "0", "KINDZORG_HOSTS": "localhost,127.0.0.1"}


@contextmanager
def demo_data(folder: Path, today: str) -> Iterator[DemoData]:
    """Load the demo families into a database that nobody else uses."""
    # As a person's own shell: without the tests' settings, and not measured (that is slow, and proves little).
    quiet = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("COV", "DJANGO", "KINDZORG_PLAIN"))
    }
    with _own_database(template="") as database:
        if not database and migrated().exists():
            shutil.copyfile(migrated(), folder / "kindzorg.sqlite3")
        environment = quiet | KEYS | database | {"KINDZORG_DATA_DIR": str(folder), "KINDZORG_TODAY": today}
        load = subprocess.run(
            [KINDZORG, "demo", "--load-only"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        if load.returncode:
            raise RuntimeError(f"the demo families could not be loaded:\n{load.stdout}\n{load.stderr}")
        yield DemoData(environment, folder)


@contextmanager
def demo_place(data: DemoData, folder: Path) -> Iterator[DemoData]:
    """A copy of the loaded families that stays while sites come and go: today, tomorrow, for real."""
    shutil.copytree(data.folder, folder, dirs_exist_ok=True)
    with _own_database(template=data.environment.get("KINDZORG_DATABASE_URL", "")) as database:
        yield DemoData(data.environment | database | {"KINDZORG_DATA_DIR": str(folder)}, folder)


@contextmanager
def demo_site(data: DemoData, folder: Path) -> Iterator[str]:
    """`kindzorg demo` on a free port, on a copy of the loaded families; yields its address once it is ready."""
    with demo_place(data, folder) as place, running(place, "demo") as address:
        yield address


@contextmanager
def running(place: DemoData, *words: str, port: int = 0, **environment: str) -> Iterator[str]:
    """`kindzorg demo` or `kindzorg serve` at a place; yields its address once it is ready."""
    port = port or free_port()
    log = place.folder / f"site-{port}.log"
    with log.open("wb") as written:
        site = subprocess.Popen(
            [KINDZORG, *words, "--port", str(port)],
            env=place.environment | environment,
            stdout=written,
            stderr=written,
            start_new_session=True,  # so that its workers end with it
        )
    try:
        yield _when_ready(f"http://127.0.0.1:{port}", site, log)
    finally:
        _end(site)


@contextmanager
def for_real(place: DemoData, port: int = 0, **environment: str) -> Iterator[DemoData]:
    """`kindzorg serve` at a place, outside the demo; yields the place, whose environment says its address."""
    port = port or free_port()
    address = f"http://localhost:{port}"  # a name: a browser makes no passkey for a bare number
    there = {key: value for key, value in place.environment.items() if key != "KINDZORG_TODAY"}
    real = DemoData(there | FOR_REAL | environment | {"KINDZORG_ADDRESS": address}, place.folder)
    with running(real, "serve", port=port):
        yield real


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def _own_database(template: str) -> Iterator[dict[str, str]]:
    """What the environment must say for a database of one's own, a copy of `template` where that is given.

    On SQLite that is the data folder's, and nothing need be said.
    """
    address = os.environ.get("KINDZORG_DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield {}
        return
    name = f"story_{new_id().hex}"
    copied = f" TEMPLATE {urlsplit(template).path.strip('/')}" if template else ""
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}{copied}")
        try:
            yield {"KINDZORG_DATABASE_URL": urlunsplit(urlsplit(address)._replace(path=f"/{name}"))}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


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
