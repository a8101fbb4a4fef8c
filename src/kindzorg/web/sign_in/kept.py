"""What was being typed when a session ended, for the same person only: encrypted, under the account, for a day.

It never stands on the device: whoever signs in there next sees nothing of it.
"""

import json
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from kindzorg.people.accounts.actions import Typed, drop_form, keep_form
from kindzorg.people.accounts.queries import kept_forms
from kindzorg.web.sign_in import devices
from kindzorg.web.sign_in.entry import DOOR, door_at

# Where passwords and codes are typed: never kept.
SECRET_PAGES = ("/sign-in", "/account", "/session", "/sign-out")
NOT_TYPED = {"csrfmiddlewaretoken"}


def keep(request: Any, user_id: UUID | None) -> Any:
    """Keep a form that came when its sender was no longer signed in (surely enough)."""
    if user_id is None or request.path.startswith(SECRET_PAGES):
        return None
    fields = {name: values for name, values in request.POST.lists() if name not in NOT_TYPED}
    referred = urlsplit(request.headers.get("referer", ""))
    page = referred.path if referred.netloc == request.get_host() else request.path
    if sent_again := getattr(request, "sent_again", None):
        page = sent_again["page"]  # where it was typed at first: so this copy takes the place of that one
    return keep_form(door_at(request), user_id, Typed(page, request.get_full_path(), fields), request.now)


def newest(request: Any) -> Any:
    """What was kept last for who is signed in."""
    return next(iter(kept_forms(DOOR, request.user.id, request.now)), None)


def _own(request: Any, form_id: UUID) -> Any:
    found = next((one for one in kept_forms(DOOR, request.user.id, request.now) if one.id == form_id), None)
    if found is None:
        raise Http404
    return found


@login_not_required
@require_POST
def session_keep(request: Any) -> HttpResponse:
    """The browser hands over what is being typed, shortly before or after the session ends."""
    user_id = (
        request.user.id if request.user.is_authenticated else request.ended or devices.last_account(request)
    )
    try:
        page, fields = request.POST["page"], json.loads(request.POST["fields"])
        typed = Typed(page, "", {str(name): [str(one) for one in values] for name, values in fields.items()})
    except (KeyError, ValueError, AttributeError, TypeError):
        return HttpResponse(status=400)
    here = page.startswith("/") and url_has_allowed_host_and_scheme(page, None)
    if user_id is None or not here or page.startswith(SECRET_PAGES):
        return HttpResponse(status=400)
    keep_form(door_at(request), user_id, typed, request.now)
    return HttpResponse(status=204)


@require_safe
def session_kept(request: Any) -> HttpResponse:
    """ "Wat u had getypt is er nog": go on with it, or throw it away."""
    form = newest(request)
    if form is None:
        return redirect("home")
    texts = [value for values in form.fields.values() for value in values if len(value.strip()) > 3]
    fields = [(name, value) for name, values in form.fields.items() for value in values]
    return render(request, "web/sign_in/kept.html", {"form_kept": form, "fields": fields, "texts": texts})


@require_safe
def session_page(request: Any, form_id: UUID) -> HttpResponse:
    """Back to where it was typed; a script there puts it back in its place."""
    form = _own(request, form_id)
    return redirect(form.page if form.action else f"{form.page}#kz-kept")


@require_safe
def session_fields(request: Any) -> HttpResponse:
    """The fields of a page, for the script that puts them back where they were typed."""
    page = request.GET.get("page", "")
    for form in kept_forms(DOOR, request.user.id, request.now):
        if form.page == page and not form.action:
            return JsonResponse({"id": str(form.id), "fields": form.fields})
    return JsonResponse({})


@require_POST
def session_send(request: Any, form_id: UUID) -> HttpResponse:
    """Send what was typed after all, to where it was going. It is thrown away once it has arrived."""
    form = _own(request, form_id)
    if not form.action:
        raise Http404
    request.session["resent"] = {"id": str(form.id), "action": form.action, "page": form.page}
    answer = HttpResponse(status=307)
    answer["Location"] = form.action
    return answer


@require_POST
def session_drop(request: Any, form_id: UUID) -> HttpResponse:
    """Throw it away."""
    form = _own(request, form_id)
    drop_form(door_at(request), request.user.id, form.id, request.now)
    return redirect("home") if "plain" in request.POST else HttpResponse(status=204)


def settle(request: Any, response: HttpResponse) -> None:
    """Throw away what was sent after all, once it has arrived."""
    resent = request.session.get("resent")
    if resent and request.method == "POST" and request.get_full_path() == resent["action"]:
        request.sent_again = request.session.pop("resent")
        if response.status_code < 400:
            drop_form(door_at(request), request.user.id, UUID(resent["id"]), request.now)
