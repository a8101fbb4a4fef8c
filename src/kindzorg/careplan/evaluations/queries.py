"""What the plan hands over when it ends."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careplan.agreements.queries import last_state
from kindzorg.careplan.agreements.rules import OPEN, AgreementState
from kindzorg.careplan.evaluations import rules
from kindzorg.careplan.evaluations.rules import (
    EvaluationView,
    GoalOutcome,
    OpenAgreement,
    PlanOutcome,
    evaluation_view,
)
from kindzorg.careplan.goals.rules import GoalState, goal_content, same_need, served_need
from kindzorg.careplan.models import (
    AgreementTerms,
    DomainChoice,
    Evaluation,
    GoalStep,
    GoalText,
    StoredOutcome,
)
from kindzorg.careplan.versions.queries import in_force
from kindzorg.careplan.versions.rules import plan_need


def last_evaluation() -> Subquery:
    """The last evaluation of the goal that a row of text is of, as JSON, inside the statement that reads the texts."""
    rows = Evaluation.objects.filter(goal_id=OuterRef("goal_id")).order_by("-created_at", "-id")
    names = ("step", "family_view", "words", "way_on", "next_review_on", "by", "organisation")
    return Subquery(rows.values(json=JSONObject(**{n: F(n) for n in names}, at=F("created_at")))[:1])


def last_goal_state() -> Subquery:
    """The state of the goal that a row of text is of, inside the statement that reads the texts."""
    rows = GoalStep.objects.filter(goal_id=OuterRef("goal_id")).order_by("-created_at", "-id")
    return Subquery(rows.values("state")[:1])


def evaluations_for(actor: Actor, subject: Subject, goal_id: UUID, on: date) -> list[EvaluationView]:
    """All evaluations of a goal, newest first; none of a goal in domains that the actor may not read."""
    policy.require(actor, "plan.read", subject, on)
    text = GoalText.objects.filter(child_id=subject.child_id, goal_id=goal_id).order_by("-version_id").first()
    seen = {str(domain) for domain in policy.may_domains(actor, "plan.read", subject, on)}
    if text is None or not seen & set(text.domains):
        return []
    rows = Evaluation.objects.filter(child_id=subject.child_id, goal_id=goal_id).order_by(
        "-created_at", "-id"
    )
    views = (evaluation_view({**row, "at": row["created_at"]}) for row in rows.values())
    return [view for view in views if view]


def plan_outcome(actor: Actor, subject: Subject, now: datetime) -> PlanOutcome:
    """The outcome as it would be frozen now: for the page that prepares the closing. Stores nothing."""
    policy.require(actor, "plan.read", subject, now.date())
    return outcome_now(actor, subject, now)


def frozen_outcome(actor: Actor, subject: Subject, on: date) -> PlanOutcome | None:
    """The newest outcome that was frozen, if any."""
    policy.require(actor, "plan.read", subject, on)
    row = StoredOutcome.objects.filter(child_id=subject.child_id).order_by("-created_at", "-id").first()
    return rules.outcome_from_data(row.outcome) if row else None


def outcome_now(actor: Actor, subject: Subject, now: datetime) -> PlanOutcome:
    """The outcome of the plan in force, in four statements. The caller has asked leave."""
    version = in_force(actor, subject)
    texts = GoalText.objects.filter(version=version).order_by("goal_id")
    goals = tuple(
        _goal_outcome(actor, row)
        for row in texts.annotate(state=last_goal_state(), evaluation=last_evaluation()).values()
    )
    terms = (
        AgreementTerms.objects.filter(version=version).order_by("agreement_id").annotate(state=last_state())
    )
    needs = tuple(map(plan_need, version.needs)) if version else ()
    choices = {
        served_need(need): why
        for need, why in DomainChoice.objects.filter(version=version).values_list("need", "why")
    }
    whys = {need.need_id: why for need in needs for one, why in choices.items() if same_need(one, need)}
    return PlanOutcome(
        version=version.number if version else None,
        goals=goals,
        open_agreements=tuple(
            OpenAgreement(
                agreement_id=row["agreement_id"],
                what=row["what"],
                who=row["who_name"],
                organisation=row["who_organisation"],
                goal_id=row["goal_id"],
                state=AgreementState(row["state"]),
            )
            for row in terms.values()
            if row["state"] in OPEN
        ),
        open_needs=rules.open_needs(needs, goals, whys),
        frozen_at=now,
        frozen_by=actor.id,
    )


def _goal_outcome(actor: Actor, row: Mapping[str, Any]) -> GoalOutcome:
    content = goal_content(row)
    return GoalOutcome(
        goal_id=row["goal_id"],
        words=content.words,
        domains=content.domains,
        needs=content.needs,
        state=GoalState(row["state"]),
        evaluation=evaluation_view(row["evaluation"]),
    )
