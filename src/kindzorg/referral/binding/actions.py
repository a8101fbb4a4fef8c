"""Sending a binding referral, answering it, taking it up higher, settling it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django_q.tasks import async_task

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.models import Membership
from kindzorg.careteam.queries import child_for, in_force
from kindzorg.core.errors import Conflict, Invalid, Missing
from kindzorg.journey.models import CareJourney
from kindzorg.notices.actions import tell
from kindzorg.notices.models import Notice
from kindzorg.people.models import Child, Professional
from kindzorg.referral.binding import rules
from kindzorg.referral.binding.queries import (
    BindingView,
    accounts_of,
    binding_for,
    receivers_for,
    require_side,
    steering,
    stuck_one,
    view_of,
)
from kindzorg.referral.binding.rules import BindingMove, BindingSide, NewBinding
from kindzorg.referral.decision import decision_from_json
from kindzorg.referral.models import BindingReferral, BindingStep, ReferralOutcome


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says with a step: why, what instead, and whose words they are where another wrote them down."""

    words: str = ""
    instead: str = ""
    heard_of: str = ""


NOTHING = Said()
# The worker does this: who settles in the region's network has no file of the child, and tells nobody of it.
SETTLED = "binding_settled"
TELLS = "kindzorg.referral.watching.tell_settled"


@transaction.atomic
def send_binding(actor: Actor, subject: Subject, new: NewBinding, now: datetime) -> BindingReferral:
    """Send it to an organisation of the team to which the family leaves this life domain open.

    Raises Invalid("coordinator_sends") for a nurse where somebody coordinates, Invalid("not_open_to_receiver"),
    Invalid("entry_not_kept") for an entry that the decision does not keep, Missing without an open journey.
    """
    leave = policy.require(actor, "binding.send", subject, now.date(), new.domain)
    _check_sender(actor, subject, now.date())
    answer_by = rules.check_new(new, now.date())
    _check_receiver(actor, subject, new, now.date())
    row = _sent(actor, subject, new, now)
    _add(actor, row, 1, BindingMove.SENT, now, answer_by=answer_by)
    _tell(
        actor,
        subject,
        "binding_sent",
        accounts_of(actor, subject, view_of(actor, row), now.date()),
        row.id,
        now,
    )
    about = {"leave": leave, "object_kind": "binding", "object_id": row.id}
    write_line(actor, "binding.sent", Kind.CREATE, subject, now, **about)
    return row


def _sent(actor: Actor, subject: Subject, new: NewBinding, now: datetime) -> BindingReferral:
    journey = CareJourney.objects.filter(child_id=subject.child_id, closed_at__isnull=True).first()
    if journey is None:
        raise Missing("no_open_journey", child_id=subject.child_id)
    owner_id, region_id = Child.objects.values_list("owner_id", "region_id").get(id=subject.child_id)
    return BindingReferral.objects.create(
        child_id=subject.child_id,
        owner_id=actor.organisation_id or owner_id,
        ground=rules.ground_of(new.law),
        journey=journey,
        outcome=_outcome(subject, new),
        entry=new.entry,
        law=new.law,
        domain=new.domain,
        receiver_id=new.receiver_id,
        person_id=new.person_id,
        region_id=region_id,
        needed=new.needed.strip(),
        why=new.why.strip(),
        needed_from=new.needed_from,
        sent_by_id=actor.id,
        sent_by=actor.name,
        organisation=actor.organisation,
        created_at=now,
    )


def _check_sender(actor: Actor, subject: Subject, on: date) -> None:
    members = Membership.objects.filter(in_force(on), child_id=subject.child_id, role=Role.COORDINATOR)
    name = members.values_list("professional__name", flat=True).first()
    if not rules.may_send(policy.role_for(actor, subject, on), coordinator=name is not None):
        raise Invalid("coordinator_sends", name=name)


def _check_receiver(actor: Actor, subject: Subject, new: NewBinding, on: date) -> None:
    found = next((one for one in receivers_for(actor, subject, on) if one.id == new.receiver_id), None)
    if found is None or new.domain not in found.domains(new.person_id):
        raise Invalid("not_open_to_receiver", fields=("receiver",))


