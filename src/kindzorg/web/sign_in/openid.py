"""Signing in at a provider of OpenID Connect: a hospital, Dezi, a broker for DigiD.

Allauth runs the code flow with PKCE. What it leaves out is done here: a nonce is sent and checked, the signature of
the ID token is verified against the provider's keys, and the level (`acr`) is asked, read and kept
(OpenID Connect Core 1.0, 3.1.2.1 and 3.1.3.7; RFC 9207 for `iss`).
"""

import secrets
from collections.abc import Mapping
from typing import Any

import jwt
import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kindzorg.access.assurance import Assurance
from kindzorg.people.accounts.actions import note_account, note_failure
from kindzorg.people.accounts.queries import account_by_key, professional_by_email
from kindzorg.people.accounts.rules import Provider
from kindzorg.web.address import stays_here
from kindzorg.web.sign_in.entry import DOOR, door_at, provider_of, who

# Signed with the provider's own key; never with our shared secret, never unsigned.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
NEEDED = ("iss", "sub", "aud", "exp", "iat", "nonce")
# Seconds: how far clocks may differ, and how long what a provider publishes is kept.
LEEWAY, KEPT = 60, 600
KEPT_OVER_A_STEP = ("language", "hat", "onward")


def checked_claims(
    token: str, provider: Provider, keys: Mapping[str, Any], issuer: str, nonce: str
) -> dict[str, Any]:
    """The claims of an ID token, if all is right with it. Raises OAuth2Error, without saying more."""
    try:
        header = jwt.get_unverified_header(token)
        if header["alg"] not in ALGORITHMS:
            raise OAuth2Error("id_token: alg")
        key = jwt.PyJWK(_key(keys, header), algorithm=header["alg"])
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            audience=provider.client_id,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": list(NEEDED)},
        )
    except (jwt.PyJWTError, KeyError, ValueError, TypeError) as error:
        raise OAuth2Error(f"id_token: {type(error).__name__}") from error
    if not secrets.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise OAuth2Error("id_token: nonce")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != provider.client_id:
        raise OAuth2Error("id_token: azp")
    return claims


def _key(keys: Mapping[str, Any], header: Mapping[str, Any]) -> dict[str, Any]:
    """The key that signed, by its name; without a name only where there is no choice."""
    signing = [one for one in keys["keys"] if one.get("use", "sig") == "sig"]
    named = [one for one in signing if one.get("kid") == header.get("kid")]
    if len(named or signing) != 1:
        raise KeyError("kid")
    return dict((named or signing)[0])


class Flow(OpenIDConnectOAuth2Adapter):
    """One way to a provider and back."""

    state: Mapping[str, Any]

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider publishes of itself; it must be the provider of our settings."""
        found = _fetched(self.request, self.get_provider().server_url)
        if found.get("issuer") != self.ours.issuer:
            raise OAuth2Error("issuer")
        return found

    @property
    def ours(self) -> Provider:
        """The provider as this installation is set up for it."""
        if found := provider_of(self.provider_id):
            return found
        raise SocialApp.DoesNotExist

    def complete_login(self, request: Any, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who signed in, and how surely. Nothing else of what the provider knows is kept."""
        config, id_token = self.openid_config, kwargs["response"].get("id_token", "")
        says_who = config.get("authorization_response_iss_parameter_supported")
        if says_who and request.GET.get("iss") != config["issuer"]:
            raise OAuth2Error("iss")
        nonce = self.state.get("nonce") or ""
        try:
            keys = _fetched(request, config["jwks_uri"])
            claims = checked_claims(id_token, self.ours, keys, config["issuer"], nonce)
        except OAuth2Error:
            keys = _fetched(request, config["jwks_uri"], anew=True)  # the provider may have new keys
            claims = checked_claims(id_token, self.ours, keys, config["issuer"], nonce)
        acr = str(claims.get("acr", ""))
        said = {"provider": self.provider_id, "acr": acr[:200], "level": str(self.ours.level_for(acr))}
        request.openid_claims = self._with_match(claims, token.token)
        return self.get_provider().sociallogin_from_response(
            request, {"id_token": {"sub": claims["sub"]}, "said": said}
        )

    def _with_match(self, claims: Mapping[str, Any], access_token: str) -> Mapping[str, Any]:
        """The claims, with the one that accounts are prepared with from userinfo when the ID token lacks it."""
        match = self.ours.match
        if not match or match in claims or "userinfo_endpoint" not in self.openid_config:
            return claims
        info = self._fetch_user_info(access_token)
        if info.get("sub") != claims["sub"]:  # OpenID Connect Core 1.0, 5.3.2
            raise OAuth2Error("userinfo: sub")
        return {**info, **claims}


def _fetched(request: Any, url: str, *, anew: bool = False) -> dict[str, Any]:
    """What a provider publishes at an address, kept for a while."""
    found: dict[str, Any] | None = None if anew else cache.get(f"openid:{url}")
    if found is None:
        with OpenIDAdapter(request).get_requests_session() as session:
            answer = session.get(url)
            answer.raise_for_status()
            found = answer.json()
        cache.set(f"openid:{url}", found, KEPT)
    return found or {}


