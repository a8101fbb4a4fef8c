"""The settings: readers that say what is missing and how to mend it, and a product that refuses to start unsafe."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from kindzorg.config import env
from kindzorg.core.encryption import new_key

pytestmark = pytest.mark.once

KEY = "k" * 40
SEAL = new_key()
SAFE = {
    "KINDZORG_SECRET_KEY": KEY, "KINDZORG_HOSTS": "kindzorg.example", "KINDZORG_ENCRYPTION_KEYS": SEAL,
    "KINDZORG_HASH_KEY": "h" * 40,
}  # fmt: skip


# --- readers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "found"),
    [("", ()), ("a", ("a",)), (" a , b ,", ("a", "b")), (",", ())],
)
def test_words(monkeypatch: pytest.MonkeyPatch, value: str, found: tuple[str, ...]) -> None:
    monkeypatch.setenv("KINDZORG_X", value)
    assert env.words("KINDZORG_X") == found
    monkeypatch.delenv("KINDZORG_X")
    assert env.words("KINDZORG_X", "c,d") == ("c", "d")


@pytest.mark.parametrize(
    ("value", "found"),
    [("1", True), ("true", True), (" YES ", True), ("on", True), ("0", False), ("False", False), ("no", False),
     ("off", False), ("", False)],
)  # fmt: skip
def test_flag(monkeypatch: pytest.MonkeyPatch, value: str, found: bool) -> None:
    monkeypatch.setenv("KINDZORG_X", value)
    assert env.flag("KINDZORG_X") is found
    monkeypatch.delenv("KINDZORG_X")
    assert env.flag("KINDZORG_X", True) is True


@pytest.mark.parametrize(
    ("read", "value", "says"),
    [
        (env.flag, "perhaps", "use 1 or 0"),
        (lambda name: env.number(name, 3), "three", "whole number"),
        (env.day, "22-11-2026", "2026-11-22"),
        (env.address, "javascript:alert(1)", "https://practise.example"),
        (env.database, "mysql://somewhere/x", "postgresql://"),
    ],
)
def test_what_cannot_be_read_is_named_with_how_to_mend_it(
    monkeypatch: pytest.MonkeyPatch, read: Any, value: str, says: str
) -> None:
    monkeypatch.setenv("KINDZORG_X", value)
    with pytest.raises(ImproperlyConfigured) as caught:
        read("KINDZORG_X")
    assert "KINDZORG_X" in str(caught.value) and says in str(caught.value)


def test_number_and_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KINDZORG_X", raising=False)
    assert env.number("KINDZORG_X", 3) == 3 and env.day("KINDZORG_X") is None
    monkeypatch.setenv("KINDZORG_X", "7")
    assert env.number("KINDZORG_X", 3) == 7
    monkeypatch.setenv("KINDZORG_X", "2026-11-22")
    assert env.day("KINDZORG_X") == date(2026, 11, 22)


def test_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KINDZORG_DATA_DIR", str(tmp_path))
    assert env.data_dir() == tmp_path
    monkeypatch.setenv("KINDZORG_DATA_DIR", "")
    assert env.data_dir() == Path("var").absolute()


def test_a_database_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KINDZORG_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("KINDZORG_X", raising=False)
    assert env.database("KINDZORG_X")["NAME"] == tmp_path / "kindzorg.sqlite3"
    for address, path in (
        ("sqlite:///var/x.sqlite3", "/var/x.sqlite3"),
        ("sqlite:////var/x.sqlite3", "/var/x.sqlite3"),
    ):
        monkeypatch.setenv("KINDZORG_X", address)
        assert env.database("KINDZORG_X")["NAME"] == Path(path)
    monkeypatch.setenv("KINDZORG_X", "postgresql://me:p%40ss@db.example:5433/kindzorg")
    found = env.database("KINDZORG_X")
    assert [found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "kindzorg", "me", "p@ss", "db.example", "5433",
    ]  # fmt: skip


# --- unsafe starts -------------------------------------------------------------------------------------------


def start(tmp_path: Path, words: str = "check --json", **given: str) -> subprocess.CompletedProcess[str]:
    """The command line in an environment with nothing of Kindzorg in it but this."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KINDZORG_", "DJANGO_"))
    }
    command = [str(Path(sys.executable).parent / "kindzorg"), *words.split()]
    environment = {**kept, "KINDZORG_DATA_DIR": str(tmp_path), **given}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "KINDZORG_SECRET_KEY is missing"),
        ({**SAFE, "KINDZORG_SECRET_KEY": "k" * 39}, "shorter than 40"),
        ({"KINDZORG_SECRET_KEY": KEY}, "KINDZORG_HOSTS is missing"),
        ({**SAFE, "KINDZORG_DEBUG": "1"}, "KINDZORG_DEBUG"),
        ({**SAFE, "KINDZORG_TODAY": "2026-09-14"}, "KINDZORG_TODAY"),
        ({**SAFE, "KINDZORG_DEMO": "maybe"}, "KINDZORG_DEMO"),
        ({**SAFE, "KINDZORG_OIDC": "/no/such/file.toml"}, "KINDZORG_OIDC"),
        ({**SAFE, "KINDZORG_FAMILY_LEVEL": "good"}, "KINDZORG_FAMILY_LEVEL"),
        ({**SAFE, "KINDZORG_PROFESSIONAL_LEVEL": "low"}, "a password alone opens no child's file"),
        ({**SAFE, "KINDZORG_IDLE_PROFESSIONAL": "0"}, "KINDZORG_IDLE_PROFESSIONAL"),
        ({**SAFE, "KINDZORG_IDLE_FAMILY": "1440"}, "KINDZORG_IDLE_FAMILY"),
        ({**SAFE, "KINDZORG_ENCRYPTION_KEYS": ""}, "KINDZORG_ENCRYPTION_KEYS is missing"),
        ({**SAFE, "KINDZORG_ENCRYPTION_KEYS": f"{SEAL},{'k' * 40}"}, "Key 2 of KINDZORG_ENCRYPTION_KEYS"),
        ({**SAFE, "KINDZORG_HASH_KEY": "h" * 39}, "KINDZORG_HASH_KEY"),
        ({**SAFE, "KINDZORG_TRAIL_YEARS": "19"}, "Use 20 or more"),
        ({**SAFE, "KINDZORG_TRAIL_YEARS": "29", "KINDZORG_FILE_YEARS": "30"}, "Use 30 or more"),
        ({**SAFE, "KINDZORG_ENCRYPTION_KEYS": env.DEMO_KEY}, "known to everybody"),
        ({**SAFE, "KINDZORG_HASH_KEY": env.DEMO_KEY}, "known to everybody"),
    ],
)
def test_it_does_not_start_unsafe(tmp_path: Path, given: dict[str, str], says: str) -> None:
    ended = start(tmp_path, **given)
    assert ended.returncode == 1
    assert says in ended.stderr and ended.stderr.startswith("kindzorg:")
    assert "Traceback" not in ended.stderr
    assert KEY not in ended.stderr and SEAL not in ended.stderr


