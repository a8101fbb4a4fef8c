"""Writing agreements in the draft, and answering the ones in force."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Explanation, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.agreements import queries, rules
from kindzorg.careplan.agreements.rules import AgreementContent, AgreementState
from kindzorg.careplan.goals.queries import unseen_needs
from kindzorg.careplan.goals.rules import served_need, still_served
from kindzorg.careplan.models import (
    Agreement,
    AgreementStep,
    AgreementTerms,
    GoalText,
    PlanVersion,
    Removal,
    visits,
)
from kindzorg.careplan.versions.queries import in_force, locked_draft
from kindzorg.careplan.versions.rules import plan_need
from kindzorg.core.errors import Conflict, Invalid, Missing
from kindzorg.core.vocabulary import LifeDomain


@transaction.atomic
def add_agreement(actor: Actor, subject: Subject, content: AgreementContent, now: datetime) -> UUID:
    """A new agreement in the draft; gives back its identity. The actor's organisation owns it, else the plan's.

    Raises Missing without a draft, Invalid (also when who or goal is not of this child).
    """
    leave = policy.require(actor, "plan.draft", subject, now.date())
    draft = locked_draft(actor, subject)
    content = _settled(actor, subject, draft, content, now)
    agreement = Agreement.objects.create(
        child_id=draft.child_id,
        owner_id=actor.organisation_id or draft.owner_id,
        plan_id=draft.plan_id,
        created_at=now,
    )
    AgreementTerms.objects.create(
        child_id=draft.child_id,
        owner_id=agreement.owner_id,
        version=draft,
        agreement=agreement,
        changed_by=actor.name,
        changed_at=now,
        created_at=now,
        **rules.agreement_values(content),
    )
    _line(actor, subject, "agreement.added", Kind.CREATE, agreement.id, now, leave)
    return agreement.id


def _line(
    actor: Actor,
    subject: Subject,
    event: str,
    kind: Kind,
    agreement_id: UUID,
    now: datetime,
    leave: Explanation,
) -> None:
    about = {"leave": leave, "object_kind": "agreement", "object_id": agreement_id}
    write_line(actor, event, kind, subject, now, **about)


def _settled(
    actor: Actor,
    subject: Subject,
    draft: PlanVersion,
    content: AgreementContent,
    now: datetime,
    row: AgreementTerms | None = None,
) -> AgreementContent:
    """The content checked, with the shown names of who does it filled in from the people it names, and in whole words
    the need that it answers to: that of the `row` where the actor may not see it."""
    rules.check_agreement(content)
    if content.goal_id:
        text = GoalText.objects.filter(version=draft, goal_id=content.goal_id).first()
        if text is None:
            raise Invalid("goal_not_in_draft", fields=("goal_id",))
        may = policy.may_domains(actor, "plan.draft", subject, now.date())
        if not may & set(map(LifeDomain, text.domains)):
            policy.require(actor, "plan.draft", subject, now.date(), LifeDomain(text.domains[0]))
    given = [content.need] if content.need else []
    before = [served_need(row.need)] if row and row.need and not (content.goal_id or given) else []
    unseen = unseen_needs(actor, subject, now.date()) if before else {}
    needs = still_served(given, before, unseen, map(plan_need, draft.needs))
    who = queries.named(actor, subject, content.who)
    return replace(content, who=who, need=needs[0] if needs else None)


@transaction.atomic
def change_agreement(
    actor: Actor,
    subject: Subject,
    agreement_id: UUID,
    content: AgreementContent,
    revision: int,
    now: datetime,
) -> int:
    """Change an agreement in the draft; gives back the new revision.

    Where it says something else to who does it, what was said of it for the next plan (stays) is open again. Raises
    Conflict with `mine`, `theirs` (AgreementContent) and the `revision` to go on from when somebody changed it first;
    Missing when it is not in the draft; Invalid.
    """
    leave = policy.require(actor, "plan.draft", subject, now.date())
    draft = locked_draft(actor, subject)
    row = _row(draft, agreement_id)
    content = _settled(actor, subject, draft, content, now, row)
    anew = rules.asks_again(rules.agreement_content(vars(row)), content)
    changed = AgreementTerms.objects.filter(id=row.id, revision=revision).update(
        **rules.agreement_values(content),
        carried="" if anew else row.carried,
        revision=F("revision") + 1,
        changed_by=actor.name,
        changed_at=now,
    )
    if not changed:
        raise _conflict(row, content)
    _line(actor, subject, "agreement.changed", Kind.UPDATE, agreement_id, now, leave)
    return revision + 1


def _row(draft: PlanVersion, agreement_id: UUID) -> AgreementTerms:
    row = AgreementTerms.objects.filter(
        version=draft, child_id=draft.child_id, agreement_id=agreement_id
    ).first()
    if row is None:
        raise Missing("agreement_not_in_draft", agreement_id=agreement_id)
    return row


def _conflict(row: AgreementTerms, mine: AgreementContent | None) -> Conflict:
    theirs = rules.agreement_content(vars(row))
    return Conflict(
        "agreement_changed_meanwhile", mine=mine, theirs=theirs, revision=row.revision, by=row.changed_by
    )


@transaction.atomic
def remove_agreement(
    actor: Actor, subject: Subject, agreement_id: UUID, reason: str, revision: int, now: datetime
) -> None:
    """Leave an agreement out of the draft. One that stands in the plan in force needs a reason, with which it
    lapses when the draft comes into force. Raises as `change_agreement`."""
    leave = policy.require(actor, "plan.draft", subject, now.date())
    draft = locked_draft(actor, subject)
    row = _row(draft, agreement_id)
    if row.revision != revision:
        raise _conflict(row, None)
    if AgreementTerms.objects.filter(version_id=draft.based_on_id, agreement_id=agreement_id).exists():
        if not reason.strip():
            raise Invalid("reason_required", fields=("reason",))
        Removal.objects.create(
            child_id=draft.child_id,
            owner_id=draft.owner_id,
            version=draft,
            agreement_id=agreement_id,
            reason=reason.strip(),
            changed_by=actor.name,
            changed_at=now,
            created_at=now,
        )
    row.delete()
    Removal.objects.filter(version=draft, replaced_by_id=agreement_id).update(replaced_by=None)
    _line(actor, subject, "agreement.removed", Kind.DELETE, agreement_id, now, leave)


@transaction.atomic
def answer_agreement(
    actor: Actor, subject: Subject, agreement_id: UUID, state: AgreementState, reason: str, now: datetime
) -> None:
    """Take the next step of an agreement in the plan in force: agree, decline with reason, ask for more, done ...

    Only who is asked answers; the owner only where that one cannot answer here. Raises Missing, Refused, Invalid.
    """
    leave = policy.require(actor, "agreement.answer", subject, now.date())
    version = in_force(actor, subject)
    terms = (
        AgreementTerms.objects.filter(version=version, child_id=subject.child_id, agreement_id=agreement_id)
        .select_related("agreement", "professional", "relative")
        .first()
    )
    if version is None or terms is None:
        raise Missing("agreement_not_in_plan", agreement_id=agreement_id)
    agreement = Agreement.objects.select_for_update().get(id=agreement_id, child_id=subject.child_id)
    party = queries.party_of(actor, subject, agreement.owner_id, terms)
    why = rules.answered(queries.state_of(actor, agreement), state, reason, party)
    AgreementStep.objects.create(
        child_id=agreement.child_id,
        owner_id=agreement.owner_id,
        agreement=agreement,
        version=version,
        state=state,
        reason=reason.strip(),
        by_id=actor.id,
        by=actor.name,
        organisation=actor.organisation,
        created_at=now,
    )
    _line(actor, subject, f"agreement.{why}", Kind.UPDATE, agreement_id, now, leave)


@transaction.atomic
def take_back_answer(actor: Actor, subject: Subject, agreement_id: UUID, now: datetime) -> None:
    """Take back the own answer of less than an hour ago: the agreement stands again where it stood before it.

    Nothing is erased: it is a step of its own. Raises Missing, Invalid ("answer_stands") once somebody went on from it,
    planned a moment of care for it, or the hour is over; and for what taking back brought here.
    """
    leave = policy.require(actor, "agreement.answer", subject, now.date())
    version = in_force(actor, subject)
    stands = AgreementTerms.objects.filter(
        version=version, child_id=subject.child_id, agreement_id=agreement_id
    )
    if version is None or not stands.exists():
        raise Missing("agreement_not_in_plan", agreement_id=agreement_id)
    agreement = Agreement.objects.select_for_update().get(id=agreement_id, child_id=subject.child_id)
    steps = AgreementStep.objects.filter(agreement=agreement).order_by("-created_at", "-id")[:2]
    last, before = (*steps, None, None)[:2]
    mine = last is not None and last.by_id == actor.id
    fresh = last and rules.may_take_back(AgreementState(last.state), mine, last.created_at, now)
    used = last and visits.Visit.objects.filter(agreement=agreement, created_at__gt=last.created_at).exists()
    if not fresh or used or before is None or queries.came_back(actor, subject, agreement_id):
        raise Invalid("answer_stands")
    AgreementStep.objects.create(
        child_id=agreement.child_id,
        owner_id=agreement.owner_id,
        agreement=agreement,
        version=version,
        state=before.state,
        reason=before.reason if before.by_id == actor.id else "",
        by_id=actor.id,
        by=actor.name,
        organisation=actor.organisation,
        created_at=now,
    )
    _line(actor, subject, "agreement.taken_back", Kind.UPDATE, agreement_id, now, leave)
