"""The end of a session: after a while without a sign of life, and in any case at the end of the day's work.

The server ends it, whatever the browser does; the page warns before, and hands over what is being typed.
"""

import time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from kindzorg.access.roles import Hat
from kindzorg.web.sign_in.entry import note

LIFE = "life"
# Seconds: signs of life closer together are one, and how long before the end the page warns.
ONE_SIGN, WARNS = 30, 120


def minutes_for(hat: Hat | None) -> int:
    """After how many minutes a session ends; who wears no hat yet has the shortest."""
    return int(settings.KINDZORG_IDLE[hat]) if hat else min(settings.KINDZORG_IDLE.values())


def seconds_left(session: Any) -> int:
    """How long this session still lasts; 0 when it has ended."""
    life = session.get(LIFE)
    if not life:
        return min(settings.KINDZORG_IDLE.values()) * 60
    ends = min(life["seen"] + life["idle"], life["began"] + settings.KINDZORG_LONGEST * 3600)
    return max(0, int(ends - time.time()))


def seen(request: Any) -> None:
    """A sign of life."""
    now, idle = time.time(), minutes_for(request.hat) * 60
    life = request.session.get(LIFE)
    if not life or life["idle"] != idle or now - life["seen"] > ONE_SIGN:
        request.session[LIFE] = {"began": life["began"] if life else now, "seen": now, "idle": idle}


def shown(request: Any) -> dict[str, Any]:
    """What the page must know of its end."""
    drop = reverse("session_drop", args=[UUID(int=0)])
    return {"left": seconds_left(request.session), "warns": WARNS, "drop": drop}


def end(request: Any) -> None:
    """End this session; the language stays as it was chosen, and whose it was is known for what was typed."""
    note(request, "account.session_ended")
    request.ended, language = request.user.id, request.session.get("language")
    logout(request)
    if language:
        request.session["language"] = language


@require_POST
def session_stay(request: Any) -> HttpResponse:
    """ "Blijf ingelogd"; typing counts too."""
    return session_left(request)


@login_not_required
def session_left(request: Any) -> HttpResponse:
    """How many seconds the session still lasts. Asking is no sign of life."""
    return JsonResponse({"left": seconds_left(request.session) if request.user.is_authenticated else 0})


@login_not_required
@require_POST
def session_end(request: Any) -> HttpResponse:
    """The page says that its time is up, so that nobody reads it over an empty chair."""
    if request.user.is_authenticated:
        end(request)
    return redirect(f"{reverse('sign_in')}?{urlencode({'next': request.POST.get('next', ''), 'ended': 1})}")
