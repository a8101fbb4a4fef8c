"""The style of an organisation: putting it together, looking at it before it counts, and what pages fetch of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from kindzorg.core.errors import Missing
from kindzorg.core.texts import content
from kindzorg.people.house.actions import keep_style, use_style
from kindzorg.people.house.queries import organisation_managed, style_kept, style_shown, styles_of
from kindzorg.people.house.rules import Kept
from kindzorg.ui.colours import MODES, stylesheet
from kindzorg.web.house.style_forms import StyleForm, say

# A style is never changed: another style has another address.
FOR_EVER = "private, max-age=31536000, immutable"
# Beside the name in the head of a page; here, so that only who has a logo fetches it.
LOGO_CSS = (
    ".kz-page-header__organisation:has(.kz-house__logo){display:flex;align-items:center;gap:.6rem;"
    "overflow-wrap:anywhere}\n"
    ".kz-house__logo{block-size:2rem;max-inline-size:6rem;inline-size:auto;object-fit:contain;background:#fff;"
    "border-radius:4px;padding:2px}\n"
    "@media(max-width:36em){.kz-page-header__organisation:has(.kz-house__logo){flex-direction:column;"
    "align-items:start;gap:0}.kz-house__logo{block-size:1.4rem}}\n"
)
FILLED_IN = (
    "lead",
    "name_length",
    "brand",
    "brand-tint",
    "brand-fill",
    "tokens_colour",
    "colours_weak",
    "weak_one",
)


def shown_style(house: Kept) -> dict[str, str]:
    """What the frame of a page shows of a house; nothing of one without a style."""
    if house.style is None:
        return {}
    css = reverse("house_css", args=[house.style]) if house.has_colours or house.has_logo else ""
    logo = reverse("house_logo", args=[house.style]) if house.has_logo else ""
    return {"name": house.name, "css": css, "logo": logo}


def words_of_page() -> dict[str, str]:
    """All that the pages say without anything filled in."""
    return {key: say(key) for key in content("web", "own_style") if key not in FILLED_IN}


def own_style(request: Any) -> HttpResponse:
    """The form, and what was kept before."""
    organisation = organisation_managed(request.actor, request.today)
    if request.POST.get("step") == "stop":
        use_style(request.actor, None, request.now)
        messages.success(request, say("stopped"))
        return redirect("own_style")
    form = StyleForm(request.POST or None, request.FILES or None, organisation)
    if request.method == "POST" and form.is_valid():
        return redirect("own_style_look", keep_style(request.actor, form.cleaned_data["style"], request.now))
    context = {
        "t": words_of_page(),
        "lead": say("lead", organisation=organisation.name),
        "form": form,
        "now": organisation.style,
        "styles": styles_of(request.actor, request.today),
    }
    return render(request, "web/house/style.html", context)


def own_style_look(request: Any, style_id: UUID) -> HttpResponse:
    """How a style looks, in light and in dark; and switching it on."""
    organisation = organisation_managed(request.actor, request.today)
    row = style_kept(request.actor, style_id, request.today)
    if request.method == "POST":
        use_style(request.actor, row.id, request.now)
        messages.success(request, say("used"))
        return redirect("own_style_look", row.id)
    looked = Kept({}, row.name, row.id, has_logo=row.logo is not None, has_colours=bool(row.colours))
    theme = request.GET.get("theme", "")
    context = {
        "t": words_of_page(),
        "style": row,
        "used": organisation.style_id == row.id,
        "house": shown_style(looked),
        "theme": theme if theme in MODES else "",
    }
    return render(request, "web/house/look.html", context)


def house_css(request: Any, style_id: UUID) -> HttpResponse:
    """The tokens of a style, over the theme."""
    row = style_shown(request.actor, style_id)
    css = stylesheet(row.colours) + (LOGO_CSS if row.logo else "")
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": FOR_EVER})


def house_logo(request: Any, style_id: UUID) -> HttpResponse:
    """The logo of a style."""
    row = style_shown(request.actor, style_id)
    if row.logo is None:
        raise Missing("no_such_style")
    headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(row.logo), content_type="image/jpeg", headers=headers)
