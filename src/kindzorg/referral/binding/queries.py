"""Reading binding referrals: who coordinates them all, who received one its own, the region's network those stuck."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, UUIDField
from django.utils import timezone

from kindzorg.access import policy, sight
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.careteam.models import Grant, Membership
from kindzorg.careteam.queries import in_force
from kindzorg.careteam.sharing import decisions_on, seen_by, sight_of
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.vocabulary import Law, LifeDomain
from kindzorg.people.models import Child, Professional
from kindzorg.referral.binding.rules import (
    NETWORK_REMEMBERS,
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
    rows = with_last(actor, BindingReferral.objects.filter(child_id=subject.child_id, domain__in=domains))
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
    """What came to the network; not of a child that died, nor what is long over. The row wall says the same.

    Who died is not joined: behind that wall who coordinates the network sees no child at all.
    """
    steps = BindingStep.objects.filter(binding=OuterRef("id"))
    long_over = steps.filter(move__in=OVER, created_at__date__lt=on - NETWORK_REMEMBERS)
    died = Child.objects.filter(id=OuterRef("child_id"), died_on__isnull=False)
    rows = _rows().filter(region_id__in=_regions(actor, on))
    return rows.filter(Exists(steps.filter(move=BindingMove.TO_NETWORK)), ~Exists(long_over), ~Exists(died))


def _as_network(actor: Actor, row: BindingReferral) -> BindingView:
    """What is asked, each step, and the words since it came to the network; not why, nor what was said before."""
    one = view_of(actor, row)
    came = next(step.number for step in one.steps if step.move == BindingMove.TO_NETWORK)
    for step in one.steps:
        if step.number < came:
            step.words = step.instead = step.heard_of = ""
    return replace(one, why="")


def stuck_for(actor: Actor, on: date) -> Sequence[BindingView]:
    """What came to the network in the actor's regions: what is open first, longest waiting first. Two statements."""
    policy.require(actor, "binding.read_stuck", None, on)
    found = [_as_network(actor, row) for row in _stuck(actor, on)]
    return sorted(found, key=lambda one: (one.standing.over, one.standing.since))


def stuck_one(actor: Actor, binding_id: UUID, on: date) -> BindingView:
    """One of them. Raises Missing."""
    policy.require(actor, "binding.read_stuck", None, on)
    row = _stuck(actor, on).filter(id=binding_id).first()
    if row is None:
        raise Missing("no_such_binding")
    return _as_network(actor, row)


# --- with the last step ----------------------------------------------------------------------------------------


def with_last(actor: Actor, rows: QuerySet[BindingReferral]) -> QuerySet[Any, Any]:
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
    rows = with_last(actor, BindingReferral.objects.filter(~Exists(raised))).filter(
        last_day__lt=on, child__died_on__isnull=True, child__merged_into__isnull=True
    )
    still = rows.exclude(last_move__in=(*OVER, BindingMove.MORE_ASKED))
    return list(still.order_by("last_day", "id").values_list("id", flat=True))
