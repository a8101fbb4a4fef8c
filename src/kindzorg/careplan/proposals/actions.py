"""Making a proposal, and what becomes of it: into the draft, declined with a reason, or withdrawn."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import EVERY_DOMAIN, Actor, Explanation, Subject
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan import queries as plans
from kindzorg.careplan.agreements.actions import add_agreement, change_agreement
from kindzorg.careplan.agreements.rules import AgreementContent, agreement_content
from kindzorg.careplan.goals.actions import add_goal, change_goal
from kindzorg.careplan.goals.rules import GoalContent, goal_content
from kindzorg.careplan.models import AgreementTerms, GoalText, PlanVersion
from kindzorg.careplan.proposals import queries, rules
from kindzorg.careplan.proposals.models import Proposal, ProposalStep
from kindzorg.careplan.proposals.rules import NewProposal, ProposalKind, ProposalState, Written
from kindzorg.careplan.versions.actions import start_draft
from kindzorg.careplan.versions.rules import UNDER_WAY, VersionStatus
from kindzorg.careteam.marks.actions import mark_own
from kindzorg.careteam.marks.rules import NewMark
from kindzorg.careteam.rules import HidesFrom, MarkedKind
from kindzorg.careteam.sharing import seen_by
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.vocabulary import Ground, LifeDomain
from kindzorg.notices.actions import tell
from kindzorg.record.translated.actions import keep_translation, say_language
from kindzorg.record.translated.rules import NewTranslation


@transaction.atomic
def make_proposal(actor: Actor, subject: Subject, new: NewProposal, now: datetime) -> UUID:
    """Propose to change something in the plan; gives back its id. Who decides on it is told.

    Raises Missing while there is no plan, or for what the actor does not see in it; Refused for a domain that is not
    open to the actor, or for keeping it by who may not; Invalid.
    """
    leave = policy.require(actor, "proposal.make", subject, now.date())
    rules.check_proposal(new)
    version = _shown_version(subject)
    _require_sight(actor, subject, new, now)
    row = Proposal.objects.create(
        child_id=subject.child_id,
        owner_id=version.owner_id,
        ground=_ground(version, new),
        version=version,
        kind=new.kind,
        goal_id=new.goal_id,
        agreement_id=new.agreement_id,
        domain=str(new.domain or ""),
        **{name: getattr(new, name).strip() for name in ("what", "why", "words", "where", "when")},
        role=str(policy.role_for(actor, subject, now.date()) or ""),
        on_behalf_of=actor.on_behalf_of,
        **_by(actor, now),
    )
    _line(actor, subject, "proposal.made", Kind.CREATE, row.id, now, leave)
    if new.keep:
        _keep(actor, subject, row, now)
    if new.written_in:
        original = queries.original_for(actor, subject, row.id, now.date())
        say_language(actor, subject, original, new.written_in, now)
    told = queries.deciders_of(actor, subject, _owner(row), now.date())
    _tell(actor, subject, "proposal_to_decide", told, row, now)
    return row.id


@transaction.atomic
def translate_proposal(
    actor: Actor, subject: Subject, proposal_id: UUID, new: NewTranslation | tuple[UUID, str], now: datetime
) -> None:
    """Place a translation beside a proposal that one reads, or note that an interpreter read one. Raises Missing,
    Refused, and as `place_translation` and `note_interpreter`."""
    policy.require(actor, "proposal.make", subject, now.date())
    keep_translation(actor, subject, queries.original_for(actor, subject, proposal_id, now.date()), new, now)


@transaction.atomic
def keep_proposal(actor: Actor, subject: Subject, proposal_id: UUID, now: datetime) -> None:
    """A child from 12 keeps its own proposal from its parents. Raises Missing, Refused, Invalid (as `mark_own`)."""
    policy.require(actor, "mark.set_own", subject, now.date())
    _keep(actor, subject, _locked(actor, subject, proposal_id, now), now)


def _keep(actor: Actor, subject: Subject, row: Proposal, now: datetime) -> None:
    role, ground = Role(row.role), Ground(row.ground)
    new = NewMark(MarkedKind.PROPOSAL, row.id, row.by_id, role, HidesFrom.PARENTS, ground=ground)
    mark_own(actor, subject, new, now)


def _shown_version(subject: Subject) -> PlanVersion:
    """The version in force; before there is one, the one that the family was offered. Raises Missing."""
    rows = PlanVersion.objects.filter(
        child_id=subject.child_id,
        status__in=[VersionStatus.IN_FORCE, *UNDER_WAY[1:]],
        plan__journey__closed_at__isnull=True,
    )
    version = min(rows, key=lambda one: one.status != VersionStatus.IN_FORCE, default=None)
    if version is None:
        raise Missing("no_plan", child_id=subject.child_id)
    return version


def _require_sight(actor: Actor, subject: Subject, new: NewProposal, now: datetime) -> None:
    """What the actor does not see in the plan does not exist for that one; and what is about anything is for who sees
    every domain. Raises Missing, Refused."""
    on = now.date()
    if new.kind is ProposalKind.PLAN:
        policy.require_every_domain(actor, "proposal.make", subject, on)
    if new.domain:
        policy.require(actor, "proposal.make", subject, on, new.domain)
    about = new.goal_id or new.agreement_id
    if about is None:
        return
    whole = policy.may(actor, "plan.read", subject, on)
    found = plans.shown_plan_for(actor, subject, on) if whole else plans.part_for(actor, subject, on)
    shown = {one.id for one in found.goals} | {one.id for one in found.agreements} if found else set()
    if about not in shown:
        raise Missing("not_in_plan", id=about)


def _ground(version: PlanVersion, new: NewProposal) -> str:
    """The legal ground of the agreement that it is about."""
    if new.agreement_id is None:
        return str(Ground.WGBO)
    rows = AgreementTerms.objects.filter(version=version, agreement_id=new.agreement_id)
    return rows.values_list("ground", flat=True).get()


def _by(actor: Actor, now: datetime) -> dict[str, Any]:
    return {"by_id": actor.id, "by": actor.name, "organisation": actor.organisation, "created_at": now}


def _owner(row: Proposal) -> UUID | None:
    """The organisation that made the agreement that it is about."""
    return row.agreement.owner_id if row.agreement else None


def _line(
    actor: Actor, subject: Subject, event: str, kind: Kind, row_id: UUID, now: datetime, leave: Explanation
) -> None:
    about = {"leave": leave, "object_kind": "proposal", "object_id": row_id}
    write_line(actor, event, kind, subject, now, **about)


def _tell(
    actor: Actor, subject: Subject, kind: str, accounts: Iterable[UUID], row: Proposal, now: datetime
) -> None:
    """Tell others; not those to whom the family's consent closes what it is about: for them it does not exist."""
    about = queries.domains_of(actor, row.id)
    seen = seen_by(subject.child_id, now.date())
    decides = kind == "proposal_to_decide"
    others = {
        one
        for one in accounts
        if one != actor.id and rules.hears(seen.get(one, EVERY_DOMAIN), about, decides=decides)
    }
    if others:
        tell(actor, subject, kind, others, row.id, now)


