"""Taking the quick way back after stepping down: the agreement as it was before, in one step."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan import queries as plans
from kindzorg.careplan.agreements.rules import agreement_content, changed_parts
from kindzorg.careplan.evaluations.models import SafetyNet
from kindzorg.careplan.evaluations.queries import domains_of_terms
from kindzorg.careplan.models import AgreementTerms, Evaluation, GoalText, PlanVersion
from kindzorg.careplan.proposals.actions import accept_proposal, make_proposal
from kindzorg.careplan.proposals.rules import NewProposal, ProposalKind, Written
from kindzorg.careplan.reviews import queries, rules
from kindzorg.careplan.stepback.models import StepBack
from kindzorg.careplan.versions.actions import start_draft
from kindzorg.careplan.versions.queries import in_force
from kindzorg.core.errors import Conflict, Invalid, Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.notices.actions import tell


@transaction.atomic
def step_back(
    actor: Actor, subject: Subject, net_id: UUID, said: tuple[str, str], now: datetime
) -> UUID | None:
    """Take the way back that a step down left open: what was agreed before is proposed again, and taken into the draft
    at once by who decides on it. `said`: why, and the words in which the proposal says what it is.

    Gives back the proposal; None where the plan had not changed yet, so that nothing has to be put back. Everybody
    whom it concerns is told. Raises Missing, Refused, Invalid when it was taken already or its time is over.
    """
    leave = policy.require(actor, "plan.step_back", subject, now.date())
    on = now.date()
    rows = SafetyNet.objects.select_for_update().filter(id=net_id, child_id=subject.child_id)
    net = rows.select_related("evaluation__version").first()
    if net is None:
        raise Missing("no_such_net", net_id=net_id)
    domains = _domains(actor, net.evaluation)
    if not policy.may_domains(actor, "plan.step_back", subject, on) & domains:
        raise Missing("no_such_net", net_id=net_id)
    rules.check_net_open(net.until, StepBack.objects.filter(net=net).exists(), on)
    made = [
        _again(actor, subject, terms, said, now)
        for terms in _changed(in_force(actor, subject), _before(net.evaluation))
    ]
    by = {"by_id": actor.id, "by": actor.name, "organisation": actor.organisation, "created_at": now}
    kept = {"child_id": net.child_id, "owner_id": net.owner_id, "net": net, "words": said[0].strip()}
    StepBack.objects.create(proposal_id=made[0] if made else None, **kept, **by)
    about = net.evaluation.goal_id or net.evaluation.agreement_id or net.evaluation.version_id
    kind = (
        "goal" if net.evaluation.goal_id else "agreement" if net.evaluation.agreement_id else "plan_version"
    )
    write_line(
        actor, "plan.stepped_back", Kind.CREATE, subject, now, leave=leave, object_kind=kind, object_id=about
    )
    _tell(actor, subject, domains, net.id, now)
    return made[0] if made else None


def _domains(actor: Actor, evaluation: Evaluation) -> frozenset[LifeDomain]:
    """The life domains of what was stepped down; of the whole plan every one."""
    version = evaluation.version
    if evaluation.agreement_id:
        terms = AgreementTerms.objects.get(version=version, agreement_id=evaluation.agreement_id)
        return frozenset(domains_of_terms(actor, version, terms))
    texts = GoalText.objects.filter(version=version)
    text = texts.filter(goal_id=evaluation.goal_id).first() if evaluation.goal_id else None
    return frozenset(map(LifeDomain, text.domains)) if text else frozenset(LifeDomain)


def _before(evaluation: Evaluation) -> Sequence[AgreementTerms]:
    """What was agreed when it was decided to step down: the agreement, or those that serve the goal."""
    rows = AgreementTerms.objects.filter(version=evaluation.version).order_by("agreement_id")
    if evaluation.agreement_id:
        return list(rows.filter(agreement_id=evaluation.agreement_id))
    return list(rows.filter(goal_id=evaluation.goal_id)) if evaluation.goal_id else []


def _changed(version: PlanVersion | None, before: Sequence[AgreementTerms]) -> list[AgreementTerms]:
    """Those that read otherwise in the plan of now, or stand in it no more."""
    rows = AgreementTerms.objects.filter(version=version, agreement__in=[one.agreement_id for one in before])
    now = {one.agreement_id: agreement_content(vars(one)) for one in rows}
    return [
        one
        for one in before
        if one.agreement_id not in now or changed_parts(now[one.agreement_id], agreement_content(vars(one)))
    ]


def _again(
    actor: Actor, subject: Subject, terms: AgreementTerms, said: tuple[str, str], now: datetime
) -> UUID:
    """Propose it as it was before, and take that into the draft where the actor decides on it and nothing waits."""
    why, what = said
    whole = plans.plan_for(actor, subject, now.date())
    there = {one.id for one in whole.agreements} if whole else set()
    serves = {one.id for one in whole.goals} if whole else set()
    stays = terms.agreement_id in there
    domain = domains_of_terms(actor, terms.version, terms)[0]
    new = NewProposal(
        kind=ProposalKind.AGREEMENT if stays else ProposalKind.NEW_AGREEMENT,
        agreement_id=terms.agreement_id if stays else None,
        goal_id=terms.goal_id if not stays and terms.goal_id in serves else None,
        domain=None if stays or terms.goal_id in serves else domain,
        what=what,
        why=why,
        words=terms.what,
        where=terms.where,
        when=terms.when,
    )
    made = make_proposal(actor, subject, new, now)
    if policy.may(actor, "proposal.decide", subject, now.date()):
        try:
            with transaction.atomic():
                draft = start_draft(actor, subject, now)
                row = AgreementTerms.objects.filter(version=draft, agreement_id=terms.agreement_id).first()
                written = Written(content=agreement_content(vars(terms)), revision=row.revision if row else 1)
                accept_proposal(actor, subject, made, written, now)
        except (Conflict, Invalid, Missing, Refused):
            return made  # Somebody else decides on it, or another version waits: then it stays a proposal.
    return made


def _tell(
    actor: Actor, subject: Subject, domains: frozenset[LifeDomain], net_id: UUID, now: datetime
) -> None:
    """Those whom it concerns: who takes part in the care and sees one of its domains."""
    others = {one.user_id for one in queries.people_for(actor, subject, domains, now.date())} - {actor.id}
    tell(actor, subject, "plan_step_back", others, net_id, now)
