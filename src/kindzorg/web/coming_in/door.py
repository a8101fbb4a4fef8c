"""The door of an invitation: before the child's birth date was right it says nothing of the child, nor of care."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kindzorg.access.assurance import Assurance
from kindzorg.access.policy import system_actor
from kindzorg.access.roles import Role
from kindzorg.careteam.invitations import queries, rules
from kindzorg.careteam.invitations.actions import accept, prove, say_not_me
from kindzorg.careteam.invitations.queries import AtTheDoor
from kindzorg.careteam.invitations.rules import InvitationState
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.walls import behind_wall
from kindzorg.people.accounts.actions import NewAccount, open_account
from kindzorg.ui.wording import add_to_form
from kindzorg.web.coming_in.forms import WORDS, AccountForm, AnswerForm, CodeForm
from kindzorg.web.coming_in.wording import sees_words
from kindzorg.web.guidance import START
from kindzorg.web.roles import role_name
from kindzorg.web.sign_in.door import welcome

DOOR = system_actor("invitation")
PROVEN = "proven"


def _wall(request: Any) -> AbstractContextManager[None]:
    return behind_wall(DOOR.id, request.today, system=True)


def _page(request: Any, name: str, status: int = 200, **context: Any) -> HttpResponse:
    shown = {"languages": settings.LANGUAGES, **context}
    return render(request, f"web/coming_in/{name}.html", shown, status=status)


def _door(request: Any, token: str) -> AtTheDoor | None:
    try:
        with _wall(request):
            return queries.at_the_door(DOOR, token, request.now)
    except Missing:
        return None


def _closed(request: Any, token: str, door: AtTheDoor | None, why: str = "") -> HttpResponse:
    """Why this link opens nothing, and what to do next. A token that is none looks like one that has ended."""
    state = why or (door.state if door else InvitationState.EXPIRED)
    mine = bool(door and request.user.is_authenticated and door.used_by_id == request.user.id)
    context = {"state": "in_already" if mine else state, "door": door, "token": token}
    return _page(request, "closed", 404 if door is None else 200, **context)


@login_not_required
def invited(request: Any, token: str) -> HttpResponse:
    """The first page: who invites whom, and the question that only the right person can answer."""
    door = _door(request, token)
    if door is None or door.state != InvitationState.OPEN:
        return _closed(request, token, door)
    kind = CodeForm if door.spoken_code else AnswerForm
    form = kind(request.POST or None)
    if request.method == "POST" and form.is_valid() and _right(request, token, form):
        return redirect("invited_about", token)
    door = _door(request, token)
    if door is None or door.state != InvitationState.OPEN:
        return _closed(request, token, door)
    return _page(request, "door", form=form, door=door, token=token)


def _right(request: Any, token: str, form: Any) -> bool:
    field = next(iter(form.fields))
    try:
        with _wall(request), transaction.atomic():
            right = prove(DOOR, token, form.answer(), request.now)
    except Invalid as error:
        until = error.data.get("until")
        if isinstance(until, datetime):
            at = time_format(localtime(until), "H:i:s")
            form.add_error(field, _("Wait a moment. From %(time)s you can try again.") % {"time": at})
        return False
    if right:
        request.session[PROVEN] = {rules.token_hash(token): request.now.isoformat()}
    else:
        form.add_error(field, _("This is not right. Look at it once more."))
    return right


def _proven(request: Any, token: str) -> bool:
    at = request.session.get(PROVEN, {}).get(rules.token_hash(token))
    return bool(at) and datetime.fromisoformat(at) + rules.PROVEN > request.now


def _invitation(request: Any, token: str) -> Any:
    """What the token is for, or the page to show instead."""
    door = _door(request, token)
    if door is None or door.state != InvitationState.OPEN:
        return None, _closed(request, token, door)
    if not _proven(request, token):
        return None, redirect("invited", token)
    with _wall(request):
        return queries.invited_to(DOOR, token, request.now), None


@login_not_required
@require_safe
def invited_about(request: Any, token: str) -> HttpResponse:
    """Who invites, for which child, in what role, what for, until when, and what one will and will not see."""
    to, instead = _invitation(request, token)
    if instead:
        return instead
    row = to.invitation
    context = {
        "to": to,
        "invitation": row,
        "role": role_name(to.role),
        "inviter_role": role_name(row.invited_by_role),
        "sees": [words for name, seen in to.sees if seen for words in [sees_words(name)]],
        "sees_not": [words for name, seen in to.sees if not seen for words in [sees_words(name)]],
        "without_authority": to.role == Role.PARENT_WITHOUT_AUTHORITY,
        "token": token,
    }
    return _page(request, "about", **context)


@login_not_required
def invited_join(request: Any, token: str) -> HttpResponse:
    """Come in: as who is signed in, or with a new account."""
    to, instead = _invitation(request, token)
    if instead:
        return instead
    known = request.user.is_authenticated
    form = AccountForm(request.POST or None, initial={"name": to.invitation.person})
    if request.method == "POST" and (known or form.is_valid()):
        try:
            return _come_in(request, token, None if known else form)
        except Invalid as error:
            if known or error.code == "invitation_closed":
                why = "" if error.code == "invitation_closed" else error.code
                return _closed(request, token, _door(request, token), why)
            add_to_form(form, error, WORDS)
    return _page(request, "join", form=form, to=to, token=token, known=known)


def _come_in(request: Any, token: str, form: Any) -> HttpResponse:
    """Account, membership and grant together or not at all."""
    with _wall(request), transaction.atomic():
        user = request.user
        if form is not None:
            said = form.cleaned_data
            new = NewAccount(said["name"], said["email"], said["password"], (get_language() or "nl")[:2])
            user = open_account(DOOR, new, request.now)
        member = accept(DOOR, token, user.id, request.now)
        onward = _onward(request, user, member.child_id)
    request.session.pop(PROVEN, None)
    return redirect(onward) if form is None else welcome(request, user, onward)


def _onward(request: Any, user: Any, child_id: UUID) -> str:
    """To the child, with the start first for who never saw it; to the start page, which says what is awaited, where
    the family has not said yes yet."""
    try:
        child_for(actor_for(user, assurance=Assurance.LOW, at=request.now), child_id, request.today)
    except (Missing, Refused):
        return reverse("home")
    if START in user.explained.split():
        return reverse("child_start", args=[child_id])
    return reverse("first_time", args=[child_id, 1])


@login_not_required
@require_POST
def invited_not_me(request: Any, token: str) -> HttpResponse:
    """The link came to the wrong person."""
    door = _door(request, token)
    if door is not None and door.state == InvitationState.OPEN:
        with _wall(request), transaction.atomic():
            say_not_me(DOOR, token, request.now)
    return _closed(request, token, _door(request, token))
