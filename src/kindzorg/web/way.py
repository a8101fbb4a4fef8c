"""The way so far: the journey as a timeline."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from kindzorg.careteam.queries import open_child
from kindzorg.core.texts import text
from kindzorg.journey.queries import steps_for
from kindzorg.journey.views import child_frame

ICONS = {
    "referral": "signpost",
    "needs": "messages-square",
    "careplan": "clipboard-list",
    "closure": "milestone",
}


def child_timeline(request: Any, child_id: UUID) -> HttpResponse:
    """Every step of the journey, newest first."""
    opened = open_child(request.actor, child_id, "journey.read", "journey.read", request.now)
    language = (get_language() or "nl")[:2]
    events = [
        {
            "when": step.created_at,
            "title": text(f"web.steps.{step.reason}", opened.audience, language),
            "body": step.note,
            "who": step.by,
            "icon": ICONS.get(step.end, "flag"),
        }
        for step in reversed(steps_for(request.actor, opened.subject, request.today))
    ]
    return render(
        request, "web/timeline.html", {**child_frame(request, opened, "child_timeline"), "events": events}
    )
