"""Devices that signed in before: nobody elsewhere can slow them down. Also devices in words, for their owner.

The cookie says for which accounts a device is known, each with a number of its own (OWASP, "slow down online guessing
attacks with device cookies"). It lets nobody in: it only decides whose failures count.
"""

import re
import secrets
from typing import Any
from uuid import UUID

from allauth.core.internal.ratelimit import truncate_ip
from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from kindzorg.people.accounts.rules import Attempt
from kindzorg.web.address import address_of

SALT, YEAR = "kindzorg.devices", 365 * 24 * 3600
# A tablet in the family, or the one of a ward.
ACCOUNTS = 10
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
           ("Macintosh|Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip
BROWSERS = (("Edg", "Edge"), ("OPR|Opera", "Opera"), ("SamsungBrowser", "Samsung Internet"),
            ("Firefox|FxiOS", "Firefox"), ("Chrome|CriOS|Chromium", "Chrome"), ("Safari", "Safari"))  # fmt: skip


def known_accounts(request: Any) -> dict[str, str]:
    """The accounts that signed in on this device, the last one last, each with its number."""
    try:
        found = signing.loads(
            request.COOKIES.get(settings.KINDZORG_DEVICES_COOKIE, ""), salt=SALT, max_age=YEAR
        )
    except signing.BadSignature:
        return {}
    return dict(found)


def last_account(request: Any) -> UUID | None:
    """Who signed in last on this device."""
    accounts = list(known_accounts(request))
    return UUID(accounts[-1]) if accounts else None


def remember(request: Any, response: HttpResponse, user_id: UUID) -> None:
    """Know this device for this account from now on."""
    accounts = known_accounts(request)
    number = accounts.pop(str(user_id), "") or secrets.token_urlsafe(16)
    kept = [*list(accounts.items())[1 - ACCOUNTS :], (str(user_id), number)]
    response.set_cookie(
        settings.KINDZORG_DEVICES_COOKIE,
        signing.dumps(kept, salt=SALT, compress=True),
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def attempt_for(request: Any, user_id: UUID | None, typed: str) -> Attempt:
    """This attempt, as the hashes by which failures are counted."""
    number = known_accounts(request).get(str(user_id), "") if user_id else ""
    account = str(user_id) if user_id else f"typed:{typed.strip().lower()}"
    return Attempt(
        _hashed(account), _hashed(truncate_ip(address_of(request))), _hashed(number) if number else ""
    )


def _hashed(text: str) -> str:
    return salted_hmac(SALT, text, algorithm="sha256").hexdigest()


def device_words(user_agent: str) -> str:
    """A device in words that its owner knows: "Chrome on Android"."""
    system = next((word for pattern, word in SYSTEMS if re.search(pattern, user_agent)), "")
    browser = next((word for pattern, word in BROWSERS if re.search(pattern, user_agent)), "")
    if system and browser:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return system or browser or gettext("Unknown device")
