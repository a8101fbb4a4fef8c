"""Reading the plan: constant in its size, of what the reader may see. Import everything from here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careplan.adoption.queries import (
    changes_between,
    missing_for,
    signer_to_hear,
    signing_for,
    waiting_for,
)
from kindzorg.careplan.agreements.rules import AgreementState, agreement_content
from kindzorg.careplan.evaluations.queries import (
    agreement_evaluations_for,
    evaluations_for,
    frozen_outcome,
    last_agreement_evaluation,
    last_evaluation,
    last_goal_state,
    last_plan_evaluation,
    plan_evaluations_for,
    plan_outcome,
)
from kindzorg.careplan.evaluations.rules import evaluation_view, moment
from kindzorg.careplan.goals.rules import GoalContent, GoalState, NoGoalContent, goal_content, served_need
from kindzorg.careplan.models import AgreementStep, AgreementTerms, DomainChoice, GoalText, PlanVersion
from kindzorg.careplan.rules import AgreementView, GoalView, NoGoalView, PlanView
from kindzorg.careplan.versions.queries import versions_for
from kindzorg.careplan.versions.rules import (
    SIGNATURE,
    UNDER_WAY,
    VERSION,
    VersionStatus,
    VersionView,
    plan_need,
    signature_view,
    version_view,
)
from kindzorg.core.errors import Missing
from kindzorg.core.vocabulary import LifeDomain

__all__ = [
    "agreement_evaluations_for",
    "changes_between",
    "draft_for",
    "evaluations_for",
    "frozen_outcome",
    "goals_for",
    "missing_for",
    "part_for",
    "plan_evaluations_for",
    "plan_for",
    "plan_outcome",
    "signer_to_hear",
    "signing_for",
    "under_way_for",
    "version_for",
    "versions_for",
    "waiting_for",
]


def plan_for(actor: Actor, subject: Subject, on: date) -> PlanView | None:
    """The plan in force, or None while there is none. Four statements, whatever its size."""
    policy.require(actor, "plan.read", subject, on)
    return _view(actor, subject, on, (VersionStatus.IN_FORCE,))


def goals_for(actor: Actor, subject: Subject, on: date) -> tuple[GoalView, ...]:
    """The goals of the plan in force, without their agreements, for the plan at a glance; empty while there is none.

    One statement.
    """
    policy.require(actor, "plan.read", subject, on)
    seen = policy.may_domains(actor, "plan.read", subject, on)
    versions = PlanVersion.objects.filter(child_id=subject.child_id, status=VersionStatus.IN_FORCE)
    newest = Subquery(versions.order_by("-plan_id").values("id")[:1])
    rows = GoalText.objects.filter(child_id=subject.child_id, version_id=newest).order_by("goal_id")
    texts = rows.annotate(state=last_goal_state(), evaluation=last_evaluation()).values()
    return tuple(_goal_view(one, ()) for one in texts if seen & set(map(LifeDomain, one["domains"])))


def draft_for(actor: Actor, subject: Subject, on: date) -> PlanView | None:
    """The draft, for who may write in it, or None. Four statements."""
    policy.require(actor, "plan.draft", subject, on)
    return _view(actor, subject, on, (VersionStatus.DRAFT,))


def under_way_for(actor: Actor, subject: Subject, on: date) -> PlanView | None:
    """The version that is offered, agreed or approved but not in force yet, or None. Four statements."""
    policy.require(actor, "plan.read", subject, on)
    return _view(actor, subject, on, UNDER_WAY[1:])


def version_for(actor: Actor, subject: Subject, number: int, on: date) -> PlanView:
    """A version of the newest plan by its number. Raises Missing, also for a draft that one may not see.

    Goals and agreements carry their state and evaluation of now, not of then; so does the plan as a whole.
    """
    policy.require(actor, "plan.read", subject, on)
    view = _view(actor, subject, on, tuple(VersionStatus), number)
    hidden = view and view.version.status == VersionStatus.DRAFT
    if view is None or (hidden and not policy.may(actor, "plan.draft", subject, on)):
        raise Missing("no_such_version", number=number)
    return view


def part_for(actor: Actor, subject: Subject, on: date) -> PlanView | None:
    """Of the plan in force only the reader's own agreements, and the words of the goals that they serve.

    None while there is no plan in force, or nothing in it is the reader's.
    """
    policy.require(actor, "plan.read_part", subject, on)
    view = _view(actor, subject, on, (VersionStatus.IN_FORCE,), permission="plan.read_part")
    if view is None:
        return None
    own = [(goal, tuple(one for one in goal.agreements if one.asked or one.owned)) for goal in view.goals]
    goals = tuple(_without_detail(goal, agreements) for goal, agreements in own if agreements)
    loose = tuple(replace(one, evaluation=None) for one in view.loose if one.asked or one.owned)
    if not goals and not loose:
        return None
    version = replace(view.version, signatures=())
    return PlanView(
        version=version,
        based_on=view.based_on,
        goals=goals,
        loose=loose,
        no_goals=(),
        needs=(),
        under_way=None,
        restricted=True,
    )


def _without_detail(goal: GoalView, agreements: tuple[AgreementView, ...]) -> GoalView:
    said = goal.content
    content = GoalContent(words=said.words, domains=said.domains, whose=said.whose, kind=said.kind)
    own = tuple(replace(one, evaluation=None) for one in agreements)
    return replace(goal, content=content, agreements=own, evaluation=None)


def _view(
    actor: Actor,
    subject: Subject,
    on: date,
    wanted: Sequence[VersionStatus],
    number: int | None = None,
    permission: str = "",
) -> PlanView | None:
    rows = _versions(subject, number)
    chosen = next((row for row in rows if row["status"] in wanted and number in (None, row["number"])), None)
    if chosen is None:
        return None
    sees_draft = policy.may(actor, "plan.draft", subject, on)
    beside = [row for row in rows if row["status"] in UNDER_WAY and row is not chosen]
    shown = [row for row in beside if sees_draft or row["status"] != VersionStatus.DRAFT]
    needed = permission or ("plan.draft" if chosen["status"] == VersionStatus.DRAFT else "plan.read")
    seen = policy.may_domains(actor, needed, subject, on)
    return _assembled(actor, chosen, shown[0] if shown else None, seen)


def _versions(subject: Subject, number: int | None) -> list[dict[str, Any]]:
    """The version in force and the one under way (or all, when one is asked by number) with what was signed, in
    one statement; the newest plan first."""
    rows = PlanVersion.objects.filter(child_id=subject.child_id)
    if number is None:
        rows = rows.filter(status__in=[VersionStatus.IN_FORCE, *UNDER_WAY])
    else:
        rows = rows.filter(number=number) | rows.filter(status__in=UNDER_WAY)
    signed = [f"signatures__{name}" for name in SIGNATURE]
    found: dict[UUID, dict[str, Any]] = {}
    ordered = rows.order_by("-plan_id", "-number", "signatures__created_at", "signatures__id")
    named = {"based": F("based_on__number"), "evaluation": last_plan_evaluation()}
    for row in ordered.values("by", "needs", *VERSION, *signed, **named):
        version = found.setdefault(row["id"], {**row, "signed": ()})
        if row["signatures__party"]:
            version["signed"] = (*version["signed"], signature_view(row, "signatures__"))
    return list(found.values())


def _assembled(
    actor: Actor, row: Mapping[str, Any], beside: Mapping[str, Any] | None, seen: frozenset[LifeDomain]
) -> PlanView:
    texts = [one for one in _texts(row["id"]) if seen & set(map(LifeDomain, one["domains"]))]
    shown = {one["goal_id"] for one in texts}
    needs = tuple(need for need in map(plan_need, row["needs"]) if need.domain in seen)
    topics = {need.key for need in needs}
    agreements = [
        (one, _agreement_view(actor, one)) for one in _terms(row["id"]) if _may_see(one, shown, topics, seen)
    ]
    return PlanView(
        version=_version(row),
        based_on=row["based"],
        goals=tuple(
            _goal_view(one, tuple(view for terms, view in agreements if terms["goal_id"] == one["goal_id"]))
            for one in texts
        ),
        loose=tuple(view for terms, view in agreements if terms["goal_id"] not in shown),
        no_goals=tuple(_no_goals(row["id"], seen)),
        needs=needs,
        under_way=_version(beside) if beside else None,
        restricted=seen != frozenset(LifeDomain),
        evaluation=evaluation_view(row["evaluation"]) if seen == frozenset(LifeDomain) else None,
    )


def _version(row: Mapping[str, Any]) -> VersionView:
    return version_view(row, row["signed"])


def _texts(version_id: UUID) -> list[Mapping[str, Any]]:
    rows = GoalText.objects.filter(version_id=version_id).order_by("goal_id")
    return list(rows.annotate(state=last_goal_state(), evaluation=last_evaluation()).values())


def _goal_view(row: Mapping[str, Any], agreements: tuple[AgreementView, ...]) -> GoalView:
    return GoalView(
        id=row["goal_id"],
        content=goal_content(row),
        state=GoalState(row["state"]),
        evaluation=evaluation_view(row["evaluation"]),
        agreements=agreements,
        revision=row["revision"],
        changed_by=row["changed_by"],
        changed_at=row["changed_at"],
    )


def _terms(version_id: UUID) -> list[Mapping[str, Any]]:
    steps = AgreementStep.objects.filter(agreement_id=OuterRef("agreement_id")).order_by("-created_at", "-id")
    last = steps.values(json=JSONObject(state="state", reason="reason", by="by", at=F("created_at")))[:1]
    rows = AgreementTerms.objects.filter(version_id=version_id).order_by("agreement_id")
    people = {
        "professional_user": F("professional__user_id"),
        "relative_user": F("relative__user_id"),
        "child_user": F("child__user_id"),
        "made_at": F("agreement__created_at"),
        "made_by_id": F("agreement__owner_id"),
        "made_by": F("agreement__owner__name"),
        "evaluation": last_agreement_evaluation(),
    }
    return list(rows.annotate(last=Subquery(last), **people).values())


def _may_see(
    terms: Mapping[str, Any], goals: set[UUID], needs: set[str], seen: frozenset[LifeDomain]
) -> bool:
    """An agreement is of the domains of its why; one whose why is gone is seen by who may see every domain."""
    if terms["goal_id"] in goals or seen == frozenset(LifeDomain):
        return True
    return terms["goal_id"] is None and bool(terms["need"]) and served_need(terms["need"]).key in needs


def _agreement_view(actor: Actor, row: Mapping[str, Any]) -> AgreementView:
    last = row["last"] or {}
    people = [row["professional_user"], row["relative_user"]]
    people += [row["child_user"]] if row["who_kind"] == "child" else []
    house = actor.organisation_id
    return AgreementView(
        id=row["agreement_id"],
        content=agreement_content(row),
        made_at=row["made_at"],
        owner=row["made_by"],
        state=AgreementState(last.get("state", AgreementState.PROPOSED)),
        since=moment(last["at"]) if last else None,
        reason=last.get("reason", ""),
        by=last.get("by", ""),
        asked=actor.id in people or (house is not None and house == row["organisation_id"]),
        owned=house is not None and house == row["made_by_id"],
        revision=row["revision"],
        changed_by=row["changed_by"],
        changed_at=row["changed_at"],
        evaluation=evaluation_view(row["evaluation"]),
    )


def _no_goals(version_id: UUID, seen: frozenset[LifeDomain]) -> Sequence[NoGoalView]:
    rows = DomainChoice.objects.filter(version_id=version_id, domain__in=[str(domain) for domain in seen])
    return [
        NoGoalView(
            content=NoGoalContent(
                need=served_need(row["need"]), domain=LifeDomain(row["domain"]), why=row["why"]
            ),
            revision=row["revision"],
            changed_by=row["changed_by"],
            changed_at=row["changed_at"],
        )
        for row in rows.order_by("id").values()
    ]
