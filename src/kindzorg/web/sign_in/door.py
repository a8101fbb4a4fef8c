"""Coming in and going out, and the page of one's own account."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kindzorg.web.sign_in import demo
from kindzorg.web.sign_in.entry import note
from kindzorg.web.sign_in.views import SignIn

REAL = SignIn.as_view()


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Any) -> HttpResponse:
    """In the demo the cards; elsewhere the real door."""
    return demo.cards(request) if settings.KINDZORG_DEMO and request.method != "POST" else REAL(request)


@login_not_required
@require_POST
def sign_out(request: Any) -> HttpResponse:
    """Leave. The language stays as it was chosen."""
    language = request.session.get("language")
    if request.user.is_authenticated:
        note(request, "account.signed_out")
    logout(request)
    if language:
        request.session["language"] = language
    return redirect("sign_in")


def welcome(request: Any, user: Any, onward: str = "") -> HttpResponse:
    """Sign in somebody who has just made an account by an invitation, and go on.

    A second step is still asked of who must have one, and a mail asks whether the address is theirs.
    """
    record_authentication(request, user, "invitation")
    login = Login(user=user, email=user.email, signup=True, redirect_url=onward or None)
    response: HttpResponse = perform_login(request, login)
    return response


@require_safe
def account(request: Any) -> HttpResponse:
    """How one signs in, and what to do about it."""
    user = request.user
    context = {
        "password": user.has_usable_password(),
        "app": is_mfa_enabled(user, [Authenticator.Type.TOTP]),
        "passkey": is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]),
        "providers": settings.KINDZORG_OPENID,
    }
    return render(request, "web/sign_in/account.html", context)
