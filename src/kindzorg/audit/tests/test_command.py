"""`kindzorg audit`: exit codes that mean something, and JSON that a program can read."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from kindzorg.access.policy import system_actor
from kindzorg.audit.actions import seal_lines, write_line
from kindzorg.audit.events import Kind
from kindzorg.audit.models import AuditLine, SealedLine
from kindzorg.config import commands

pytestmark = pytest.mark.django_db
JOB = system_actor("worker")


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A trail with one sealed line; Django runs already."""
    monkeypatch.setattr(commands, "_start_django", lambda: None)
    write_line(JOB, "plan.read", Kind.READ, None, timezone.now())
    seal_lines(JOB, timezone.now() + timedelta(seconds=10))
    yield


def test_a_whole_trail_is_code_0_and_names_the_seal_to_keep(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["audit", "verify", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["seals"], found["lines"], found["broken"]) == (True, 1, 1, [])
    assert commands.main(["audit", "verify", "--kept", found["last"]]) == 0
    assert found["last"] in capsys.readouterr().out


def test_a_broken_trail_is_code_3_and_names_the_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = AuditLine.objects.get(event="plan.read")
    monkeypatch.setattr("kindzorg.audit.rules.line_digest", lambda fields: "0" * 64)
    assert commands.main(["audit", "verify", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["broken"] == [
        {"what": "changed", "seal": 1, "line": str(line.id)}
    ]
    assert commands.main(["audit", "verify", "--kept", f"9:{'0' * 64}"]) == 3
    assert f"changed: seal 1, line {line.id}" in (said := capsys.readouterr().err)
    assert "seal_missing: seal 9, the seal itself" in said


@pytest.mark.parametrize("kept", ["x", "1:abc", f"a:{'0' * 64}"])
def test_a_seal_that_cannot_be_one_is_code_2(kept: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        commands.main(["audit", "verify", "--kept", kept])
    assert stopped.value.code == 2 and "NUMBER:DIGEST" in capsys.readouterr().err


def test_the_newest_lines_are_shown_and_that_somebody_looked(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["audit", "tail", "--json", "--limit", "1"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["event"], shown["actor_name"], shown["outcome"]) == ("plan.read", "worker", "done")
    assert commands.main(["audit", "tail"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("command line trail.read done") and second.endswith("worker plan.read done")
    assert SealedLine.objects.count() == 1
