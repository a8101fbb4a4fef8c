"""Phase 1: answering, assessing, differing, settling and deciding."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.core.errors import Invalid, Missing
from kindzorg.core.vocabulary import Truth
from kindzorg.journey.actions import take_step
from kindzorg.journey.models import CareJourney
from kindzorg.journey.rules import Phase
from kindzorg.referral.decision import (
    NURSING,
    Decider,
    ReferralDecision,
    decide,
    decision_to_json,
    from_json,
    to_json,
)
from kindzorg.referral.models import (
    DissentSettlement,
    ReferralAssessment,
    ReferralDissent,
    ReferralDraft,
    ReferralOutcome,
)
from kindzorg.referral.rules import Facts, assess


def _owner(actor: Actor, subject: Subject) -> UUID:
    """The item belongs to the organisation that acts; without one to the controller of the journey."""
    if actor.organisation_id:
        return actor.organisation_id
    journey = CareJourney.objects.filter(child_id=subject.child_id).order_by("-opened_at").first()
    if journey is None:
        raise Missing("no_open_journey", child_id=subject.child_id)
    return journey.owner_id


@transaction.atomic
def answer_facts(actor: Actor, subject: Subject, answers: dict[str, Truth], now: datetime) -> Facts:
    """Save answers, each as it is given. Raises Invalid for a fact or an answer that does not exist."""
    leave = policy.require(actor, "referral.assess", subject, now.date())
    draft = ReferralDraft.objects.select_for_update().filter(child_id=subject.child_id).first()
    facts = Facts({**(draft.facts if draft else {}), **answers})
    stored = {key: str(value) for key, value in facts.answers.items()}
    if draft:
        draft.facts, draft.changed_at = stored, now
        draft.save(update_fields=["facts", "changed_at"])
    else:
        ReferralDraft.objects.create(
            child_id=subject.child_id,
            owner_id=_owner(actor, subject),
            facts=stored,
            changed_at=now,
            created_at=now,
        )
    about = {"leave": leave, "object_kind": "referral", "facts": ", ".join(answers)}
    write_line(actor, "referral.answered", Kind.UPDATE, subject, now, **about)
    return facts


@transaction.atomic
def assess_child(actor: Actor, subject: Subject, now: datetime) -> ReferralAssessment:
    """Keep what the rules of today say of the answers so far. Raises Invalid without a date of birth."""
    leave = policy.require(actor, "referral.assess", subject, now.date())
    if subject.birth_date is None:
        raise Invalid("birth_date_needed", fields=("birth_date",))
    draft = ReferralDraft.objects.filter(child_id=subject.child_id).first()
    facts = Facts({key: Truth(value) for key, value in (draft.facts if draft else {}).items()})
    found = assess(facts, subject.birth_date, now.date())
    row = ReferralAssessment.objects.create(
        child_id=subject.child_id,
        owner_id=_owner(actor, subject),
        rule_version=found.rule_version,
        on=found.on,
        outcome=to_json(found),
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "assessment", "object_id": row.id}
    write_line(actor, "referral.assessed", Kind.CREATE, subject, now, **about)
    return row


def _assessment(subject: Subject, assessment_id: UUID) -> ReferralAssessment:
    row = ReferralAssessment.objects.filter(child_id=subject.child_id, id=assessment_id).first()
    if row is None:
        raise Missing("assessment_not_found", child_id=subject.child_id)
    return row


@transaction.atomic
def record_dissent(
    actor: Actor, subject: Subject, assessment_id: UUID, view: tuple[Collection[str], str], now: datetime
) -> ReferralDissent:
    """A second professional sees it differently: the entries that he would keep, and the reason.

    Raises Invalid without a reason: without it nobody can settle.
    """
    leave = policy.require(actor, "referral.dissent", subject, now.date())
    entries, reason = view
    if not reason.strip():
        raise Invalid("reason_needed", fields=("reason",))
    row = ReferralDissent.objects.create(
        child_id=subject.child_id,
        owner_id=_owner(actor, subject),
        assessment=_assessment(subject, assessment_id),
        view=sorted(entries),
        reason=reason.strip(),
        by_id=actor.id,
        by=actor.name,
        organisation=actor.organisation,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "dissent", "object_id": row.id}
    write_line(actor, "referral.differed", Kind.CREATE, subject, now, **about)
    return row


@transaction.atomic
def settle_dissent(
    actor: Actor, subject: Subject, dissent_id: UUID, outcome: str, now: datetime
) -> DissentSettlement:
    """Professionals settled the difference. Raises Missing when it is not open, Invalid without an outcome."""
    leave = policy.require(actor, "referral.dissent", subject, now.date())
    dissent = ReferralDissent.objects.filter(
        child_id=subject.child_id, id=dissent_id, settlement__isnull=True
    ).first()
    if dissent is None:
        raise Missing("dissent_not_found", child_id=subject.child_id)
    if not outcome.strip():
        raise Invalid("outcome_needed", fields=("outcome",))
    row = DissentSettlement.objects.create(
        child_id=subject.child_id,
        owner_id=_owner(actor, subject),
        dissent=dissent,
        outcome=outcome.strip(),
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "dissent", "object_id": dissent.id}
    write_line(actor, "referral.settled", Kind.CREATE, subject, now, **about)
    return row


@transaction.atomic
def decide_referral(
    actor: Actor, subject: Subject, assessment_id: UUID, kept: tuple[Collection[str], str], now: datetime
) -> ReferralDecision:
    """The hand-over of phase 1: the entries kept and a note. In phase 1 the journey goes on to the needs scan.

    Raises Invalid as `referral.decision.decide`; only a paediatric nurse of level 5 or a nurse specialist
    confirms nursing under the Zvw (condition of quality 9).
    """
    leave = policy.require(actor, "referral.assess", subject, now.date())
    entries, note = kept
    if NURSING in entries:
        policy.require(actor, "referral.confirm", subject, now.date())
    row = _assessment(subject, assessment_id)
    by = Decider(str(actor.id), actor.qualification)
    decision = decide(from_json(row.outcome), str(row.id), entries, by, now.date(), note.strip())
    stored = ReferralOutcome.objects.create(
        child_id=subject.child_id,
        owner_id=_owner(actor, subject),
        assessment=row,
        decision=decision_to_json(decision),
        by_id=actor.id,
        by=actor.name,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "outcome", "object_id": stored.id}
    write_line(actor, "referral.decided", Kind.CREATE, subject, now, **about)
    journey = CareJourney.objects.filter(child_id=subject.child_id, closed_at__isnull=True).first()
    if journey and journey.phase == Phase.REFERRAL:
        take_step(actor, subject, Phase.NEEDS, now)
    return decision