def _outcome(subject: Subject, new: NewBinding) -> ReferralOutcome | None:
    """The decision that holds now, where it keeps the entry. Raises Invalid where it does not, or under another law."""
    if not new.entry:
        return None
    rows = ReferralOutcome.objects.filter(child_id=subject.child_id).order_by("-created_at", "-id")
    row = rows.first()
    kept = {one.id: one.law for one in decision_from_json(row.decision).entries} if row else {}
    if kept.get(new.entry) != new.law:
        raise Invalid("entry_not_kept", fields=("about",))
    return row


def _add(
    actor: Actor,
    row: BindingReferral | BindingView,
    number: int,
    move: BindingMove,
    now: datetime,
    *,
    said: Said = NOTHING,
    answer_by: date | None = None,
) -> BindingStep:
    """The next step. Raises Conflict when somebody else has just taken one."""
    binding_id = row.id
    owner_id, ground = BindingReferral.objects.values_list("owner_id", "ground").get(id=binding_id)
    try:
        with transaction.atomic():
            return BindingStep.objects.create(
                child_id=row.child_id,
                owner_id=owner_id,
                ground=ground,
                binding_id=binding_id,
                number=number,
                move=move,
                words=said.words.strip(),
                instead=said.instead.strip(),
                heard_of=said.heard_of.strip(),
                answer_by=answer_by,
                by_id=actor.id,
                by=actor.name,
                organisation=actor.organisation,
                created_at=now,
            )
    except IntegrityError:
        raise Conflict("binding_moved_on", last=move) from None


def _tell(
    actor: Actor, subject: Subject, kind: str, accounts: frozenset[UUID], binding_id: UUID, now: datetime
) -> None:
    """Professionals alone are told: whoever sends it, the family is never asked to chase it."""
    workers = Professional.objects.filter(user_id__in=accounts - {actor.id})
    tell(actor, subject, kind, workers.values_list("user_id", flat=True), binding_id, now)


@transaction.atomic
def answer_binding(
    actor: Actor, subject: Subject, binding_id: UUID, move: BindingMove, said: Said, now: datetime
) -> BindingStep:
    """The receiver accepts it, refuses with a reason and what instead, or asks for more. A refusal goes on at once.

    Raises Conflict when it has moved on, Invalid for what a refusal or a question lacks, Missing, Refused.
    """
    leave = policy.require(actor, "binding.answer", subject, now.date())
    binding = binding_for(actor, subject, binding_id, now.date())
    require_side(actor, subject, binding, BindingSide.RECEIVER, now.date())
    step = _answer(actor, subject, binding, move, said, now)
    about = {"leave": leave, "object_kind": "binding", "object_id": binding.id}
    write_line(actor, f"binding.{move}", Kind.UPDATE, subject, now, **about)
    return step


@transaction.atomic
def hear_binding(
    actor: Actor, subject: Subject, binding_id: UUID, move: BindingMove, said: Said, now: datetime
) -> BindingStep:
    """Who sent it or coordinates writes down the answer that a receiver gave by telephone or letter.

    Raises as `answer_binding`, and Invalid without the name of who gave it.
    """
    leave = policy.require(actor, "binding.send", subject, now.date())
    binding = binding_for(actor, subject, binding_id, now.date())
    require_side(actor, subject, binding, BindingSide.SENDER, now.date())
    rules.check_words(said.heard_of, "heard_of")
    step = _answer(actor, subject, binding, move, said, now)
    about = {"leave": leave, "object_kind": "binding", "object_id": binding.id}
    write_line(actor, "binding.heard", Kind.UPDATE, subject, now, **about)
    return step


def _answer(
    actor: Actor, subject: Subject, binding: BindingView, move: BindingMove, said: Said, now: datetime
) -> BindingStep:
    on, standing = now.date(), binding.standing
    rules.check_move(standing, move, BindingSide.RECEIVER, on)
    if move != BindingMove.ACCEPTED:
        rules.check_words(said.words)
    if move == BindingMove.REFUSED:
        rules.check_words(said.instead, "instead")
    number = len(binding.steps) + 1
    step = _add(actor, binding, number, move, now, said=said)
    if move == BindingMove.REFUSED:
        higher = rules.after_refusal(standing)
        fresh = standing.level == BindingMove.SENT
        until = rules.second_term(binding.law, on) if fresh else standing.answer_by
        _add(actor, binding, number + 1, higher, now, answer_by=until)
    kind = "binding_stuck" if move == BindingMove.REFUSED else "binding_answered"
    _tell(actor, subject, kind, steering(actor, subject, binding, on), binding.id, now)
    return step


