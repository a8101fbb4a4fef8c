"""The providers of OpenID Connect, from the TOML file that `KINDZORG_OIDC` names (docs/sign-in.md).

A file with a mistake stops the start, with the line that is wrong: a door that half works is worse than none.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from kindzorg.access.assurance import Assurance
from kindzorg.people.accounts.rules import Provider

NEEDED = ("name", "issuer", "client_id", "levels")
KNOWN = {*NEEDED, "client_secret", "client_secret_env", "match", "email_domains", "scopes", "prompt", "for"}
FOR = ("professionals", "families", "")
LOCAL = ("localhost", "127.0.0.1")


def providers(name: str, *, demo: bool) -> tuple[Provider, ...]:
    """The providers in the file that this environment variable names; none where it names none."""
    path = os.environ.get(name, "")
    if not path:
        return ()
    try:
        found = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ImproperlyConfigured(f"{name} is {path!r}, and cannot be read: {error.strerror}.") from None
    except tomllib.TOMLDecodeError as error:
        raise ImproperlyConfigured(f"{name}: {path} is not TOML: {error}.") from None
    return tuple(_provider(key, about, f"{name}: [{key}]", demo) for key, about in found.items())


def _provider(key: str, about: Any, where: str, demo: bool) -> Provider:
    _sound(key, about, where)
    if urlsplit(about["issuer"]).scheme != "https" and not (
        demo or urlsplit(about["issuer"]).hostname in LOCAL
    ):
        raise ImproperlyConfigured(f"{where} issuer must begin with https://.")
    return Provider(
        key=key,
        name=about["name"],
        issuer=about["issuer"],
        client_id=about["client_id"],
        client_secret=_secret(about, where),
        levels=_levels(about["levels"], where),
        match=about.get("match", ""),
        email_domains=tuple(domain.lower() for domain in about.get("email_domains", ())),
        scopes=tuple(dict.fromkeys(("openid", *about.get("scopes", ())))),
        prompt=about.get("prompt", ""),
        for_whom=about.get("for", ""),
    )


def _sound(key: str, about: Any, where: str) -> None:
    """Raises ImproperlyConfigured for what is missing, unknown or of the wrong kind."""
    if not isinstance(about, Mapping) or not re.fullmatch(r"[a-z][a-z0-9-]{0,40}", key):
        raise ImproperlyConfigured(
            f"{where}: each provider is a table with a short name, such as [hospital]."
        )
    if missing := [word for word in NEEDED if not about.get(word)]:
        raise ImproperlyConfigured(f"{where} lacks {', '.join(missing)}.")
    if strange := sorted(about.keys() - KNOWN):
        raise ImproperlyConfigured(f"{where} has {', '.join(strange)}: not a setting of a provider.")
    if about.get("for", "") not in FOR:
        raise ImproperlyConfigured(f'{where} for: use "professionals" or "families", or leave it out.')
    if about.get("match") == "email" and not about.get("email_domains"):
        raise ImproperlyConfigured(
            f'{where} match = "email" needs email_domains: a provider speaks for its own addresses only.'
        )


def _secret(about: Mapping[str, Any], where: str) -> str:
    named = about.get("client_secret_env")
    secret = os.environ.get(named, "") if named else about.get("client_secret", "")
    if not secret:
        raise ImproperlyConfigured(f"{where} has no client_secret (nor a client_secret_env that is set).")
    return str(secret)


def _levels(found: Any, where: str) -> dict[str, Assurance]:
    words = ", ".join(Assurance)
    try:
        return {str(acr): Assurance(level) for acr, level in found.items()}
    except (AttributeError, ValueError):
        raise ImproperlyConfigured(
            f"{where} levels: a table from an acr to one of {words}, for example "
            '{ "urn:example:two-factor" = "substantial" }.'
        ) from None
