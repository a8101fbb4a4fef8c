"""Taking the quick way back after stepping down, in one tap."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kindzorg.careplan.reviews.rules import LONGEST
from kindzorg.careplan.stepback.actions import step_back
from kindzorg.careplan.wording import Say
from kindzorg.careteam.queries import open_child
from kindzorg.core.errors import DomainError, Invalid


@require_POST
def plan_step_back(request: Any, child_id: UUID, net_id: UUID) -> HttpResponse:
    """The quick way back after stepping down, in one tap; a word about why may come with it."""
    opened = open_child(request.actor, child_id, "plan.step_back", "plan.step_back_read", request.now)
    said = Say(opened.audience, "reviews")
    try:
        words = request.POST.get("why", "")[:LONGEST]
        made = step_back(request.actor, opened.subject, net_id, (words, said["back_what"]), request.now)
    except Invalid as error:
        return _back_refused(request, child_id, error, said)
    messages.success(request, said["back_proposed" if made else "back_nothing"])
    return redirect("plan_proposal", child_id, made) if made else redirect("plan", child_id)


def _back_refused(request: Any, child_id: UUID, error: DomainError, said: Say) -> HttpResponse:
    messages.warning(request, said[error.code])
    return redirect("plan", child_id)
