"""The second step: required of professionals, and asked of everybody for what needs to be surer who they are."""

from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from kindzorg.access.assurance import Assurance, enough, highest
from kindzorg.access.roles import Hat
from kindzorg.people.accounts.rules import Method
from kindzorg.web.address import stays_here
from kindzorg.web.sign_in import kept
from kindzorg.web.sign_in.entry import OPENID, assurance_of, provider_of, steps_of

# What stays open to somebody who must take a second step first.
OPEN = {
    "sign_out", "set_language", "stronger", "onward", "hat", "account_reauthenticate", "mfa_index",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_view_recovery_codes",
    "openid_connect_login", "openid_connect_callback", "choose_person", "sign_in", "account_login",
    "session_stay", "session_left", "session_end", "session_keep",
}  # fmt: skip
SETS_UP = {"mfa_activate_totp", "mfa_add_webauthn"}
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondStage(AuthenticateStage):
    """The second step at signing in. A provider that was sure enough has asked for its own."""

    def _should_handle(self, request: HttpRequest) -> bool:
        social = (self.login.signal_kwargs or {}).get("sociallogin")
        said = social.account.extra_data.get("said", {}) if social else {}
        sure = Assurance(said.get("level", Assurance.LOW))
        return not enough(sure, Assurance.SUBSTANTIAL) and bool(super()._should_handle(request))


def lowest_for(request: Any) -> Assurance:
    """What is asked of this account before any page opens: by its work whatever the hat, by the installation."""
    asked = [Assurance(settings.KINDZORG_LEVELS[hat]) for hat in {request.hat, *_working(request)} if hat]
    if _working(request):
        asked.append(Assurance.SUBSTANTIAL)
    return highest(asked)


def _working(request: Any) -> set[Hat]:
    works = Hat.PROFESSIONAL in request.hats or request.session.get("works")
    return {Hat.PROFESSIONAL} if works else set()


def may_set_up(request: Any) -> bool:
    """Whether somebody may add a second step of ours: not on the word of a provider that is itself not sure."""
    known = {Method.PASSWORD, Method.LINK}
    return enough(assurance_of(request.session), Assurance.SUBSTANTIAL) or any(
        step.method in known for step in steps_of(request.session)
    )


def barred(request: Any) -> HttpResponse | None:
    """Where somebody is sent who may not go on yet: to the second step, or to the choice of a hat."""
    name = request.resolver_match.url_name
    if name in OPEN:
        return None
    if not enough(request.actor.assurance, lowest_for(request)):
        if name in SETS_UP and may_set_up(request):
            return None
        return sent_to(request, "stronger", next=_here(request), level=lowest_for(request))
    if len(request.hats) > 1 and request.hat is None:
        return sent_to(request, "hat", next=_here(request))
    return None


def ask_for_more(request: Any) -> HttpResponse:
    """A page needs to be surer who this is: what was typed is kept, and afterwards one is back where one was."""
    needs = request.refusal.data["needs"]
    return sent_to(request, "stronger", next=_here(request), level=needs)


def _here(request: Any) -> str:
    """Where to come back to: the page itself, or what was typed on it."""
    if request.method in ("GET", "HEAD"):
        return str(request.get_full_path())
    kept.keep(request, request.user.id)
    return reverse("session_kept")


def sent_to(request: Any, name: str, **query: str) -> HttpResponse:
    """A redirect, also for a part of a page that htmx asked for."""
    address = f"{reverse(name)}?{urlencode({key: value for key, value in query.items() if value})}"
    return HttpResponseClientRedirect(address) if getattr(request, "htmx", None) else redirect(address)


def without_onward(request: Any, name: str, **query: str) -> HttpResponse | None:
    """Where somebody was going is kept in the session, so that the address and the page name nobody."""
    if "next" not in request.GET:
        return None
    request.session["onward"] = onward_address(request)
    return sent_to(request, name, **query)


def onward_address(request: Any) -> str:
    """Where to go on afterwards; never to another host."""
    wanted = request.GET.get("next") or request.session.get("onward") or ""
    return wanted if stays_here(request, wanted) else reverse("home")


@require_safe
def stronger(request: Any) -> HttpResponse:
    """ "Laat zien dat u het bent": the ways that this person has, or how to get one."""
    needs = request.GET.get("level", "")
    needs = Assurance(needs) if needs in set(Assurance) else Assurance.SUBSTANTIAL
    if away := without_onward(request, "stronger", level=needs):
        return away
    if enough(request.actor.assurance, needs):
        return redirect("onward")
    ours = needs != Assurance.HIGH
    context = {
        "onward": reverse("onward"),
        "needs": needs,
        "code": ours and is_mfa_enabled(request.user, [Authenticator.Type.TOTP]),
        "passkey": ours and is_mfa_enabled(request.user, [Authenticator.Type.WEBAUTHN]),
        "providers": [one for one in settings.KINDZORG_OPENID if one.asks(needs)],
        "set_up": ours and may_set_up(request) and not is_mfa_enabled(request.user, list(FACTORS)),
        "works": bool(_working(request)),
        "unsure_at": provider_of(request.session.get(OPENID, {}).get("provider", "")),
    }
    return render(request, "web/sign_in/stronger.html", context)


@require_safe
def onward(request: Any) -> HttpResponse:
    """On to where somebody was going when the second step came in between."""
    address = onward_address(request)
    request.session.pop("onward", None)
    return redirect(address)
