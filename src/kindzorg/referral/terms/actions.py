"""Recording until when a payer's decision holds, and reminding of its end."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.models import Grant
from kindzorg.careteam.queries import actor_for, arranging, child_for, in_force, kept_from_seeing
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.vocabulary import Ground
from kindzorg.notices.actions import tell
from kindzorg.notices.models import Notice
from kindzorg.people.models import User
from kindzorg.referral.binding.rules import ground_of
from kindzorg.referral.decision import decision_from_json
from kindzorg.referral.models import IndicationTerm, ReferralOutcome
from kindzorg.referral.terms.queries import ENDS, SAME_END
from kindzorg.referral.terms.rules import NewTerm, check_term

FAMILY = (Role.AUTHORITY_HOLDER, Role.REPRESENTATIVE, Role.CHILD, Role.YOUNG_PERSON)


@transaction.atomic
def record_term(actor: Actor, subject: Subject, new: NewTerm, now: datetime) -> UUID:
    """Record until when the payer's decision for a kept entry holds; a later one counts, the earlier stays.

    Raises Missing while nothing was decided, Invalid as `check_term`.
    """
    leave = policy.require(actor, "referral.assess", subject, now.date())
    outcomes = ReferralOutcome.objects.filter(child_id=subject.child_id)
    outcome = outcomes.order_by("-created_at", "-id").first()
    if outcome is None:
        raise Missing("no_decision", child_id=subject.child_id)
    kept = {one.id: one for one in decision_from_json(outcome.decision).entries}
    check_term(new, kept, now.date())
    law = kept[new.entry].law
    row = IndicationTerm.objects.create(
        child_id=subject.child_id,
        owner_id=outcome.owner_id,
        ground=ground_of(law) if law else outcome.ground,
        outcome=outcome,
        entry=new.entry,
        law=str(law or ""),
        until=new.until,
        letter=new.letter.strip(),
        by_id=actor.id,
        by=actor.name,
        organisation=actor.organisation,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "indication", "object_id": row.id}
    write_line(actor, "indication.recorded", Kind.CREATE, subject, now, **about)
    return row.id


@transaction.atomic
def remind_of_end(actor: Actor, term_id: UUID, now: datetime) -> int:
    """Tell who coordinates (else who leads the nursing) and the family that a decision ends; once. Gives back how many
    were told. Run by the worker. Raises Missing."""
    leave = policy.require(actor, "notice.send", None, now.date())
    row = IndicationTerm.objects.filter(id=term_id).first()
    if row is None:
        raise Missing("no_such_term")
    same = IndicationTerm.objects.filter(**{name: getattr(row, name) for name in SAME_END})
    if Notice.objects.filter(kind=ENDS, object_id__in=same.values("id")).exists():
        return 0
    subject = child_for(actor, row.child_id, now.date()).subject
    told = _told(actor, subject, Ground(row.ground), now.date())
    if told:
        tell(actor, subject, ENDS, told, term_id, now)
        about = {"leave": leave, "object_kind": "indication", "object_id": term_id, "told": len(told)}
        write_line(actor, "indication.reminded", Kind.EXECUTE, subject, now, **about)
    return len(told)


def _told(actor: Actor, subject: Subject, ground: Ground, on: date) -> set[UUID]:
    """The accounts that may read of it, under its law; not those whom a court keeps from seeing."""
    grants = Grant.objects.filter(in_force(on), scope=Scope.CHILD, scope_id=subject.child_id)
    family = set(grants.filter(role__in=FAMILY).values_list("user_id", flat=True))
    wanted = (arranging(actor, subject, on) | family) - kept_from_seeing(actor, subject, on)
    users = User.objects.filter(id__in=wanted, is_active=True)
    return {user.id for user in users if _reads(user, subject.child_id, ground, on)}


def _reads(user: User, child_id: UUID, ground: Ground, on: date) -> bool:
    reader = actor_for(user)
    try:
        subject = child_for(reader, child_id, on).subject
    except (Missing, Refused):
        return False
    return policy.may(reader, "referral.read", subject, on) and policy.may_inspect(
        reader, subject, ground, on
    )