def test_keys_are_made_before_there_are_settings_and_the_product_starts_with_them(tmp_path: Path) -> None:
    made = start(tmp_path, "keys new")
    assert made.returncode == 0, made.stderr
    lines = [line for line in made.stdout.splitlines() if not line.startswith("#")]
    keys = dict(line.split("=", 1) for line in lines)
    assert set(keys) == {"KINDZORG_ENCRYPTION_KEYS", "KINDZORG_HASH_KEY"}
    assert start(tmp_path, **{**SAFE, **keys}).returncode == 3  # it starts, and says that migrations wait


def test_outside_the_demo_it_is_strict_and_there_is_no_demo_door(tmp_path: Path) -> None:
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings as s\n"
        "from django.test import Client\n"
        "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS > 0, s.ALLOWED_HOSTS)\n"
        "https = {'secure': True, 'HTTP_HOST': 'kindzorg.example'}\n"
        "print(Client().post('/sign-in/person', {'person': 'x'}, **https).status_code)\n"
        "print(Client().get('/healthz', HTTP_HOST='elsewhere.example').status_code)\n"
    )
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KINDZORG_", "DJANGO_"))
    }
    environment = {
        **kept, **SAFE, "KINDZORG_DATA_DIR": str(tmp_path), "KINDZORG_PLAIN_STATIC": "1",
        "DJANGO_SETTINGS_MODULE": "kindzorg.config.settings",
    }  # fmt: skip
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.stdout.splitlines()[0] == "False True True True True ['kindzorg.example']", ended.stderr
    assert ended.stdout.splitlines()[1:2] == ["404"]


# --- the command line ----------------------------------------------------------------------------------------


def test_an_installation_without_tables_is_not_sound(tmp_path: Path) -> None:
    ended = start(tmp_path, KINDZORG_DEMO="1")
    assert ended.returncode == 3
    assert "waiting" in ended.stdout


def test_migrations_that_wait_are_said(tmp_path: Path) -> None:
    ended = start(tmp_path, "migrate --check", KINDZORG_DEMO="1")
    assert ended.returncode == 3 and "waiting" in ended.stdout
