"""Offering, agreeing, approving, objecting, and coming into force."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Coalesce

from kindzorg.access import policy
from kindzorg.access.policy import EVERY_DOMAIN, Actor, Explanation, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.adoption import queries, rules
from kindzorg.careplan.agreements.rules import AgreementState
from kindzorg.careplan.goals.rules import GoalState
from kindzorg.careplan.models import AgreementStep, AgreementTerms, GoalStep, PlanVersion, Signature
from kindzorg.careplan.versions import rules as version_rules
from kindzorg.careplan.versions.queries import locked_draft, locked_under_way, locked_version, signatures_of
from kindzorg.careplan.versions.rules import APPROVER, Heard, SignatureAnswer, VersionStatus, version_step
from kindzorg.careteam.consents.queries import guides_for
from kindzorg.careteam.rules import MustAgree
from kindzorg.careteam.sharing import seen_by
from kindzorg.core.errors import Incomplete, Invalid, Missing, Refused
from kindzorg.notices.actions import tell
from kindzorg.people.models import Child, Relative

STAMPS = {
    VersionStatus.OFFERED: "offered_at",
    VersionStatus.AGREED: "agreed_at",
    VersionStatus.APPROVED: "approved_at",
    VersionStatus.IN_FORCE: "in_force_at",
    VersionStatus.SUPERSEDED: "ended_at",
}


@transaction.atomic
def offer_version(actor: Actor, subject: Subject, now: datetime) -> PlanVersion:
    """Offer the draft to the family; from then its content is frozen.

    Raises Incomplete with `missing` (Lacks) while something is missing, Missing without a draft, Invalid when
    nothing differs from the plan in force.
    """
    leave = policy.require(actor, "plan.offer", subject, now.date())
    draft = locked_draft(actor, subject)
    content = queries.content_of(actor, draft)
    unsettled = queries.leaves_unsettled(actor, draft)
    if missing := queries.lacks_of(actor, subject, content, now.date(), unsettled=unsettled):
        raise Incomplete("plan_incomplete", missing=missing)
    _, old = queries.content_in_force(actor, subject, draft.plan_id)
    if old is not None and not rules.differences(old, content):
        raise Invalid("nothing_changed")
    draft.practical = rules.practical_only(old, content)
    draft.save(update_fields=["practical"])
    _go(actor, subject, draft, VersionStatus.OFFERED, now, leave)
    _tell(actor, subject, "plan_to_sign", _family_accounts(actor, subject, now), draft.id, now)
    return draft


def _family_accounts(actor: Actor, subject: Subject, now: datetime) -> set[UUID]:
    """The accounts of those who must agree; who has none is asked in person."""
    deciders = queries.deciders_for(actor, subject, now.date())
    found = {deciders.accounts.get(one.relative_id) for one in deciders.must_agree if one.relative_id}
    if any(one.relative_id is None for one in deciders.must_agree):
        found.add(Child.objects.values_list("user_id", flat=True).get(id=subject.child_id))
    return {account for account in found if account is not None}


def _tell(
    actor: Actor, subject: Subject, kind: str, accounts: Iterable[UUID], object_id: UUID, now: datetime
) -> None:
    """Tell others, in the same transaction, that something waits for them. The kinds are those of `waiting_for`."""
    if others := set(accounts) - {actor.id}:
        tell(actor, subject, kind, others, object_id, now)


def _go(
    actor: Actor,
    subject: Subject,
    version: PlanVersion,
    end: VersionStatus,
    now: datetime,
    leave: Explanation,
) -> None:
    step = version_step(VersionStatus(version.status), end)
    version.status = end
    setattr(version, STAMPS[end], now)
    version.save(update_fields=["status", STAMPS[end]])
    about = {"leave": leave, "object_kind": "plan_version", "object_id": version.id}
    write_line(actor, f"version.{step}", Kind.UPDATE, subject, now, **about)


@transaction.atomic
def sign_version(
    actor: Actor, subject: Subject, number: int, yes: bool, reason: str, now: datetime
) -> PlanVersion:
    """A family member agrees, or not and says why. The last answer of a person counts until the plan is in force.

    When all who must agree said yes the version moves on by itself. Raises Refused for who is not asked, Missing,
    Invalid (not offered; a no without a reason).
    """
    leave = policy.require(actor, "plan.agree", subject, now.date())
    version = locked_version(actor, subject, number)
    if version.status not in (VersionStatus.OFFERED, VersionStatus.AGREED):
        raise Invalid("version_not_offered", number=number, status=version.status)
    asked = _asked(actor, subject, now)
    if not yes and not reason.strip():
        raise Invalid("reason_required", fields=("reason",))
    answer = SignatureAnswer.YES if yes else SignatureAnswer.NO
    for one in asked:
        _sign(
            actor,
            subject,
            version,
            (str(one.party), one.relative_id),
            now,
            leave,
            answer=answer,
            reason=reason,
        )
    _advance(actor, subject, version, now, leave)
    _tell_difference(actor, subject, version, now)
    return version


def _tell_difference(actor: Actor, subject: Subject, version: PlanVersion, now: datetime) -> None:
    """Where of the family one says yes and another no, they and who guides them are told."""
    if not version_rules.family_differs(signatures_of(actor, version)):
        return
    guides = guides_for(actor, subject, now.date())
    people = {one.professional.user_id for one in guides if one.professional and one.professional.user_id}
    _tell(actor, subject, "parents_differ", people | _family_accounts(actor, subject, now), version.id, now)


def _asked(actor: Actor, subject: Subject, now: datetime) -> list[MustAgree]:
    """In which qualities the actor must agree. Raises Refused when in none."""
    must = queries.deciders_for(actor, subject, now.date()).must_agree
    mine = set(
        Relative.objects.filter(child_id=subject.child_id, user_id=actor.id).values_list("id", flat=True)
    )
    itself = Child.objects.filter(id=subject.child_id, user_id=actor.id).exists()
    asked = [one for one in must if (one.relative_id in mine if one.relative_id else itself)]
    if not asked:
        raise Refused("not_asked_to_agree", child_id=subject.child_id)
    return asked


def _sign(
    actor: Actor,
    subject: Subject,
    version: PlanVersion,
    party: tuple[str, UUID | None],
    now: datetime,
    leave: Explanation,
    **given: Any,
) -> None:
    given["reason"] = given["reason"].strip()
    Signature.objects.create(
        child_id=version.child_id,
        owner_id=version.owner_id,
        version=version,
        party=party[0],
        relative_id=party[1],
        role=str(policy.role_for(actor, subject, now.date()) or ""),
        by_id=actor.id,
        by=actor.name,
        organisation=actor.organisation,
        created_at=now,
        **given,
    )
    words = {
        SignatureAnswer.YES: "signed",
        SignatureAnswer.NO: "refused",
        SignatureAnswer.OBJECTS: "objected",
    }
    about = {"leave": leave, "object_kind": "plan_version", "object_id": version.id, "party": party[0]}
    event, speaks = f"version.{words[given['answer']]}", actor
    if given.get("signer"):
        event, about["how"] = "version.answer_recorded", given["how"]
        speaks = replace(actor, on_behalf_of=given["signer"])
    write_line(speaks, event, Kind.UPDATE, subject, now, **about)


@transaction.atomic
def record_answer(actor: Actor, subject: Subject, number: int, heard: Heard, now: datetime) -> PlanVersion:
    """Record what somebody who must agree said in person, by telephone or on paper; marked so everywhere.

    Who has an account is told, and can say something else there until the plan is in force. Raises Missing for who
    need not agree, Refused for an actor who must agree as well, Invalid as `check_heard`, and when that person
    signed already.
    """
    leave = policy.require(actor, "plan.record_answer", subject, now.date())
    version = locked_version(actor, subject, number)
    if version.status not in (VersionStatus.OFFERED, VersionStatus.AGREED):
        raise Invalid("version_not_offered", number=number, status=version.status)
    signer = queries.signer_to_hear(actor, subject, heard.relative_id, now.date())
    party = (str(signer.asked.party), signer.asked.relative_id)
    if not version_rules.may_be_heard(signatures_of(actor, version), *party):
        raise Invalid("signed_already", name=signer.name)
    offered_on = (version.offered_at or now).astimezone(now.tzinfo).date()
    version_rules.check_heard(heard, signer.account is not None, offered_on, now.date())
    _sign(
        *(actor, subject, version, party, now, leave),
        answer=SignatureAnswer.YES if heard.yes else SignatureAnswer.NO,
        reason=heard.reason,
        how=heard.how,
        said_on=heard.said_on,
        signer=signer.name,
        signer_user_id=signer.account,
    )
    told = [signer.account] if signer.account else []
    _tell(actor, subject, "plan_answer_recorded", told, version.id, now)
    _advance(actor, subject, version, now, leave)
    _tell_difference(actor, subject, version, now)
    return version


@transaction.atomic
def approve_version(
    actor: Actor, subject: Subject, number: int, yes: bool, reason: str, now: datetime
) -> PlanVersion:
    """The medically responsible person approves, or not and says why; may come before the family's answer.

    On a practical version that is in force already a yes says "seen". Raises Refused for a GP where the team has
    a paediatrician, Missing, Invalid.
    """
    leave = policy.require(actor, "plan.approve", subject, now.date())
    version = locked_version(actor, subject, number)
    _require_approver(actor, subject, leave, now)
    seen = version.status == VersionStatus.IN_FORCE and version.practical and yes
    if version.status not in (VersionStatus.OFFERED, VersionStatus.AGREED) and not seen:
        raise Invalid("version_not_offered", number=number, status=version.status)
    if not yes and not reason.strip():
        raise Invalid("reason_required", fields=("reason",))
    answer = SignatureAnswer.YES if yes else SignatureAnswer.NO
    _sign(actor, subject, version, (APPROVER, None), now, leave, answer=answer, reason=reason)
    if not seen:
        _advance(actor, subject, version, now, leave)
    return version


def _require_approver(actor: Actor, subject: Subject, leave: Explanation, now: datetime) -> None:
    """Refused when another role approves; with no approver in the team left, who may approve does."""
    approver = queries.deciders_for(actor, subject, now.date()).approver
    if approver is not None and leave.grant is not None and leave.grant.role != approver:
        raise Refused("other_role_approves", role=approver)


@transaction.atomic
def object_to_version(actor: Actor, subject: Subject, number: int, reason: str, now: datetime) -> PlanVersion:
    """The approver objects to a practical version that came into force on the family's agreement alone.

    It stays in force, with the objection in sight, until another replaces it. Raises Missing, Invalid, Refused.
    """
    leave = policy.require(actor, "plan.object", subject, now.date())
    version = locked_version(actor, subject, number)
    _require_approver(actor, subject, leave, now)
    if version.status != VersionStatus.IN_FORCE or not version.practical:
        raise Invalid("no_objection_possible", number=number, status=version.status)
    if not reason.strip():
        raise Invalid("reason_required", fields=("reason",))
    objects = SignatureAnswer.OBJECTS
    _sign(actor, subject, version, (APPROVER, None), now, leave, answer=objects, reason=reason)
    return version


@transaction.atomic
def bring_into_force(actor: Actor, subject: Subject, now: datetime) -> PlanVersion:
    """Look again whether the version under way can move on: who must agree can change without a signature (an
    authority ends, a child turns 16, a doctor joins). Raises Missing, Incomplete while it still waits."""
    leave = policy.require(actor, "plan.offer", subject, now.date())
    version = locked_under_way(actor, subject)
    if version is None:
        raise Missing("no_version_under_way", child_id=subject.child_id)
    _advance(actor, subject, version, now, leave)
    if version.status != VersionStatus.IN_FORCE:
        raise Incomplete("version_still_waits", missing=(version.status,))
    return version


def _advance(actor: Actor, subject: Subject, version: PlanVersion, now: datetime, leave: Explanation) -> None:
    """Move on as far as the signatures allow: offered, agreed, approved, in force; or back when a yes became a no."""
    given = signatures_of(actor, version)
    deciders = queries.deciders_for(actor, subject, now.date())
    agrees = version_rules.family_agrees(version_rules.signers(deciders.must_agree, given))
    said = version_rules.approver_said(given)
    if version.status == VersionStatus.AGREED and not agrees:
        _go(actor, subject, version, VersionStatus.OFFERED, now, leave)
    if version.status == VersionStatus.OFFERED and agrees:
        _go(actor, subject, version, VersionStatus.AGREED, now, leave)
        if said is None:
            kind = "plan_to_look_at" if version.practical else "plan_to_approve"
            _tell(actor, subject, kind, deciders.approvers, version.id, now)
    if version.status == VersionStatus.AGREED:
        if said is SignatureAnswer.YES:
            _go(actor, subject, version, VersionStatus.APPROVED, now, leave)
        if said is SignatureAnswer.YES or (version.practical and said is None):
            _come_into_force(actor, subject, version, now, leave)


def _come_into_force(
    actor: Actor, subject: Subject, version: PlanVersion, now: datetime, leave: Explanation
) -> None:
    """Rule 3 of the plan's tables, within the transaction of the action: a constant number of statements."""
    before, old = queries.content_in_force(actor, subject, version.plan_id)
    new = queries.content_of(actor, version)
    if before:
        _go(actor, subject, before, VersionStatus.SUPERSEDED, now, leave)
    _go(actor, subject, version, VersionStatus.IN_FORCE, now, leave)
    steps = rules.steps_in_force(old, new, queries.agreement_states(actor, before))
    given = _given(actor, version, now)
    AgreementStep.objects.bulk_create(
        AgreementStep(
            agreement_id=key, state=state, reason=reason, replaced_by_id=new.replaced.get(key), **given
        )
        for key, (state, reason) in steps.items()
    )
    asked = [key for key, (state, _) in steps.items() if state is AgreementState.ASKED]
    people = _asked_accounts(version, new, asked, now)
    _tell(actor, subject, "agreement_to_answer", people, version.id, now)
    if before and old:
        people = _asked_accounts(before, old, [key for key in steps if key not in asked], now)
        _tell(actor, subject, "agreement_lapsed", people, version.id, now)
    moves = rules.goals_in_force(old, new, _goal_states(version))
    GoalStep.objects.bulk_create(
        GoalStep(goal_id=key, state=state, reason=reason, **given) for key, (state, reason) in moves.items()
    )


