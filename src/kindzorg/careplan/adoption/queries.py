"""Content of versions, who must agree, what is missing, what changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careplan.adoption import rules
from kindzorg.careplan.adoption.rules import Content, Difference, Lack
from kindzorg.careplan.agreements.queries import last_moment, last_state
from kindzorg.careplan.agreements.rules import AgreementState, WhoKind, agreement_content
from kindzorg.careplan.evaluations.queries import last_evaluation, last_goal_state
from kindzorg.careplan.evaluations.rules import evaluation_view, review_due
from kindzorg.careplan.goals.rules import GoalState, NoGoalContent, goal_content, served_need
from kindzorg.careplan.models import (
    AgreementTerms,
    DomainChoice,
    Evaluation,
    GoalText,
    PlanVersion,
    Removal,
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
    Signing,
    VersionStatus,
    VersionView,
    plan_need,
    signature_view,
    version_view,
)
from kindzorg.careteam.models import Membership, ParentalAuthority
from kindzorg.careteam.queries import OpenedChild, no_court_keeps
from kindzorg.careteam.rules import MustAgree, must_agree
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.rules import Waiting
from kindzorg.people.models import Child, User

HOLDER = "holds_authority"
NOBODY = UUID(int=0)
# Content of a plan in force, in a journey that is open.
IN_FORCE = Q(version__status=VersionStatus.IN_FORCE, version__plan__journey__closed_at__isnull=True)
# What waits for the owner of an agreement in this state; an agreement that is asked waits for who is asked.
OWNER_WAITS = {
    AgreementState.ASKED: "",
    AgreementState.DECLINED: "agreement_declined",
    AgreementState.MORE_INFO_ASKED: "agreement_info_asked",
}


def content_of(actor: Actor, version: PlanVersion) -> Content:
    """All content of a version by identity, in four statements whatever its size."""
    goals = GoalText.objects.filter(version=version).order_by("goal_id").values()
    agreements = AgreementTerms.objects.filter(version=version).order_by("agreement_id").values()
    choices = DomainChoice.objects.filter(version=version).order_by("id").values()
    removed = Removal.objects.filter(version=version).annotate(key=Coalesce("goal_id", "agreement_id"))
    return Content(
        goals={row["goal_id"]: goal_content(row) for row in goals},
        agreements={row["agreement_id"]: agreement_content(row) for row in agreements},
        no_goals={
            row["need_key"]: NoGoalContent(
                need=served_need(row["need"]), domain=LifeDomain(row["domain"]), why=row["why"]
            )
            for row in choices
        },
        needs=tuple(map(plan_need, version.needs)),
        removed=dict(removed.values_list("key", "reason")),
    )


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who decides on the plan of a child on a day: who must agree, the names of the holders, who approves.

    `accounts` are those of the holders by relative, `approvers` those of the members in the approving role.
    """

    must_agree: tuple[MustAgree, ...]
    names: Mapping[UUID, str]
    accounts: Mapping[UUID, UUID]
    approver: Role | None
    approvers: tuple[UUID, ...]


def deciders_for(actor: Actor, subject: Subject, on: date) -> Deciders:
    """Who must agree, and which role approves (None without paediatrician and GP in the team). One statement."""
    policy.require(actor, "child.open", subject, on)
    now = Q(child_id=subject.child_id, starts__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))
    roles = Membership.objects.filter(now).values_list(
        "role", F("child_id"), Value(""), F("professional__user_id"), F("starts")
    )
    holders = ParentalAuthority.objects.filter(now, no_court_keeps(on)).values_list(
        Value(HOLDER), "relative_id", "relative__name", "relative__user_id", F("starts")
    )
    rows = sorted(roles.union(holders), key=lambda row: (row[4], str(row[1])))
    held = [row for row in rows if row[0] == HOLDER]
    approver = version_rules.approver_role(row[0] for row in rows if row[0] != HOLDER)
    names = {key: name for _, key, name, _, _ in held}
    return Deciders(
        must_agree=must_agree(subject.birth_date, names, on, can_decide=subject.can_decide),
        names=names,
        accounts={key: user for _, key, _, user, _ in held if user is not None},
        approver=approver,
        approvers=tuple(user for word, _, _, user, _ in rows if word == approver and user is not None),
    )


@dataclass(frozen=True, slots=True)
class ToHear:
    """Somebody who must agree and whose answer may be recorded: in which quality, the name, the account if any."""

    asked: MustAgree
    name: str
    account: UUID | None


