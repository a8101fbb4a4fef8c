"""The way so far, who looked, and what the reader asked."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kindzorg.audit.queries import lines_for, questions_for
from kindzorg.careteam.queries import OpenedChild, hidden_objects
from kindzorg.core.texts import text
from kindzorg.journey.queries import steps_for
from kindzorg.keeping.requests.pages import row as request_row
from kindzorg.keeping.requests.queries import requests_for
from kindzorg.web.copies.parts import Item, Section, filled, said, section, words
from kindzorg.web.visits import sentence

# More than a family's file gathers in years; what is older stands on the page.
LINES = 20_000


def way(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """Every step of every journey."""
    steps = reversed(steps_for(request.actor, opened.subject, request.today))
    return filled(
        section("steps", words("steps", opened.audience), [_step(one, opened.audience) for one in steps])
    )


def _step(step: Any, audience: str) -> Item:
    title = text(f"web.steps.{step.reason}", audience, (get_language() or "nl")[:2])
    return Item(title, words=step.note, at=step.created_at, by=step.by)


def trail(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """The lines that the page "who looked" shows this reader, newest first, and the reader's own questions."""
    actor, subject, on = request.actor, opened.subject, request.today
    hidden = hidden_objects(actor, subject, on)
    lines = lines_for(actor, subject, on, hidden=hidden, limit=LINES)
    return filled(
        section(
            "questions", _("Your questions"), [_question(one) for one in questions_for(actor, subject, on)]
        ),
        section(
            "lines",
            words("lines", opened.audience),
            [_line(one, opened.audience) for one in lines],
            brief=True,
        ),
    )


def requests(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """What was asked to be put right or destroyed, and what became of it."""
    found = requests_for(request.actor, opened.subject, request.today)
    rows = [request_row(one, opened, request) for one in found]
    return filled(
        section("requests", words("requests_title", opened.audience), [_request(one) for one in rows])
    )


def _request(row: Mapping[str, Any]) -> Item:
    view = row["view"]
    fields = said(
        ("standing", _("Standing"), row["line"]),
        ("until", _("Until"), view.due if row["open"] else None),
        ("delay", _("Why it takes longer"), view.delay),
        ("reason", _("Reason"), row["reason"]),
        ("answer", _("The answer"), view.answer),
    )
    return Item(row["title"], fields, words=view.words, at=view.at, by=view.by)


def _line(line: Any, audience: str) -> Item:
    row = sentence(line, audience)
    fields = said(
        ("role", _("Role"), row["role"]),
        ("organisation", _("Organisation"), row["organisation"]),
        ("on_behalf_of", _("On behalf of"), row["on_behalf_of"]),
        ("purpose", _("What for"), row["purpose"]),
        ("emergency", _("In an emergency"), _("yes") if row["emergency"] else ""),
        ("refused", _("Refused"), _("yes") if row["refused"] else ""),
    )
    return Item(f"{row['who']} {row['said']}", fields, at=line.at)


def _question(row: Any) -> Item:
    fields = said(
        ("about", _("About"), row.about_name),
        ("organisation", _("Organisation"), row.organisation),
        ("answer", _("Answer"), row.answer),
        ("answered_by", _("Answered by"), row.answered_by),
        ("answered_at", _("Answered on"), row.answered_at),
    )
    return Item(row.words, fields, at=row.asked_at)
