"""Choosing the language of the pages."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kindzorg.people.accounts.actions import choose_language
from kindzorg.web.address import stays_here
from kindzorg.web.sign_in.entry import DOOR


@login_not_required
@require_POST
def set_language(request: Any) -> HttpResponse:
    """Keep the language for this session, with the account of who signed in, and in a cookie for the pages before."""
    chosen, back = request.POST.get("language"), request.POST.get("next", "")
    answer = redirect(back if stays_here(request, back) else "/")
    if chosen in dict(settings.LANGUAGES):
        request.session["language"] = chosen
        if request.actor:
            choose_language(DOOR, request.actor, chosen, request.now)
        secure = settings.SESSION_COOKIE_SECURE
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, samesite="Lax", httponly=True, secure=secure)
    return answer