class OpenIDAdapter(DefaultSocialAccountAdapter):
    """What becomes of somebody who comes back from a provider."""

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """Providers stand in the settings alone: nobody adds one through the database."""
        apps = [
            SocialApp(
                provider="openid_connect",
                provider_id=one.key,
                name=one.name,
                client_id=one.client_id,
                secret=one.client_secret,
                settings={"server_url": one.issuer.rstrip("/"), "scope": list(one.scopes)},
            )
            for one in settings.KINDZORG_OPENID
        ]
        return [app for app in apps if provider in (None, "openid_connect", app.provider_id)]

    def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
        """A provider makes no account."""
        return False

    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        """Who is not known here yet may have been prepared for; else a page that says whom to ask."""
        key = sociallogin.account.provider
        if sociallogin.state.get("process") != "connect" and not sociallogin.is_existing:
            user = _prepared(provider_of(key), request)
            if user is None:
                note_failure(door_at(request), None, None, f"unknown_at_{key}", request.now)
                page = {"provider": provider_of(key)}
                raise ImmediateHttpResponse(render(request, "web/sign_in/unknown.html", page, status=403))
            sociallogin.connect(request, user)

    def send_notification_mail(
        self, template: str, user: Any, context: Any = None, email: Any = None
    ) -> None:
        """Told to the owner, and written down: a provider was added."""
        super().send_notification_mail(template, user, context, email)
        if template.endswith("account_connected"):
            about = {"factor": "openid", "provider": context["account"].provider}
            note_account(DOOR, who(self.request, user), "account.factor_added", self.request.now, **about)

    def on_authentication_error(self, request: Any, provider: Any, **about: Any) -> None:
        """Write down that it went wrong, and what was wrong with it."""
        why = str(about.get("exception") or about.get("error") or "")
        note_failure(door_at(request), None, None, f"{provider.sub_id}: {why}"[:80], request.now)


def _prepared(provider: Provider | None, request: Any) -> Any:
    """The account that was prepared for this person, by the claim of the settings; None when there is none."""
    claims = request.openid_claims
    value = str(claims.get(provider.match) or "") if provider and provider.match else ""
    if not provider or not value:
        return None
    if provider.match == "email":
        sure = claims.get("email_verified") is True and provider.vouches_for(value)
        return professional_by_email(DOOR, value, request.today) if sure else None
    return account_by_key(DOOR, provider.key, value, request.today)


# --- the two pages -------------------------------------------------------------------------------------------


@login_not_required
@require_POST
def go(request: Any, provider_id: str) -> HttpResponse:
    """To the provider. A page of ours in between: our policy lets no form be sent to another host."""
    provider = provider_of(provider_id)
    if provider is None:
        raise Http404
    nonce = secrets.token_urlsafe(24)
    wanted = request.POST.get("level", "")
    level = Assurance(wanted) if wanted in set(Assurance) else Assurance.LOW
    ask = {"nonce": nonce, "acr_values": " ".join(provider.asks(level)), "prompt": provider.prompt}
    tie = request.user.is_authenticated and request.POST.get("process") == "connect"
    url = _address(request, provider, "connect" if tie else "login", ask)
    if not url:
        return render(request, "web/sign_in/away.html", {"provider": provider}, status=502)
    return render(request, "web/sign_in/going.html", {"provider": provider, "url": url})


def _address(request: Any, provider: Provider, process: str, ask: Mapping[str, str]) -> str:
    """Where the provider asks who somebody is; empty while it does not answer."""
    there = Flow(request, provider.key).get_provider()
    there.oauth2_adapter_class = Flow
    default = reverse("socialaccount_connections") if process == "connect" else ""
    try:
        answer = there.redirect(
            request,
            process,
            next_url=_safe(request, default),
            auth_params={key: value for key, value in ask.items() if value},
            nonce=ask["nonce"],
        )
    except (OAuth2Error, requests.RequestException):
        return ""
    return str(answer.headers.get("Location", ""))


def _safe(request: Any, default: str) -> str:
    """Where to go on afterwards: never to another host."""
    wanted = request.POST.get("next", "")
    return wanted if stays_here(request, wanted) else default


class _Back(OAuth2CallbackView):
    """Back from the provider."""

    def _get_state(self, request: Any, provider: Any) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state or {}  # type: ignore[attr-defined]
        return state, response


@login_not_required
@require_safe
def back(request: Any, provider_id: str) -> HttpResponse:
    """From the provider: signed in, or a page that says why not. The language stays as it was chosen."""
    if provider_of(provider_id) is None:
        raise Http404
    kept = {name: request.session[name] for name in KEPT_OVER_A_STEP if name in request.session}
    response: HttpResponse = _Back.adapter_view(Flow(request, provider_id))(request)
    for name, value in kept.items():
        request.session[name] = value
    return response
