"""What allauth asks of us: who waits, what is written down, which mails go out, how secrets are kept."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kindzorg.core.encryption import decrypt, encrypt
from kindzorg.people.accounts.actions import note_failure
from kindzorg.people.accounts.queries import account_named, is_professional, kept_forms, waits_until
from kindzorg.web.address import address_of
from kindzorg.web.sign_in import devices, mail
from kindzorg.web.sign_in.entry import DOOR, OPENID, door_at, note_entry
from kindzorg.web.squares import square_code

WRONG = _("This name and password do not belong together. Look at both once more.")


def name_of(user: Any) -> str:
    """What somebody is called."""
    return str(user.name)


class AccountAdapter(DefaultAccountAdapter):
    """Passwords, sign-in and mails."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "incorrect_password": _("This is not your password. Try once more."),
        "enter_current_password": _("This is not your password now. Try once more."),
        "incorrect_code": _("This code is not right. Take the newest code of the app."),
        "too_many_login_attempts": _("This went wrong too often. Wait five minutes and try again."),
        "duplicate_email": _("This is your e-mail address already."),
        "rate_limited": _("This went too often in a short time. Wait a moment and try again."),
    }

    def is_open_for_signup(self, request: Any) -> bool:
        """Nobody signs up: accounts come from invitations."""
        return False

    def get_client_ip(self, request: Any) -> str:
        """From where somebody came, as in the trail."""
        return address_of(request) or "0.0.0.0"  # noqa: S104 - a word for "not known"

    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        """Raises ValidationError while this attempt has to wait; the password is then not looked at."""
        request.attempt, request.meant = self._attempt(request, credentials)
        if until := waits_until(DOOR, request.attempt, request.now):
            at = time_format(timezone.localtime(until), "H:i")
            raise ValidationError(
                gettext("This went wrong too often. Wait until %(time)s, or let us mail you a link.")
                % {"time": at}
            )

    def _attempt(self, request: Any, credentials: dict[str, Any]) -> tuple[Any, Any]:
        typed = credentials.get("username") or credentials.get("email") or ""
        user = account_named(DOOR, typed, request.today)
        return devices.attempt_for(request, user.id if user else None, typed), user

    def authentication_failed(self, request: Any, **credentials: Any) -> None:
        """Write down that it went wrong, without what was typed."""
        meant = request.meant.id if request.meant else None
        note_failure(
            door_at(request), request.attempt, meant, "password" if meant else "unknown_name", request.now
        )

    def get_login_stages(self) -> list[str]:
        """As allauth, with our rule for who must take a second step."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "kindzorg.web.sign_in.second_step.SecondStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def post_login(self, request: Any, user: Any, **about: Any) -> HttpResponse:
        """Somebody is in: keep how, know this device from now on."""
        social = (about.get("signal_kwargs") or {}).get("sociallogin")
        if social is not None:
            request.session[OPENID] = social.account.extra_data["said"]
        request.session["works"] = is_professional(DOOR, user.id, request.today)
        response = super().post_login(request, user, **about)
        note_entry(request, user, "account.signed_in")
        if kept_forms(DOOR, user.id, request.now):
            response = redirect("session_kept")
        devices.remember(request, response, user.id)
        return response

    def is_reauthentication_required(self, *, app: str, **about: Any) -> bool:
        """Not while the last step is fresh: who has just signed in need not do it again to add a second step."""
        records = get_authentication_records(self.request, self.request.user)
        fresh = records and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not fresh and super().is_reauthentication_required(app=app, **about)

    def add_message(self, *args: Any, **about: Any) -> None:
        """The pages say themselves what was done."""

    def send_account_already_exists_mail(self, email: str) -> None:
        """Nobody is told that somebody else has this address."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Left to the worker, so that how long it takes tells nobody whether there is such an account."""
        mail.enqueue(template_prefix, email, context.get("user"))

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        """Tell the owner that something changed in how one signs in."""
        mail.enqueue(template_prefix, email or user.email, user)


class FactorAdapter(DefaultMFAAdapter):
    """The second step."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": _("Your work asks for a second step: add another one first."),
    }

    def encrypt(self, text: str) -> str:
        """Secrets stand encrypted in the database."""
        return encrypt(text.encode())

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` made."""
        return decrypt(encrypted_text).decode()

    def build_totp_svg(self, url: str) -> str:
        """The code to scan, as a drawing that stands in the page: our policy lets no other picture in."""
        return square_code(url)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - allauth's word
        """The device on which a passkey is made, in words."""
        from allauth.core import context

        return devices.device_words(context.request.headers.get("user-agent", ""))

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """What the device shows beside the passkey."""
        return super().get_public_key_credential_user_entity(user) | {
            "name": user.email or user.username,
            "display_name": user.name,
        }
