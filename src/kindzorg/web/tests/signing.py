"""People at the real door, in the tests: accounts with a password, a code app, a world to come in to."""

import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kindzorg.audit.models import AuditLine
from kindzorg.people.models import User

PASSWORD = "vier gewone woorden hier"


class Person:
    """Somebody in front of a browser, at an address on the internet."""

    def __init__(self, user: User, address: str = "192.0.2.1", password: str = PASSWORD) -> None:
        self.user, self.secret = user, ""
        self.browser = Client(REMOTE_ADDR=address, HTTP_USER_AGENT="Mozilla/5.0 (Android 15) Chrome/140")
        if password:
            user.set_password(password)
            user.save()

    def signs_in(self, password: str = PASSWORD, name: str = "", **more: str) -> Any:
        """Type name and password at the door."""
        typed = {"login": name or self.user.username, "password": password, **more}
        return self.browser.post(reverse("account_login"), typed)

    def ties_app(self) -> Any:
        """Set up the app with codes; the secret is kept."""
        page = self.browser.get(reverse("mfa_activate_totp"))
        assert page.status_code == 200, page
        self.secret = re.search(r"kz-secret\">(\w+)<", page.content.decode())[1]
        return self.browser.post(reverse("mfa_activate_totp"), {"code": self.code()})

    def code(self, half_minutes: int = 0) -> str:
        """What the app shows now, or some half minutes later."""
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // 30 + half_minutes))

    def takes_second_step(self, half_minutes: int = 0) -> Any:
        """Type the code of the app at the door. The half minute passes in the test."""
        cache.clear()
        return self.browser.post(reverse("mfa_authenticate"), {"code": self.code(half_minutes)})

    def again(self, half_minutes: int = 0, onward: str = "/start") -> Any:
        """Type the code of the app for a page that asks for more."""
        cache.clear()
        address = f"{reverse('mfa_reauthenticate')}?next={onward}"
        return self.browser.post(address, {"code": self.code(half_minutes), "next": onward})

    def get(self, address: str) -> Any:
        return self.browser.get(address)

    def reads(self, address: str) -> str:
        """The page at the end of the way."""
        return self.browser.get(address, follow=True).content.decode()


def events(user: User | None = None) -> list[str]:
    """What the trail says of accounts, oldest first."""
    lines = AuditLine.objects.filter(event__startswith="account.").exclude(event="account.registered")
    if user:
        lines = lines.filter(object_id=user.id)
    return list(lines.order_by("id").values_list("event", flat=True))
