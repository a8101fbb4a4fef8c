"""What waits for somebody, from all rooms, in the reader's words."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.access.birthdays import Coming, reached
from kindzorg.access.policy import Actor
from kindzorg.access.roles import Role
from kindzorg.careplan.cover.queries import waits_in_weeks
from kindzorg.careplan.weeks import Week
from kindzorg.careteam.authority.queries import unconfirmed
from kindzorg.careteam.authority.rules import CONFIRMED_WITHIN
from kindzorg.careteam.coaching.queries import to_offer
from kindzorg.careteam.coaching.rules import CoachMove
from kindzorg.careteam.consents.queries import agreed_by_others, open_questions
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.texts import text
from kindzorg.journey.rules import Phase, Waiting
from kindzorg.journey.waiting import Rows, WaitingRows, under_way, waiting_in
from kindzorg.journey.waiting import waiting_rows as waiting_rows_in

Source = Callable[[Actor, Sequence[OpenedChild], date], Sequence[Waiting]]
# The room, and the only phase in which something of it can wait; none: in any.
ROOMS: Mapping[str, Phase | None] = {
    "record": None,
    "referral": None,
    "needs": Phase.NEEDS,
    "careplan": None,
    "closure": Phase.CLOSURE,
    "keeping": None,
}

# What somebody asks of the reader alone, so that nobody else will do it.
ASKED = ("_to_answer", "_to_decide", "_to_sign")
SHOWN = 3
# That a family does not agree is said once, also where it is about two things.
DIFFER = "parents_differ"
# Where a room says it: in a file of its own, where its queries would grow too long.
FILES = ("waiting", "queries", "news")


@cache
def told_by(name: str) -> list[tuple[Any, Phase | None]]:
    """The functions of this name in the rooms, each with the phase in which something can wait there."""
    there = [(f"kindzorg.{room}.{file}", phase) for room, phase in ROOMS.items() for file in FILES]
    found = [(import_module(file), phase) for file, phase in there if find_spec(file)]
    return [(source, phase) for module, phase in found if (source := getattr(module, name, None))]


def _sources() -> list[tuple[Source, Phase | None]]:
    return [*told_by("waiting_for"), *((source, None) for source in (_consents, _own_word, _coach_asked))]


@dataclass
class Along:
    """Rows of something else, to be asked in the statement in which all rooms are asked what waits; and what was
    found in them."""

    rows: Sequence[Rows[Any]] = ()
    found: Sequence[Any] = ()


def _in_one(actor: Actor, children: Sequence[OpenedChild], on: date, along: Along) -> Sequence[Waiting]:
    """What the rooms find in rows of one table each, asked of the database in one statement."""
    sources = [*(source for source, _ in told_by("waiting_rows_for")), _confirmations, _coaches]
    asked = [rows for source in sources for rows in source(actor, children, on)]
    found: list[Any] = waiting_in([*asked, *along.rows])
    along.found = [one for one in found if not isinstance(one, Waiting)]
    return [one for one in found if isinstance(one, Waiting)]


def _coaches(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """A care coach to offer or to invite, for who guides the family."""
    offers = to_offer(actor, [one.subject for one in children], on)
    if offers is None:
        return ()
    since = Coalesce("last_at", "created_at")
    return (waiting_rows_in(under_way(offers), _to_offer, word=F("last_move"), at=since, day="last_day"),)


def _coach_asked(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[Waiting]:
    """The offer of a care coach, for the family that has yet to answer. It came along with the child."""
    return [
        Waiting(one.child.id, "coach_to_answer", "coaching", one.coach_offered_at)
        for one in children
        if one.coach_offered_at and policy.may(actor, "coach.answer", one.subject, on)
    ]


def _to_offer(child_id: UUID, last: str | None, since: Any, day: date | None, object_id: object) -> Waiting:
    kind = "coach_to_invite" if last == CoachMove.ACCEPTED else "coach_to_offer"
    return Waiting(child_id, kind, "coaching", since, due=day)


def _consents(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[Waiting]:
    """Who asks to look along, and about whom a family does not agree: for them, and for who guides them.

    The care team stands below the journey, and knows no word for what waits.
    """
    found = open_questions(actor, [one.subject for one in children], on)
    adults = {one.child.id for one in children if policy.may(actor, "authority.read", one.subject, on)}
    asked = [
        Waiting(child_id, "consent_to_answer", "sharing_party", since, object_id=party.id, about=name)
        for child_id, party, name, since in found.answers
    ]
    differ = [
        Waiting(
            child_id,
            DIFFER,
            "child_differ" if child_id in adults else "sharing",
            min(since for _, _, since in parties),
        )
        for child_id, parties in found.differences.items()
    ]
    return [*asked, *differ]


# Where an entry of this kind is looked at; a court's decision stands on the page of authority.
LOOKED_AT = {
    "restriction": "child_authority",
    "note": "notes",
    "record_item": "record",
    "needs_answer": "needs_readers",
}


def _confirmations(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """What a second professional has yet to look at: a court's decision, an entry that is kept from somebody."""
    found = unconfirmed(actor, [one.subject for one in children], on)
    if found is None:
        return ()
    decided, marks = found
    return (
        waiting_rows_in(decided, _to_confirm, word=Value("restriction"), day="starts"),
        waiting_rows_in(marks, _to_confirm, word=F("object_kind"), day="starts"),
    )