def signer_to_hear(actor: Actor, subject: Subject, relative_id: UUID | None, on: date) -> ToHear:
    """Who must agree, by relative or the child itself (None). An account that is closed counts as none.

    Raises Missing for who need not agree; Refused when the actor must agree as well: then others hear.
    """
    policy.require(actor, "plan.record_answer", subject, on)
    deciders = deciders_for(actor, subject, on)
    asked = next((one for one in deciders.must_agree if one.relative_id == relative_id), None)
    if asked is None:
        raise Missing("not_asked_to_agree", child_id=subject.child_id)
    child = Child.objects.get(id=subject.child_id)

    def account_of(one: MustAgree) -> UUID | None:
        return deciders.accounts.get(one.relative_id) if one.relative_id else child.user_id

    if actor.id in map(account_of, deciders.must_agree):
        raise Refused("signs_own", child_id=subject.child_id)
    name = deciders.names[relative_id] if relative_id else str(child)
    account = account_of(asked)
    open_one = account is not None and User.objects.filter(id=account, is_active=True).exists()
    return ToHear(asked, name, account if open_one else None)


def signing_for(actor: Actor, subject: Subject, version: VersionView, on: date) -> Signing:
    """Who must agree to a version and what each last said, who approves, and where it waits. One statement.

    Once the deciding is over: who said something, not who would be asked today.
    """
    policy.require(actor, "plan.read", subject, on)
    deciders = deciders_for(actor, subject, on)
    asked = tuple(
        replace(one, name=deciders.names.get(one.relative_id, "") if one.relative_id else "")
        for one in version_rules.signers(deciders.must_agree, version.signatures)
    )
    if version.status not in UNDER_WAY:
        asked = version_rules.signers_of(version.signatures)
    approvals = [one for one in version.signatures if one.party == APPROVER]
    return Signing(
        asked=asked,
        approver=deciders.approver,
        approval=approvals[-1] if approvals else None,
        standing=version_rules.standing(version.status, version.practical, asked, version.signatures),
    )


def _version(actor: Actor, subject: Subject, number: int, on: date) -> PlanVersion:
    rows = PlanVersion.objects.filter(child_id=subject.child_id, number=number).order_by("-plan_id")
    version = rows.first()
    hidden = version is not None and version.status == VersionStatus.DRAFT
    if version is None or (hidden and not policy.may(actor, "plan.draft", subject, on)):
        raise Missing("no_such_version", number=number)
    return version


def missing_for(actor: Actor, subject: Subject, on: date) -> tuple[Lack, ...]:
    """What is missing before the draft can be offered. Raises Missing without a draft."""
    policy.require(actor, "plan.draft", subject, on)
    draft = PlanVersion.objects.filter(child_id=subject.child_id, status=VersionStatus.DRAFT).first()
    if draft is None:
        raise Missing("no_draft", child_id=subject.child_id)
    return lacks_of(actor, subject, content_of(actor, draft), on)


def lacks_of(actor: Actor, subject: Subject, content: Content, on: date) -> tuple[Lack, ...]:
    """What this content lacks, with who must agree and who approves looked up."""
    deciders = deciders_for(actor, subject, on)
    return rules.missing_before_offer(content, on, must_agree=deciders.must_agree, approver=deciders.approver)


def changes_between(
    actor: Actor, subject: Subject, old: int | None, new: int, on: date
) -> Sequence[Difference]:
    """What changed from version `old` (None: from nothing) to version `new`, of what the actor may read.

    Constant in the size of the plan. Raises Missing.
    """
    policy.require(actor, "plan.read", subject, on)
    before = content_of(actor, _version(actor, subject, old, on)) if old else Content()
    after = content_of(actor, _version(actor, subject, new, on))
    seen = policy.may_domains(actor, "plan.read", subject, on)
    return [one for one in rules.differences(before, after) if _touches(one, before, after) & seen]


def _touches(one: Difference, before: Content, after: Content) -> frozenset[LifeDomain]:
    """The domains of the item that differs, in either version; of an agreement those of its why."""
    found: set[LifeDomain] = set()
    for content in (before, after):
        found |= rules.domains_of(content, one.id)
    return frozenset(found) or frozenset(LifeDomain)


def content_in_force(
    actor: Actor, subject: Subject, plan_id: UUID
) -> tuple[PlanVersion | None, Content | None]:
    """The version in force of this plan with its content, if there is one."""
    version = PlanVersion.objects.filter(plan_id=plan_id, status=VersionStatus.IN_FORCE).first()
    return version, content_of(actor, version) if version else None


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
        .values("child_id", "goal_id", "review_on", "evaluation", "since", "words")
    )
    for row in rows:
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
