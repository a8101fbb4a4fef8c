"""Writing goals in the draft, choosing no goal, and the life of a goal."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.goals import rules
from kindzorg.careplan.goals.queries import unseen_needs
from kindzorg.careplan.goals.rules import GoalContent, GoalState, ServedNeed
from kindzorg.careplan.models import (
    AgreementTerms,
    DomainChoice,
    Goal,
    GoalStep,
    GoalText,
    PlanVersion,
    Removal,
)
from kindzorg.careplan.versions import actions as versions
from kindzorg.careplan.versions.queries import in_force, locked_draft
from kindzorg.careplan.versions.rules import PlanNeed, plan_need
from kindzorg.core.errors import Conflict, Invalid, Missing
from kindzorg.core.vocabulary import LifeDomain


@transaction.atomic
def add_goal(actor: Actor, subject: Subject, content: GoalContent, now: datetime) -> UUID:
    """A new goal in the draft; gives back its identity. Raises Missing without a draft, Invalid."""
    leave = policy.require(actor, "plan.draft", subject, now.date())
    _require_domains(actor, subject, content.domains, now.date())
    rules.check_goal(content)
    draft = locked_draft(actor, subject)
    whole = rules.followed(content.needs, map(plan_need, draft.needs))
    (goal_id,) = _add(actor, draft, [replace(content, needs=whole)], now)
    write_line(
        actor, "goal.added", Kind.CREATE, subject, now, leave=leave, object_kind="goal", object_id=goal_id
    )
    return goal_id


def _require_domains(actor: Actor, subject: Subject, domains: Iterable[LifeDomain], on: date) -> None:
    for domain in domains:
        policy.require(actor, "plan.draft", subject, on, domain)


def _add(actor: Actor, draft: PlanVersion, contents: Sequence[GoalContent], now: datetime) -> list[UUID]:
    """Identity, text and first step of each: three statements, however many."""
    of_child = {"child_id": draft.child_id, "owner_id": draft.owner_id, "created_at": now}
    goals = Goal.objects.bulk_create([Goal(plan_id=draft.plan_id, **of_child) for _ in contents])
    given = {"version": draft, "changed_by": actor.name, "changed_at": now, **of_child}
    GoalText.objects.bulk_create(
        [
            GoalText(goal=goal, **given, **rules.goal_values(content))
            for goal, content in zip(goals, contents, strict=True)
        ]
    )
    GoalStep.objects.bulk_create([_step(actor, goal.id, draft, GoalState.PROPOSED, now) for goal in goals])
    return [goal.id for goal in goals]


def _step(
    actor: Actor, goal_id: UUID, version: PlanVersion, state: GoalState, now: datetime, reason: str = ""
) -> GoalStep:
    return GoalStep(
        child_id=version.child_id,
        owner_id=version.owner_id,
        goal_id=goal_id,
        version=version,
        state=state,
        reason=reason,
        by_id=actor.id,
        by=actor.name,
        organisation=actor.organisation,
        created_at=now,
    )


@transaction.atomic
def change_goal(
    actor: Actor, subject: Subject, goal_id: UUID, content: GoalContent, revision: int, now: datetime
) -> int:
    """Reword a goal in the draft; gives back the new revision.

    Raises Conflict with `mine`, `theirs` (GoalContent) and the `revision` to go on from when somebody changed it
    first; Missing when it is not in the draft; Invalid.
    """
    leave = policy.require(actor, "plan.draft", subject, now.date())
    rules.check_goal(content)
    draft = locked_draft(actor, subject)
    row = _row(draft, goal_id)
    _require_domains(actor, subject, {*content.domains, *map(LifeDomain, row.domains)}, now.date())
    unseen = unseen_needs(actor, subject, now.date())
    before = map(rules.served_need, row.needs)
    needs = rules.still_served(content.needs, before, unseen, map(plan_need, draft.needs))
    values = rules.goal_values(replace(content, needs=needs))
    changed = GoalText.objects.filter(id=row.id, revision=revision).update(
        **values, revision=F("revision") + 1, changed_by=actor.name, changed_at=now
    )
    if not changed:
        raise Conflict(
            "goal_changed_meanwhile",
            mine=content,
            theirs=rules.goal_content(vars(row)),
            revision=row.revision,
            by=row.changed_by,
        )
    write_line(
        actor, "goal.changed", Kind.UPDATE, subject, now, leave=leave, object_kind="goal", object_id=goal_id
    )
    return revision + 1


def _row(draft: PlanVersion, goal_id: UUID) -> GoalText:
    row = GoalText.objects.filter(version=draft, child_id=draft.child_id, goal_id=goal_id).first()
    if row is None:
        raise Missing("goal_not_in_draft", goal_id=goal_id)
    return row


@transaction.atomic
def remove_goal(
    actor: Actor, subject: Subject, goal_id: UUID, reason: str, revision: int, now: datetime
) -> None:
    """Leave a goal out of the draft. One that stands in the plan in force needs a reason. Raises as `change_goal`.

    Agreements that serve it stay, and are listed as lacking a why until that is settled too.
    """
    leave = policy.require(actor, "plan.draft", subject, now.date())
    draft = locked_draft(actor, subject)
    row = _row(draft, goal_id)
    _require_domains(actor, subject, map(LifeDomain, row.domains), now.date())
    if row.revision != revision:
        theirs = rules.goal_content(vars(row))
        raise Conflict(
            "goal_changed_meanwhile", mine=None, theirs=theirs, revision=row.revision, by=row.changed_by
        )
    if GoalText.objects.filter(version_id=draft.based_on_id, goal_id=goal_id).exists():
        if not reason.strip():
            raise Invalid("reason_required", fields=("reason",))
        Removal.objects.create(
            child_id=draft.child_id,
            owner_id=draft.owner_id,
            version=draft,
            goal_id=goal_id,
            reason=reason.strip(),
            changed_by=actor.name,
            changed_at=now,
            created_at=now,
        )
    else:
        _step(actor, goal_id, draft, GoalState.CANCELLED, now, reason.strip()).save(force_insert=True)
    row.delete()
    write_line(
        actor, "goal.removed", Kind.DELETE, subject, now, leave=leave, object_kind="goal", object_id=goal_id
    )


@transaction.atomic
def choose_no_goal(
    actor: Actor, subject: Subject, need_id: UUID, why: str, now: datetime, revision: int = 0
) -> None:
    """Say that a need consciously has no goal, and why; `revision` 0 says it for the first time.

    Raises Missing when the draft does not know the need, Conflict (`mine`, `theirs`: the why) when somebody said
    it meanwhile, Invalid without a why.
    """
    leave = policy.require(actor, "plan.draft", subject, now.date())
    if not why.strip():
        raise Invalid("why_required", fields=("why",))
    draft = locked_draft(actor, subject)
    need = _need(draft, need_id)
    policy.require(actor, "plan.draft", subject, now.date(), need.domain)
    served = ServedNeed(need.need_id, need.words, need.topic)
    row = DomainChoice.objects.filter(version=draft, need_key=served.key).first()
    if (row.revision if row else 0) != revision:
        theirs, by = (row.why, row.changed_by) if row else ("", "")
        now_at = row.revision if row else 0
        raise Conflict("no_goal_changed_meanwhile", mine=why, theirs=theirs, revision=now_at, by=by)
    said = {"why": why.strip(), "revision": revision + 1, "changed_by": actor.name, "changed_at": now}
    if row:
        DomainChoice.objects.filter(id=row.id).update(**said)
    else:
        DomainChoice.objects.create(
            child_id=draft.child_id,
            owner_id=draft.owner_id,
            version=draft,
            need_key=served.key,
            need=served.stored(),
            domain=str(need.domain),
            created_at=now,
            **said,
        )
    write_line(
        actor, "no_goal.chosen", Kind.UPDATE, subject, now, leave=leave, object_kind="need", object_id=need_id
    )


def _need(draft: PlanVersion, need_id: UUID) -> PlanNeed:
    found = next((need for need in map(plan_need, draft.needs) if need.need_id == need_id), None)
    if found is None:
        raise Missing("need_not_in_draft", need_id=need_id)
    return found


@transaction.atomic
def take_back_no_goal(actor: Actor, subject: Subject, need_id: UUID, now: datetime) -> None:
    """The need is to get a goal after all. Raises Missing when the draft has no such choice."""
    leave = policy.require(actor, "plan.draft", subject, now.date())
    draft = locked_draft(actor, subject)
    need = _need(draft, need_id)
    policy.require(actor, "plan.draft", subject, now.date(), need.domain)
    served = ServedNeed(need.need_id, need.words, need.topic)
    gone, _ = DomainChoice.objects.filter(version=draft, need_key=served.key).delete()
    if not gone:
        raise Missing("no_goal_not_chosen", need_id=need_id)
    about = {"leave": leave, "object_kind": "need", "object_id": need_id}
    write_line(actor, "no_goal.taken_back", Kind.DELETE, subject, now, **about)


@transaction.atomic
def draft_from_needs(actor: Actor, subject: Subject, needs: Sequence[PlanNeed], now: datetime) -> PlanVersion:
    """Put the needs of the newest scan in the draft (made if there is none), with a goal for each new one.

    A need that a goal, agreement or conscious "no goal" answers to already gets no second goal; what serves it
    follows the scan's new id and words. A goal is for all to read: it begins with what all may read of its need, and
    a need of which nothing is left gets none by itself. Raises as `start_draft`.
    """
    leave = policy.require(actor, "plan.draft", subject, now.date())
    _require_domains(actor, subject, {need.domain for need in needs}, now.date())
    versions.start_draft(actor, subject, now)
    draft = locked_draft(actor, subject)
    gone = {key for key, left in unseen_needs(actor, subject, now.date()).items() if left is None}
    kept = [one for one in draft.needs if UUID(one["need_id"]) in gone]
    draft.needs = [*(need.stored() for need in needs), *kept]
    draft.save(update_fields=["needs"])
    served = _follow(draft, needs)
    shared = unseen_needs(actor, subject, now.date(), anybody=True)
    asked = (need for need in needs if not any(rules.same_need(one, need) for one in served))
    new = [left for need in asked if (left := rules.need_as_seen(need, shared))]
    _add(actor, draft, [rules.drafted_goal(need) for need in new], now)
    about = {
        "leave": leave,
        "object_kind": "plan_version",
        "object_id": draft.id,
        "needs": len(needs),
        "goals": len(new),
    }
    write_line(actor, "version.needs_taken_in", Kind.UPDATE, subject, now, **about)
    return draft


def _follow(draft: PlanVersion, needs: Sequence[PlanNeed]) -> list[ServedNeed]:
    """What in the draft serves a need, brought up to the newest scan. One read and one write per table."""
    texts = list(GoalText.objects.filter(version=draft))
    for text in texts:
        text.needs = [one.stored() for one in rules.followed(map(rules.served_need, text.needs), needs)]
    GoalText.objects.bulk_update(texts, ["needs"], batch_size=200)
    served = [rules.served_need(one) for text in texts for one in text.needs]
    terms = list(AgreementTerms.objects.filter(version=draft, need__isnull=False))
    choices = list(DomainChoice.objects.filter(version=draft))
    rows: list[Any] = [*terms, *choices]
    for row in rows:
        (one,) = rules.followed([rules.served_need(row.need)], needs)
        row.need = one.stored()
        served.append(one)
    AgreementTerms.objects.bulk_update(terms, ["need"], batch_size=200)
    DomainChoice.objects.bulk_update(choices, ["need"], batch_size=200)
    return served


@transaction.atomic
def move_goal(
    actor: Actor, subject: Subject, goal_id: UUID, state: GoalState, reason: str, now: datetime
) -> None:
    """Put a goal of the plan in force on hold, take it up again, complete or cancel it, with the reason.

    How far it is reached is not decided here, nor what becomes of its agreements. Raises Missing, Invalid.
    """
    leave = policy.require(actor, "plan.evaluate", subject, now.date())
    version = in_force(actor, subject)
    text = GoalText.objects.filter(version=version, goal_id=goal_id, child_id=subject.child_id).first()
    if version is None or text is None:
        raise Missing("goal_not_in_plan", goal_id=goal_id)
    for domain in map(LifeDomain, text.domains):
        policy.require(actor, "plan.evaluate", subject, now.date(), domain)
    last = GoalStep.objects.filter(goal_id=goal_id).order_by("-created_at", "-id").first()
    step = rules.goal_step(GoalState(last.state) if last else None, state)
    if not reason.strip():
        raise Invalid("reason_required", fields=("reason",))
    _step(actor, goal_id, version, state, now, reason.strip()).save(force_insert=True)
    write_line(
        actor, f"goal.{step}", Kind.UPDATE, subject, now, leave=leave, object_kind="goal", object_id=goal_id
    )
