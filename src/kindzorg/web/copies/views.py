"""The page on which the family takes everything along, and the file itself."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from kindzorg.careteam.queries import open_child
from kindzorg.core.languages import unmarked
from kindzorg.journey.views import child_frame
from kindzorg.web.copies.packing import name_of, packed, readable
from kindzorg.web.copies.parts import words

SAID = ("title", "page_lead", "page_what", "page_not", "page_safe", "button")


def child_copy(request: Any, child_id: UUID) -> HttpResponse:
    """What is in the file, and the button. Whoever takes it leaves a line in the trail."""
    event = "copy.exported" if request.method == "POST" else "copy.read"
    opened = open_child(request.actor, child_id, "copy.take", event, request.now)
    if request.method == "POST":
        name = unmarked(name_of(opened, request))
        headers = {"Content-Disposition": str(content_disposition_header(True, name))}
        return HttpResponse(packed(request, opened), content_type="application/zip", headers=headers)
    given = {"name": opened.child.given_name or str(opened.child)}
    context = {
        **child_frame(request, opened, "record"),
        "t": {key: words(key, opened.audience, **given) for key in SAID},
        "parts": [words(f"{key}_title", opened.audience) for key, _made in readable(request, opened)],
    }
    return render(request, "web/copies/copy.html", context)
