"""Evaluating a goal, and freezing the outcome of the plan."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.evaluations import queries, rules
from kindzorg.careplan.evaluations.rules import Evaluated, PlanOutcome
from kindzorg.careplan.models import Evaluation, GoalText, StoredOutcome
from kindzorg.careplan.versions.queries import in_force
from kindzorg.core.errors import Missing
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.models import CareJourney


@transaction.atomic
def evaluate_goal(actor: Actor, subject: Subject, goal_id: UUID, given: Evaluated, now: datetime) -> None:
    """Say how far a goal of the plan in force is, what the family thinks, and how to go on; at any time.

    It changes neither the goal nor its life: "change" or "stop" asks for a draft. Raises Missing, Invalid.
    """
    leave = policy.require(actor, "plan.evaluate", subject, now.date())
    rules.check_evaluation(given, now.date())
    version = in_force(actor, subject)
    text = GoalText.objects.filter(version=version, goal_id=goal_id, child_id=subject.child_id).first()
    if version is None or text is None:
        raise Missing("goal_not_in_plan", goal_id=goal_id)
    if not policy.may_domains(actor, "plan.evaluate", subject, now.date()) & set(
        map(LifeDomain, text.domains)
    ):
        policy.require(actor, "plan.evaluate", subject, now.date(), LifeDomain(text.domains[0]))
    Evaluation.objects.create(
        child_id=version.child_id,
        owner_id=actor.organisation_id or version.owner_id,
        goal_id=goal_id,
        version=version,
        step=given.step,
        family_view=given.family_view.strip(),
        words=given.words.strip(),
        way_on=given.way_on,
        next_review_on=given.next_review_on,
        by_id=actor.id,
        by=actor.name,
        organisation=actor.organisation,
        created_at=now,
    )
    write_line(
        actor, "goal.evaluated", Kind.CREATE, subject, now, leave=leave, object_kind="goal", object_id=goal_id
    )


@transaction.atomic
def freeze_outcome(actor: Actor, subject: Subject, now: datetime) -> PlanOutcome:
    """Keep the outcome of the plan as it stands now, as one immutable row of the newest journey.

    For the closing of a journey; a plan in force stays as it is. Raises Missing without a journey.
    """
    leave = policy.require(actor, "journey.step", subject, now.date())
    journey = CareJourney.objects.filter(child_id=subject.child_id).order_by("-opened_at").first()
    if journey is None:
        raise Missing("no_open_journey", child_id=subject.child_id)
    outcome = queries.outcome_now(actor, subject, now)
    version = in_force(actor, subject)
    row = StoredOutcome.objects.create(
        child_id=subject.child_id,
        owner_id=journey.owner_id,
        journey=journey,
        version=version,
        outcome=rules.outcome_as_data(outcome),
        by_id=actor.id,
        by=actor.name,
        organisation=actor.organisation,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "plan_outcome", "object_id": row.id}
    write_line(actor, "plan.outcome_frozen", Kind.CREATE, subject, now, **about)
    return outcome
