"""Ending authority or representation asks first: what closes by it, and whether that is meant."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from kindzorg.careteam.authority.queries import authorities_for
from kindzorg.careteam.queries import OpenedChild
from kindzorg.careteam.representation.queries import representations_for
from kindzorg.journey.views import child_frame
from kindzorg.web.authority_forms import say

# Of each step: the rows that it is about, and its own words.
WORDS = {"back": "sure_back", "why": "why"}
STEPS: Mapping[str, tuple[Callable[..., Any], str, Mapping[str, str]]] = {
    "end": (authorities_for, "end", {"title": "sure_title", "lead": "sure_lead"}),
    "end_represents": (
        representations_for,
        "represents_end",
        {"title": "represents_sure_title", "lead": "represents_sure_lead"},
    ),
}


def asks_first(request: Any, opened: OpenedChild) -> HttpResponse | None:
    """The page that asks, where somebody said to end one of them and why, and not yet that it is meant."""
    step, given = request.POST.get("step"), request.POST
    if step not in STEPS or given.get("sure") or not given.get("why", "").strip():
        return None
    rows, button, words = STEPS[step]
    held = rows(request.actor, opened.subject, request.today)
    row = next((one for one in held if str(one.id) == given.get("id")), None)
    if row is None:
        return None
    context = {
        **child_frame(request, opened, "child_authority"),
        "t": {name: say(key, opened.audience) for name, key in {**WORDS, **words, "end": button}.items()},
        "row": row,
        "step": step,
        "why": given["why"].strip()[:200],
    }
    return render(request, "web/authority_end.html", context)
