"""Phase 4 in the reader's words."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language

from kindzorg.careteam.queries import OpenedChild
from kindzorg.closure.forms import WORDS
from kindzorg.closure.queries import ChecklistPoint, ClosingState, NeedAtEnd
from kindzorg.closure.rules import REASON_FITS, Answer, ClosureRecord, Disposition, Ending, Settled
from kindzorg.core.texts import text


def say(key: str, audience: str) -> str:
    """A text of this room for a reader."""
    return text(f"closure.closing.{key}", audience, (get_language() or "nl")[:2])


def dispositions(ending: Ending, audience: str) -> list[tuple[str, str]]:
    """What may become of a need with this ending."""
    return [
        (str(one), say(f"disposition.{one}", audience))
        for one in Disposition
        if one not in REASON_FITS or ending in REASON_FITS[one]
    ]


def arranged_before(row: NeedAtEnd) -> dict[str, Any]:
    """What was arranged for a need, as the form begins with it."""
    if row.settled is None:
        return {}
    kept = {name: getattr(row.settled, name) for name in ("disposition", "receiver", "told", "note")}
    return {**kept, "organisation": str(row.organisation_id or "")}


def _settled_words(settled: Settled | None, audience: str) -> str:
    if settled is None:
        return ""
    words = say(f"disposition.{settled.disposition}", audience)
    return f"{words}: {settled.receiver}" if settled.receiver else words


def _status(problem: str, settled: Settled | None) -> str:
    if settled is None:
        return "todo"
    if not problem:
        return "done"
    return "waiting" if settled.answer in (None, Answer.ASKED) and settled.receiver else "overdue"


def state_page(
    opened: OpenedChild,
    state: ClosingState,
    record: ClosureRecord | None,
    points: Sequence[ChecklistPoint],
    on: date,
) -> dict[str, Any]:
    """What the pages of phase 4 show."""
    audience = opened.audience
    return {
        "state": state,
        "ending": say(f"ending.{state.ending}", audience) if state.ending else "",
        "rows": [
            {
                "need": row.need,
                "words": _settled_words(row.settled, audience),
                "settlement_id": row.settlement_id,
                "waiting": bool(row.settled and row.settled.receiver and row.settled.answer is None),
                "problem": WORDS.get(row.problem, ""),
                "status": _status(row.problem, row.settled),
                "note": row.settled.note if row.settled else "",
            }
            for row in state.needs
        ],
        "ready": state.ending is not None and not state.problems,
        "record": record,
        "record_ending": say(f"ending.{record.ending}", audience) if record else "",
        "record_rows": record_rows(record, audience) if record else [],
        "farewell": farewell(record, audience) if record else {},
        "points": points,
        "points_done": sum(point.done for point in points),
        "points_late": [point for point in points if not point.done and point.item.due < on],
        "teenager": bool(points) and points[0].item.due <= on,
    }


def record_rows(record: ClosureRecord, audience: str) -> list[dict[str, str]]:
    """Each need with what became of it."""
    settled = {one.need_id: one for one in record.settled}
    return [
        {"need": need.words, "domain": need.domain, "words": _settled_words(settled.get(need.id), audience)}
        for need in record.needs
    ]


def farewell(record: ClosureRecord, audience: str) -> dict[str, str]:
    """The goodbye, other words when a child has died."""
    body = "goodbye.death" if record.ending == Ending.DEATH else "goodbye.body"
    return {"title": say("goodbye.title", audience), "body": say(body, audience)}


def letter_data(opened: OpenedChild, record: ClosureRecord) -> dict[str, Any]:
    """What the letter shows."""
    return {
        "language": (get_language() or "nl")[:2],
        "title": say("letter.title", "parent"),
        "intro": say("letter.intro", "parent"),
        "footer": say("letter.footer", "parent"),
        "child": str(opened.child),
        "ending": say(f"ending.{record.ending}", "parent"),
        "needs_title": say("letter.needs", "parent"),
        "needs": record_rows(record, "parent"),
        "contact_title": say("letter.contact", "parent"),
        "contact": record.contact,
        "note": record.note,
    }
