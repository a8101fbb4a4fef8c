"""The file of providers: what it says, and that a mistake in it stops the start with the line that is wrong."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from kindzorg.access.assurance import Assurance
from kindzorg.config.openid import providers

GOOD = """
[hospital]
name = "Ziekenhuis De Linde"
issuer = "https://id.ziekenhuis.example"
client_id = "kindzorg"
client_secret_env = "KINDZORG_TEST_SECRET"
match = "email"
email_domains = ["Ziekenhuis.example"]
scopes = ["email"]
for = "professionals"

[hospital.levels]
"urn:example:password" = "low"
"urn:example:two-factor" = "substantial"

[digid]
name = "DigiD"
issuer = "https://makelaar.example/digid"
client_id = "kindzorg"
client_secret = "plain"
prompt = "login"
for = "families"
levels = { "urn:etoegang:core:assurance-class:loa3" = "substantial" }
"""


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def reads(text: str, *, demo: bool = False):
        path = tmp_path / "oidc.toml"
        path.write_text(text, encoding="utf-8")
        monkeypatch.setenv("KINDZORG_OIDC", str(path))
        monkeypatch.setenv("KINDZORG_TEST_SECRET", "from the environment")
        return providers("KINDZORG_OIDC", demo=demo)

    return reads


def test_a_file_with_two_providers(read) -> None:
    hospital, digid = read(GOOD)
    assert (hospital.key, hospital.name, hospital.client_secret) == (
        "hospital",
        "Ziekenhuis De Linde",
        "from the environment",
    )
    assert hospital.scopes == ("openid", "email")
    assert hospital.email_domains == ("ziekenhuis.example",)
    assert hospital.levels["urn:example:two-factor"] == Assurance.SUBSTANTIAL
    assert (digid.client_secret, digid.prompt, digid.for_whom, digid.match) == (
        "plain",
        "login",
        "families",
        "",
    )


def test_without_a_file_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KINDZORG_OIDC", raising=False)
    assert providers("KINDZORG_OIDC", demo=False) == ()


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('issuer = "https://id.zi', 'issuer = "http://id.zi', "[hospital] issuer must begin with https://"),
        ('name = "DigiD"', 'nmae = "DigiD"', "[digid] lacks name"),
        ('prompt = "login"', 'promt = "login"', "[digid] has promt"),
        ('client_secret = "plain"', "", "[digid] has no client_secret"),
        ('"KINDZORG_TEST_SECRET"', '"KINDZORG_NOT_SET"', "[hospital] has no client_secret"),
        ('"substantial" }', '"good" }', "[digid] levels"),
        (
            'levels = { "urn:etoegang:core:assurance-class:loa3" = "substantial" }',
            'levels = "x"',
            "[digid] levels",
        ),
        ('email_domains = ["Ziekenhuis.example"]', "", "needs email_domains"),
        ('for = "families"', 'for = "everybody"', "[digid] for"),
        ("[digid]", "[Digi D]", "is not TOML"),
        ("[digid]", "[DigiD]", "short name"),
        ('name = "DigiD"', 'name = "DigiD', "is not TOML"),
        ("[hospital]", 'loose = "end"\n[hospital]', "short name"),
    ],
)
def test_a_mistake_stops_the_start_and_is_named(read, right: str, wrong: str, says: str) -> None:
    assert right in GOOD
    with pytest.raises(ImproperlyConfigured) as caught:
        read(GOOD.replace(right, wrong, 1))
    assert says in str(caught.value)
    assert "from the environment" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINDZORG_OIDC", "/no/such/file.toml")
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        providers("KINDZORG_OIDC", demo=False)


def test_a_provider_on_this_machine_needs_no_https(read) -> None:
    local = GOOD.replace("https://id.ziekenhuis.example", "http://127.0.0.1:8080")
    assert read(local)[0].issuer == "http://127.0.0.1:8080"
    plain = GOOD.replace("https://id.ziekenhuis.example", "http://id.ziekenhuis.example")
    assert read(plain, demo=True)[0].issuer.startswith("http:")
