"""`kindzorg audit`: exit codes that mean something, and JSON that a program can read."""

import json
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from kindzorg.access.policy import system_actor
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.actions import seal_lines, write_line
from kindzorg.audit.events import Kind
from kindzorg.audit.models import AuditLine, AuditSeal
from kindzorg.careteam.actions import grant_access
from kindzorg.careteam.tests.world import World
from kindzorg.config import commands
from kindzorg.notices.models import Notice

pytestmark = pytest.mark.django_db
JOB = system_actor("worker")


def sealed_line(at: datetime | None = None) -> AuditLine:
    at = at or timezone.now()
    line = write_line(JOB, "plan.read", Kind.READ, None, at)
    seal_lines(JOB, at)
    return line


@pytest.fixture(autouse=True)
def runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django runs already, and every line has settled."""
    monkeypatch.setattr(commands, "_start_django", lambda: None)
    monkeypatch.setattr("kindzorg.audit.queries._HORIZON", "9223372036854775807")


@pytest.fixture
def line() -> AuditLine:
    """A trail with one sealed line."""
    return sealed_line()


def newest() -> str:
    seal = AuditSeal.objects.latest("number")
    return f"{seal.number}:{seal.digest}"


def test_a_whole_trail_is_code_0_and_names_the_seal_to_keep(
    capsys: pytest.CaptureFixture[str], line: AuditLine
) -> None:
    assert commands.main(["audit", "verify", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["seals"], found["lines"], found["broken"]) == (True, 1, 1, [])
    assert (found["unsealed"], found["unsealed_since"], found["last"]) == (0, None, newest())
    assert commands.main(["audit", "verify", "--kept", found["last"]]) == 0
    said = capsys.readouterr()
    assert found["last"] in said.out and "1 lines are not sealed yet" in said.out and not said.err


def test_a_broken_trail_is_code_3_and_names_the_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, line: AuditLine
) -> None:
    monkeypatch.setattr("kindzorg.audit.rules.line_digest", lambda fields: "0" * 64)
    assert commands.main(["audit", "verify", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["broken"] == [
        {"what": "changed", "seal": 1, "line": str(line.id)}
    ]
    assert commands.main(["audit", "verify", "--kept", newest(), "--kept", f"9:{'0' * 64}"]) == 3
    assert f"changed: seal 1, line {line.id}" in (said := capsys.readouterr().err)
    assert "seal_missing: seal 9, the seal itself" in said


def test_what_waits_too_long_for_a_seal_is_code_3(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_line(JOB, "plan.read", Kind.READ, None, timezone.now())
    monkeypatch.setattr("kindzorg.audit.rules.SEALED_WITHIN", timedelta(0))
    assert commands.main(["audit", "verify"]) == 3
    said = capsys.readouterr()
    assert "1 lines are not sealed yet" in said.out and "does a worker run?" in said.err


@pytest.mark.parametrize("kept", ["x", "1:abc", f"a:{'0' * 64}"])
def test_a_seal_that_cannot_be_one_is_code_2(kept: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        commands.main(["audit", "verify", "--kept", kept])
    assert stopped.value.code == 2 and "NUMBER:DIGEST" in capsys.readouterr().err


def test_the_newest_lines_are_shown_and_that_somebody_looked(
    capsys: pytest.CaptureFixture[str], line: AuditLine
) -> None:
    assert commands.main(["audit", "tail", "--json", "--limit", "1"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["event"], shown["actor_name"], shown["outcome"]) == ("plan.read", "worker", "done")
    assert (shown["purpose"], shown["source"]) == ("upkeep", "demo")
    assert commands.main(["audit", "tail"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("command line trail.read done") and second.endswith("worker plan.read done")


def test_the_newest_seal_is_given_out_to_be_kept(capsys: pytest.CaptureFixture[str], line: AuditLine) -> None:
    assert commands.main(["audit", "seal"]) == 0
    assert capsys.readouterr().out.strip() == newest()
    assert commands.main(["audit", "seal", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seal"] == newest()
    assert AuditLine.objects.filter(event="trail.seal_given").count() == 2
    assert commands.main(["audit", "seal", "--mail"]) == 0
    assert "no privacy officer has a mail address" in capsys.readouterr().err


def test_there_is_nothing_to_give_out_without_a_seal(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["audit", "seal"]) == 1
    assert "does a worker run?" in capsys.readouterr().err


def test_the_newest_seal_is_mailed_to_every_officer(line: AuditLine) -> None:
    world = World()
    for address in ("one@example.org", "two@example.org"):
        who = world.account("FG", address)
        grant_access(
            JOB, who.id, Role.PRIVACY_OFFICER, Scope.ORGANISATION, world.home_care.id, timezone.now()
        )
    assert commands.main(["audit", "seal", "--mail"]) == 0
    assert {one.recipient.email for one in Notice.objects.all()} == {"one@example.org", "two@example.org"}


def test_what_was_kept_long_enough_is_removed_and_the_chain_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    old, new = sealed_line(timezone.now() - timedelta(days=21 * 366)), sealed_line()
    assert commands.main(["audit", "prune", "--years", "30"]) == 0
    assert capsys.readouterr().out.strip() == "nothing to remove"
    assert commands.main(["audit", "prune"]) == 0
    assert capsys.readouterr().out.strip() == "removed 1 lines, up to seal 1"
    assert set(AuditLine.objects.filter(id__in=[old.id, new.id])) == {new}
    assert commands.main(["audit", "verify"]) == 0
    said = capsys.readouterr().out
    assert "1 lines under 2 seals" in said and "1 seals whose lines were removed after their time" in said


def test_nothing_goes_before_its_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, line: AuditLine
) -> None:
    assert commands.main(["audit", "prune", "--years", "19"]) == 1
    assert "20 years (KINDZORG_FILE_YEARS)" in capsys.readouterr().err
    monkeypatch.setattr("kindzorg.audit.rules.prunable", lambda sealed, now, years: True)
    assert commands.main(["audit", "prune"]) == 1  # The database itself stops it.
    assert "only its owner" in capsys.readouterr().err
    assert AuditLine.objects.filter(id=line.id).exists()
