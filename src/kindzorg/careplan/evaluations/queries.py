"""What the plan hands over when it ends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careplan.agreements.queries import last_state
from kindzorg.careplan.agreements.rules import OPEN, AgreementState
from kindzorg.careplan.cover.queries import FORESEEN, next_of
from kindzorg.careplan.evaluations import rules
from kindzorg.careplan.evaluations.rules import (
    EvaluationView,
    GoalOutcome,
    NetView,
    OpenAgreement,
    PlanOutcome,
    evaluation_view,
)
from kindzorg.careplan.goals.queries import unseen_needs
from kindzorg.careplan.goals.rules import GoalState, goal_content, same_need, served_need
from kindzorg.careplan.models import (
    AgreementTerms,
    DomainChoice,
    Evaluation,
    GoalStep,
    GoalText,
    PlanVersion,
    StoredOutcome,
)
from kindzorg.careplan.versions.queries import in_force
from kindzorg.careplan.versions.rules import VersionStatus, plan_need
from kindzorg.careplan.visits.rules import Occurrence
from kindzorg.careplan.weeks import NET, agreement_weeks
from kindzorg.core.encryption import Sealed
from kindzorg.core.plain import day, key, moment
from kindzorg.core.statements import Later
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.referral.terms.queries import terms_seen
from kindzorg.referral.terms.rules import TermView


def last_evaluation() -> Subquery:
    """The last evaluation of the goal that a row of text is of, as JSON, inside the statement that reads the texts."""
    return _last(Evaluation.objects.filter(goal_id=OuterRef("goal_id")))


def last_agreement_evaluation() -> Subquery:
    """The last evaluation of the agreement that a row of terms is of, likewise."""
    return _last(Evaluation.objects.filter(agreement_id=OuterRef("agreement_id")))


def last_plan_evaluation() -> Subquery:
    """The last evaluation of the whole plan that a row of a version is of, likewise."""
    return _last(_whole(Evaluation.objects.filter(version__plan_id=OuterRef("plan_id"))))


def _whole(rows: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
    return rows.filter(goal__isnull=True, agreement__isnull=True)


def _last(rows: QuerySet[Evaluation]) -> Subquery:
    names = ("step", "works", "family_view", "words", "way_on", "next_review_on", "by", "organisation")
    json = JSONObject(**{n: F(n) for n in names}, at=F("created_at"))
    return Subquery(rows.order_by("-created_at", "-id").values(json=json)[:1])


def last_goal_state() -> Subquery:
    """The state of the goal that a row of text is of, inside the statement that reads the texts."""
    rows = GoalStep.objects.filter(goal_id=OuterRef("goal_id")).order_by("-created_at", "-id")
    return Subquery(rows.values("state")[:1])


def evaluations_for(actor: Actor, subject: Subject, goal_id: UUID, on: date) -> list[EvaluationView]:
    """All evaluations of a goal, newest first; none of a goal in domains that the actor may not read.

    One statement.
    """
    policy.require(actor, "plan.read", subject, on)
    texts = GoalText.objects.filter(child_id=subject.child_id, goal_id=OuterRef("goal_id"))
    last = Subquery(texts.order_by("-version_id").values("domains")[:1])
    rows = Evaluation.objects.filter(child_id=subject.child_id, goal_id=goal_id).annotate(domains=last)
    seen = {str(domain) for domain in policy.may_domains(actor, "plan.read", subject, on)}
    found: list[Any] = list(_with_net(rows).order_by("-created_at", "-id").values())
    return _evaluations(row for row in found if seen & set(row["domains"] or ()))


def evaluation_views(actor: Actor, rows: QuerySet[Evaluation]) -> list[tuple[UUID, EvaluationView]]:
    """These evaluations of goals with the goal of each, newest first. One statement; the caller says which are seen."""
    ordered = rows.order_by("-created_at", "-id").values()
    found = ((row["goal_id"], evaluation_view({**row, "at": row["created_at"]})) for row in ordered)
    return [(goal_id, view) for goal_id, view in found if view]


def _views(rows: QuerySet[Evaluation]) -> list[EvaluationView]:
    return _evaluations(rows.order_by("-created_at", "-id").values())


def _evaluations(ordered: Iterable[Mapping[str, Any]]) -> list[EvaluationView]:
    views = ((row, evaluation_view({**row, "at": row["created_at"]})) for row in ordered)
    return [replace(view, net=_net(row)) for row, view in views if view]


def agreement_over_time_for(
    actor: Actor, subject: Subject, agreement_id: UUID, now: datetime
) -> tuple[list[EvaluationView], Sequence[Occurrence], Sequence[TermView]]:
    """All evaluations of an agreement, newest first, its next five visits, and until when the decisions of payers for
    this child hold; one statement.

    Of the evaluations only those of their own for who reads no more than a part. The caller has found the agreement
    among what the actor sees.
    """
    policy.require(actor, "child.open", subject, now.date())
    last = (now + FORESEEN).date()
    week, seen, terms = agreement_weeks(actor, subject.child_id, agreement_id, now.date(), last)
    whole = policy.may(actor, "plan.read", subject, now.date())
    rows = ((row, evaluation_view(row)) for row in seen if whole or key(row["by_id"]) == actor.id)
    until = terms_seen(actor, subject, terms, now.date())
    return (
        [replace(view, net=_net(row)) for row, view in rows if view],
        next_of(actor, subject, week, now),
        until,
    )


def _with_net(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """With the safety net of each that says to step down, and who took the way back."""
    return rows.annotate(**{name: F(column) for name, column in NET.items()})


def _opened(words: Sealed | str | None) -> str:
    """JSON gives the bare token of what stands encrypted."""
    return (words if isinstance(words, Sealed) else Sealed(words)).open() if words else ""


def _net(row: Mapping[str, Any]) -> NetView | None:
    """The net beside an evaluation, from plain values, as such or as JSON gives them."""
    until = day(row.get("net_until"))
    if until is None:
        return None
    back_at = row["net_back_at"]
    return NetView(
        id=UUID(str(row["net_id"])),
        watch=_opened(row["net_watch"]),
        call=_opened(row["net_call"]),
        until=until,
        back_by=row["net_back_by"] or "",
        back_at=moment(back_at) if back_at else None,
        back_words=_opened(row["net_back_words"]),
        proposal_id=key(row["net_proposal_id"]),
    )


def plan_evaluations_for(actor: Actor, subject: Subject, on: date) -> list[EvaluationView]:
    """All evaluations of the plan in force as a whole, newest first; none for who reads only a part of it."""
    for domain in LifeDomain:
        policy.require(actor, "plan.read", subject, on, domain)
    plan_id = Subquery(_in_force(subject).values("plan_id")[:1])
    return _views(_whole(Evaluation.objects.filter(child_id=subject.child_id, version__plan_id=plan_id)))


def every_evaluation_for(
    actor: Actor, subject: Subject, on: date
) -> Mapping[UUID | None, Sequence[EvaluationView]]:
    """All evaluations by goal or agreement, those of the plan as a whole under None; newest first. Two statements.

    As `evaluations_for` and `plan_evaluations_for`; those of an agreement are for who sees the agreement.
    """
    return every_evaluation_later(actor, subject, on).now()


def every_evaluation_later(
    actor: Actor, subject: Subject, on: date
) -> Later[Mapping[UUID | None, Sequence[EvaluationView]]]:
    """The same, not asked for yet."""
    policy.require(actor, "plan.read", subject, on)
    seen = policy.may_domains(actor, "plan.read", subject, on)
    texts = GoalText.objects.filter(child_id=subject.child_id).order_by("version_id")
    rows = Evaluation.objects.filter(child_id=subject.child_id).values()
    return Later((texts.values("goal_id", "domains"), rows), partial(_by_thing, seen))


def _by_thing(
    seen: frozenset[LifeDomain], texts: Iterable[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]]
) -> Mapping[UUID | None, Sequence[EvaluationView]]:
    domains = {row["goal_id"]: row["domains"] for row in texts}
    found: dict[UUID | None, list[EvaluationView]] = {}
    for row in sorted(rows, key=lambda one: (one["created_at"], one["id"]), reverse=True):
        about = row["goal_id"] or row["agreement_id"]
        shown = seen & set(map(LifeDomain, domains[about])) if row["goal_id"] else seen
        whole = about is not None or seen == frozenset(LifeDomain)
        if shown and whole and (view := evaluation_view({**row, "at": row["created_at"]})):
            found.setdefault(about, []).append(view)
    return found


def _in_force(subject: Subject) -> QuerySet[PlanVersion]:
    rows = PlanVersion.objects.filter(child_id=subject.child_id, status=VersionStatus.IN_FORCE)
    return rows.order_by("-plan_id")


def domains_of_terms(actor: Actor, version: PlanVersion, terms: AgreementTerms) -> tuple[LifeDomain, ...]:
    """The life domains of an agreement of this version: those of its goal or need; every one where its why is gone."""
    text = GoalText.objects.filter(version=version, goal_id=terms.goal_id).first() if terms.goal_id else None
    if text:
        return tuple(map(LifeDomain, text.domains))
    key = served_need(terms.need).key if terms.need else ""
    return tuple(need.domain for need in map(plan_need, version.needs) if need.key == key) or tuple(
        LifeDomain
    )


def plan_outcome(actor: Actor, subject: Subject, now: datetime) -> PlanOutcome:
    """The outcome as it would be frozen now: for the page that prepares the closing. Stores nothing."""
    policy.require(actor, "plan.read", subject, now.date())
    return rules.outcome_as_seen(outcome_now(actor, subject, now), unseen_needs(actor, subject, now.date()))


def frozen_outcome(actor: Actor, subject: Subject, on: date) -> PlanOutcome | None:
    """The newest outcome that was frozen, if any."""
    policy.require(actor, "plan.read", subject, on)
    row = StoredOutcome.objects.filter(child_id=subject.child_id).order_by("-created_at", "-id").first()
    if row is None:
        return None
    return rules.outcome_as_seen(rules.outcome_from_data(row.outcome), unseen_needs(actor, subject, on))


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
