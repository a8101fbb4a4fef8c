"""`kindzorg demo` before it starts anything."""

import argparse
import os
import socket
from pathlib import Path

import pytest

from kindzorg.config.commands import demo


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    demo.arguments(parser)
    return parser.parse_args(words)


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("KINDZORG_DEMO", "KINDZORG_TODAY", "KINDZORG_SECRET_KEY", "KINDZORG_HOSTS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("KINDZORG_DATA_DIR", str(tmp_path / "new"))
    return tmp_path / "new"


def test_it_says_that_it_is_a_demo_and_on_which_day(clean: Path) -> None:
    demo.prepare(options("--today", "2026-11-22"))
    assert (os.environ["KINDZORG_DEMO"], os.environ["KINDZORG_TODAY"]) == ("1", "2026-11-22")


def test_the_key_stays_the_same_and_is_for_the_owner_alone(clean: Path) -> None:
    demo.prepare(options())
    first = os.environ["KINDZORG_SECRET_KEY"]
    os.environ["KINDZORG_SECRET_KEY"] = ""
    demo.prepare(options())
    assert os.environ["KINDZORG_SECRET_KEY"] == first
    assert len(first) >= 40
    assert (clean / "demo-secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("host", "hosts"),
    [("127.0.0.1", ""), ("0.0.0.0", "localhost,127.0.0.1,*"), ("10.1.2.3", "localhost,127.0.0.1,10.1.2.3")],  # noqa: S104
)
def test_which_names_it_answers_to(clean: Path, host: str, hosts: str) -> None:
    demo.prepare(options("--host", host))
    assert os.environ["KINDZORG_HOSTS"] == hosts


def test_a_taken_port_is_said_in_one_line(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert demo.run(options("--port", str(port))) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert f"port {port} cannot be used" in said.err
    assert "--port" in said.err


def test_a_day_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options("--today", "tomorrow")
    assert "--today" in capsys.readouterr().err
