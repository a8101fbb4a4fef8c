"""The door of the demo: one chooses a person. Outside the demo there is no such door at all."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kindzorg.access.policy import system_actor
from kindzorg.core.texts import MissingText, text
from kindzorg.core.vocabulary import Audience
from kindzorg.core.walls import behind_wall
from kindzorg.journey.views import age_words
from kindzorg.people.queries import Choice, account_for, choices_for
from kindzorg.people.rules import OrganisationKind as Kind
from kindzorg.web.sign_in import kept
from kindzorg.web.sign_in.entry import note_entry

DOOR = system_actor("demo sign-in")
BACKEND = settings.AUTHENTICATION_BACKENDS[0]
GROUPS = (
    ("house", _("Care at home and day care"), {Kind.HOME_CARE, Kind.DAY_CARE}),
    ("stethoscope", _("Hospital, GP and therapy"), {Kind.HOSPITAL, Kind.GP_PRACTICE, Kind.THERAPY}),
    ("school", _("School, municipality and others"), set(Kind)),
)


def cards(request: Any) -> HttpResponse:
    """The cards to choose a person from."""
    # Who is signed in already sees all cards too, not only those of the own children.
    with behind_wall(DOOR.id, request.today, system=True):
        choices = choices_for(DOOR, request.today)
    context = {
        "families": _families(request, choices),
        "groups": _groups(choices),
        "languages": settings.LANGUAGES,
    }
    return render(request, "web/sign_in/demo.html", context)


@login_not_required
@require_POST
def choose_person(request: Any) -> HttpResponse:
    """Sign in as somebody of the demo; what this person was typing when a session ended comes first."""
    if not settings.KINDZORG_DEMO:
        raise Http404
    try:
        user = account_for(DOOR, UUID(request.POST.get("person", "")), request.today)
    except ValueError:
        user = None
    if user is None:
        return redirect("sign_in")
    language = request.session.get("language")
    logout(request)  # nothing of the person before stays in the session: no step, no hat
    login(request, user, backend=BACKEND)
    note_entry(request, user, "account.signed_in")
    if language:
        request.session["language"] = language
    return redirect("session_kept" if kept.newest(request) else "home")


def _words(key: str) -> str:
    """A text of the cards; people who were added later have none."""
    try:
        return text(f"demo.people.{key}", Audience.PROFESSIONAL, (get_language() or "nl")[:2])
    except MissingText:
        return ""


def _card(choice: Choice) -> Mapping[str, Any]:
    work = choice.professional
    return {
        "id": choice.user_id,
        "name": choice.name,
        "who": _words(f"{choice.username}_who") or (work.discipline if work else ""),
        "sees": _words(f"{choice.username}_sees"),
        "organisation": work.organisation.name if work else "",
        "child": choice.child if choice.child and choice.child.user_id == choice.user_id else None,
    }


def _families(request: Any, choices: Iterable[Choice]) -> list[dict[str, Any]]:
    """Per child, in the order in which they were entered, the people around it who sign in."""
    found: dict[UUID, dict[str, Any]] = {}
    for choice in choices:
        if child := choice.child:
            family = found.setdefault(child.id, {"child": child, "people": []})
            family["people"].append(_card(choice))
    for family in found.values():
        child = family["child"]
        family["age"] = age_words(child.birth_date, request.today)
        family["line"] = _words(f"family_{slugify(child.given_name)}")
    return sorted(found.values(), key=lambda family: family["child"].id)


def _groups(choices: Iterable[Choice]) -> list[dict[str, Any]]:
    """Professionals by the kind of their organisation, each in the first group that takes it."""
    groups = [{"icon": icon, "title": title, "kinds": kinds, "people": []} for icon, title, kinds in GROUPS]
    for choice in choices:
        if work := choice.professional:
            group = next(one for one in groups if work.organisation.kind in one["kinds"])  # type: ignore[operator]
            group["people"].append(_card(choice))  # type: ignore[attr-defined]
    return groups
