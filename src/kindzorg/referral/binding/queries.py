"""Reading binding referrals: who coordinates them all, who received one its own, the region's network those stuck."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, UUIDField
from django.utils import timezone

from kindzorg.access import policy, sight
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.careteam.models import Grant, Membership
from kindzorg.careteam.queries import OpenedChild, in_force
from kindzorg.careteam.sharing import decisions_on, seen_by, sight_of
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.vocabulary import Law, LifeDomain
from kindzorg.journey.rules import Waiting
from kindzorg.journey.waiting import WaitingRows, waiting_rows
from kindzorg.people.models import Professional
from kindzorg.referral.binding.rules import (
    OVER,
    BindingMove,
    BindingSide,
    BindingStanding,
    reference,
    side_of,
    standing_of,
)
from kindzorg.referral.models import BindingReferral, BindingStep

RECEIVERS = tuple(role for role, permission in policy.matrix() if permission == "binding.answer")


@dataclass(frozen=True, slots=True)
class BindingView:
    """One binding referral with its steps, oldest first, and where it stands."""

    id: UUID
    child_id: UUID
    reference: str
    law: Law
    entry: str
    domain: LifeDomain
    receiver_id: UUID
    receiver: str
    person: str
    region_id: UUID | None
    needed: str
    why: str
    needed_from: date
    sent_by_id: UUID
    sent_by: str
    organisation: str
    at: datetime
    steps: tuple[BindingStep, ...]
    standing: BindingStanding

    @property
    def subject(self) -> Subject:
        """The child as far as who reads this without its file knows of it."""
        return Subject(self.child_id, None, region_id=self.region_id)


@dataclass(frozen=True, slots=True)
class Receiver:
    """An organisation of the team that can be asked, and its people with the life domains that are open to each.

    `people`: id, name and domains. Where the family left nothing open to anybody, nothing is sent there.
    """

    id: UUID
    name: str
    people: tuple[tuple[UUID, str, frozenset[LifeDomain]], ...]

    def domains(self, person_id: UUID | None = None) -> frozenset[LifeDomain]:
        """What is open to one person of it, or to any."""
        found = [seen for key, _, seen in self.people if person_id in (None, key)]
        return frozenset().union(*found)


def _rows() -> QuerySet[BindingReferral]:
    steps = Prefetch("steps", BindingStep.objects.order_by("number"))
    return (
        BindingReferral.objects.select_related("receiver", "person")
        .prefetch_related(steps)
        .order_by("-created_at", "-id")
    )


def view_of(actor: Actor, row: BindingReferral) -> BindingView:
    """The row with its steps; whoever calls this has asked whether the actor may see it."""
    steps = tuple(row.steps.all())
    told = [(BindingMove(one.move), timezone.localdate(one.created_at), one.answer_by) for one in steps]
    return BindingView(
        id=row.id,
        child_id=row.child_id,
        reference=reference(row.id),
        law=Law(row.law),
        entry=row.entry,
        domain=LifeDomain(row.domain),
        receiver_id=row.receiver_id,
        receiver=row.receiver.name,
        person=row.person.name if row.person else "",
        region_id=row.region_id,
        needed=row.needed,
        why=row.why,
        needed_from=row.needed_from,
        sent_by_id=row.sent_by_id,
        sent_by=row.sent_by,
        organisation=row.organisation,
        at=row.created_at,
        steps=steps,
        standing=standing_of(told),
    )


def _shown(actor: Actor, subject: Subject, on: date) -> Q:
    """Which of a child's the actor may see. Raises Refused for who may see none at all."""
    found = Q(domain__in=policy.may_domains(actor, "binding.read", subject, on))
    found |= Q(domain__in=policy.may_domains(actor, "binding.read_standing", subject, on))
    answers = policy.may_domains(actor, "binding.answer", subject, on)
    if answers and actor.organisation_id:
        found |= Q(domain__in=answers, receiver_id=actor.organisation_id)
    if not any(policy.may(actor, one, subject, on) for one in READS):
        policy.require(actor, "binding.read", subject, on)
    return found


READS = ("binding.read", "binding.read_standing", "binding.answer")


