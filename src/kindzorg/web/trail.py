"""Who looked at the file, and what was done: the trail, readable by the family (NEN 7513, Wabvpz 15e)."""

import csv
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from kindzorg.access import policy
from kindzorg.audit.queries import lines_for, parties_for, questions_for
from kindzorg.careteam.queries import OpenedChild, hidden_objects, open_child
from kindzorg.core.languages import unmarked
from kindzorg.journey.views import child_frame
from kindzorg.web.trail_forms import SoughtForm, moment
from kindzorg.web.visits import days_of, sentence, words

SHOWN, ON_PAPER, IN_FILE = 120, 2_000, 20_000


def child_trail(request: Any, child_id: UUID) -> HttpResponse:
    """The page "Wie heeft gekeken": newest first, per day, what somebody did in one go taken together."""
    opened = open_child(request.actor, child_id, "trail.read", "trail.read", request.now)
    form, lines, earlier = _found(request, opened, SHOWN)
    context = {
        **_around(request, opened),
        "form": form,
        "sought": any(request.GET.get(name) for name in form.fields),
        "days": days_of(lines, request.actor.id, opened.audience),
        "earlier": _address(request, before=earlier.isoformat()) if earlier else "",
        "later": _address(request) if request.GET.get("before") else "",
        "query": _address(request),
        "questions": questions_for(request.actor, opened.subject, request.today),
        "may_ask": policy.may(request.actor, "trail.ask", opened.subject, request.today),
    }
    return render(request, "web/trail.html", context)


def child_trail_paper(request: Any, child_id: UUID) -> HttpResponse:
    """The same on paper: everything open, no buttons. That it was printed stands in the trail."""
    opened = open_child(request.actor, child_id, "trail.read", "trail.printed", request.now)
    _form, lines, earlier = _found(request, opened, ON_PAPER)
    days = days_of(lines, request.actor.id, opened.audience)
    context = {**_around(request, opened), "days": days, "cut": bool(earlier), "query": _address(request)}
    return render(request, "web/trail_paper.html", context)


def child_trail_file(request: Any, child_id: UUID) -> HttpResponse:
    """The same as a file for a spreadsheet. That it was taken along stands in the trail."""
    opened = open_child(request.actor, child_id, "trail.read", "trail.exported", request.now)
    _form, lines, _earlier = _found(request, opened, IN_FILE)
    name = unmarked(gettext("who-looked"))
    # A name that is not in Latin letters needs an encoding of its own.
    way = content_disposition_header(as_attachment=True, filename=f"{name}-{request.today}.csv")
    headers = {"Content-Disposition": str(way)}
    return HttpResponse(
        _table(lines, opened.audience), content_type="text/csv; charset=utf-8", headers=headers
    )


def _around(request: Any, opened: OpenedChild) -> dict[str, Any]:
    """The frame of the child, and what this page says in the reader's words."""
    names = ("title", "lead", "what", "together", "nobody", "nobody_found", "ask", "your_questions")
    said = {name: words(name, opened.audience) for name in names}
    said["kept"] = words("kept", opened.audience, years=settings.KINDZORG_TRAIL_YEARS)
    return {**child_frame(request, opened, "child_trail"), "said": said}


def _found(
    request: Any, opened: OpenedChild, limit: int
) -> tuple[SoughtForm, Sequence[Any], datetime | None]:
    """The form, the lines that were sought, and from where an earlier page goes on, if there is one.

    Three statements, whatever is in the trail.
    """
    actor, subject, on = request.actor, opened.subject, request.today
    hidden = hidden_objects(actor, subject, on)
    form = SoughtForm(request.GET, parties_for(actor, subject, on, hidden))
    if not form.is_valid():
        return form, [], None
    sought = form.sought(moment(request.GET.get("before", "")))
    lines = lines_for(actor, subject, on, sought, hidden=hidden, limit=limit + 1)
    if len(lines) <= limit:
        return form, lines, None
    # Lines of one moment stay together: the next page begins before the last moment that is whole.
    whole = [line for line in lines if line.at > lines[-1].at] or lines[:limit]
    return form, whole, whole[-1].at


def _address(request: Any, **more: str) -> str:
    """The query of this page with what was sought, and with `more` in place of where it went on from."""
    query = request.GET.copy()
    query.pop("before", None)
    query.update(more)
    return f"?{query.urlencode()}" if query else "?"


def _table(lines: Sequence[Any], audience: str) -> str:
    """Comma-separated values with a row of names. The mark in front lets a spreadsheet read the accents."""
    out = StringIO()
    table = csv.writer(out)
    names = (
        *(gettext("day"), gettext("time"), gettext("who"), gettext("as"), gettext("organisation")),
        *(gettext("on behalf of"), gettext("what"), gettext("what for"), gettext("refused")),
    )
    table.writerow(names)
    for row in (sentence(line, audience) for line in lines):
        yes = gettext("yes") if row["refused"] else ""
        who = (row["who"], row["role"], row["organisation"], row["on_behalf_of"])
        cells = (f"{row['at']:%Y-%m-%d}", f"{row['at']:%H:%M:%S}", *who, row["said"], row["purpose"], yes)
        table.writerow([_harmless(str(cell)) for cell in cells])
    return "\ufeff" + out.getvalue()


def _harmless(cell: str) -> str:
    """A spreadsheet runs what begins like a formula; a name must stay a name."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
