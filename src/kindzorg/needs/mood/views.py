"""How it goes with the child: over time, telling it, and taking it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kindzorg.access import policy
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.journey.views import child_frame
from kindzorg.needs.mood.actions import take_back_mood, tell_mood
from kindzorg.needs.mood.forms import MoodForm
from kindzorg.needs.mood.pages import page, say, words_for
from kindzorg.needs.mood.queries import moods_for


def _page(request: Any, opened: OpenedChild, name: str, **context: Any) -> HttpResponse:
    frame = child_frame(request, opened)
    return render(request, f"needs/{name}.html", {**frame, "t": words_for(opened), **context})


def mood(request: Any, child_id: UUID) -> HttpResponse:
    """What the child told over time, as far as it is for this reader."""
    opened = open_child(request.actor, child_id, "mood.read", "mood.read", request.now)
    told = moods_for(request.actor, opened.subject, request.today)
    writes = policy.may(request.actor, "mood.write", opened.subject, request.today)
    return _page(request, opened, "mood", writes=writes, **page(told, opened))


def mood_new(request: Any, child_id: UUID) -> HttpResponse:
    """One question: how is it now. A face is enough."""
    opened = open_child(request.actor, child_id, "mood.write", "mood.form_read", request.now)
    form = MoodForm(request.POST or None, opened)
    if request.method == "POST" and form.is_valid():
        tell_mood(request.actor, opened.subject, form.mood(), request.now)
        messages.success(request, say("thanks", opened))
        return redirect("mood", child_id)
    return _page(request, opened, "mood_new", form=form)


@require_POST
def mood_take_back(request: Any, child_id: UUID, mood_id: UUID) -> HttpResponse:
    """Undo."""
    opened = child_for(request.actor, child_id, request.today)
    take_back_mood(request.actor, opened.subject, mood_id, request.now)
    messages.success(request, say("back_done", opened))
    return redirect("mood", child_id)
