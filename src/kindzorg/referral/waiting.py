"""What waits in binding referrals: rows, asked of the database with those of other rooms."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from kindzorg.access import policy
from kindzorg.access.policy import Actor
from kindzorg.access.roles import Role
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.rules import Waiting
from kindzorg.journey.waiting import WaitingRows, waiting_rows
from kindzorg.referral.binding.queries import with_last
from kindzorg.referral.binding.rules import OVER, BindingMove
from kindzorg.referral.models import BindingReferral, BindingStep


def waiting_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """For the receiver: to answer. For who steers it: a question to answer, and what is stuck. Never for a family."""
    return [*_to_answer(actor, children, on), *_to_steer(actor, children, on)]


def _to_answer(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    seen = _seen(actor, "binding.answer", children, on)
    if seen is None or actor.organisation_id is None:
        return ()
    asked = BindingReferral.objects.filter(seen, receiver_id=actor.organisation_id)
    rows = with_last(actor, asked.exclude(sent_by_id=actor.id))
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
    rows = with_last(
        actor, sides.exclude(receiver_id=actor.organisation_id) if actor.organisation_id else sides
    )
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
    rows = with_last(actor, BindingReferral.objects.filter(seen)).exclude(last_move__in=OVER)
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
