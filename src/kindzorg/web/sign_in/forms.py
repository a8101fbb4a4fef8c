"""Forms at the door, in our words: allauth's own rules, our labels."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from kindzorg.core import clock
from kindzorg.people.accounts.queries import confirmed_accounts
from kindzorg.web.sign_in.entry import DOOR
from kindzorg.web.sign_in.passwords import HELP, LONGEST, GoodPassword

# A code of the app counts for three half minutes; it is taken once.
CODE_COUNTS = 120


def password(label: Any, *, new: bool = False, help_text: Any = "") -> forms.CharField:
    """A field for a password, as the browser's own store knows it."""
    attrs = {"autocomplete": "new-password" if new else "current-password"}
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST,
        help_text=help_text,
        widget=forms.PasswordInput(attrs=attrs),
    )


def code(label: Any, help_text: Any = "") -> forms.CharField:
    """A field for a code of digits."""
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
    return forms.CharField(label=label, help_text=help_text, widget=forms.TextInput(attrs=attrs))


class SignInForm(account.LoginForm):
    """Name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        self.fields["login"] = forms.CharField(
            label=_("E-mail address or user name"), max_length=254, widget=forms.TextInput(attrs=attrs)
        )
        self.fields["password"] = password(_("Password"))


class AskResetForm(account.ResetPasswordForm):
    """Where to mail a link. Only an address that was confirmed gets one, so a typing error hands nothing over."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_email(self) -> str:
        """The address; whether there is such an account is told to nobody."""
        email: str = self.cleaned_data["email"].lower()
        self.users = confirmed_accounts(DOOR, email, clock.today())
        return email


class _NewPassword:
    """One field is enough: who sees what is typed makes no error, and a second field is one more to get wrong."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        fields.pop("password2", None)
        owner = getattr(fields["password1"], "user", None)
        fields["password1"] = password(_("New password"), new=True, help_text=HELP)
        fields["password1"].owner = owner  # type: ignore[attr-defined]

    def clean_password1(self) -> str:
        """Raises ValidationError with each thing that is wrong with it."""
        typed: str = self.cleaned_data["password1"]  # type: ignore[attr-defined]
        GoodPassword().validate(typed, self.fields["password1"].owner)  # type: ignore[attr-defined]
        return typed


class NewPasswordForm(_NewPassword, account.ResetPasswordKeyForm):
    """A new password, by a link."""


class FirstPasswordForm(_NewPassword, account.SetPasswordForm):
    """A first password, for who signs in at a provider."""


class ChangePasswordForm(_NewPassword, account.ChangePasswordForm):
    """A new password, by the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = password(_("Your password now"))


class AgainForm(account.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = password(_("Password"))


class NewEmailForm(account.AddEmailForm):
    """Another e-mail address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")
        self.fields["email"].widget = forms.EmailInput(attrs={"autocomplete": "email"})


class _TakenOnce:
    """A code of the app is taken once for as long as it counts (RFC 6238, 5.2)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code(_("Code"))  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """Raises ValidationError for a code that is wrong or was taken before."""
        typed: str = super().clean_code()  # type: ignore[misc]
        key = f"code:{self.user.pk}:{''.join(typed.split())}"  # type: ignore[attr-defined]
        if not cache.add(key, 1, CODE_COUNTS):
            raise get_adapter().validation_error("incorrect_code")
        return typed


class CodeForm(_TakenOnce, base.AuthenticateForm):
    """The code of the app, or one of the codes on paper."""


class CodeAgainForm(_TakenOnce, base.ReauthenticateForm):
    """The same, once more."""


class FirstCodeForm(_TakenOnce, totp.ActivateTOTPForm):
    """The first code of an app that was just tied."""


class PasskeyForm(webauthn.AddWebAuthnForm):
    """A passkey: it always stays on the device and asks for its finger or code, so it can do alone."""

    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)
    name = forms.CharField(required=False, label=_("Name of this device"), max_length=100)

    def clean_passwordless(self) -> bool:
        """Never less."""
        return True
