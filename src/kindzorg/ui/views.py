"""The gallery: every component in every state. It is the documentation of this room."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kindzorg.ui import gallery as examples


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with invented people; `?theme=dark` or `?theme=light` shows one theme."""
    return render(request, "ui/gallery/page.html", examples.context(request.GET.get("theme", "")))
