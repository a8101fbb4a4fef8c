"""What waits for somebody in the plans of many children at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careplan.agreements.queries import last_moment, last_state
from kindzorg.careplan.agreements.rules import AgreementState, WhoKind
from kindzorg.careplan.evaluations.queries import last_evaluation, last_goal_state
from kindzorg.careplan.evaluations.rules import evaluation_view, review_due
from kindzorg.careplan.goals.rules import GoalState
from kindzorg.careplan.models import (
    AgreementTerms,
    Evaluation,
    GoalText,
    PlanVersion,
    Signature,
)
from kindzorg.careplan.versions import rules as version_rules
from kindzorg.careplan.versions.rules import (
    APPROVER,
    SIGNATURE,
    UNDER_WAY,
    VERSION,
    AskedOfVersion,
    SignatureView,
    VersionStatus,
    signature_view,
    version_view,
)
from kindzorg.careteam.models import Membership, ParentalAuthority
from kindzorg.careteam.queries import OpenedChild
from kindzorg.careteam.rules import must_agree
from kindzorg.journey.rules import Waiting

NOBODY = UUID(int=0)
# Content of a plan in force, in a journey that is open.
IN_FORCE = Q(version__status=VersionStatus.IN_FORCE, version__plan__journey__closed_at__isnull=True)
# What waits for the owner of an agreement in this state; an agreement that is asked waits for who is asked.
OWNER_WAITS = {
    AgreementState.ASKED: "",
    AgreementState.DECLINED: "agreement_declined",
    AgreementState.MORE_INFO_ASKED: "agreement_info_asked",
}


def waiting_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[Waiting]:
    """What waits for this actor in the plans of these children: four statements, however many.

    Kinds: `plan_to_sign`, `plan_to_approve`, `plan_to_look_at` (a practical change in force, to see or object to),
    `plan_to_offer` (a draft), `plan_to_hear` (who must agree has no account), `plan_disagreed` (somebody said no) and
    `plan_objected` for who offers; `agreement_to_answer`, `agreement_declined` and `agreement_info_asked` for its
    owner; `goal_to_review`, `agreement_to_review` and `plan_to_review`.
    """
    subjects = {
        one.child.id: one.subject for one in children if policy.may(actor, "child.open", one.subject, on)
    }
    return [
        *_waiting_versions(actor, subjects, on),
        *_waiting_agreements(actor, subjects, on),
        *_waiting_goals(actor, subjects, on),
        *_waiting_looks(actor, subjects, on),
    ]


def _waiting_versions(actor: Actor, subjects: Mapping[UUID, Subject], on: date) -> Iterable[Waiting]:
    open_journey = Q(plan__journey__closed_at__isnull=True)
    looked_at = Q(status__in=UNDER_WAY) | Q(status=VersionStatus.IN_FORCE, practical=True)
    doctors = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on),
        child_id=OuterRef("child_id"),
        role=Role.PAEDIATRICIAN,
        starts__lte=on,
    )
    signed = [f"signatures__{name}" for name in SIGNATURE]
    rows = (
        PlanVersion.objects.filter(looked_at, open_journey, child_id__in=subjects)
        .annotate(has_doctor=Exists(doctors), without_account=Exists(_unheard(on)))
        .order_by("child_id", "id", "signatures__created_at", "signatures__id")
        .values("child_id", "by", "has_doctor", "without_account", "child__user_id", *VERSION, *signed)
    )
    for _, group in groupby(rows, key=lambda row: row["id"]):
        version = list(group)
        given = tuple(signature_view(row, "signatures__") for row in version if row["signatures__party"])
        first = version[0]
        approver = Role.PAEDIATRICIAN if first["has_doctor"] else Role.GP
        asked = AskedOfVersion(
            sign=policy.may(actor, "plan.agree", subjects[first["child_id"]], on),
            approve=_approves(actor, subjects[first["child_id"]], approver, on),
            offer=policy.may(actor, "plan.offer", subjects[first["child_id"]], on),
            hear=_hears(actor, subjects[first["child_id"]], first, given, on),
        )
        for kind in version_rules.waits_for(actor.id, version_view(first, given), asked):
            since = first["in_force_at"] or first["offered_at"] or first["created_at"]
            yield Waiting(first["child_id"], kind, "plan", since, object_id=first["id"])


def _unheard(on: date) -> QuerySet[ParentalAuthority]:
    """Holders of authority without an account, of whom nothing was recorded on the version of the row outside."""
    said = Signature.objects.filter(version_id=OuterRef(OuterRef("id")), relative_id=OuterRef("relative_id"))
    return ParentalAuthority.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on),
        ~Exists(said),
        child_id=OuterRef("child_id"),
        relative__user__isnull=True,
        starts__lte=on,
    )


def _hears(
    actor: Actor, subject: Subject, row: Mapping[str, Any], given: Sequence[SignatureView], on: date
) -> bool:
    """Whether somebody who must agree can only be heard by others, and was not heard yet."""
    asked = must_agree(subject.birth_date, (NOBODY,), on)  # any holder stands for all of them
    adults = any(one.relative_id for one in asked) and row["without_account"]
    itself = any(one.relative_id is None for one in asked) and row["child__user_id"] is None
    said = any(one.relative_id is None and one.party != APPROVER for one in given)
    return policy.may(actor, "plan.record_answer", subject, on) and (adults or (itself and not said))


def _approves(actor: Actor, subject: Subject, approver: Role, on: date) -> bool:
    leave = policy.explain(actor, "plan.approve", subject, on)
    return leave.allowed and leave.grant is not None and leave.grant.role == approver


def _waiting_agreements(actor: Actor, subjects: Mapping[UUID, Subject], on: date) -> Iterable[Waiting]:
    may = [key for key, subject in subjects.items() if policy.may(actor, "agreement.answer", subject, on)]
    asked = Q(professional__user_id=actor.id) | Q(relative__user_id=actor.id)
    asked |= Q(who_kind=WhoKind.CHILD, child__user_id=actor.id)
    owned = Q(agreement__owner_id=NOBODY)
    if actor.organisation_id:
        unnamed = Q(who_kind=WhoKind.ORGANISATION) | Q(professional__isnull=False, professional__user_id=None)
        asked |= unnamed & Q(organisation_id=actor.organisation_id)
        owned = Q(agreement__owner_id=actor.organisation_id)
    rows = (
        AgreementTerms.objects.filter(IN_FORCE, asked | owned, child_id__in=may)
        .annotate(state=last_state(), since=last_moment(), asked=Case(When(asked, then=True), default=False))
        .annotate(owned=Case(When(owned, then=True), default=False))
        .filter(state__in=[str(state) for state in OWNER_WAITS])
        .order_by("agreement_id")
        .values("child_id", "agreement_id", "state", "since", "asked", "owned", "what")
    )
    for row in rows:
        kind = OWNER_WAITS[AgreementState(row["state"])] if row["owned"] else ""
        if row["asked"] and row["state"] == AgreementState.ASKED:
            kind = "agreement_to_answer"
        if kind:
            yield Waiting(
                row["child_id"], kind, "plan", row["since"], object_id=row["agreement_id"], about=row["what"]
            )


def _waiting_goals(actor: Actor, subjects: Mapping[UUID, Subject], on: date) -> Iterable[Waiting]:
    may = [key for key, subject in subjects.items() if policy.may(actor, "plan.offer", subject, on)]
    rows = (
        GoalText.objects.filter(IN_FORCE, child_id__in=may)
        .annotate(state=last_goal_state(), evaluation=last_evaluation(), since=F("version__in_force_at"))
        .filter(state__in=[GoalState.ACTIVE, GoalState.ON_HOLD])
        .order_by("goal_id")
        .values("child_id", "goal_id", "review_on", "evaluation", "since", "words", "domains")
    )
    for row in rows:
        # A goal in domains that consent closes to the actor does not exist for that one.
        if not policy.may_domains(actor, "plan.offer", subjects[row["child_id"]], on) & set(row["domains"]):
            continue
        due = review_due(row["review_on"], evaluation_view(row["evaluation"]))
        if due and due < on:
            yield Waiting(
                row["child_id"], "goal_to_review", "plan", row["since"], due, row["goal_id"], row["words"]
            )


def _waiting_looks(actor: Actor, subjects: Mapping[UUID, Subject], on: date) -> Iterable[Waiting]:
    """Agreements, and plans as a whole, of which the last evaluation says to look again by now."""
    may = [key for key, subject in subjects.items() if policy.may(actor, "plan.offer", subject, on)]
    later = Evaluation.objects.filter(created_at__gt=OuterRef("created_at"))
    of_same = Exists(later.filter(agreement_id=OuterRef("agreement_id")))
    of_whole = Exists(
        later.filter(goal__isnull=True, agreement__isnull=True, version__plan_id=OuterRef("version__plan_id"))
    )
    terms = AgreementTerms.objects.filter(IN_FORCE, agreement_id=OuterRef("agreement_id"))
    going = terms.annotate(state=last_state()).exclude(
        state__in=[str(AgreementState.DONE), str(AgreementState.LAPSED)]
    )
    rows = (
        Evaluation.objects.filter(
            (Q(agreement__isnull=False) & ~of_same) | (Q(agreement__isnull=True) & ~of_whole),
            child_id__in=may,
            goal__isnull=True,
            next_review_on__lt=on,
            version__plan__journey__closed_at__isnull=True,
        )
        .annotate(what=Subquery(going.values("what")[:1]))
        .order_by("created_at", "id")
        .values("child_id", "agreement_id", "next_review_on", "created_at", "what")
    )
    for row in rows:
        since, due = row["created_at"], row["next_review_on"]
        if row["agreement_id"] is None:
            yield Waiting(row["child_id"], "plan_to_review", "plan_look", since, due)
        elif row["what"]:
            key, what = row["agreement_id"], row["what"]
            yield Waiting(row["child_id"], "agreement_to_review", "plan_agreement", since, due, key, what)
