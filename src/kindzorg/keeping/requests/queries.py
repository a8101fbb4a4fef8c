"""Reading requests: the family its own, who decides those to the own organisation; and what each is about."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from kindzorg.access import policy
from kindzorg.access.grounds import SIDE_OF, Side
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.careteam.consents.rules import Person
from kindzorg.careteam.models import Membership
from kindzorg.careteam.queries import OpenedChild, authority_holders, hidden_objects, in_force
from kindzorg.careteam.rules import requests_key
from kindzorg.careteam.sharing import family_of, seen_by
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.vocabulary import Ground
from kindzorg.journey.rules import Waiting
from kindzorg.journey.waiting import WaitingRows, waiting_rows
from kindzorg.keeping.models import FileRequest
from kindzorg.keeping.pointing import TABLES, Thing, thing_for
from kindzorg.keeping.requests.rules import About, Asked, Born, RequestView, may_ask, standing_of
from kindzorg.people.models import Child

# Who decides for an organisation (access/matrix.csv, request.decide).
DECIDERS = (Role.LEVEL5_NURSE, Role.PAEDIATRIC_NURSE, Role.PAEDIATRICIAN, Role.GP)
# Who hears what a child tells its nurse first (needs.read_nurse_first).
HEARS = (Role.LEVEL5_NURSE, Role.PAEDIATRIC_NURSE)
UNREAD: dict[str, Any] = {"readable": False, "words": "", "delay": "", "answer": ""}
"""What a request is for who may know of it and not read it."""


def side_of(actor: Actor, subject: Subject, on: date) -> Side:
    """On which side of the family the actor stands."""
    role = policy.role_for(actor, subject, on)
    return SIDE_OF.get(role, Side.HOLDER)


def asks_for(actor: Actor, subject: Subject, thing: Thing, on: date) -> Sequence[Asked]:
    """What the actor may ask of it, by ground and age."""
    side = side_of(actor, subject, on)
    by_court = subject.by_court or side != Side.REPRESENTATIVE
    born = Born(subject.birth_date, subject.can_decide, by_court)
    return [one for one in Asked if may_ask(one, thing.ground, side, born, on)]


def deciders_of(actor: Actor, subject: Subject, thing: Thing, owner_id: UUID, on: date) -> Sequence[UUID]:
    """The accounts that decide for this organisation and see the thing. `actor` was let in by who calls."""
    rows = Membership.objects.filter(
        in_force(on),
        child_id=subject.child_id,
        role__in=HEARS if thing.nurse_first else DECIDERS,
        professional__organisation_id=owner_id,
        professional__user__isnull=False,
    )
    found = rows.order_by("-leads", "starts", "id").values_list("professional__user_id", flat=True)
    seen = seen_by(subject.child_id, on)
    return [one for one in found if thing.domains <= seen.get(one, frozenset())]


def other_holders(actor: Actor, subject: Subject, by_id: UUID, on: date) -> Sequence[str]:
    """Who else holds authority, by name: of a deletion they must know."""
    policy.require(actor, "child.open", subject, on)
    held = authority_holders(actor, subject, on)
    return [one.relative.name for one in held if one.relative.user_id != by_id]


def still_decides(actor: Actor, subject: Subject, user_id: UUID, on: date) -> Person | None:
    """Who of the family this account is, if it holds authority or represents the child now, and no court keeps it from
    deciding or looking.

    After a child's death not where the child wished that nobody looks (BW 7:458a(4)). Its age is the ground's.
    """
    policy.require(actor, "child.open", subject, on)
    if subject.closed_after_death and subject.died_on and subject.died_on <= on:
        return None
    family = family_of(Child.objects.get(id=subject.child_id), on)
    return next((one for one in family.people if one.user_id == user_id), None)


def _shown(actor: Actor, subject: Subject, on: date) -> tuple[Q, Q]:
    """Which requests this reader reads, and of which it may know: one person can decide and guard privacy.

    Who sees to it that somebody decides need not read what it is about.
    """
    decides = policy.may(actor, "request.decide", subject, on)
    guards = policy.may(actor, "request.read_unseen", subject, on)
    reads = known = Q(pk__in=[])
    if decides and actor.organisation_id:
        reads = Q(owner_id=actor.organisation_id) & _open_to(actor, subject, on)
    if guards:
        known = Q(unseen=True, owner_id__in=[one.scope_id for one in actor.grants])
    if not (decides or guards):
        policy.require(actor, "request.make", subject, on)
        reads = Q(side=side_of(actor, subject, on))
    return reads, known


def _open_to(actor: Actor, subject: Subject, on: date) -> Q:
    """The requests about what the family leaves open to who decides; of the file in general only for who sees all."""
    if policy.sees_all(actor, "request.decide", subject, on):
        hears = policy.may(actor, "needs.read_nurse_first", subject, on)
        return Q() if hears else Q(nurse_first=False)
    found = Q(about=About.ITEM) if policy.may(actor, "record.read", subject, on) else Q(pk__in=[])
    worded = {About.NOTE: "note.read", About.FAMILY_NOTE: "note.read_family", About.REPORT: "report.read"}
    for about, permission in worded.items():
        domains = policy.may_domains(actor, permission, subject, on)
        rows = TABLES[about].objects.filter(child_id=OuterRef("child_id"), entry_id=OuterRef("object_id"))
        found |= Q(Exists(rows.filter(domain__in=domains)), about=about)
    return found


def looked_at(actor: Actor, child_id: UUID, request_id: UUID | None = None) -> UUID | None:
    """Under which id the trail speaks of looking at requests: the child's own under the one that parents do not see."""
    itself = (Role.CHILD, Role.YOUNG_PERSON)
    if any(
        one.role in itself and (one.scope, one.scope_id) == (Scope.CHILD, child_id) for one in actor.grants
    ):
        return requests_key(child_id)
    of_child = FileRequest.objects.filter(child_id=child_id, side=Side.CHILD)
    return requests_key(child_id) if request_id and of_child.filter(id=request_id).exists() else None


