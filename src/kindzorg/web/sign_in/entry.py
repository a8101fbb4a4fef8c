"""How this session was signed in: the steps that were taken, the level they make, and what is written down of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings

from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import Actor, system_actor
from kindzorg.careteam.queries import actor_for
from kindzorg.people.accounts.actions import Entry, note_account, note_sign_in
from kindzorg.people.accounts.rules import SECOND_STEPS, Method, Provider, Step, level_of
from kindzorg.web.address import address_of

DOOR = system_actor("sign-in")
STEPS, OPENID = "account_authentication_methods", "openid"
FIRST = {"password": Method.PASSWORD, "password_reset": Method.LINK, "invitation": Method.LINK}
SECOND = {
    "totp": Method.TOTP,
    "recovery_codes": Method.RECOVERY_CODE,
    "webauthn": Method.SECURITY_KEY,
}


def provider_of(key: str) -> Provider | None:
    """The provider with this name in the settings of this installation."""
    return next((one for one in settings.KINDZORG_OPENID if one.key == key), None)


def steps_of(session: Mapping[str, Any]) -> list[Step]:
    """The steps taken in this session, in their order, from what allauth noted of them."""
    return [_step(record, session) for record in session.get(STEPS, [])]


def _step(record: Mapping[str, Any], session: Mapping[str, Any]) -> Step:
    if record["method"] == "mfa":
        return Step(Method.PASSKEY if record.get("passwordless") else SECOND[record["type"]])
    if record["method"] == "socialaccount":
        return Step(Method.OPENID, Assurance(session.get(OPENID, {}).get("level", Assurance.LOW)))
    return Step(FIRST[record["method"]])


def assurance_of(session: Mapping[str, Any]) -> Assurance:
    """How sure it is who signed in. The demo trusts whoever chose a card, and marks every line as demo."""
    if steps := steps_of(session):
        return level_of(steps)
    return Assurance.HIGH if settings.KINDZORG_DEMO else Assurance.LOW


def entry_of(session: Mapping[str, Any]) -> Entry:
    """What is written down of this session: its level, and the step that made it."""
    steps = steps_of(session)
    second = [step.method for step in steps if step.method in SECOND_STEPS]
    method = second[-1] if second else steps[-1].method if steps else Method.DEMO
    openid = session.get(OPENID, {})
    return Entry(method, assurance_of(session), openid.get("provider", ""), openid.get("acr", ""))


def door_at(request: Any) -> Actor:
    """The door, as the trail names it: with the address from which somebody came."""
    return replace(DOOR, access_point=address_of(request))


def note_entry(request: Any, user: Any, event: str) -> None:
    """Write down that somebody came in, or showed more surely who they are."""
    note_sign_in(DOOR, who(request, user), event, entry_of(request.session), request.now)


def note(request: Any, event: str, **about: str) -> None:
    """Write down what somebody who is signed in did with the own account."""
    note_account(DOOR, who(request, request.user), event, request.now, **about)


def who(request: Any, user: Any) -> Actor:
    """The person as the trail names them: with the hat that is on, if there is one already."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is not None and actor.id == user.id:
        return actor
    known = actor_for(user, assurance=assurance_of(request.session), at=request.now)
    return replace(known, access_point=address_of(request))
