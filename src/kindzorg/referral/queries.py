"""Reading phase 1."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Subquery

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.errors import Missing
from kindzorg.core.vocabulary import Truth
from kindzorg.journey.models import CareJourney
from kindzorg.journey.rules import Phase, Waiting
from kindzorg.journey.waiting import WaitingRows, waiting_rows
from kindzorg.referral import waiting as binding
from kindzorg.referral.decision import ReferralDecision, decision_from_json, from_json
from kindzorg.referral.models import ReferralAssessment, ReferralDissent, ReferralDraft, ReferralOutcome
from kindzorg.referral.rules import Assessment, Facts
from kindzorg.referral.terms import queries as terms


@dataclass(frozen=True, slots=True)
class GivenAssessment:
    """An assessment as it was given, with who and when, the views that differ and the decision, if any."""

    id: UUID
    row: ReferralAssessment
    assessment: Assessment
    dissents: tuple[ReferralDissent, ...]
    outcome: ReferralOutcome | None

    @property
    def decision(self) -> ReferralDecision | None:
        """The hand-over, when there is one."""
        return decision_from_json(self.outcome.decision) if self.outcome else None


def facts_so_far(actor: Actor, subject: Subject, on: date) -> Facts:
    """The answers given so far."""
    policy.require(actor, "referral.read", subject, on)
    row = ReferralDraft.objects.filter(child_id=subject.child_id).values_list("facts", flat=True).first()
    return Facts({key: Truth(value) for key, value in (row or {}).items()})


def assessment_for(
    actor: Actor, subject: Subject, on: date, assessment_id: UUID | None = None
) -> GivenAssessment | None:
    """The newest assessment, or the one named; three statements. Raises Missing for an unknown id."""
    policy.require(actor, "referral.read", subject, on)
    rows = ReferralAssessment.objects.filter(child_id=subject.child_id).order_by("-created_at", "-id")
    row = rows.filter(id=assessment_id).first() if assessment_id else rows.first()
    if row is None:
        if assessment_id:
            raise Missing("assessment_not_found", child_id=subject.child_id)
        return None
    dissents = (
        ReferralDissent.objects.filter(assessment=row).select_related("settlement").order_by("created_at")
    )
    outcome = ReferralOutcome.objects.filter(assessment=row).order_by("-created_at").first()
    return GivenAssessment(row.id, row, from_json(row.outcome), tuple(dissents), outcome)


def every_assessment_for(actor: Actor, subject: Subject, on: date) -> Sequence[GivenAssessment]:
    """All assessments as they were given, newest first. Three statements, however many there are."""
    rows = assessments_for(actor, subject, on)
    views = ReferralDissent.objects.filter(child_id=subject.child_id).select_related("settlement")
    dissents = list(views.order_by("created_at"))
    decided = ReferralOutcome.objects.filter(child_id=subject.child_id).order_by("created_at")
    outcomes = {one.assessment_id: one for one in decided}
    return [
        GivenAssessment(
            row.id,
            row,
            from_json(row.outcome),
            tuple(one for one in dissents if one.assessment_id == row.id),
            outcomes.get(row.id),
        )
        for row in rows
    ]


def assessments_for(actor: Actor, subject: Subject, on: date) -> Sequence[ReferralAssessment]:
    """All assessments of the child, newest first."""
    policy.require(actor, "referral.read", subject, on)
    return list(ReferralAssessment.objects.filter(child_id=subject.child_id).order_by("-created_at", "-id"))


def dissent_for(actor: Actor, subject: Subject, dissent_id: UUID, on: date) -> ReferralDissent:
    """A difference that is not settled yet. Raises Missing."""
    policy.require(actor, "referral.read", subject, on)
    open_ones = ReferralDissent.objects.filter(child_id=subject.child_id, settlement__isnull=True)
    row = open_ones.filter(id=dissent_id).first()
    if row is None:
        raise Missing("dissent_not_found", child_id=subject.child_id)
    return row


def decision_for(actor: Actor, subject: Subject, on: date) -> ReferralDecision | None:
    """The hand-over of phase 1 that holds now: the newest decision."""
    policy.require(actor, "referral.read", subject, on)
    row = ReferralOutcome.objects.filter(child_id=subject.child_id).order_by("-created_at", "-id").first()
    return decision_from_json(row.decision) if row else None


def waiting_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """What waits for this actor in phase 1, binding referrals and decisions that are over: rows, asked of the database
    with those of others."""
    over = terms.waiting_rows_for(actor, children, on)
    return (*binding.waiting_rows_for(actor, children, on), *_to_assess(actor, children, on), *over)


def _to_assess(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """Phase 1 that must begin or be decided, and differences to settle."""
    mine = [one.child.id for one in children if policy.may(actor, "referral.assess", one.subject, on)]
    deciding = [one.child.id for one in children if policy.may(actor, "referral.confirm", one.subject, on)]
    if not mine:
        return ()
    newest = ReferralAssessment.objects.filter(child_id=OuterRef("child_id")).order_by("-created_at")
    open_dissent = ReferralDissent.objects.filter(child_id=OuterRef("child_id"), settlement__isnull=True)
    going = CareJourney.objects.filter(child_id__in=mine, closed_at__isnull=True).annotate(
        assessed_at=Subquery(newest.values("created_at")[:1]),
        dissent_at=Subquery(open_dissent.values("created_at")[:1]),
    )
    first = going.filter(phase=Phase.REFERRAL)
    assessed = first.filter(assessed_at__isnull=False, child_id__in=deciding)
    found = [
        waiting_rows(going.filter(dissent_at__isnull=False), _meant("referral_to_settle"), at="dissent_at"),
        waiting_rows(first.filter(assessed_at__isnull=True), _meant("referral_to_assess"), at="phase_since"),
    ]
    decide = waiting_rows(assessed, _meant("referral_to_confirm"), at="assessed_at")
    return [*found, decide] if deciding else found


def _meant(kind: str) -> Callable[..., Waiting]:
    """What a row of this kind means to who reads it."""
    return lambda child_id, word, at, day, object_id: Waiting(child_id, kind, "referral", at)
