"""What every answer carries: headers, cookies, methods. `docs/security.md` says which point each meets."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import kindzorg
from kindzorg.careteam.tests.world import World
from kindzorg.core.encryption import new_key

pytestmark = pytest.mark.django_db
ANSWERS = ("/sign-in", "/start", "/no-such-page", "/healthz", "/ui/")
ALLOWED = {
    "default-src",
    "img-src",
    "style-src",
    "script-src",
    "form-action",
    "connect-src",
    "font-src",
    "manifest-src",
}


def directives(policy: str) -> dict[str, set[str]]:
    return {name: set(values) for name, *values in (part.split() for part in policy.split(";"))}


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_is_strict(client: Client, path: str) -> None:
    answer = client.get(path)
    policy = directives(answer["Content-Security-Policy"])
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == {"'none'"}
    assert policy["script-src"] == policy["style-src"] == {"'self'"}
    assert all(values <= {"'self'", "blob:"} for name, values in policy.items() if name in ALLOWED)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store"
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]
    if answer.content:
        assert "charset=utf-8" in answer["Content-Type"] or answer["Content-Type"] == "application/json"


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "PROPFIND"])
def test_a_method_that_no_page_knows_is_refused(client: Client, method: str) -> None:
    answer = client.generic(method, "/sign-in")
    assert answer.status_code == 405
    assert answer.content == b""
    assert "Content-Security-Policy" in answer.headers


def test_a_form_without_its_token_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in ("/sign-in/person", "/sign-out", "/language"):
        assert strict.post(path, {"language": "en"}).status_code == 403


def test_a_form_in_a_part_of_a_page_is_given_its_token() -> None:
    """`{% include ... only %}` hides the token from the part: what it sends would be refused, in a browser alone."""
    pages = {
        path: path.read_text(encoding="utf-8") for path in Path(kindzorg.__file__).parent.rglob("*.html")
    }
    forms = {str(path).partition("/templates/")[2] for path, text in pages.items() if "csrf_token" in text}
    for path, text in pages.items():
        for part, how in re.findall(r'{% include "([^"]+)"([^%]*) only %}', text):
            assert part not in forms or "csrf_token=csrf_token" in how, f"{path} includes {part}"


def test_a_way_back_to_another_host_is_not_taken(client: Client) -> None:
    for way in (
        *(
            "https://elsewhere.example/",
            "//elsewhere.example/",
            "javascript:alert(1)",
            "/\\elsewhere.example",
        ),
        *("home", "elsewhere", "elsewhere:page", "😀", "9" * 9000),
    ):
        answer = client.post("/language", {"language": "en", "next": way})
        assert (answer.status_code, answer["Location"]) == (302, "/"), way


def test_what_no_keyboard_sends_is_refused_as_a_whole(client: Client) -> None:
    """PostgreSQL keeps no NUL in a text: without this each field that is read by hand would break there."""
    world = World()
    client.force_login(world.nurse_account)
    child = f"/children/{world.subject.child_id}"
    for answer in (
        client.get(f"{child}/invite/search", {"q": "an\0ja"}),
        client.get(f"{child}/invite/search", {"q\0": "anja"}),
        client.post(f"{child}/authority", {"step": "end", "why": "a\0b"}),
    ):
        assert answer.status_code == 400 and "Er is niets veranderd" in answer.content.decode()
    assert client.get(f"{child}/invite/search", {"q": "anja"}).status_code == 200


def test_a_way_onward_to_another_host_is_not_taken(client: Client) -> None:
    client.force_login(World().nurse_account)
    for way in ("https://elsewhere.example/", "//elsewhere.example/", "elsewhere", "elsewhere:page"):
        answer = client.get("/sign-in/onward", {"next": way})
        assert (answer.status_code, answer["Location"]) == (302, "/start"), way
    assert client.get("/sign-in/onward", {"next": "/notices?x=1"})["Location"] == "/notices?x=1"


SHOW = (
    "import json; from kindzorg.config import settings as s; "
    "print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
    "s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.SECURE_HSTS_SECONDS, "
    "s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_SSL_REDIRECT, s.DEBUG]))"
)


def settings_of(**environment: str) -> list[Any]:
    quiet = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KINDZORG", "COV", "DJANGO"))
    }
    run = subprocess.run(
        [sys.executable, "-c", SHOW], env=quiet | environment, capture_output=True, text=True, check=True
    )
    shown: list[Any] = json.loads(run.stdout)
    return shown


def test_for_real_the_cookies_are_of_this_host_alone_and_over_https() -> None:
    shown = settings_of(
        KINDZORG_SECRET_KEY="s" * 50,
        KINDZORG_HOSTS="kindzorg.example",
        KINDZORG_ENCRYPTION_KEYS=new_key(),
        KINDZORG_HASH_KEY="h" * 40,
    )
    assert shown[:2] == ["__Host-session", "__Host-csrf"]
    assert shown[2:6] == [True, True, True, True]
    assert shown[6] in ("Lax", "Strict")
    assert shown[7] >= 31_536_000 and shown[8:] == [True, True, False]
