"""Allauth's pages with our words: what each does is allauth's, what is written down of it is ours."""

from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from allauth.socialaccount import views as social
from allauth.usersessions import views as usersessions
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy

from kindzorg.web.sign_in.devices import device_words
from kindzorg.web.sign_in.entry import note, note_entry

# --- coming in -----------------------------------------------------------------------------------------------


class SignIn(account.LoginView):
    """Name and password, a passkey, or a provider."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the doors beside the password."""
        return super().get_context_data(**kwargs) | {
            "providers": settings.KINDZORG_OPENID,
            "languages": settings.LANGUAGES,
            "ended": self.request.GET.get("ended", ""),
        }


class NewPassword(account.PasswordResetFromKeyView):
    """A new password by a link; the link of a first password is the same."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Signed in at once, with a second step where there is one."""
        response: HttpResponse = super().form_valid(form)
        if self.request.user.is_authenticated:
            note(self.request, "account.password_changed")
        return response


# --- once more, and more surely ------------------------------------------------------------------------------


class _Stronger:
    """After this step it is surer who somebody is."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        note_entry(self.request, self.request.user, "account.confirmed")  # type: ignore[attr-defined]
        return response


class Again(_Stronger, account.ReauthenticateView):
    """The password once more."""


class CodeAgain(_Stronger, base.ReauthenticateView):
    """The code of the app, for a page that asks for more than a password."""


class PasskeyAgain(_Stronger, webauthn.ReauthenticateWebAuthnView):
    """The passkey, for a page that asks for more than a password."""


# --- the own account -----------------------------------------------------------------------------------------


class _Noted:
    """Written down when it is done."""

    event = ""
    about: dict[str, str] = {}
    # Who has just shown the new step need not show it again.
    shown = ""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        request: Any = self.request  # type: ignore[attr-defined]
        note(request, self.event, **self.about)
        if self.shown:
            record_authentication(request, request.user, "mfa", type=self.shown)
            note_entry(request, request.user, "account.confirmed")
        return response


class ChangePassword(_Noted, account.PasswordChangeView):
    """Another password."""

    event = "account.password_changed"

    def get_default_success_url(self) -> str:
        """Back to the account."""
        return reverse("account")


class FirstPassword(_Noted, account.PasswordSetView):
    """A password for who had none."""

    event = "account.password_changed"

    def get_default_success_url(self) -> str:
        """Back to the account."""
        return reverse("account")


class Email(account.EmailView):
    """The e-mail address; a new one counts when it was confirmed."""

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for another address, or for the mail once more."""
        response: HttpResponse = super().post(request, *args, **kwargs)
        if "action_add" in request.POST and response.status_code == 302:
            note(request, "account.email_asked")
        return response


class TieApp(_Noted, totp.ActivateTOTPView):
    """An app on the telephone that makes codes."""

    event, about, shown = "account.factor_added", {"factor": "totp"}, "totp"


class UntieApp(_Noted, totp.DeactivateTOTPView):
    """Take the app away."""

    event, about = "account.factor_removed", {"factor": "totp"}


class AddPasskey(_Noted, webauthn.AddWebAuthnView):
    """A passkey on this device."""

    event, about, shown = "account.factor_added", {"factor": "passkey"}, "webauthn"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the device is asked for: a passkey that stays on it and asks for finger or code."""
        context = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": auth.begin_registration(self.request.user, True)}
        return context


class RemovePasskey(webauthn.RemoveWebAuthnView):
    """Take a passkey away."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """Written down when it is done."""
        response: HttpResponse = super().form_valid(form)
        note(self.request, "account.factor_removed", factor="passkey")
        return response


class NewCodes(_Noted, recovery.GenerateRecoveryCodesView):
    """New codes on paper; the old ones no longer work."""

    event, about = "account.factor_added", {"factor": "recovery_codes"}


class Devices(usersessions.ListUserSessionsView):
    """Where somebody is signed in, in words; and out everywhere else."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each session with its device in words."""
        context = super().get_context_data(**kwargs)
        context["devices"] = [
            {"words": device_words(one.user_agent), "since": one.created_at, "here": one.is_current()}
            for one in reversed(context["sessions"])
        ]
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        """Written down when it is done."""
        response: HttpResponse = super().form_valid(form)
        note(self.request, "account.signed_out_elsewhere")
        return response


class Connections(_Noted, social.ConnectionsView):
    """The providers at which somebody signs in."""

    event, about = "account.factor_removed", {"factor": "openid"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those that are tied, and those that could be."""
        context = super().get_context_data(**kwargs)
        tied = {account.provider for account in context["form"].accounts}
        context["others"] = [one for one in settings.KINDZORG_OPENID if one.key not in tied]
        context["names"] = {one.key: one.name for one in settings.KINDZORG_OPENID}
        return context