def bindings_for(actor: Actor, subject: Subject, on: date) -> Sequence[BindingView]:
    """Those of the child that the actor may see, newest first. Two statements."""
    shown = _shown(actor, subject, on)
    return [
        view_of(actor, row)
        for row in _rows().filter(shown, child_id=subject.child_id)
        if policy.may_inspect(actor, subject, row.ground, on)  # type: ignore[arg-type]
    ]


def binding_for(actor: Actor, subject: Subject, binding_id: UUID, on: date) -> BindingView:
    """One of them. Raises Missing, also for one that is not for this actor."""
    for row in _rows().filter(_shown(actor, subject, on), child_id=subject.child_id, id=binding_id):
        if policy.may_inspect(actor, subject, row.ground, on):  # type: ignore[arg-type]
            return view_of(actor, row)
    raise Missing("no_such_binding", child_id=subject.child_id)


ACTS_AS = {BindingSide.RECEIVER: "binding.answer", BindingSide.SENDER: "binding.send"}


def side_for(actor: Actor, subject: Subject, binding: BindingView, on: date) -> BindingSide | None:
    """The side that the actor acts for in this one; None for who only reads it. Costs no statement."""
    side = side_of(
        policy.role_for(actor, subject, on),
        receives=binding.receiver_id == actor.organisation_id,
        sent=binding.sent_by_id == actor.id,
    )
    return side if side and policy.may(actor, ACTS_AS[side], subject, on, binding.domain) else None


def require_side(actor: Actor, subject: Subject, binding: BindingView, side: BindingSide, on: date) -> None:
    """Raises Refused for who stands on the other side of it, or on none."""
    policy.require(actor, ACTS_AS[side], subject, on, binding.domain)
    if side_for(actor, subject, binding, on) != side:
        raise Refused("other_side", permission=ACTS_AS[side], child_id=subject.child_id)


def coordinated(actor: Actor, subject: Subject, on: date) -> Sequence[str]:
    """Who coordinates across laws in this child's team: the names. One statement."""
    policy.require(actor, "child.open", subject, on)
    rows = Membership.objects.filter(in_force(on), child_id=subject.child_id, role=Role.COORDINATOR)
    return list(rows.order_by("starts", "id").values_list("professional__name", flat=True))


def receivers_for(actor: Actor, subject: Subject, on: date) -> Sequence[Receiver]:
    """The organisations of the team that can be asked, but for the actor's own. Two statements."""
    policy.require(actor, "binding.send", subject, on)
    rows = (
        Membership.objects.filter(in_force(on), child_id=subject.child_id, role__in=RECEIVERS)
        .select_related("organisation", "professional")
        .order_by("organisation__name", "starts", "id")
    )
    consents = decisions_on(subject.child_id)
    found: dict[UUID, Receiver] = {}
    for row in rows:
        house, worker = row.organisation, row.professional
        if house is None or worker is None or house.id == actor.organisation_id:
            continue
        before = found[house.id].people if house.id in found else ()
        seen = sight.domains_on(sight_of(row, consents), on)
        found[house.id] = Receiver(house.id, house.name, (*before, (worker.id, worker.name, seen)))
    return list(found.values())


def accounts_of(actor: Actor, subject: Subject, binding: BindingView, on: date) -> frozenset[UUID]:
    """The accounts at the receiver that take part in this child's care and to which its domain is open."""
    policy.require(actor, "child.open", subject, on)
    members = Membership.objects.filter(
        in_force(on), child_id=subject.child_id, organisation_id=binding.receiver_id, role__in=RECEIVERS
    )
    seen = seen_by(subject.child_id, on)
    accounts = members.values_list("professional__user_id", flat=True)
    return frozenset(one for one in accounts if binding.domain in seen.get(one, ()))


def steering(actor: Actor, subject: Subject, binding: BindingView, on: date) -> frozenset[UUID]:
    """The accounts that steer it: who coordinates across laws in the team, else who sent it. Never of the receiver."""
    policy.require(actor, "child.open", subject, on)
    work = Professional.objects.filter(user_id=OuterRef("user_id")).order_by("created_at", "id")
    held = Grant.objects.filter(
        in_force(on), scope=Scope.CHILD, scope_id=subject.child_id, role=Role.COORDINATOR
    ).annotate(house=Subquery(work.values("organisation_id")[:1], output_field=UUIDField()))
    found = {user for user, house in held.values_list("user_id", "house") if house != binding.receiver_id}
    return frozenset(found or {binding.sent_by_id})


