"""Reading what was said of the summary, of answers that the reader has read."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from kindzorg.access.policy import Actor, Subject
from kindzorg.needs.marked import given_in
from kindzorg.needs.models import SummaryCheck
from kindzorg.needs.queries import FilledScan
from kindzorg.needs.rules import current
from kindzorg.needs.talk.rules import Check, Point, Understood, points_of
from kindzorg.needs.unseen import key_of


def checks_for(actor: Actor, subject: Subject, filled: FilledScan) -> Mapping[UUID, Check]:
    """What was last said of each answer of this scan that still stands so, by the key of the answer. One statement.

    Of the answers in `filled` alone, which this actor read: what is not for a reader is not told of here either.
    """
    seen: Sequence[Point] = points_of(current(filled.answers))
    stands = {one.key: one.given.given_at for one in seen}
    rows = SummaryCheck.objects.filter(child_id=subject.child_id, scan=filled.row)
    found: dict[UUID, Check] = {}
    for row in rows.select_related("answer", "correction").order_by("created_at", "id"):
        key = key_of(row.answer.kind, given_in(row.answer))
        better = row.correction is not None and row.correction.created_at == stands.get(key)
        if better or row.answer.created_at == stands.get(key):
            verdict, by = Understood(row.verdict), row.answer.person
            found[key] = Check(verdict, by, row.created_at, row.entered_by, better)
    return found
