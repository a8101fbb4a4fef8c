"""One photo or document: who may see what it hangs on may see it, and the trail says who did."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from kindzorg.access.policy import Actor, Subject
from kindzorg.careplan.howto.queries import card_of_attachment
from kindzorg.careplan.reports.queries import report_of_attachment
from kindzorg.careteam.queries import OpenedChild, child_for, open_child
from kindzorg.core.errors import Missing
from kindzorg.record.files.queries import content_of
from kindzorg.record.files.rules import CONTENT_TYPES

Holder = Callable[[Actor, Subject, UUID, date], UUID | None]
# What a photo or document can hang on. Each gives the id under which the trail speaks of that, where this reader may
# see it, else None. Another room that keeps photos adds its own.
HOLDERS: Sequence[Holder] = (report_of_attachment, card_of_attachment)
# For the reader's own browser alone, and no longer than a visit: a photo in a list is not asked for at each step.
KEPT = "private, max-age=600"


def attachment(request: Any, child_id: UUID, attachment_id: UUID, *, small: bool = False) -> HttpResponse:
    """The photo itself, whole or small; a document to take along, which no browser opens by itself."""
    opened = child_for(request.actor, child_id, request.today)
    under = _under(request, opened, attachment_id)
    open_child(request.actor, child_id, "child.open", "attachment.read", request.now, about_id=under)
    one, content = content_of(request.actor, opened.subject, attachment_id, request.today, small=small)
    way = "inline" if one.photo else "attachment"
    headers = {
        "Content-Disposition": f'{way}; filename="{one.name}"',
        "Cache-Control": KEPT,
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type=CONTENT_TYPES[one.kind], headers=headers)


def _under(request: Any, opened: OpenedChild, attachment_id: UUID) -> UUID:
    for holder in HOLDERS:
        if found := holder(request.actor, opened.subject, attachment_id, request.today):
            return found
    raise Missing("attachment_not_found", child_id=opened.child.id)
