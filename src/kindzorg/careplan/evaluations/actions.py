"""Evaluating a goal, an agreement or the whole plan, and freezing the outcome of the plan."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.agreements.queries import party_of
from kindzorg.careplan.evaluations import queries, rules
from kindzorg.careplan.evaluations.models import SafetyNet
from kindzorg.careplan.evaluations.rules import Evaluated, PlanOutcome, WayOn
from kindzorg.careplan.models import AgreementTerms, Evaluation, GoalText, PlanVersion, StoredOutcome
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
    rules.check_evaluation(given, now.date(), goal=True)
    version = in_force(actor, subject)
    text = GoalText.objects.filter(version=version, goal_id=goal_id, child_id=subject.child_id).first()
    if version is None or text is None:
        raise Missing("goal_not_in_plan", goal_id=goal_id)
    _require_domains(actor, subject, map(LifeDomain, text.domains), now)
    _keep(actor, version, given, now, goal_id=goal_id, step=given.step)
    about = {"leave": leave, "object_kind": "goal", "object_id": goal_id}
    write_line(actor, "goal.evaluated", Kind.CREATE, subject, now, **about)


def _require_domains(actor: Actor, subject: Subject, domains: Iterable[LifeDomain], now: datetime) -> None:
    """Refused unless the actor may evaluate in one of these domains."""
    wanted = list(domains)
    if not policy.may_domains(actor, "plan.evaluate", subject, now.date()) & set(wanted):
        policy.require(actor, "plan.evaluate", subject, now.date(), wanted[0])


def _keep(actor: Actor, version: PlanVersion, given: Evaluated, now: datetime, **part: Any) -> None:
    row = Evaluation.objects.create(
        child_id=version.child_id,
        owner_id=actor.organisation_id or version.owner_id,
        version=version,
        family_view=given.family_view.strip(),
        words=given.words.strip(),
        way_on=given.way_on,
        next_review_on=given.next_review_on,
        by_id=actor.id,
        by=actor.name,
        organisation=actor.organisation,
        created_at=now,
        **part,
    )
    if given.way_on is WayOn.STEP_DOWN and given.net.until:
        SafetyNet.objects.create(
            child_id=row.child_id,
            owner_id=row.owner_id,
            evaluation=row,
            watch=given.net.watch.strip(),
            call=given.net.call.strip(),
            until=given.net.until,
            created_at=now,
        )


@transaction.atomic
def evaluate_agreement(
    actor: Actor, subject: Subject, agreement_id: UUID, given: Evaluated, now: datetime
) -> None:
    """Say whether an agreement of the plan in force works, what the family thinks, and how to go on; at any time.

    Who reads no more than an own part evaluates only what is there. It changes nothing of the agreement itself.
    Raises Missing, Refused, Invalid.
    """
    leave = policy.require(actor, "plan.evaluate", subject, now.date())
    rules.check_evaluation(given, now.date(), goal=False)
    version = in_force(actor, subject)
    rows = AgreementTerms.objects.filter(
        version=version, agreement_id=agreement_id, child_id=subject.child_id
    )
    terms = rows.select_related("agreement", "professional", "relative").first()
    if version is None or terms is None:
        raise Missing("agreement_not_in_plan", agreement_id=agreement_id)
    if not policy.may(actor, "plan.read", subject, now.date()):
        party = party_of(actor, subject, terms.agreement.owner_id, terms)
        if not (party.asked or party.owner):
            raise Missing("agreement_not_in_plan", agreement_id=agreement_id)
    _require_domains(actor, subject, queries.domains_of_terms(actor, version, terms), now)
    _keep(actor, version, given, now, agreement_id=agreement_id, works=given.works)
    about = {"leave": leave, "object_kind": "agreement", "object_id": agreement_id}
    write_line(actor, "agreement.evaluated", Kind.CREATE, subject, now, **about)


@transaction.atomic
def evaluate_plan(actor: Actor, subject: Subject, given: Evaluated, now: datetime) -> None:
    """Say whether the plan in force as a whole works, what the family thinks, and how to go on; at any time.

    Only who reads all of it can. Raises Missing while no plan is in force, Refused, Invalid.
    """
    leave = policy.require(actor, "plan.evaluate", subject, now.date())
    for domain in LifeDomain:
        policy.require(actor, "plan.read", subject, now.date(), domain)
    rules.check_evaluation(given, now.date(), goal=False)
    version = in_force(actor, subject)
    if version is None:
        raise Missing("no_plan_in_force", child_id=subject.child_id)
    _keep(actor, version, given, now, works=given.works)
    about = {"leave": leave, "object_kind": "plan_version", "object_id": version.id}
    write_line(actor, "plan.evaluated", Kind.CREATE, subject, now, **about)


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
