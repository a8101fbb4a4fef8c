"""One page, one button: not to be counted for research, and back again with the same ease."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kindzorg.access.policy import role_for
from kindzorg.careteam.queries import open_child
from kindzorg.journey.views import child_frame
from kindzorg.keeping.pages import say
from kindzorg.keeping.research.actions import ALONE, object_to_research
from kindzorg.keeping.research.queries import words_for

SAID = ("title", "lead", "what", "never", "counted", "not_counted", "others", "object", "withdraw")


def research(request: Any, child_id: UUID) -> HttpResponse:
    """Whether this child may be counted for research, and the way to change it."""
    opened = open_child(request.actor, child_id, "research.object", "research.read", request.now)
    if request.method == "POST":
        refuses = request.POST.get("refuses") == "yes"
        object_to_research(request.actor, opened.subject, refuses, request.now)
        messages.success(
            request, say("research.said_no" if refuses else "research.said_yes", opened.audience)
        )
        return redirect("research", child_id)
    words = words_for(request.actor, opened.subject, request.today)
    alone = role_for(request.actor, opened.subject, request.today) in ALONE
    context = {
        "say": {key: say(f"research.{key}", opened.audience) for key in SAID},
        "objected": bool(words),
        "mine": next((one for one in words if one.by_id == request.actor.id), None),
        "others": any(one.by_id != request.actor.id for one in words),
        "may_withdraw": alone or any(one.by_id == request.actor.id for one in words),
    }
    return render(request, "keeping/research.html", {**child_frame(request, opened, "sharing"), **context})