def requests_for(actor: Actor, subject: Subject, on: date) -> Sequence[RequestView]:
    """The requests that this reader may know of, newest first, without what they are about. Two statements.

    Of one that is not `readable` the words are not there.
    """
    reads, known = _shown(actor, subject, on)
    readable = Case(When(reads, then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = FileRequest.objects.filter(reads | known, child_id=subject.child_id).annotate(readable=readable)
    hidden = hidden_objects(actor, subject, on)
    found = rows.select_related("owner", "delay", "decision", "done").order_by("-created_at", "-id")
    views = [(_view(row), row.readable) for row in found if row.object_id not in hidden]
    return [one if read else replace(one, **UNREAD) for one, read in views]


def request_for(actor: Actor, subject: Subject, request_id: UUID, on: date) -> RequestView:
    """One request. Raises Missing."""
    for one in requests_for(actor, subject, on):
        if one.id == request_id:
            return one
    raise Missing("no_such_request", child_id=subject.child_id)


def request_to_decide(actor: Actor, subject: Subject, request_id: UUID, on: date) -> RequestView:
    """One request that this reader reads, and so can decide on. Raises Missing."""
    policy.require(actor, "request.decide", subject, on)
    found = request_for(actor, subject, request_id, on)
    if not found.readable:
        raise Missing("no_such_request", child_id=subject.child_id)
    return found


def words_now(actor: Actor, subject: Subject, request: RequestView, on: date) -> str:
    """What the thing says now, for who may read it; empty when it is gone or was never pointed out."""
    if not request.readable:
        return ""
    try:
        return thing_for(actor, subject, request.about, request.object_id, on).words
    except (Missing, Refused):
        return ""


def _view(row: FileRequest) -> RequestView:
    delay, decision, done = (getattr(row, name, None) for name in ("delay", "decision", "done"))
    granted = decision.granted if decision else None
    standing = standing_of(Asked(row.asked), granted, delayed=delay is not None, done=done is not None)
    return RequestView(
        id=row.id,
        child_id=row.child_id,
        asked=Asked(row.asked),
        about=About(row.about),
        object_id=row.object_id,
        words=row.words,
        by=row.by,
        by_id=row.by_id,
        at=row.created_at,
        owner_id=row.owner_id,
        owner=row.owner.name,
        due=delay.due if delay else row.due,
        standing=standing,
        side=Side(row.side),
        ground=Ground(row.ground),
        delay=delay.reason if delay else "",
        decided_by=decision.by if decision else "",
        decided_at=decision.created_at if decision else None,
        reason=decision.reason if decision else "",
        answer=decision.words if decision else "",
        done_at=done.created_at if done else None,
    )


def waiting_rows_for(actor: Actor, children: Iterable[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """Requests that this actor's organisation must decide; overdue ones show as such."""
    mine = [one.subject for one in children if policy.may(actor, "request.decide", one.subject, on)]
    if not mine or actor.organisation_id is None:
        return ()
    seen = Q(pk__in=[])
    for several in _seen_alike(actor, mine, on):
        seen |= Q(child_id__in=[one.child_id for one in several]) & _open_to(actor, several[0], on)
    rows = FileRequest.objects.filter(seen, owner_id=actor.organisation_id, decision__isnull=True)
    due = Coalesce("delay__due", "due")
    return (waiting_rows(rows, _to_decide, at="created_at", day=due, object_id="id"),)


def _seen_alike(actor: Actor, subjects: Iterable[Subject], on: date) -> Iterable[Sequence[Subject]]:
    """The children by what of their file is open to the actor: one condition for those that are alike."""
    found: dict[Any, list[Subject]] = {}
    for one in subjects:
        domains = policy.may_domains(actor, "request.decide", one, on)
        hears = policy.may(actor, "needs.read_nurse_first", one, on)
        found.setdefault((domains, hears), []).append(one)
    return found.values()


def _to_decide(child_id: UUID, word: str, since: Any, due: date | None, request_id: UUID | None) -> Waiting:
    return Waiting(child_id, "request_to_decide", "request", since, due=due, object_id=request_id)