@transaction.atomic
def steer_binding(
    actor: Actor, subject: Subject, binding_id: UUID, move: BindingMove, said: Said, now: datetime
) -> BindingStep:
    """Who sent it or coordinates answers a question, takes it to the network, settles it together, or takes it back.

    Raises Conflict when it has moved on, Invalid without words, Missing, Refused.
    """
    leave = policy.require(actor, "binding.send", subject, now.date())
    binding = binding_for(actor, subject, binding_id, now.date())
    on, standing = now.date(), binding.standing
    require_side(actor, subject, binding, BindingSide.SENDER, on)
    rules.check_move(standing, move, BindingSide.SENDER, on)
    rules.check_words(said.words)
    if move == BindingMove.TO_NETWORK and binding.region_id is None:
        raise Invalid("no_network", fields=("move",))
    until = None
    if move == BindingMove.ANSWERED:
        until = rules.resumed(standing.answer_by, standing.since, on)
    step = _add(actor, binding, len(binding.steps) + 1, move, now, said=said, answer_by=until)
    _tell(actor, subject, "binding_changed", accounts_of(actor, subject, binding, on), binding.id, now)
    about = {"leave": leave, "object_kind": "binding", "object_id": binding.id}
    write_line(actor, f"binding.{move}", Kind.UPDATE, subject, now, **about)
    return step


@transaction.atomic
def settle_stuck(actor: Actor, binding_id: UUID, words: str, now: datetime) -> BindingStep:
    """The region's network settles what came to it, in words. It has no file of the child before it.

    Raises Missing for another region's, Conflict when it was settled or accepted meanwhile, Invalid without words.
    """
    leave = policy.require(actor, "binding.settle", None, now.date())
    binding = stuck_one(actor, binding_id, now.date())
    rules.check_move(binding.standing, BindingMove.SETTLED, BindingSide.NETWORK, now.date())
    rules.check_words(words)
    step = _add(actor, binding, len(binding.steps) + 1, BindingMove.SETTLED, now, said=Said(words))
    async_task(TELLS, str(binding.id), save=False)
    about = {"leave": leave, "object_kind": "binding", "object_id": binding.id}
    write_line(actor, "binding.settled", Kind.UPDATE, binding.subject, now, **about)
    return step


@transaction.atomic
def tell_settled(actor: Actor, binding_id: UUID, now: datetime) -> int:
    """Tell both sides that the network settled it, once; gives back how many were told. Run by the worker."""
    leave = policy.require(actor, "binding.watch", None, now.date())
    row = BindingReferral.objects.select_related("receiver", "person").filter(id=binding_id).first()
    if row is None or Notice.objects.filter(kind=SETTLED, object_id=binding_id).exists():
        return 0
    binding, subject = view_of(actor, row), child_for(actor, row.child_id, now.date()).subject
    both = accounts_of(actor, subject, binding, now.date()) | steering(actor, subject, binding, now.date())
    _tell(actor, subject, SETTLED, both, binding.id, now)
    about = {"leave": leave, "object_kind": "binding", "object_id": binding.id, "told": len(both)}
    write_line(actor, "binding.settled_told", Kind.EXECUTE, subject, now, **about)
    return len(both)


@transaction.atomic
def escalate_overdue(actor: Actor, binding_id: UUID, now: datetime) -> BindingStep | None:
    """Take what was not answered in its term one level higher; None where that is done already. Run by the worker."""
    leave = policy.require(actor, "binding.watch", None, now.date())
    row = BindingReferral.objects.select_related("receiver", "person").filter(id=binding_id).first()
    if row is None:
        return None
    binding, on = view_of(actor, row), now.date()
    moves = rules.allowed(binding.standing, BindingSide.CLOCK, on)
    if not moves:
        return None
    (move,) = moves
    if move == BindingMove.TO_NETWORK and binding.region_id is None:
        return None
    until = rules.second_term(binding.law, on) if move == BindingMove.TO_COORDINATOR else None
    step = _add(actor, binding, len(binding.steps) + 1, move, now, answer_by=until)
    subject = child_for(actor, binding.child_id, on).subject
    _tell(actor, subject, "binding_stuck", steering(actor, subject, binding, on), binding.id, now)
    about = {"leave": leave, "object_kind": "binding", "object_id": binding.id}
    write_line(actor, f"binding.{move}", Kind.EXECUTE, subject, now, **about)
    return step
