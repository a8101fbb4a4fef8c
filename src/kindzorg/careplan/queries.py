"""Reading the plan: constant in its size, of what the reader may see. Import everything from here."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careplan.adoption.queries import (
    changes_in,
    signer_to_hear,
    signing_for,
)
from kindzorg.careplan.agreements.rules import AgreementState, agreement_content, ground_of
from kindzorg.careplan.carrying.queries import settling_for
from kindzorg.careplan.evaluations.queries import (
    agreement_over_time_for,
    evaluations_for,
    every_evaluation_for,
    frozen_outcome,
    plan_evaluations_for,
    plan_outcome,
)
from kindzorg.careplan.evaluations.rules import evaluation_view
from kindzorg.careplan.goals.queries import unseen_needs, unseen_with
from kindzorg.careplan.goals.rules import (
    GoalContent,
    GoalState,
    NoGoalContent,
    goal_content,
    need_as_seen,
    served_need,
)
from kindzorg.careplan.models import AgreementTerms, GoalText
from kindzorg.careplan.proposals.queries import drafted_for, proposal_for, proposals_for
from kindzorg.careplan.reading import (
    DRAFT,
    Rows,
    chosen_of,
    every_rows_of,
    rows_of,
    shown_of,
    what_ifs_of,
)
from kindzorg.careplan.rules import (
    AgreementView,
    CheckedDraft,
    GoalView,
    LeftOut,
    NoGoalView,
    PlanItem,
    PlanView,
    lacks_of,
)
from kindzorg.careplan.versions.queries import versions_for
from kindzorg.careplan.versions.rules import (
    UNDER_WAY,
    PlanNeed,
    VersionStatus,
    VersionView,
    family_differs,
    plan_need,
    version_seen,
    version_view,
)
from kindzorg.core.errors import Missing
from kindzorg.core.plain import key, moment
from kindzorg.core.statements import Later
from kindzorg.core.vocabulary import LifeDomain

__all__ = [
    "agreement_over_time_for",
    "changes_in",
    "checked_draft_for",
    "differing_version",
    "draft_for",
    "drafted_for",
    "evaluations_for",
    "every_evaluation_for",
    "every_version_for",
    "frozen_outcome",
    "items_seen",
    "part_for",
    "plan_evaluations_for",
    "plan_for",
    "plan_outcome",
    "proposal_for",
    "proposals_for",
    "settling_for",
    "shared_need",
    "shown_plan_for",
    "signed_version_for",
    "signer_to_hear",
    "signing_for",
    "version_for",
    "versions_for",
    "what_if_for",
]

IN_FORCE = (VersionStatus.IN_FORCE,)


def plan_for(actor: Actor, subject: Subject, on: date) -> PlanView | None:
    """The plan in force, or None while there is none. Three statements, whatever its size."""
    policy.require(actor, "plan.read", subject, on)
    return _view(actor, subject, on, IN_FORCE)


def what_if_for(actor: Actor, subject: Subject, on: date) -> PlanView | None:
    """The plan in force, of which only the agreements for when something happens, all as `loose`. Two statements."""
    policy.require(actor, "plan.read", subject, on)
    rows = what_ifs_of(actor, subject, on, [IN_FORCE])
    return _read(actor, subject, on, rows) if rows else None


def shown_plan_for(actor: Actor, subject: Subject, on: date) -> PlanView | None:
    """The plan in force, else the version that is offered, agreed or approved. Three statements."""
    policy.require(actor, "plan.read", subject, on)
    return _view(actor, subject, on, IN_FORCE, UNDER_WAY[1:])


def draft_for(actor: Actor, subject: Subject, on: date) -> PlanView | None:
    """The draft, for who may write in it, or None. Three statements."""
    policy.require(actor, "plan.draft", subject, on)
    return _view(actor, subject, on, DRAFT)


def shared_need(actor: Actor, subject: Subject, need: PlanNeed, on: date) -> PlanNeed | None:
    """What everybody of the family may read of a need, on either side; None where that is nothing. One statement."""
    policy.require(actor, "plan.draft", subject, on)
    return need_as_seen(need, unseen_needs(actor, subject, on, anybody=True))


def checked_draft_for(actor: Actor, subject: Subject, on: date) -> CheckedDraft | None:
    """The draft with who must agree to it, and what it lacks before it can be offered: also in domains of which the
    actor reads nothing, but not of a need that is not there for the actor. Four statements."""
    policy.require(actor, "plan.draft", subject, on)
    rows = rows_of(actor, subject, on, [DRAFT], drafted=True)
    if rows is None:
        return None
    whole = _assembled(actor, rows, frozenset(LifeDomain))
    signing = signing_for(actor, subject, whole.version, on)
    seen = policy.may_domains(actor, "plan.draft", subject, on)
    return CheckedDraft(
        plan=_assembled(actor, rows, seen),
        signing=signing,
        lacks=lacks_of(whole, signing, on, unsettled=bool(rows.version["unsettled"])),
        left_out=tuple(_left_out(actor, rows.version["left_out"], seen)),
    )


def _left_out(
    actor: Actor, rows: Iterable[Mapping[str, Any]], seen: frozenset[LifeDomain]
) -> Iterable[LeftOut]:
    """What was left out of a draft, of what stands in these domains."""
    for row in rows:
        domains = shown_of(actor, {**row, "domain": "", "by_id": None}).domains
        if not (seen.intersection(domains) or seen == frozenset(LifeDomain)):
            continue
        item = PlanItem.GOAL if row["goal_id"] else PlanItem.AGREEMENT
        title = row["text"]["words"] if row["goal_id"] else row["terms"]["what"]
        instead, about = key(row["instead"]), key(row["goal_id"]) or key(row["agreement_id"])
        if about:
            yield LeftOut(item=item, id=about, title=title, reason=row["reason"], replaced_by=instead)


def version_for(actor: Actor, subject: Subject, number: int, on: date) -> PlanView:
    """A version of the newest plan by its number. Raises Missing, also for a draft that one may not see.

    Goals and agreements carry their state and evaluation of now, not of then; so does the plan as a whole.
    """
    policy.require(actor, "plan.read", subject, on)
    rows = rows_of(actor, subject, on, [tuple(VersionStatus)], number)
    if rows is None:
        raise Missing("no_such_version", number=number)
    return _read(actor, subject, on, rows)


def every_version_for(actor: Actor, subject: Subject, on: date) -> Sequence[PlanView]:
    """Every version of every plan of the child, newest first, as `version_for` shows each. Four statements."""
    return every_version_later(actor, subject, on).now()


def every_version_later(actor: Actor, subject: Subject, on: date) -> Later[Sequence[PlanView]]:
    """The same, not asked for yet."""
    policy.require(actor, "plan.read", subject, on)
    whole = every_rows_of(actor, subject, on)
    return Later(whole.rows, lambda *rows: [_read(actor, subject, on, one) for one in whole.read(*rows)])


def signed_version_for(actor: Actor, subject: Subject, number: int, on: date) -> VersionView:
    """The same version with what was signed, but without what stands in it. One statement."""
    policy.require(actor, "plan.read", subject, on)
    row, _ = chosen_of(actor, subject, on, [tuple(VersionStatus)], number)
    if row is None:
        raise Missing("no_such_version", number=number)
    return _version(actor, row, policy.may_domains(actor, "plan.read", subject, on))


def differing_version(actor: Actor, subject: Subject, on: date) -> VersionView | None:
    """The version that waits because of the family one said yes and another no, if there is one. One statement."""
    policy.require(actor, "plan.read", subject, on)
    row, _ = chosen_of(actor, subject, on, [UNDER_WAY[1:]], None)
    if row is None or not family_differs(row["signed"]):
        return None
    return _version(actor, row, policy.may_domains(actor, "plan.read", subject, on))


def part_for(actor: Actor, subject: Subject, on: date) -> PlanView | None:
    """Of the plan in force only the reader's own agreements, and the words of the goals that they serve.

    None while there is no plan in force, or nothing in it is the reader's.
    """
    policy.require(actor, "plan.read_part", subject, on)
    rows = rows_of(actor, subject, on, [IN_FORCE])
    if rows is None:
        return None
    seen = policy.may_domains(actor, "plan.read_part", subject, on)
    view = _assembled(actor, rows, seen)
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


def items_seen(actor: Actor, subject: Subject, ids: Collection[UUID], on: date) -> frozenset[UUID]:
    """Of these goals and agreements those in domains that are open to the reader, in whatever version. Two statements.

    An agreement without a goal is left out for who does not see all: which need it was for changes with the scan.
    """
    seen = policy.may_domains(actor, "plan.read", subject, on)
    terms = AgreementTerms.objects.filter(child_id=subject.child_id, agreement_id__in=ids)
    goals = dict.fromkeys(ids, None) | dict(terms.values_list("agreement_id", "goal_id"))
    texts = GoalText.objects.filter(
        child_id=subject.child_id, goal_id__in={goal or one for one, goal in goals.items()}
    )
    shown = {goal for goal, domains in texts.values_list("goal_id", "domains") if seen & set(domains)}
    return frozenset(one for one, goal in goals.items() if (goal or one) in shown)


def _without_detail(goal: GoalView, agreements: tuple[AgreementView, ...]) -> GoalView:
    said = goal.content
    content = GoalContent(words=said.words, domains=said.domains, whose=said.whose, kind=said.kind)
    own = tuple(replace(one, evaluation=None) for one in agreements)
    return replace(goal, content=content, agreements=own, evaluation=None)


def _view(actor: Actor, subject: Subject, on: date, *wanted: Sequence[VersionStatus]) -> PlanView | None:
    rows = rows_of(actor, subject, on, wanted)
    return _read(actor, subject, on, rows) if rows else None


def _read(actor: Actor, subject: Subject, on: date, rows: Rows) -> PlanView:
    """What was read, as this reader may see it: who writes a draft sees all that it answers to."""
    view = _assembled(actor, rows, _seen(actor, subject, on, rows.version))
    if policy.role_for(actor, subject, on) not in (Role.CHILD, Role.YOUNG_PERSON):
        return view
    view = _inspected(actor, subject, on, view)
    return view if view.version.status is VersionStatus.DRAFT else view.as_child_reads


def _inspected(actor: Actor, subject: Subject, on: date, view: PlanView) -> PlanView:
    """Without the agreements whose legal ground keeps them from a child of this age (`access/grounds.csv`)."""

    def shown(rows: Iterable[AgreementView]) -> tuple[AgreementView, ...]:
        grounds = ((one, ground_of(one.content.law)) for one in rows)
        return tuple(one for one, ground in grounds if policy.may_inspect(actor, subject, ground, on))

    goals = tuple(replace(goal, agreements=shown(goal.agreements)) for goal in view.goals)
    return replace(view, goals=goals, loose=shown(view.loose))


def _seen(actor: Actor, subject: Subject, on: date, version: Mapping[str, Any]) -> frozenset[LifeDomain]:
    permission = "plan.draft" if version["status"] == VersionStatus.DRAFT else "plan.read"
    return policy.may_domains(actor, permission, subject, on)


def _assembled(actor: Actor, rows: Rows, seen: frozenset[LifeDomain]) -> PlanView:
    """Of what was read what stands in these domains, without the words of answers that are kept from the reader."""
    texts = [one for one in rows.texts if seen & set(map(LifeDomain, one["domains"]))]
    shown = {one["goal_id"] for one in texts}
    open_too = {key for key, domains in rows.unread.items() if seen & set(map(LifeDomain, domains))}
    needs = tuple(need for need in map(plan_need, rows.version["needs"]) if need.domain in seen)
    topics = {need.key for need in needs}
    loose: list[AgreementView] = []
    serving: dict[UUID, list[AgreementView]] = {key: [] for key in shown}
    for terms in rows.terms:
        if _may_see(terms, shown | open_too, topics, seen):
            serving.get(terms["goal_id"], loose).append(_agreement_view(actor, terms))
    whole = PlanView(
        version=_version(actor, rows.version, seen),
        based_on=rows.version["based"],
        goals=tuple(_goal_view(one, tuple(serving[one["goal_id"]])) for one in texts),
        loose=tuple(loose),
        no_goals=tuple(_no_goal_view(one) for one in rows.choices if LifeDomain(one["domain"]) in seen),
        needs=needs,
        under_way=_version(actor, rows.beside, seen) if rows.beside else None,
        restricted=seen != frozenset(LifeDomain),
        evaluation=evaluation_view(rows.version["evaluation"]) if seen == frozenset(LifeDomain) else None,
    )
    return whole.as_seen(unseen_with(actor, rows.version.get("kept")))


def _version(actor: Actor, row: Mapping[str, Any], seen: frozenset[LifeDomain]) -> VersionView:
    return version_seen(version_view(row, row["signed"]), seen, actor.id)


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
        stepped=bool(last) and key(last["by_id"]) == actor.id,
        revision=row["revision"],
        changed_by=row["changed_by"],
        changed_at=row["changed_at"],
        evaluation=evaluation_view(row["evaluation"]),
    )


def _no_goal_view(row: Mapping[str, Any]) -> NoGoalView:
    content = NoGoalContent(need=served_need(row["need"]), domain=LifeDomain(row["domain"]), why=row["why"])
    return NoGoalView(
        content=content,
        revision=row["revision"],
        changed_by=row["changed_by"],
        changed_at=moment(row["changed_at"]),
    )
