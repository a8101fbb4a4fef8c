"""The practice site: the families as they were loaded, put back when somebody asks (docs/adr/0014)."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

PATIENCE = 20  # seconds; as for every other write to the file


def folder() -> Path:
    """Where the practice site keeps its files."""
    return Path(settings.KINDZORG_DATA_DIR)


def template(day: date | str) -> Path:
    """The families as they were loaded for a day."""
    return folder() / f"template-{day}.sqlite3"


def put_back() -> None:
    """The newest template in place of what is there, as one write that others see whole or not at all.

    SQLite's own backup takes the write lock, waits for who writes, and lets who reads finish with what was there.
    """
    newest = max(folder().glob(template("*").name))
    with (
        closing(sqlite3.connect(f"{newest.as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(str(settings.DATABASES["default"]["NAME"]), timeout=PATIENCE)) as live,
    ):
        source.backup(live)


@login_not_required
@require_POST
def begin_anew(request: Any) -> HttpResponse:
    """All as it was at first. Everybody here is signed out by it: nobody's session stands in the template."""
    if not settings.KINDZORG_PRACTISING:
        raise Http404
    language = request.session.get("language")
    logout(request)
    put_back()
    if language:
        request.session["language"] = language
    return redirect(f"{reverse('sign_in')}?anew=1")