@transaction.atomic
def withdraw_proposal(actor: Actor, subject: Subject, proposal_id: UUID, now: datetime) -> None:
    """Take back an own proposal while nobody decided on it. Raises Missing, Refused for that of another, Invalid."""
    leave = policy.require(actor, "proposal.make", subject, now.date())
    row = _locked(actor, subject, proposal_id, now)
    if row.by_id != actor.id:
        raise Refused("not_your_proposal", proposal_id=proposal_id)
    event = _step(actor, row, ProposalState.WITHDRAWN, "", now)
    _line(actor, subject, f"proposal.{event}", Kind.UPDATE, row.id, now, leave)


def _locked(actor: Actor, subject: Subject, proposal_id: UUID, now: datetime) -> Proposal:
    """The proposal, if the actor may see it, held until the end: two who decide at once are heard one by one."""
    queries.proposal_for(actor, subject, proposal_id, now.date())
    return Proposal.objects.select_for_update().get(id=proposal_id, child_id=subject.child_id)


def _step(actor: Actor, row: Proposal, end: ProposalState, reason: str, now: datetime, **became: Any) -> str:
    last = ProposalStep.objects.filter(proposal=row).order_by("-created_at", "-id").first()
    event = rules.proposal_step(ProposalState(last.state) if last else ProposalState.OPEN, end, reason)
    ProposalStep.objects.create(
        child_id=row.child_id,
        owner_id=row.owner_id,
        ground=row.ground,
        proposal=row,
        state=end,
        reason=reason.strip(),
        **became,
        **_by(actor, now),
    )
    return event


