"""Reading phase 4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.queries import OpenedChild, side_of
from kindzorg.closure.models import (
    ChecklistMark,
    Closure,
    ClosurePreparation,
    NeedSettlement,
    ReceiverAnswer,
    TransitionText,
)
from kindzorg.closure.rules import (
    Answer,
    ChecklistItem,
    ClosureRecord,
    Disposition,
    Ending,
    OpenNeed,
    Settled,
    checklist,
    problems_to_close,
    record_as_read,
    record_from_data,
    record_seen,
)
from kindzorg.core.errors import Missing
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.rules import Waiting
from kindzorg.journey.waiting import WaitingRows, waiting_rows
from kindzorg.needs.marked import handovers_kept, unseen_in
from kindzorg.needs.queries import profile_for
from kindzorg.needs.rules import Need


@dataclass(frozen=True, slots=True)
class NeedAtEnd:
    """A need with what was arranged for it, whose organisation was asked, and what is lacking (a code, or empty)."""

    need: OpenNeed
    settled: Settled | None
    settlement_id: UUID | None
    organisation_id: UUID | None
    problem: str


@dataclass(frozen=True, slots=True)
class ClosingState:
    """Everything the pages of phase 4 show of the preparation."""

    preparation: ClosurePreparation | None
    needs: tuple[NeedAtEnd, ...]
    problems: tuple[tuple[str, str], ...]

    @property
    def ending(self) -> Ending | None:
        """The ending that is being prepared."""
        return Ending(self.preparation.ending) if self.preparation else None


@dataclass(frozen=True, slots=True)
class ChecklistPoint:
    """A point of the list towards 18, and whether it was done, by whom."""

    item: ChecklistItem
    mark: ChecklistMark | None

    @property
    def done(self) -> bool:
        """Whether the newest mark says done."""
        return bool(self.mark and self.mark.done)


def needs_at_end(actor: Actor, subject: Subject, on: date) -> tuple[OpenNeed, ...]:
    """The needs of the newest scan, in the family's words."""
    policy.require(actor, "closure.read", subject, on)
    profile = profile_for(actor, subject, on)
    if profile is None:
        return ()
    return tuple(OpenNeed(str(need.id), str(need.domain), _words(need)) for need in profile.needs)


def closing_state(actor: Actor, subject: Subject, on: date) -> ClosingState:
    """The preparation that is open, with every need and what is lacking; three statements and the profile."""
    policy.require(actor, "closure.read", subject, on)
    preparation = ClosurePreparation.objects.filter(child_id=subject.child_id, ended_at__isnull=True).first()
    needs = needs_at_end(actor, subject, on)
    settled = settled_needs(actor, subject, preparation, on) if preparation else {}
    problems = problems_to_close(
        needs,
        {need_id: one for need_id, (one, _) in settled.items()},
        Ending(preparation.ending) if preparation else None,
    )
    lacking = dict(problems)
    rows = []
    for need in needs:
        one, row = settled.get(need.id, (None, None))
        asked = row.receiver_organisation_id if row else None
        rows.append(NeedAtEnd(need, one, row.id if row else None, asked, lacking.get(need.id, "")))
    return ClosingState(preparation, tuple(rows), problems)


def settled_needs(
    actor: Actor, subject: Subject, preparation: ClosurePreparation, on: date
) -> Mapping[str, tuple[Settled, NeedSettlement]]:
    """Per need the newest arrangement, with the newest answer of its receiver, and its row; one statement."""
    policy.require(actor, "closure.read", subject, on)
    newest = ReceiverAnswer.objects.filter(settlement=OuterRef("id")).order_by("-created_at", "-id")
    rows = (
        NeedSettlement.objects.filter(preparation=preparation)
        .annotate(answer=Subquery(newest.values("answer")[:1]))
        .order_by("created_at", "id")
    )
    return {
        row.need_id: (
            Settled(
                need_id=row.need_id,
                disposition=Disposition(row.disposition),
                receiver=row.receiver,
                answer=Answer(row.answer) if row.answer else None,
                told=row.told,
                note=row.note,
            ),
            row,
        )
        for row in rows
    }


def checklist_for(actor: Actor, subject: Subject, on: date) -> Sequence[ChecklistPoint]:
    """The list towards 18 with its dates and marks; empty without a date of birth.

    What was noted beside a point is for who sees every domain.
    """
    policy.require(actor, "closure.read", subject, on)
    if subject.birth_date is None:
        return ()
    rows = ChecklistMark.objects.filter(child_id=subject.child_id).order_by("created_at", "id")
    marks = {row.item: row for row in rows}
    if not policy.sees_all(actor, "closure.read", subject, on):
        for mark in marks.values():
            mark.note = ""
    return tuple(ChecklistPoint(item, marks.get(item.id)) for item in checklist(subject.birth_date))


