"""The pages with notes in the reader's words."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.careteam.marks.queries import marks_for
from kindzorg.careteam.marks.rules import MarkState, MarkView, may_confirm
from kindzorg.careteam.queries import OpenedChild, reads_restricted
from kindzorg.core.errors import DomainError
from kindzorg.core.texts import MissingText, text
from kindzorg.record.notes import queries
from kindzorg.record.notes.rules import NoteView, Part
from kindzorg.record.queries import statements_for

WORDS = (
    *("title", "lead", "empty", "add", "save", "correct", "correct_title", "corrected", "keep", "keep_title"),
    *("keep_lead", "keep_yes", "keep_no", "lift", "confirm", "family_title", "family_lead"),
    *("restricted_title", "restricted_lead", "destroyed", "statement", "ask", "item_title", "item_lead"),
)


def say(key: str, audience: str) -> str:
    """A text of these pages for this reader; empty where it is not for them."""
    try:
        return text(f"record.notes.{key}", audience, (get_language() or "nl")[:2])
    except MissingText:
        return ""


def words_for(audience: str) -> Mapping[str, str]:
    """All that the pages say."""
    return {key: say(key, audience) for key in WORDS}


def errors_for(error: DomainError, audience: str) -> Mapping[str, str]:
    """The sentence for one error, as `add_to_form` takes it."""
    said = say(error.code, audience)
    return {error.code: said} if said else {}


def parts_for(request: Any, opened: OpenedChild) -> list[Part]:
    """In which parts this reader may write."""
    asked = (Part.CHILD, "note.write"), (Part.FAMILY, "note.write_family")
    found = [part for part, one in asked if policy.may(request.actor, one, opened.subject, request.today)]
    restricted = reads_restricted(request.actor, opened.subject, request.today)
    return [*found, Part.RESTRICTED] if restricted else found


def notes_page(request: Any, opened: OpenedChild) -> Mapping[str, Any]:
    """The three lists, each for who may read it: a list that is not for this reader is not there."""
    about = (request.actor, opened.subject, request.today)
    family = policy.may(request.actor, "note.read_family", opened.subject, request.today)
    restricted = reads_restricted(*about)
    return {
        "statements": statements_for(*about),
        "notes": _rows(request, opened, queries.notes_for(*about)),
        "family_notes": _rows(request, opened, queries.family_notes_for(*about)) if family else None,
        "restricted": _rows(request, opened, queries.restricted_notes_for(*about)) if restricted else None,
        "may_write": bool(parts_for(request, opened)),
    }


def _rows(request: Any, opened: OpenedChild, notes: Iterable[NoteView]) -> list[dict[str, Any]]:
    may = {
        one: policy.may(request.actor, f"mark.{one}", opened.subject, request.today)
        for one in ("set", "set_own")
    }
    return [_row(request, opened, note, may) for note in notes]


def _row(request: Any, opened: OpenedChild, note: NoteView, may: Mapping[str, bool]) -> dict[str, Any]:
    mine, about_child = note.by_id == request.actor.id, note.part == Part.CHILD
    marks = [
        mark_row(request, opened, mark, own=may["set_own"])
        for mark in note.marks
        if mark.state != MarkState.LIFTED
    ]
    free = not any(mark["holds"] for mark in marks) if may["set_own"] else len(marks) < 2
    return {
        "note": note,
        "domain": say(f"domain_{note.domain}", opened.audience),
        "marks": marks,
        "may_correct": mine and about_child,
        "may_keep": about_child and free and (may["set"] or (may["set_own"] and mine)),
    }


def with_marks(request: Any, opened: OpenedChild, rows: Iterable[dict[str, Any]]) -> None:
    """Beside each item of the file the marks on it, for who may mark; a child's are its own. One statement, for that
    one."""
    own = policy.may(request.actor, "mark.set_own", opened.subject, request.today)
    if not own and not policy.may(request.actor, "mark.set", opened.subject, request.today):
        return
    marks: dict[UUID, list[dict[str, Any]]] = {}
    for mark in marks_for(request.actor, opened.subject, request.today):
        if mark.state != MarkState.LIFTED:
            marks.setdefault(mark.object_id, []).append(mark_row(request, opened, mark, own=own))
    for row in rows:
        row["marks"] = found = marks.get(row["id"], [])
        row["may_keep"] = row["keepable"] and not found if own else len(found) < 2


def mark_row(request: Any, opened: OpenedChild, mark: MarkView, *, own: bool) -> dict[str, Any]:
    """A mark as its reader sees it, with what that one may do about it."""
    side = say(f"side_{mark.hides_from}", opened.audience)
    stands = say("by_child" if mark.by_child else f"state_{mark.state}", opened.audience)
    return {
        "id": mark.id,
        "label": side if own else f"{side} · {stands}",
        "reason": mark.reason,
        "by": "" if mark.by_child else mark.by,
        "holds": mark.state == MarkState.HOLDS,
        "may_confirm": not own and may_confirm(mark.by_id, request.actor.id, mark.state),
        "may_lift": own or not mark.by_child,
        "lapsed": mark.state == MarkState.LAPSED,
    }
