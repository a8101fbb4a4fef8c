"""`kindzorg import`: exit codes that mean something, a plain sentence for each refusal, nothing half-written."""

import argparse
import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from kindzorg.audit.models import AuditLine
from kindzorg.careteam.tests.world import World
from kindzorg.core import clock
from kindzorg.fhir.forms import WORDS
from kindzorg.fhir.payload import Refusal
from kindzorg.record.models import RecordItem, SourceDocument

YUSUF = Path(__file__).parents[2] / "demo/handover/yusuf.json"
COMMAND = import_module("kindzorg.config.commands.import")
PATIENT = '{"resourceType": "Patient", "id": "1", "birthDate": "2020-03-01"}'
HOSTILE = {
    Refusal.EMPTY: b"",
    Refusal.TOO_LARGE: b'{"a": "' + b"x" * (20 * 1024 * 1024) + b'"}',
    Refusal.ENCODING: '{"resourceType": "Patient"}'.encode("utf-16"),
    Refusal.XML: b"<Patient/>",
    Refusal.BINARY: b"%PDF-1.7",
    Refusal.NOT_JSON: b'{"resourceType": Patient}',
    Refusal.TRUNCATED: YUSUF.read_bytes()[:9000],
    Refusal.TOO_DEEP: b'{"resourceType": "Patient", "x": ' + b"[" * 100 + b"]" * 100 + b"}",
    Refusal.DUPLICATE_KEY: b'{"resourceType": "Patient", "id": "1", "id": "2"}',
    Refusal.NOT_FHIR: b'{"a": 1}',
    Refusal.TWO_CHILDREN: f"{PATIENT}\n{PATIENT.replace('2020', '2021')}".encode(),
    Refusal.OTHER_CHILD: PATIENT.replace("2020", "2021").encode(),
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("kindzorg.careteam.tests.world.NOW", clock.now())
    return World()


def run(*words: Any) -> int:
    parser = argparse.ArgumentParser()
    COMMAND.arguments(parser)
    return COMMAND.run(parser.parse_args([str(word) for word in words]))


def test_a_new_child_in_the_name_of_a_nurse(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(YUSUF, "--as", world.nurse_account.username, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["counts"]["taken"], told["again"], len(told["resources"])) == (39, False, 40)
    assert run(YUSUF, "--as", world.nurse_account.username) == 0
    assert "nothing changed" in capsys.readouterr().out


def test_parts_that_cannot_be_read_give_exit_code_3(world: World, tmp_path: Path) -> None:
    path = tmp_path / "deels.ndjson"
    path.write_text(f'{PATIENT}\n{{"resourceType": "Wolk", "id": "x"}}', encoding="utf-8")
    assert run(path, "--child", world.subject.child_id) == 3


@pytest.mark.parametrize("refusal", HOSTILE)
def test_a_hostile_file_is_answered_in_a_sentence_and_nothing_is_written(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], refusal: Refusal
) -> None:
    path = tmp_path / "bestand"
    path.write_bytes(HOSTILE[refusal])
    words = ("--child", world.subject.child_id, "--as", world.nurse_account.username, "--json")
    assert run(path, *words) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["refused"] == refusal
    assert len(said.err) > 40
    assert "%(" not in said.err
    assert not SourceDocument.objects.exists()
    assert not RecordItem.objects.exists()


def test_every_refusal_has_a_sentence() -> None:
    assert set(Refusal) <= set(WORDS)


def test_who_may_not_is_told_and_written_down(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    stranger = world.account("Iemand")
    assert run(YUSUF, "--child", world.subject.child_id, "--as", stranger.username) == 1
    assert "no such child" in capsys.readouterr().err
    assert AuditLine.objects.filter(outcome="refused", actor_id=stranger.id).exists()


def test_it_must_be_said_who_or_for_whom(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(YUSUF) == 1
    assert run(YUSUF, "--as", "niemand") == 1
    assert run(Path("/nergens/bestand.json"), "--child", world.subject.child_id) == 1
    assert "cannot be opened" in capsys.readouterr().err


def test_a_long_file_shows_how_far_it_is(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    about = {"subject": {"reference": "Patient/1"}}
    lines = [PATIENT] + [
        json.dumps({"resourceType": "Condition", "id": str(one), "code": {"text": "Koorts"}, **about})
        for one in range(300)
    ]
    path = tmp_path / "lang.ndjson"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert run(path, "--child", world.subject.child_id) == 0
    assert "301 of 301 read" in capsys.readouterr().err