def transition_for(actor: Actor, subject: Subject, on: date) -> Mapping[str, TransitionText]:
    """The newest words of each chapter of the transition plan, which can be about anything; for who sees all."""
    policy.require(actor, "transition.read", subject, on)
    if not policy.sees_all(actor, "transition.read", subject, on):
        return {}
    rows = TransitionText.objects.filter(child_id=subject.child_id).order_by("created_at", "id")
    return {row.chapter: row for row in rows}


def record_for(actor: Actor, subject: Subject, on: date) -> ClosureRecord | None:
    """The newest hand-over of phase 4."""
    policy.require(actor, "closure.read", subject, on)
    found = records_for(actor, subject, on)
    return found[0] if found else None


def records_for(actor: Actor, subject: Subject, on: date) -> Sequence[ClosureRecord]:
    """Every hand-over of phase 4, newest first: care can have ended and begun again."""
    policy.require(actor, "closure.read", subject, on)
    rows = Closure.objects.filter(child_id=subject.child_id).order_by("-created_at", "-id")
    side = side_of(actor, subject, on)
    found = rows.values("record", **({"kept": handovers_kept(subject.child_id, side, on)} if side else {}))
    seen = policy.may_domains(actor, "closure.read", subject, on)
    return [
        record_as_read(record_seen(record_from_data(row["record"]), seen), _unseen_words(row.get("kept")))
        for row in found
    ]


def _unseen_words(kept: Any) -> Mapping[str, str]:
    """The needs that read otherwise for this reader, with the words that are left; none: it is not there."""
    found: dict[str, str] = {}
    for one in unseen_in(kept):
        left = {need.id: need for need in one.seen.needs}
        found |= {str(need.id): _words(left[need.id]) for need in left.values()}
        found |= {str(need.id): "" for need in one.whole.needs if need.id not in left}
    return found


def _words(need: Need) -> str:
    return " · ".join(need.words or need.nurse_words) or need.topic


def _asked() -> QuerySet[NeedSettlement]:
    """What is asked of receivers now: in an open preparation, and not replaced by a newer arrangement."""
    later = NeedSettlement.objects.filter(
        preparation=OuterRef("preparation"), need_id=OuterRef("need_id")
    ).filter(
        Q(created_at__gt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), id__gt=OuterRef("id"))
    )
    return NeedSettlement.objects.filter(
        ~Exists(later), disposition=Disposition.RECEIVER, preparation__ended_at__isnull=True
    )


def _unanswered(actor: Actor) -> QuerySet[NeedSettlement]:
    """What is asked of the actor's organisation and was not answered; of nobody who has none."""
    asked = _asked().filter(answers__isnull=True, receiver_organisation_id=actor.organisation_id)
    return asked if actor.organisation_id else asked.none()


def requests_for(actor: Actor, subject: Subject, on: date) -> Sequence[NeedSettlement]:
    """What the actor's organisation is asked to take over for this child and has not answered."""
    policy.require(actor, "closure.accept", subject, on)
    asked = _unanswered(actor).filter(child_id=subject.child_id).order_by("created_at", "id")
    return [one for one in asked if _sees(actor, subject, one.domain, on)]


def waiting_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """Requests to take over that wait for the actor's organisation, in domains that are open to it."""
    there: dict[frozenset[LifeDomain], list[UUID]] = {}
    for one in children:
        if domains := policy.may_domains(actor, "closure.accept", one.subject, on):
            there.setdefault(domains, []).append(one.child.id)
    if not there:
        return ()
    wanted = Q()
    for domains, ids in there.items():
        wanted |= Q(child_id__in=ids, domain__in=[str(domain) for domain in domains])
    return (waiting_rows(_unanswered(actor).filter(wanted), _to_answer, at="created_at"),)


def _to_answer(child_id: UUID, word: str, at: datetime | None, day: date | None, key: UUID | None) -> Waiting:
    return Waiting(child_id, "closure_to_answer", "closure_requests", at)  # type: ignore[arg-type]


def _sees(actor: Actor, subject: Subject, domain: str, on: date) -> bool:
    """Whether the family's consent leaves this domain open to the actor."""
    return policy.may(actor, "closure.accept", subject, on, LifeDomain(domain))


def request_for(actor: Actor, subject: Subject, settlement_id: UUID, on: date) -> NeedSettlement:
    """The need that a receiver is asked to take over.

    Raises Missing when it is not asked of the actor's own organisation, by an actor who does not prepare the closing
    either; and when it is asked no more: the care was closed or goes on, or somebody else is asked since.
    """
    policy.require(actor, "closure.accept", subject, on)
    row = _asked().filter(child_id=subject.child_id, id=settlement_id).first()
    if row is not None and not _sees(actor, subject, row.domain, on):
        row = None
    own = row is not None and row.receiver_organisation_id == actor.organisation_id is not None
    if row is None or not (own or policy.may(actor, "closure.prepare", subject, on)):
        raise Missing("request_not_found", child_id=subject.child_id)
    return row