@transaction.atomic
def decline_proposal(actor: Actor, subject: Subject, proposal_id: UUID, reason: str, now: datetime) -> None:
    """Say no to a proposal, with the reason, which who made it reads. Raises Missing, Refused, Invalid."""
    leave = policy.require(actor, "proposal.decide", subject, now.date())
    row = _to_decide(actor, subject, proposal_id, now)
    event = _step(actor, row, ProposalState.DECLINED, reason, now)
    _line(actor, subject, f"proposal.{event}", Kind.UPDATE, row.id, now, leave)
    _tell(actor, subject, "proposal_declined", [row.by_id], row, now)


def _to_decide(actor: Actor, subject: Subject, proposal_id: UUID, now: datetime) -> Proposal:
    row = _locked(actor, subject, proposal_id, now)
    members = queries.members_of(actor, subject, now.date())
    rules.check_decider(rules.deciding_houses(_owner(row), members), actor.organisation_id)
    return row


@transaction.atomic
def accept_proposal(
    actor: Actor, subject: Subject, proposal_id: UUID, written: Written, now: datetime
) -> UUID | None:
    """Take a proposal into the draft (made if there is none), in its own wording or as it was `written`; never
    straight into force. Gives back the goal or agreement that it became; None for the plan as a whole.

    Raises Missing, also when what it is about is left out of the draft; Refused; Invalid; Conflict when a version
    waits to be agreed, and as `change_goal` when somebody changed that part of the draft first.
    """
    leave = policy.require(actor, "proposal.decide", subject, now.date())
    row = _to_decide(actor, subject, proposal_id, now)
    draft = start_draft(actor, subject, now)
    became: dict[str, UUID] = {}
    if row.kind in (ProposalKind.GOAL, ProposalKind.NEW_GOAL):
        became["goal_id"] = _written_goal(actor, subject, row, draft, written, now)
    elif row.kind != ProposalKind.PLAN:
        became["agreement_id"] = _written_agreement(actor, subject, row, draft, written, now)
    event = _step(actor, row, ProposalState.ACCEPTED, "", now, version=draft, **became)
    _line(actor, subject, f"proposal.{event}", Kind.UPDATE, row.id, now, leave)
    _tell(actor, subject, "proposal_accepted", [row.by_id], row, now)
    return next(iter(became.values()), None)


def _written_goal(
    actor: Actor, subject: Subject, row: Proposal, draft: PlanVersion, written: Written, now: datetime
) -> UUID:
    content = written.content
    if row.goal_id is None:
        new = content if isinstance(content, GoalContent) else rules.begun_goal(_as_made(row))
        return add_goal(actor, subject, new, now)
    if not isinstance(content, GoalContent):
        text = GoalText.objects.filter(version=draft, goal_id=row.goal_id).first()
        if text is None:
            raise Missing("goal_not_in_draft", goal_id=row.goal_id)
        content = rules.reworded_goal(goal_content(vars(text)), row.words)
    change_goal(actor, subject, row.goal_id, content, written.revision, now)
    return row.goal_id


def _written_agreement(
    actor: Actor, subject: Subject, row: Proposal, draft: PlanVersion, written: Written, now: datetime
) -> UUID:
    content = written.content
    if row.agreement_id is None:
        new = content if isinstance(content, AgreementContent) else rules.begun_agreement(_as_made(row))
        return add_agreement(actor, subject, new, now)
    if not isinstance(content, AgreementContent):
        terms = AgreementTerms.objects.filter(version=draft, agreement_id=row.agreement_id).first()
        if terms is None:
            raise Missing("agreement_not_in_draft", agreement_id=row.agreement_id)
        content = rules.reworded_agreement(agreement_content(vars(terms)), _as_made(row))
    change_agreement(actor, subject, row.agreement_id, content, written.revision, now)
    return row.agreement_id


def _as_made(row: Proposal) -> NewProposal:
    names = ("what", "why", "words", "where", "when", "goal_id", "agreement_id")
    return NewProposal(
        kind=ProposalKind(row.kind),
        domain=LifeDomain(row.domain) if row.domain else None,
        **{name: getattr(row, name) for name in names},
    )
