"""Ending authority asks first: what closes by it, and whether that is meant."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from kindzorg.careteam.authority import queries
from kindzorg.careteam.queries import OpenedChild
from kindzorg.journey.views import child_frame
from kindzorg.web.authority_forms import say

WORDS = ("sure_title", "sure_lead", "sure_back", "end", "why")


def asks_first(request: Any, opened: OpenedChild) -> HttpResponse | None:
    """The page that asks, where somebody said to end an authority and why, and not yet that it is meant."""
    step, given = request.POST.get("step"), request.POST
    if step != "end" or given.get("sure") or not given.get("why", "").strip():
        return None
    held = queries.authorities_for(request.actor, opened.subject, request.today)
    row = next((one for one in held if str(one.id) == given.get("id")), None)
    if row is None:
        return None
    context = {
        **child_frame(request, opened, "child_authority"),
        "t": {key: say(key, opened.audience) for key in WORDS},
        "row": row,
        "step": step,
        "why": given["why"].strip()[:200],
    }
    return render(request, "web/authority_end.html", context)
