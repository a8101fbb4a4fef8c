"""What waits for somebody in the plans of many children at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careplan.agreements import rules
from kindzorg.careplan.agreements.queries import last_moment, last_state
from kindzorg.careplan.agreements.rules import AgreementState, WhoKind
from kindzorg.careplan.annex.queries import annex_rows_for
from kindzorg.careplan.evaluations.queries import last_evaluation, last_goal_state
from kindzorg.careplan.evaluations.rules import evaluation_view, review_due
from kindzorg.careplan.goals.rules import GoalState, served_need
from kindzorg.careplan.learning import queries as learning
from kindzorg.careplan.meetings.queries import to_answer_rows
from kindzorg.careplan.models import (
    AgreementTerms,
    Evaluation,
    GoalText,
    PlanVersion,
    Signature,
)
from kindzorg.careplan.proposals import queries as proposals
from kindzorg.careplan.reviews.queries import review_rows_for
from kindzorg.careplan.versions import rules as version_rules
from kindzorg.careplan.versions.rules import (
    APPROVER,
    SIGNATURE,
    UNDER_WAY,
    VERSION,
    AskedOfVersion,
    SignatureView,
    VersionStatus,
    plan_need,
    signature_view,
    version_view,
)
from kindzorg.careteam.models import Membership, ParentalAuthority
from kindzorg.careteam.queries import OpenedChild
from kindzorg.careteam.rules import must_agree
from kindzorg.core.plain import day, key, moment
from kindzorg.core.statements import Listed, Nested, worded_once
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.rules import Waiting
from kindzorg.journey.waiting import WaitingRows, waiting_rows

NOBODY = UUID(int=0)
DIFFER = "child_differ"
# Content of a plan in force, in a journey that is open.
IN_FORCE = Q(version__status=VersionStatus.IN_FORCE, version__plan__journey__closed_at__isnull=True)
# What waits for the owner of an agreement in this state; an agreement that is asked waits for who is asked.
OWNER_WAITS = {
    AgreementState.ASKED: "",
    AgreementState.DECLINED: "agreement_declined",
    AgreementState.MORE_INFO_ASKED: "agreement_info_asked",
}


def waiting_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[Waiting]:
    """What waits for this actor in the plans of these children: one statement, however many.

    Kinds: `plan_to_sign`, `plan_to_approve`, `plan_to_look_at` (a practical change in force, to see or object to),
    `plan_to_offer` (a draft), `plan_to_hear` (who must agree has no account), `plan_disagreed` (somebody said no) and
    `plan_objected` for who offers; `agreement_to_answer`, `agreement_declined` and `agreement_info_asked` for its
    owner; `agreement_unanswered` and `agreement_ended` (its time is over) for them and for who offers the plan;
    `parents_differ` for the family and who guides it; `goal_to_review`, `agreement_to_review`, `plan_to_review`.
    """
    subjects = {
        one.child.id: one.subject for one in children if policy.may(actor, "child.open", one.subject, on)
    }
    answers = {child for child, one in subjects.items() if policy.may(actor, "agreement.answer", one, on)}
    reviews = {child for child, one in subjects.items() if policy.may(actor, "plan.offer", one, on)}
    asked = (tuple(subjects), actor.id, actor.organisation_id, on, bool(answers), bool(reviews))
    found: list[Waiting] = []
    for row in _live_versions(*asked):
        child_id, in_force = row["child_id"], row["status"] == VersionStatus.IN_FORCE
        if row["practical"] or not in_force:
            found += _of_version(actor, subjects[child_id], row, on)
        if in_force and child_id in answers:
            seen = policy.may_domains(actor, "agreement.answer", subjects[child_id], on)
            found += _of_agreements(row, seen, on, every=child_id in reviews)
        if in_force and child_id in reviews:
            seen = policy.may_domains(actor, "plan.offer", subjects[child_id], on)
            found += [*_of_goals(row, seen, on), *_of_looks(row, seen)]
    return found


def waiting_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """Proposals to decide on, who wants to learn or is not sure, reviews to prepare for and to plan: in the statement
    in which all rooms are asked."""
    several = (
        *(proposals.waiting_rows_for, learning.waiting_rows_for, review_rows_for, to_answer_rows),
        annex_rows_for,
    )
    return [rows for source in several for rows in source(actor, children, on)]


@worded_once
def _live_versions(
    children: tuple[UUID, ...], user_id: UUID, house_id: UUID | None, on: date, answers: bool, reviews: bool
) -> QuerySet[Any, Any]:
    """The version in force and the one under way in the open journeys of these children, with what was signed; and
    with the agreements and reviews of the one in force that may wait, where somebody may answer or review."""
    doctors = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on),
        child_id=OuterRef("child_id"),
        role=Role.PAEDIATRICIAN,
        starts__lte=on,
    )
    signed = Signature.objects.filter(version_id=OuterRef("id")).order_by("created_at", "id")
    added = {"signed": Listed(signed.values(item=JSONObject(**{name: name for name in SIGNATURE})))}
    if answers:
        added["agreements"] = Listed(_answered(user_id, house_id, reviews))
    if reviews:
        added |= {"goals": Listed(_reviewed()), "looks": Listed(_looked_at(on))}
    rows = PlanVersion.objects.filter(
        status__in=[VersionStatus.IN_FORCE, *UNDER_WAY],
        plan__journey__closed_at__isnull=True,
        child_id__in=children,
    )
    rows = rows.annotate(has_doctor=Exists(doctors), without_account=Exists(_unheard(on)), **added)
    names = ("child_id", "by", "has_doctor", "without_account", "child__user_id", "needs")
    return rows.order_by("child_id", "id").values(*names, *VERSION, *added)


def _of_version(actor: Actor, subject: Subject, row: Mapping[str, Any], on: date) -> Iterable[Waiting]:
    given = tuple(map(signature_view, row["signed"]))
    approver = Role.PAEDIATRICIAN if row["has_doctor"] else Role.GP
    asked = AskedOfVersion(
        sign=policy.may(actor, "plan.agree", subject, on),
        approve=_approves(actor, subject, approver, on),
        offer=policy.may(actor, "plan.offer", subject, on),
        hear=_hears(actor, subject, row, given, on),
        guide=policy.may(actor, "family.assist", subject, on),
    )
    for kind in version_rules.waits_for(actor.id, version_view(row, given), asked):
        since = row["in_force_at"] or row["offered_at"] or row["created_at"]
        differ = kind == "parents_differ" and policy.may(actor, "authority.read", subject, on)
        address = DIFFER if differ else "plan"
        yield Waiting(row["child_id"], kind, address, since, object_id=row["id"])


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


def _answered(user_id: UUID, house_id: UUID | None, every: bool) -> QuerySet[Any, Any]:
    """Agreements of the version of the row outside on which this person, or this organisation, has something to say;
    with `every` those of others too, which may be late."""
    asked = Q(professional__user_id=user_id) | Q(relative__user_id=user_id)
    asked |= Q(who_kind=WhoKind.CHILD, child__user_id=user_id)
    owned = Q(agreement__owner_id=NOBODY)
    if house_id:
        unnamed = Q(who_kind=WhoKind.ORGANISATION) | Q(professional__isnull=False, professional__user_id=None)
        asked |= unnamed & Q(organisation_id=house_id)
        owned = Q(agreement__owner_id=house_id)
    rows = (
        AgreementTerms.objects.filter(*([] if every else [asked | owned]), version_id=OuterRef("id"))
        .annotate(state=last_state(), since=last_moment(), asked=Case(When(asked, then=True), default=False))
        .annotate(owned=Case(When(owned, then=True), default=False))
        .filter(
            Q(state__in=[str(state) for state in OWNER_WAITS])
            | Q(state=AgreementState.AGREED, until__isnull=False)
        )
    )
    names = ("agreement_id", "state", "since", "asked", "owned", "what", "until")
    return rows.order_by("agreement_id").values(item=JSONObject(**{name: name for name in names}, **_why()))


def _why() -> dict[str, Nested]:
    """What an agreement is for, beside its terms: the need, and the domains of the goal."""
    goal = GoalText.objects.filter(version_id=OuterRef("version_id"), goal_id=OuterRef("goal_id"))
    return {"need": Nested(F("need")), "domains": Nested(Subquery(goal.values("domains")[:1]))}


def _open_to(seen: Collection[LifeDomain], one: Mapping[str, Any], needs: Sequence[Any]) -> bool:
    """Whether an agreement is of a domain that is open to the reader: one whose why is gone, only to who sees all."""
    served = served_need(one["need"]).key if one["need"] else ""
    found = set(one["domains"] or ()) or {
        str(need.domain) for need in map(plan_need, needs) if need.key == served
    }
    return set(seen) == set(LifeDomain) or bool(found & set(seen))


def _of_agreements(
    row: Mapping[str, Any], seen: Collection[LifeDomain], on: date, *, every: bool
) -> Iterable[Waiting]:
    # An agreement in domains that consent closes to the actor does not exist for that one.
    for one in row["agreements"]:
        if not _open_to(seen, one, row["needs"]):
            continue
        state, since = AgreementState(one["state"]), moment(one["since"])
        asked_on = timezone.localdate(since)
        late = rules.late(state, asked_on, day(one["until"]), on)
        kind, address, due = OWNER_WAITS.get(state, "") if one["owned"] else "", "plan", None
        if one["asked"] and state is AgreementState.ASKED:
            kind, due = "agreement_to_answer", asked_on + rules.ANSWER_WITHIN
        elif late and (one["asked"] or one["owned"] or every):
            kind, address, due = f"agreement_{late[0]}", "plan_agreement", late[1]
        if kind:
            about = key(one["agreement_id"])
            yield Waiting(row["child_id"], kind, address, since, due, about, one["what"])


def _reviewed() -> QuerySet[Any, Any]:
    """Goals of the version of the row outside that go on, each with its last evaluation."""
    rows = GoalText.objects.filter(version_id=OuterRef("id")).annotate(state=last_goal_state())
    going = rows.filter(state__in=[GoalState.ACTIVE, GoalState.ON_HOLD]).order_by("goal_id")
    names = {name: name for name in ("goal_id", "words", "review_on")}
    nested = {"domains": Nested(F("domains")), "evaluation": Nested(last_evaluation())}
    return going.values(item=JSONObject(**names, **nested))


def _of_goals(row: Mapping[str, Any], seen: Collection[LifeDomain], on: date) -> Iterable[Waiting]:
    # A goal in domains that consent closes to the actor does not exist for that one.
    for one in row["goals"]:
        if not set(seen) & set(one["domains"]):
            continue
        due = review_due(day(one["review_on"]), evaluation_view(one["evaluation"]))
        if due and due < on:
            about, since = key(one["goal_id"]), row["in_force_at"]
            yield Waiting(row["child_id"], "goal_to_review", "plan", since, due, about, one["words"])


def _looked_at(on: date) -> QuerySet[Any, Any]:
    """Agreements of the plan of the row outside, and that plan as a whole, of which the last evaluation says to look
    again by now."""
    later = Evaluation.objects.filter(created_at__gt=OuterRef("created_at"))
    of_same = Exists(later.filter(agreement_id=OuterRef("agreement_id")))
    of_whole = Exists(
        later.filter(goal__isnull=True, agreement__isnull=True, version__plan_id=OuterRef("version__plan_id"))
    )
    terms = AgreementTerms.objects.filter(IN_FORCE, agreement_id=OuterRef("agreement_id"))
    going = terms.annotate(state=last_state()).exclude(
        state__in=[str(AgreementState.DONE), str(AgreementState.LAPSED)]
    )
    rows = Evaluation.objects.filter(
        (Q(agreement__isnull=False) & ~of_same) | (Q(agreement__isnull=True) & ~of_whole),
        version__plan_id=OuterRef("plan_id"),
        goal__isnull=True,
        next_review_on__lt=on,
    ).annotate(terms=Subquery(going.values(json=JSONObject(what="what", **_why()))[:1]))
    names = {name: name for name in ("agreement_id", "next_review_on", "created_at")}
    return rows.order_by("created_at", "id").values(item=JSONObject(**names, terms=Nested(F("terms"))))


def _of_looks(row: Mapping[str, Any], seen: Collection[LifeDomain]) -> Iterable[Waiting]:
    for one in row["looks"]:
        since, due, about = moment(one["created_at"]), day(one["next_review_on"]), key(one["agreement_id"])
        if about is None:
            if set(seen) == set(LifeDomain):
                yield Waiting(row["child_id"], "plan_to_review", "plan_look", since, due)
        elif one["terms"] and _open_to(seen, one["terms"], row["needs"]):
            yield Waiting(
                row["child_id"],
                "agreement_to_review",
                "plan_agreement",
                since,
                due,
                about,
                one["terms"]["what"],
            )


def family_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """What a family has yet to say about its plan, and what anybody has, for who guides it and sees the whole plan:
    a version that was offered, and the agreements of the one in force to which nobody answered."""
    seen = [one.child.id for one in children if policy.sees_all(actor, "plan.read", one.subject, on)]
    offered = PlanVersion.objects.filter(
        child_id__in=seen, status=VersionStatus.OFFERED, plan__journey__closed_at__isnull=True
    )
    asked = AgreementTerms.objects.filter(IN_FORCE, child_id__in=seen).annotate(
        state=last_state(), since=last_moment()
    )
    asked = asked.filter(state=AgreementState.ASKED)
    of_family = Case(When(relative__isnull=False, then=Value("family")), default=Value(""))
    return (
        waiting_rows(offered, _plan_together, at="offered_at"),
        waiting_rows(asked, _unanswered, word=of_family, at="since", object_id="agreement_id"),
    )


def _plan_together(
    child_id: UUID, word: str, since: Any, due: date | None, object_id: UUID | None
) -> Waiting:
    return Waiting(child_id, "plan_together", "plan", since)


def _unanswered(child_id: UUID, word: str, since: Any, due: date | None, object_id: UUID | None) -> Waiting:
    kind = "agreement_together" if word == "family" else "agreement_unanswered"
    return Waiting(child_id, kind, "plan_agreement", since, object_id=object_id)
