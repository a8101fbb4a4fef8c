"""The accessibility statement: for everybody, before signing in too."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kindzorg.core.texts import content, text

PARTS = ("works", "lacks", "how")


@login_not_required
@require_safe
def accessibility(request: Any) -> HttpResponse:
    """What one may expect, what is not right yet, how that was seen, and whom to tell."""
    names, language = content("web", "accessibility"), get_language()
    say = {name: text(f"web.accessibility.{name}", "parent", language) for name in names}
    parts = [
        {"title": say[part], "lines": [say[name] for name in names if name.startswith(f"{part}_")]}
        for part in PARTS
    ]
    return render(request, "web/accessibility.html", {"say": say, "parts": parts})