def _asked_accounts(
    version: PlanVersion, content: rules.Content, agreements: Sequence[UUID], now: datetime
) -> set[UUID]:
    """The accounts of the people who are asked by name; an organisation sees it on its start page.

    Without those to whom the family's consent closes what the agreement is about: it does not exist for them.
    """
    rows = AgreementTerms.objects.filter(version=version, agreement_id__in=agreements)
    people = rows.annotate(account=Coalesce("professional__user_id", "relative__user_id")).exclude(
        account=None
    )
    seen = seen_by(version.child_id, now.date())
    return {
        account
        for account, key in people.values_list("account", "agreement_id")
        if seen.get(account, EVERY_DOMAIN) & (rules.domains_of(content, key) or EVERY_DOMAIN)
    }


def _given(actor: Actor, version: PlanVersion, now: datetime) -> dict[str, object]:
    return {
        "child_id": version.child_id,
        "owner_id": version.owner_id,
        "version": version,
        "by_id": actor.id,
        "by": actor.name,
        "organisation": actor.organisation,
        "created_at": now,
    }


def _goal_states(version: PlanVersion) -> Mapping[UUID, GoalState]:
    rows = GoalStep.objects.filter(goal__plan_id=version.plan_id).order_by("created_at", "id")
    return {key: GoalState(state) for key, state in rows.values_list("goal_id", "state")}
