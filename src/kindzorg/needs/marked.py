"""Reading what can be marked in a scan, and what a need reads like where answers are kept from a reader."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F
from django.db.models.functions import JSONObject

from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.models import Mark
from kindzorg.careteam.queries import in_force, side_of
from kindzorg.careteam.rules import HidesFrom, MarkedKind
from kindzorg.core.errors import Missing
from kindzorg.core.statements import Listed, Nested
from kindzorg.needs.models import NeedsHandover
from kindzorg.needs.queries import FilledScan, hidden_ids, marked_with, scan_for
from kindzorg.needs.rules import NeedsProfile, current, profile_from_data
from kindzorg.needs.unseen import MARKED, key_of, profile_without, says_something
from kindzorg.people.models import Child


@dataclass(frozen=True, slots=True)
class Unseen:
    """A hand-over as it was given, and as a reader from whom answers in it are kept may read it."""

    whole: NeedsProfile
    seen: NeedsProfile


def handovers_kept(child_id: Any, side: HidesFrom | None, on: Any) -> Listed:
    """The hand-overs with the answers in them that are not for this side, to come along with a row of any table.

    Empty where nothing is marked: a statement of its own would tell of it, and cost one. `side` None: either side.
    """
    marks = Mark.objects.filter(in_force(on), child_id=child_id, object_kind=MarkedKind.NEEDS_ANSWER)
    marks = marks.filter(hides_from=side) if side else marks
    rows = NeedsHandover.objects.filter(Exists(marks), child_id=child_id).order_by("created_at", "id")
    whole = JSONObject(profile=Nested(F("profile")), marked=Nested(marked_with(marks)))
    return Listed(rows.values(item=whole))


def unseen_in(kept: Iterable[Mapping[str, Any]] | None) -> Sequence[Unseen]:
    """What `handovers_kept` brought along, each hand-over beside what is left of it."""
    found = ((profile_from_data(one["profile"]), hidden_ids(one["marked"])) for one in kept or ())
    return [Unseen(whole, profile_without(whole, hidden)) for whole, hidden in found]


def needs_kept_from(actor: Actor, subject: Subject, on: date, *, anybody: bool = False) -> Sequence[Unseen]:
    """The hand-overs of this child beside what the actor may read of them; of who may read all, none.

    For rooms that keep words of a need: they show them as they read then. `anybody`: what the family may read on
    either side, for what is written anew for all of them. One statement at most; who calls has let the actor in.
    """
    side = None if anybody else side_of(actor, subject, on)
    if side is None and not anybody:
        return ()
    child = Child.objects.filter(id=subject.child_id)
    return unseen_in(child.values_list(handovers_kept(subject.child_id, side, on), flat=True).get())


@dataclass(frozen=True, slots=True)
class AnswerNow:
    """One answer that counts now, with the part of the scan in which it stands and the id that marks on it carry."""

    key: UUID
    part: str
    given: Any


def answers_now(actor: Actor, filled: FilledScan) -> Sequence[AnswerNow]:
    """The answers of a scan that can be marked, in the order of its parts. `actor` read the scan."""
    now = current(filled.holding)
    parts = ((part, one) for part in MARKED for one in getattr(now, part) if says_something(one))
    return [AnswerNow(key_of(part, one), part, one) for part, one in parts]


def answer_for(actor: Actor, subject: Subject, answer_key: UUID, on: date) -> AnswerNow:
    """One answer that counts now. Raises Missing, also for one that this reader may not read. Two statements."""
    filled = scan_for(actor, subject, on)
    if filled is None:
        raise Missing("answer_not_found", child_id=subject.child_id)
    return answer_in(actor, filled, answer_key)


def answer_in(actor: Actor, filled: FilledScan, answer_key: UUID) -> AnswerNow:
    """The same where the scan was read. Raises Missing."""
    for one in answers_now(actor, filled):
        if one.key == answer_key:
            return one
    raise Missing("answer_not_found", child_id=filled.row.child_id)