@dataclass(frozen=True, slots=True)
class BindingInShort:
    """Of whom something was asked and where that stands, without its words."""

    receiver: str
    standing: BindingStanding


def standings_for(actor: Actor, subject: Subject, on: date) -> Sequence[BindingInShort]:
    """Where each of the child's stands, newest first, for the family's sentence. One statement."""
    policy.require(actor, "binding.read_standing", subject, on)
    domains = policy.may_domains(actor, "binding.read_standing", subject, on)
    steps = BindingStep.objects.filter(binding=OuterRef("id"))
    rows = _with_last(BindingReferral.objects.filter(child_id=subject.child_id, domain__in=domains))
    rows = rows.annotate(
        raised=Exists(steps.filter(move=BindingMove.TO_COORDINATOR)),
        higher=Exists(steps.filter(move=BindingMove.TO_NETWORK)),
    ).order_by("-created_at", "-id")
    names = ("receiver__name", "ground", "last_move", "last_at", "last_day", "raised", "higher")
    return [
        BindingInShort(receiver, BindingStanding(BindingMove(move), timezone.localdate(at), day, level))
        for receiver, ground, move, at, day, raised, higher in rows.values_list(*names)
        if policy.may_inspect(actor, subject, ground, on)
        for level in (_level(raised=raised, higher=higher),)
    ]


def _level(*, raised: bool, higher: bool) -> BindingMove:
    if higher:
        return BindingMove.TO_NETWORK
    return BindingMove.TO_COORDINATOR if raised else BindingMove.SENT


# --- what is stuck in a region ---------------------------------------------------------------------------------


def _regions(actor: Actor, on: date) -> Sequence[UUID]:
    return [
        one.scope_id
        for one in actor.grants
        if one.role == Role.NETWORK_COORDINATOR
        and one.scope == Scope.NETWORK
        and one.holds(on)
        and one.scope_id
    ]


def _stuck(actor: Actor, on: date) -> QuerySet[BindingReferral]:
    raised = BindingStep.objects.filter(binding=OuterRef("id"), move=BindingMove.TO_NETWORK)
    return _rows().filter(Exists(raised), region_id__in=_regions(actor, on))


def stuck_for(actor: Actor, on: date) -> Sequence[BindingView]:
    """What came to the network in the actor's regions: what is open first, longest waiting first. Two statements."""
    policy.require(actor, "binding.read_stuck", None, on)
    found = [view_of(actor, row) for row in _stuck(actor, on)]
    return sorted(found, key=lambda one: (one.standing.over, one.standing.since))


def stuck_one(actor: Actor, binding_id: UUID, on: date) -> BindingView:
    """One of them. Raises Missing."""
    policy.require(actor, "binding.read_stuck", None, on)
    row = _stuck(actor, on).filter(id=binding_id).first()
    if row is None:
        raise Missing("no_such_binding")
    return view_of(actor, row)


# --- what waits ------------------------------------------------------------------------------------------------


def _with_last(rows: QuerySet[BindingReferral]) -> QuerySet[Any, Any]:
    """Each with its last step, when that was, and the last day for an answer."""
    steps = BindingStep.objects.filter(binding=OuterRef("id")).order_by("-number")
    return rows.annotate(
        last_move=Subquery(steps.values("move")[:1]),
        last_at=Subquery(steps.values("created_at")[:1]),
        last_day=Subquery(steps.filter(answer_by__isnull=False).values("answer_by")[:1]),
    )


def overdue(actor: Actor, on: date) -> Sequence[UUID]:
    """The open ones whose term is over and that are not with the network yet; of a child that lives and is here."""
    policy.require(actor, "binding.watch", None, on)
    raised = BindingStep.objects.filter(binding=OuterRef("id"), move=BindingMove.TO_NETWORK)
    rows = _with_last(BindingReferral.objects.filter(~Exists(raised))).filter(
        last_day__lt=on, child__died_on__isnull=True, child__merged_into__isnull=True
    )
    still = rows.exclude(last_move__in=(*OVER, BindingMove.MORE_ASKED))
    return list(still.order_by("last_day", "id").values_list("id", flat=True))


