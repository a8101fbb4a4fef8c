"""Accounts at the real door: a link to begin with, an app with codes, a key on the device, and time that passes."""

import json
import re
import subprocess
import sys
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.journeys.people import SLOW, Visitor
from tests.serving import KINDZORG, DemoData

PASSWORD = "vier gewone woorden hier"
LATER = """
import json, sys, django
django.setup()
from django.contrib.sessions.models import Session
for row in Session.objects.all():
    kept = row.get_decoded()
    if life := kept.get("life"):
        life["seen"] -= 60 * float(sys.argv[1])
        row.session_data = Session.get_session_store_class()().encode(kept)
        row.save()
"""


def account(place: DemoData, *words: str) -> str:
    """`kindzorg account ...` as who runs this installation types it; what it printed."""
    done = subprocess.run(
        [KINDZORG, "account", *words], env=place.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def first_password(visitor: Visitor, place: DemoData, username: str) -> None:
    """By the link that works once: another password than one that anybody guesses, and signed in."""
    found = re.search(r"http\S+", account(place, username))
    assert found
    visitor.goes_to(found[0].removeprefix(visitor.site))
    visitor.writes("Nieuw wachtwoord", PASSWORD)
    visitor.presses("Bewaren en inloggen")


def signs_in(visitor: Visitor, username: str, password: str = PASSWORD) -> None:
    """Name and password at the door that is open before the visitor."""
    visitor.writes("E-mailadres of gebruikersnaam", username)
    visitor.writes("Wachtwoord", password)
    visitor.presses("Inloggen")


def signs_out(visitor: Visitor) -> None:
    """By the menu of the own name."""
    visitor.unfolds(", account")
    visitor.presses("Uitloggen")


def later(place: DemoData, minutes: float) -> None:
    """So long nobody gave a sign of life."""
    settings = {"DJANGO_SETTINGS_MODULE": "kindzorg.config.settings"}
    subprocess.run([sys.executable, "-c", LATER, str(minutes)], env=place.environment | settings, check=True)


class App:
    """An app with codes on a telephone. Each code is taken once, and counts a half minute early and late."""

    def __init__(self, secret: str) -> None:
        self.secret, self.early = secret.strip(), -1

    def code(self) -> str:
        """A code that was not used yet; three times within a half minute."""
        step = int(time.time()) // 30 + self.early
        self.early += 1
        return format_hotp_value(hotp_value(self.secret, step))


class Key:
    """The lock of the device itself: Chromium's own virtual one, which confirms as a finger would."""

    def __init__(self, page: Any) -> None:
        self.device = page.context.new_cdp_session(page)
        self.device.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self.device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.name = {"authenticatorId": made["authenticatorId"]}

    def kept(self) -> list[Any]:
        """The keys that stand on the device."""
        found: list[Any] = self.device.send("WebAuthn.getCredentials", self.name)["credentials"]
        return found

    def knows_finger(self, known: bool) -> None:
        """From now on the finger is the owner's, or a stranger's."""
        self.device.send("WebAuthn.setUserVerified", self.name | {"isUserVerified": known})


def passes_in_browser(visitor: Visitor, minutes: float) -> None:
    """The page's own clock goes on; `install` it before the page is opened."""
    visitor.page.clock.fast_forward(int(minutes * 60_000))


def signs_in_there(visitor: Visitor, hospital: Any, who: str, level: str) -> None:
    """At the provider, in its own words; afterwards back here by itself."""
    page = visitor.page
    page.get_by_role("button", name="Ziekenhuis De Linde").first.click()
    page.wait_for_url(f"{hospital.issuer}/**", timeout=SLOW)
    page.get_by_label("Wie").fill(who)
    page.get_by_label("Hoe").select_option(level)
    page.get_by_role("button", name="Inloggen").click()
    page.wait_for_url(f"{visitor.site}/**", timeout=SLOW)
    page.wait_for_load_state()
    visitor.looks()


def provider_file(hospital: Any, secret: str, levels: dict[str, str]) -> str:
    """The file of providers, as docs/sign-in.md says."""
    return "\n".join(
        [
            "[hospital]",
            'name = "Ziekenhuis De Linde"',
            f'issuer = "{hospital.issuer}"',
            'client_id = "kindzorg"',
            f'client_secret = "{secret}"',
            'match = "sub"',
            'prompt = "login"',
            "[hospital.levels]",
            *(f'"{acr}" = {json.dumps(level)}' for acr, level in levels.items()),
        ]
    )
