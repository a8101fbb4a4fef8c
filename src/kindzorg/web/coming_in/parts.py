"""Ending somebody's part, and leaving oneself."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from kindzorg.careteam.invitations import queries
from kindzorg.careteam.invitations.actions import end_part, leave
from kindzorg.careteam.queries import child_for, open_child
from kindzorg.core.errors import Invalid
from kindzorg.journey.views import child_frame
from kindzorg.web.coming_in.wording import kept_words


def part_end(request: Any, child_id: UUID, membership_id: UUID) -> HttpResponse:
    """End a part after saying what that means; one's own, or another's where one may."""
    subject = child_for(request.actor, child_id, request.today).subject
    part = queries.part_for(request.actor, subject, membership_id, request.today)
    leave_asked = "child.open" if part.own else "team.change"
    opened = open_child(request.actor, child_id, leave_asked, "team.read", request.now)
    if request.method == "POST" and not part.kept:
        try:
            (leave if part.own else end_part)(request.actor, opened.subject, membership_id, request.now)
        except Invalid:
            return redirect("part_end", child_id, membership_id)
        return redirect("home") if part.own else redirect("child_team", child_id)
    who = part.member.professional or part.member.relative or part.member.organisation
    context = {"part": part, "name": str(who), "kept": kept_words(part.kept or "")}
    frame = child_frame(request, opened, "child_team")
    return render(request, "web/coming_in/end.html", {**frame, **context})
