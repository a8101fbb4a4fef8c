"""A PostgreSQL server of one's own for as long as a block runs: its own data folder, port and user.

Nobody's real server is touched, and nothing is left behind. PostgreSQL refuses to run as root, so root starts
it as the user `postgres`, which the Debian package makes.
"""

import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INSTALL = "sudo apt-get install postgresql"
# Durability is for data that somebody misses.
FAST = (
    "-c",
    "fsync=off",
    "-c",
    "synchronous_commit=off",
    "-c",
    "full_page_writes=off",
    "-c",
    "max_connections=60",
)


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres` of the newest PostgreSQL of at least 15, or None."""
    folders = [
        path
        for path in Path("/usr/lib/postgresql").glob("*/bin")
        if path.parent.name.isdigit() and int(path.parent.name) >= 15
    ]
    folders.sort(key=lambda path: int(path.parent.name), reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    return next(
        (folder for folder in folders if (folder / "postgres").exists() and _new_enough(folder)), None
    )


def _new_enough(folder: Path) -> bool:
    said = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"(\d+)", said)
    return found is not None and int(found[1]) >= 15


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def throwaway_postgres(folder: Path) -> Iterator[str]:
    """Start a server from the binaries in `folder`; yields its URL (superuser, no password)."""
    user = "postgres" if os.geteuid() == 0 else None
    home = Path(tempfile.mkdtemp(prefix="kindzorg-postgres-"))
    if user:
        shutil.chown(home, user)
    # Not where the tests stand: the user postgres may not be able to read it.
    run = {"user": user, "cwd": home, "stdout": subprocess.DEVNULL}
    port = _free_port()
    server = None
    try:
        flags = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([folder / "initdb", "-D", home / "data", *flags], check=True, **run)
        log = (home / "log").open("wb")
        server = subprocess.Popen(
            [folder / "postgres", "-D", home / "data", "-p", str(port), "-h", "127.0.0.1", "-k", home, *FAST],
            **{**run, "stdout": log, "stderr": log},
        )
        _wait(folder, port, server, home / "log")
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            server.send_signal(2)  # fast shutdown: whoever is still connected is disconnected
            server.wait(timeout=30)
        shutil.rmtree(home, ignore_errors=True)


def _wait(folder: Path, port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    ready = [folder / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "1"]
    for _ in range(60):
        if subprocess.run(ready, check=False).returncode == 0:
            return
        if server.poll() is not None:
            break
        try:
            server.wait(timeout=0.25)
        except subprocess.TimeoutExpired:
            continue
    raise SystemExit(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