def waiting_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """For the receiver: to answer. For who steers it: a question to answer, and what is stuck. Never for a family."""
    return [*_to_answer(actor, children, on), *_to_steer(actor, children, on)]


def _to_answer(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    seen = _seen(actor, "binding.answer", children, on)
    if seen is None or actor.organisation_id is None:
        return ()
    asked = BindingReferral.objects.filter(seen, receiver_id=actor.organisation_id)
    rows = _with_last(asked.exclude(sent_by_id=actor.id))
    open_ones = rows.exclude(last_move__in=(*OVER, BindingMove.MORE_ASKED))
    return (waiting_rows(open_ones, _answer, at="last_at", day="last_day", object_id="id"),)


def _to_steer(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """Who coordinates across laws steers all of the child's, another who sends only what that one sent.

    Nobody what its own organisation was asked.
    """
    steers = _seen(actor, "binding.send", [one for one in children if one.role == Role.COORDINATOR], on)
    others = _seen(actor, "binding.send", [one for one in children if one.role != Role.COORDINATOR], on)
    if steers is None and others is None:
        return ()
    nothing = Q(pk__in=[])
    mine = others & Q(sent_by_id=actor.id) if others is not None else nothing
    sides = BindingReferral.objects.filter((steers or nothing) | mine)
    rows = _with_last(sides.exclude(receiver_id=actor.organisation_id) if actor.organisation_id else sides)
    raised = BindingStep.objects.filter(binding=OuterRef("id"), move=BindingMove.TO_COORDINATOR)
    higher = BindingStep.objects.filter(binding=OuterRef("id"), move=BindingMove.TO_NETWORK)
    asked = rows.filter(last_move=BindingMove.MORE_ASKED)
    stuck = rows.filter(Exists(raised), ~Exists(higher)).exclude(
        last_move__in=(*OVER, BindingMove.MORE_ASKED)
    )
    return (
        waiting_rows(asked, _question, at="last_at", object_id="id"),
        waiting_rows(stuck, _stuck_here, at="last_at", day="last_day", object_id="id"),
    )


def late_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """For who guides the family: what is past its term, or went to who coordinates and is not settled."""
    seen = _seen(actor, "binding.read", children, on)
    if seen is None:
        return ()
    raised = BindingStep.objects.filter(binding=OuterRef("id"), move=BindingMove.TO_COORDINATOR)
    rows = _with_last(BindingReferral.objects.filter(seen)).exclude(last_move__in=OVER)
    late = rows.filter(Exists(raised) | Q(last_day__lt=on) & ~Q(last_move=BindingMove.MORE_ASKED))
    return (waiting_rows(late, _late, at="last_at", day="last_day", object_id="id"),)


def _late(child_id: UUID, word: str, since: Any, due: date | None, binding_id: UUID | None) -> Waiting:
    return Waiting(child_id, "binding_late", "binding", since, due=due, object_id=binding_id)


def _seen(actor: Actor, permission: str, children: Sequence[OpenedChild], on: date) -> Q | None:
    """Of these children what is about a domain for which the actor may: one condition for those that are alike."""
    alike: dict[frozenset[LifeDomain], list[UUID]] = {}
    for one in children:
        if domains := policy.may_domains(actor, permission, one.subject, on):
            alike.setdefault(domains, []).append(one.child.id)
    found: Q | None = None
    for domains, ids in alike.items():
        part = Q(child_id__in=ids, domain__in=domains)
        found = part if found is None else found | part
    return found


def _answer(child_id: UUID, word: str, since: Any, due: date | None, binding_id: UUID | None) -> Waiting:
    return Waiting(child_id, "binding_to_answer", "binding", since, due=due, object_id=binding_id)


def _question(child_id: UUID, word: str, since: Any, due: date | None, binding_id: UUID | None) -> Waiting:
    return Waiting(child_id, "binding_question", "binding", since, object_id=binding_id)


def _stuck_here(child_id: UUID, word: str, since: Any, due: date | None, binding_id: UUID | None) -> Waiting:
    return Waiting(child_id, "binding_stuck", "binding", since, due=due, object_id=binding_id)
