"""One hat at a time: a nurse who is also a mother chooses, sees which she wears, and changes by a clear switch."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.access.roles import Hat
from kindzorg.careteam.queries import actor_for
from kindzorg.web.address import address_of
from kindzorg.web.sign_in import second_step
from kindzorg.web.sign_in.entry import assurance_of, note


def actor_of(request: Any) -> Actor:
    """The person of this request with one hat on, and how sure that is; with two and none chosen yet without grants."""
    known = actor_for(request.user, assurance=assurance_of(request.session), at=request.now)
    whole = replace(known, access_point=address_of(request))
    request.hats = policy.hats_of(whole)
    request.hat = chosen_hat(request.hats, request.session.get("hat", ""))
    if request.hat:
        floor = settings.KINDZORG_LEVELS[request.hat]
        return replace(policy.wearing(whole, request.hat), floor=floor)
    return replace(whole, grants=(), organisation_id=None, organisation="", house=None)


def chosen_hat(hats: frozenset[Hat], chosen: str) -> Hat | None:
    """The hat that is worn: the only one, or the one that was chosen."""
    if len(hats) == 1:
        return next(iter(hats))
    return next((hat for hat in hats if hat == chosen), None)


def worn(request: Any) -> dict[str, str] | None:
    """For the frame: which hat is on, and where to change it; None for who has only one."""
    if len(request.hats) < 2 or not request.hat:
        return None
    words = {Hat.PROFESSIONAL: gettext("For your work"), Hat.FAMILY: gettext("For your family")}
    return {"word": words[request.hat], "url": reverse("hat")}


@require_http_methods(["GET", "HEAD", "POST"])
def hat(request: Any) -> HttpResponse:
    """The choice, and the switch."""
    chosen = request.POST.get("hat", "")
    if chosen not in request.hats:
        return second_step.without_onward(request, "hat") or render(request, "web/sign_in/hat.html")
    request.session["hat"] = chosen
    note(request, "account.hat_changed", hat=chosen)
    return redirect("onward")
