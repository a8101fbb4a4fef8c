"""What the command line says, and the exit codes by which a program knows it."""

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from kindzorg.audit.models import AuditLine
from kindzorg.config import commands
from kindzorg.config.commands import serve
from kindzorg.core.encryption import new_key
from kindzorg.core.errors import Refused
from kindzorg.core.ids import new_id
from kindzorg.people.models import Child, SignInKey, User
from kindzorg.referral.tests.world import Circle
from kindzorg.web.export import child_export
from tests.provider import Hospital

CASE = {
    "birth_date": "2026-07-20",
    "facts": {
        "paediatric_supervision": "no",
        "nursing_need": "yes",
        "permanent_supervision": "yes",
        "somatic_main": "yes",
        "has_wlz": "no",
        "travel_help": "unknown",
    },
}
NAMES = (
    *(
        "account",
        "assess-referral",
        "audit",
        "backup",
        "check",
        "demo",
        "export",
        "generate",
        "import",
        "keys",
        "migrate",
        "restore",
        "retention",
        "serve",
    ),
    "worker",
)


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django has been set up by the tests already."""
    monkeypatch.setattr(commands, "_start_django", lambda: None)


@pytest.fixture
def case(tmp_path: Path) -> str:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(CASE), encoding="utf-8")
    return str(path)


# --- in general ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        commands.main([name, "--help"])
    assert ended.value.code == 0
    assert "usage: kindzorg" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["nonsense"], ["export"], ["assess-referral"]])
def test_wrong_words_end_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        commands.main(words)
    assert ended.value.code == 2


# --- assess-referral -----------------------------------------------------------------------------------------


def test_a_case_is_assessed_as_words_and_as_json(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["assess-referral", "--facts", case, "--on", "2026-11-22"]) == 0
    assert "Verpleging en verzorging thuis" in capsys.readouterr().out
    assert commands.main(["assess-referral", "--facts", case, "--on", "2026-11-22", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    nursing = next(entry for entry in said["entries"] if entry["id"] == "zvw_nursing")
    assert nursing["status"] == "certain" and nursing["text"]["why"]
    assert said["what_would_change"]


def test_a_case_comes_from_standard_input_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(CASE)))
    options = ["--on", "2026-11-22", "--language", "en", "--audience", "parent"]
    assert commands.main(["assess-referral", "--facts", "-", *options]) == 0
    assert "Nursing" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    ["", "no json", "[]", "{}", '{"birth_date": "yesterday"}', '{"birth_date": 7}',
     '{"birth_date": "2026-07-20", "facts": []}', '{"birth_date": "2026-07-20", "facts": {"nonsense": "yes"}}',
     '{"birth_date": "2026-07-20", "facts": {"nursing_need": "perhaps"}}',
     '{"birth_date": "2026-07-20", "facts": {"nursing_need": ["yes"]}}', '{"birth_date": "2030-01-01"}'],
)  # fmt: skip
def test_a_case_that_cannot_be_read_is_named_without_a_stack_trace(
    tmp_path: Path, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.json"
    path.write_text(words, encoding="utf-8")
    assert commands.main(["assess-referral", "--facts", str(path), "--on", "2026-11-22"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("kindzorg assess-referral:")


def test_a_file_or_a_rule_set_that_is_not_there(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["assess-referral", "--facts", "/no/such/file.json"]) == 1
    assert commands.main(["assess-referral", "--facts", case, "--rules", "1848"]) == 1
    assert capsys.readouterr().err.count("kindzorg assess-referral:") == 2


def test_a_file_that_is_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(b"\xff\xfe\x00")
    assert commands.main(["assess-referral", "--facts", str(path)]) == 1


def test_the_facts_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["assess-referral", "--list-facts"]) == 0
    assert "nursing_need" in capsys.readouterr().out
    assert commands.main(["assess-referral", "--list-facts", "--json", "--language", "en"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert all(one["question"] and one["help"] for one in listed)


# --- export --------------------------------------------------------------------------------------------------


@pytest.fixture
def circle(db: None) -> Circle:
    return Circle()


def test_everything_kept_of_one_child_and_of_no_other(
    circle: Circle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    circle.assessed()
    other = circle.another_child()
    circle.assessed(other)
    out = tmp_path / "child.ndjson"
    assert commands.main(["export", "--child", str(circle.child_id), "--out", str(out), "--json"]) == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    counts = json.loads(capsys.readouterr().out)
    assert sum(counts.values()) == len(rows)
    assert {row.get("child_id", row.get("id")) for row in rows} == {str(circle.child_id)}
    assert counts["people.child"] == counts["referral.referralassessment"] == 1
    assert counts["audit.auditline"] > 10
    assert "•" not in out.read_text(encoding="utf-8")
    assert str(other.child_id) not in out.read_text(encoding="utf-8")
    exported = AuditLine.objects.filter(event="child.exported", child_id=circle.child_id)
    assert exported.count() == 1


def test_an_export_to_standard_output_keeps_the_count_apart(
    circle: Circle, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["export", "--child", str(circle.child_id)]) == 0
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == int(said.err.split()[0])
    assert all(json.loads(line)["table"] for line in said.out.splitlines())


def test_an_export_overwrites_nothing_and_finds_nobody(
    circle: Circle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "child.ndjson"
    out.write_text("mine", encoding="utf-8")
    assert commands.main(["export", "--child", str(circle.child_id), "--out", str(out)]) == 1
    assert out.read_text(encoding="utf-8") == "mine"
    assert commands.main(["export", "--child", str(new_id())]) == 1
    away = str(tmp_path / "no" / "such" / "folder")
    assert commands.main(["export", "--child", str(circle.child_id), "--out", away]) == 1
    assert capsys.readouterr().err.count("kindzorg export:") == 3


@pytest.mark.parametrize("who", ["nurse", "teacher", "mother", "father", "stranger", "auditor"])
def test_only_the_privacy_officer_takes_every_row_along(circle: Circle, who: str) -> None:
    """The family takes a copy of what its pages show: rows hold more than a parent may read."""
    with pytest.raises(Refused):
        child_export(circle.actor(who), circle.child_id, circle.tick())
    assert list(child_export(circle.actor("privacy"), circle.child_id, circle.tick()))


# --- keys ----------------------------------------------------------------------------------------------------


def test_keys_are_rotated_and_said(circle: Circle, settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    Child.objects.filter(id=circle.child_id).update(bsn="999990019")
    settings.KINDZORG_ENCRYPTION_KEYS = (new_key(), *settings.KINDZORG_ENCRYPTION_KEYS)
    assert commands.main(["keys", "rotate"]) == 0
    said = capsys.readouterr()
    assert "every older key can go" in said.out and "people.Child: " in said.err
    settings.KINDZORG_ENCRYPTION_KEYS = (new_key(),)
    assert commands.main(["keys", "rotate"]) == 1
    said = capsys.readouterr()
    assert "keep every key" in said.err and "999990019" not in said.err


# --- serve ---------------------------------------------------------------------------------------------------


def test_the_web_server_is_started_with_what_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Any] = []
    monkeypatch.setattr("django.core.management.call_command", lambda *given, **more: called.append(given))
    monkeypatch.setattr(os, "execv", lambda path, words: called.append(words))
    commands.main(["serve", "--host", "0.0.0.0", "--port", "8123", "--workers", "4"])  # noqa: S104
    assert called[0] == ("collectstatic",)
    words = " ".join(called[1])
    assert "--host 0.0.0.0 --port 8123 --workers 4" in words and words.endswith("wsgi:application")
    assert serve.HELP


# --- accounts ------------------------------------------------------------------------------------------------


@pytest.fixture
def at_the_door(settings: Any) -> None:
    settings.KINDZORG_DEMO = False
    settings.KINDZORG_ADDRESS = "http://testserver"


def comes_in(printed: str) -> Client:
    """Open the link that was printed and choose a password."""
    browser = Client()
    address = browser.get(printed.strip().splitlines()[-1].removeprefix("http://testserver")).url
    assert browser.post(address, {"password1": "vier gewone woorden hier"}).status_code == 302
    return browser


@pytest.mark.django_db
def test_the_first_manager_gets_a_link_and_must_take_a_second_step(
    at_the_door: None, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["account", "Anja Visser", "--email", "anja@example.org", "--role", "application_manager"]
    assert commands.main(words) == 0
    printed = capsys.readouterr().out
    assert "Made an account: anja@example.org (Anja Visser)" in printed
    user = User.objects.get(email="anja@example.org")
    assert [grant.role for grant in user.grants.all()] == ["application_manager"]
    browser = comes_in(printed)
    assert browser.get("/start").url.startswith("/sign-in/stronger")
    # Once more: a new link, no second account, no second grant; the old link has done its work.
    assert commands.main(words) == 0
    assert "There is an account" in capsys.readouterr().out
    assert User.objects.count() == 1 and user.grants.count() == 1
    assert (
        "werkt niet meer"
        in Client().get(printed.split()[-1].removeprefix("http://testserver")).content.decode()
    )


@pytest.mark.django_db
def test_an_account_for_who_signs_in_elsewhere(
    at_the_door: None, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.KINDZORG_OPENID = (Hospital("https://id.example").settings(),)
    words = ["account", "Marit", "--email", "marit@example.org", "--provider", "hospital"]
    assert commands.main([*words, "--key", "123"]) == 0
    assert "http" not in capsys.readouterr().out
    assert SignInKey.objects.get().value == "123"
    for more, says in (
        ([], "go together"),
        (["--key", "123"], "belongs to another account already"),
    ):
        assert commands.main([*words, *more]) == 1
        assert says in capsys.readouterr().err
    assert commands.main(["account", "Bo", "--username", "bo", "--provider", "elsewhere", "--key", "1"]) == 1
    assert "no such provider" in capsys.readouterr().err
    assert not User.objects.filter(username="bo").exists()


@pytest.mark.django_db
def test_who_lost_the_second_step_and_who_says_too_little(
    at_the_door: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["account", "Bo"]) == 1
    assert "--email or --username" in capsys.readouterr().err
    assert commands.main(["account", "Bo", "--username", "bo"]) == 0
    user = User.objects.get(username="bo")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert commands.main(["account", "bo", "--forget-second-step"]) == 0
    assert not Authenticator.objects.filter(user=user).exists()
    comes_in(capsys.readouterr().out)