def _to_confirm(child_id: UUID, kind: str, at: object, starts: Any, object_id: object) -> Waiting:
    return Waiting(
        child_id,
        "restriction_to_confirm" if kind == "restriction" else "mark_to_confirm",
        LOOKED_AT[kind],
        datetime.combine(starts, time(), timezone.get_current_timezone()),
        due=starts + CONFIRMED_WITHIN,
    )


def _own_word(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[Waiting]:
    """A child that has just become 12: what was agreed to for it, it may take back itself."""
    days = {
        one.child.id: soon.day for one in children if one.role == Role.CHILD and (soon := _twelve(one, on))
    }
    found = agreed_by_others(actor, [one.subject for one in children if one.child.id in days], on)
    zone = timezone.get_current_timezone()
    return [
        Waiting(child_id, "consent_own_word", "sharing", datetime.combine(days[child_id], time(), zone))
        for child_id in sorted(found)
    ]


def _twelve(opened: OpenedChild, on: date) -> Coming | None:
    return reached(opened.child.birth_date, on)


def waiting_rows(
    actor: Actor,
    children: Sequence[OpenedChild],
    on: date,
    phases: Mapping[UUID, Phase],
    weeks: Mapping[UUID, Week] | None = None,
    along: Along | None = None,
) -> Mapping[UUID, list[dict[str, Any]]]:
    """Per child the rows of `web/waiting.html`: what somebody asks of the reader first, then what is overdue, then
    the oldest.

    A room is asked only about children in whose phase something of it can wait. `weeks` were read for the page already;
    `along` is asked in the same statement.
    """
    audience = {one.child.id: one.audience for one in children}
    found = list[Waiting](waits_in_weeks(actor, children, weeks or {}, on))
    found += _in_one(actor, children, on, along or Along())
    for source, phase in _sources():
        there = [one for one in children if phase in (None, phases.get(one.child.id))]
        found += source(actor, there, on) if there else ()
    rows: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    differ: set[UUID] = set()
    for waiting in sorted(found, key=lambda row: _turn(row, on)):
        if waiting.kind == DIFFER and waiting.child_id in differ:
            continue
        differ |= {waiting.child_id} if waiting.kind == DIFFER else set()
        rows[waiting.child_id].append(_row(waiting, audience[waiting.child_id], on))
    return rows


def _turn(row: Waiting, on: date) -> tuple[bool, bool, date, datetime]:
    return not row.kind.endswith(ASKED), not row.overdue(on), row.due or date.max, row.since


def first_and_rest(rows: Sequence[dict[str, Any]]) -> dict[str, Sequence[dict[str, Any]]]:
    """What a page shows at once, and what it folds."""
    return {"waiting": rows[:SHOWN], "waiting_rest": rows[SHOWN:]}


def _row(waiting: Waiting, audience: str, on: date) -> dict[str, Any]:
    language = (get_language() or "nl")[:2]
    return {
        "title": text(f"web.waiting.{waiting.kind}", audience, language),
        "label": text(f"web.waiting.{waiting.kind}_button", audience, language),
        "line": waiting.about,
        "url": address_of(waiting),
        "overdue": waiting.overdue(on),
        "due": waiting.due,
        "kind": waiting.kind,
    }


def address_of(waiting: Waiting) -> str:
    """The page of the thing itself, or of the room when the thing has no page of its own."""
    if waiting.object_id:
        try:
            return reverse(waiting.address, args=[waiting.child_id, waiting.object_id])
        except NoReverseMatch:
            pass
    return reverse(waiting.address, args=[waiting.child_id])
