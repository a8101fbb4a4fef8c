"""Reviews as somebody may see them, what was prepared for them, who prepares, and what lies under a step down."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, JSONObject

from kindzorg.access import policy, sight
from kindzorg.access.policy import EVERY_DOMAIN, Actor, Subject, matrix
from kindzorg.access.roles import Role, Scope
from kindzorg.careplan.evaluations.queries import evaluation_views
from kindzorg.careplan.evaluations.rules import EvaluationView
from kindzorg.careplan.models import Evaluation, PlanVersion
from kindzorg.careplan.reviews import rules
from kindzorg.careplan.reviews.models import Preparation, Review, ReviewStep
from kindzorg.careplan.reviews.rules import Person, PreparationView, ReviewMove, ReviewView
from kindzorg.careplan.versions.rules import VersionStatus
from kindzorg.careteam.marks.queries import marks_for
from kindzorg.careteam.marks.rules import MarkState
from kindzorg.careteam.models import CourtRestriction, Grant
from kindzorg.careteam.queries import OpenedChild, in_force, marked_objects
from kindzorg.careteam.rules import RestrictionKind
from kindzorg.core.errors import Missing
from kindzorg.core.plain import day, moment
from kindzorg.core.statements import Nested
from kindzorg.core.vocabulary import Ground, LifeDomain
from kindzorg.journey.models import CareJourney
from kindzorg.journey.rules import Waiting
from kindzorg.journey.waiting import WaitingRows, waiting_rows
from kindzorg.needs.answers import Feeling

OVER = (str(ReviewMove.HELD), str(ReviewMove.DROPPED))


def _open() -> Any:
    """That a review was neither held nor dropped."""
    return ~Exists(ReviewStep.objects.filter(review_id=OuterRef("id"), move__in=OVER))


def reading(actor: Actor, subject: Subject, on: date) -> str:
    """By which permission the actor reads reviews: all that was prepared, or the own. Raises Refused."""
    whole = policy.may(actor, "review.read", subject, on)
    return policy.require(actor, "review.read" if whole else "review.read_part", subject, on).permission


def _going() -> Any:
    """That the child of a row lives, and that its file and its journey go on: else nobody is asked for anything."""
    journey = CareJourney.objects.filter(child_id=OuterRef("child_id"), closed_at__isnull=True)
    return Exists(journey) & Q(child__died_on__isnull=True, child__merged_into__isnull=True)


def _last() -> Subquery:
    """The last step of a review as JSON, inside the statement that reads the reviews."""
    steps = ReviewStep.objects.filter(review_id=OuterRef("id")).order_by("-created_at", "-id")
    return Subquery(steps.values(json=JSONObject(move="move", on_day="on_day", id="id"))[:1])


def reviews_for(actor: Actor, subject: Subject, on: date) -> tuple[ReviewView, ...]:
    """The reviews of which some life domain is open to the actor, the newest day first. One statement."""
    return _seen(actor, subject, on, Review.objects.filter(child_id=subject.child_id))


def review_for(actor: Actor, subject: Subject, review_id: UUID, on: date) -> ReviewView:
    """One review. Raises Missing, also for one of which nothing is open to the actor. One statement."""
    found = _seen(actor, subject, on, Review.objects.filter(child_id=subject.child_id, id=review_id))
    if not found:
        raise Missing("no_such_review", review_id=review_id)
    return found[0]


def _seen(actor: Actor, subject: Subject, on: date, rows: QuerySet[Review]) -> tuple[ReviewView, ...]:
    open_to = policy.may_domains(actor, reading(actor, subject, on), subject, on)
    said = ReviewStep.objects.filter(review_id=OuterRef("id")).order_by("-created_at", "-id")
    found = rows.annotate(last=_last(), words=Subquery(said.values("words")[:1])).values()
    views = [_view(row, whole=open_to == EVERY_DOMAIN) for row in found]
    return tuple(
        sorted((one for one in views if one.domains & open_to), key=lambda one: one.on_day, reverse=True)
    )


def _view(row: Mapping[str, Any], *, whole: bool) -> ReviewView:
    """What was said at a step can be about anything: for who sees every domain."""
    last = row["last"] or {}
    return ReviewView(
        id=row["id"],
        on_day=day(last["on_day"]) or row["on_day"] if last else row["on_day"],
        domains=frozenset(map(LifeDomain, row["domains"])),
        by=row["by"],
        organisation=row["organisation"],
        at=row["created_at"],
        move=ReviewMove(last["move"]) if last else None,
        words=row["words"].open() if whole and row["words"] else "",
    )


def preparation_rows(actor: Actor, subject: Subject, on: date) -> QuerySet[Preparation]:
    """What the actor may see of all that was prepared, each as it reads now; it asks nothing by itself."""
    permission = reading(actor, subject, on)
    mine = Q(by_id=actor.id)
    others = Q(shared=True) if permission == "review.read" else Q(pk__in=[])
    grounds = [str(one) for one in Ground if policy.may_inspect(actor, subject, one, on)]
    later = Preparation.objects.filter(entry_id=OuterRef("entry_id"), id__gt=OuterRef("id"))
    rows = _open_rows(actor, subject, permission, on)
    return rows.filter(mine | (others & Q(ground__in=grounds)), ~Exists(later))


def _open_rows(actor: Actor, subject: Subject, permission: str, on: date) -> QuerySet[Preparation]:
    """Every wording in a life domain that is open to the actor; not what a mark hides."""
    domains = policy.may_domains(actor, permission, subject, on)
    open_to = Q(domain__in=[str(one) for one in domains])
    if domains == EVERY_DOMAIN:
        open_to |= Q(domain="")
    rows = Preparation.objects.filter(open_to, child_id=subject.child_id)
    return rows.exclude(entry_id__in=marked_objects(actor, subject, on))


def preparations_for(
    actor: Actor, subject: Subject, on: date, review_id: UUID | None = None
) -> Mapping[UUID, tuple[PreparationView, ...]]:
    """What was prepared, by review, the family's first; of one review, or of all. One statement."""
    rows = preparation_rows(actor, subject, on)
    found: dict[UUID, list[PreparationView]] = {}
    for row in rows.filter(review_id=review_id) if review_id else rows:
        one = _prepared(row)
        if one.says:
            found.setdefault(row.review_id, []).append(one)
    return {one: rules.prepared_first(views) for one, views in found.items()}


def own_wordings(actor: Actor, subject: Subject, review_id: UUID, on: date) -> tuple[PreparationView, ...]:
    """Every wording of what the actor prepared for a review, oldest first. One statement."""
    rows = _open_rows(actor, subject, reading(actor, subject, on), on)
    return tuple(_prepared(row) for row in rows.filter(review_id=review_id, by_id=actor.id).order_by("id"))


def _prepared(row: Preparation) -> PreparationView:
    same = ("by", "by_id", "organisation", "goal_id", "well", "not_well", "shared")
    return PreparationView(
        id=row.entry_id,
        by_role=Role(row.by_role),
        domain=LifeDomain(row.domain) if row.domain else None,
        next=row.words,
        face=Feeling(row.face) if row.face else None,
        at=row.created_at,
        **{name: getattr(row, name) for name in same},
    )


def own_mark(actor: Actor, subject: Subject, entry_id: UUID, on: date) -> UUID | None:
    """The mark by which a child keeps what it prepared from its parents, if it does. One statement."""
    found = (one for one in marks_for(actor, subject, on) if one.object_id == entry_id)
    return next((one.id for one in found if one.state != MarkState.LIFTED), None)


def _preparing() -> frozenset[Role]:
    """The roles in which somebody is asked to prepare."""
    return frozenset(role for role, permission in matrix() if permission == "review.prepare")


def people_for(
    actor: Actor,
    subject: Subject,
    domains: frozenset[LifeDomain],
    on: date,
    prepared: Collection[UUID] = (),
) -> tuple[Person, ...]:
    """Who is asked to prepare what is of these domains, the family first; not whom consent or a court keeps from all
    of it. One statement.

    `prepared` are the accounts of those who did, as far as the actor sees that. The caller has let the actor in.
    """
    shut = CourtRestriction.objects.filter(
        in_force(on), child_id=subject.child_id, kind=RestrictionKind.SEE, relative__user__isnull=False
    )
    grants = Grant.objects.filter(
        in_force(on),
        scope=Scope.CHILD,
        scope_id=subject.child_id,
        role__in=_preparing(),
        emergency=False,
        user__is_active=True,
    ).exclude(user_id__in=shut.values("relative__user_id"))
    found: dict[UUID, Person] = {}
    for user_id, name, role, words in grants.order_by("created_at", "id").values_list(
        "user_id", "user__name", "role", "domains"
    ):
        if user_id not in found and sight.domains_on(sight.read(words), on) & domains:
            found[user_id] = Person(user_id=user_id, name=name, role=Role(role), prepared=user_id in prepared)
    return rules.family_first(found.values())


def any_review(actor: Actor, subject: Subject, review_id: UUID) -> ReviewView:
    """One review, for the job that asks people to prepare. Raises Missing."""
    rows = Review.objects.filter(child_id=subject.child_id, id=review_id)
    for row in rows.annotate(last=_last(), words=Value(None, TextField())).values():
        return _view(row, whole=False)
    raise Missing("no_such_review", review_id=review_id)


def shared_by(actor: Actor, review_id: UUID) -> frozenset[UUID]:
    """Who prepared something, shared or not: for the job that asks, which shows it to nobody. One statement."""
    return frozenset(Preparation.objects.filter(review_id=review_id).values_list("by_id", flat=True))


def last_moved(actor: Actor, review_id: UUID) -> datetime | None:
    """When a review moved to another day last, for the job that asks. One statement."""
    rows = ReviewStep.objects.filter(review_id=review_id, move=ReviewMove.MOVED)
    return rows.order_by("-created_at").values_list("created_at", flat=True).first()


def to_ask(actor: Actor, on: date) -> Sequence[tuple[UUID, UUID]]:
    """Child and id of every open review that is near, for the job that asks people to prepare. One statement."""
    policy.require(actor, "notice.send", None, on)
    last = ReviewStep.objects.filter(review_id=OuterRef("id")).order_by("-created_at", "-id")
    rows = Review.objects.filter(_open(), _going()).annotate(moved=Subquery(last.values("on_day")[:1]))
    until = on + timedelta(days=rules.FIRST_FAMILY)
    near = Q(moved__range=(on, until)) | Q(moved__isnull=True, on_day__range=(on, until))
    return tuple(rows.filter(near).order_by("id").values_list("child_id", "id"))


def goal_evaluations_for(
    actor: Actor, subject: Subject, goal_ids: Iterable[UUID], on: date
) -> Mapping[UUID, Sequence[EvaluationView]]:
    """The evaluations of these goals, which the caller found in the plan as the actor sees it; newest first. One
    statement."""
    policy.require(actor, "plan.read", subject, on)
    rows = Evaluation.objects.filter(child_id=subject.child_id, goal_id__in=list(goal_ids))
    found: dict[UUID, list[EvaluationView]] = {}
    for goal_id, view in evaluation_views(actor, rows):
        found.setdefault(goal_id, []).append(view)
    return found


def review_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """Reviews for which the actor has yet to prepare, and plans for which it is time to choose a day, for who does
    that."""
    prepare = [one for one in children if policy.may(actor, "review.prepare", one.subject, on)]
    plan = [one.child.id for one in children if policy.sees_all(actor, "review.plan", one.subject, on)]
    found: list[WaitingRows] = []
    if prepare:
        open_to = {
            one.child.id: policy.may_domains(actor, "review.prepare", one.subject, on) for one in prepare
        }
        found.append(_to_prepare(actor, open_to, on))
    if plan:
        found.append(_to_plan(plan, on))
    return found


def _to_prepare(actor: Actor, open_to: Mapping[UUID, frozenset[LifeDomain]], on: date) -> WaitingRows:
    mine = Preparation.objects.filter(review_id=OuterRef("id"), by_id=actor.id)
    last = ReviewStep.objects.filter(review_id=OuterRef("id")).order_by("-created_at", "-id")
    rows = Review.objects.filter(~Exists(mine), _open(), _going(), child_id__in=open_to)
    rows = rows.annotate(day=Coalesce(Subquery(last.values("on_day")[:1]), F("on_day")))
    rows = rows.filter(day__range=(on, on + timedelta(days=rules.FIRST_FAMILY)))
    packed = JSONObject(domains=Nested(F("domains")))

    def meaning(
        child_id: UUID, word: str, at: Any, on_day: date | None, object_id: UUID | None
    ) -> Waiting | None:
        if not open_to[child_id] & set(json.loads(word)["domains"]):
            return None
        return Waiting(child_id, "review_to_prepare", "review_prepare", at, on_day, object_id)

    return waiting_rows(rows, meaning, word=packed, at="created_at", day="day", object_id="id")


def _to_plan(children: Sequence[UUID], on: date) -> WaitingRows:
    begun = PlanVersion.objects.filter(plan_id=OuterRef("plan_id"), in_force_at__isnull=False)
    planned = Review.objects.filter(_open(), child_id=OuterRef("child_id"))
    held = ReviewStep.objects.filter(child_id=OuterRef("child_id"), move=ReviewMove.HELD)
    rows = PlanVersion.objects.filter(
        ~Exists(planned),
        child_id__in=children,
        status=VersionStatus.IN_FORCE,
        plan__journey__closed_at__isnull=True,
        child__died_on__isnull=True,
    )
    dated = JSONObject(
        begun=Subquery(begun.order_by("in_force_at").values("in_force_at")[:1]),
        held=Subquery(held.order_by("-on_day").values("on_day")[:1]),
    )

    def meaning(child_id: UUID, word: str, at: Any, _day: object, _id: object) -> Waiting | None:
        row = json.loads(word)
        by = (day(row["held"]) or moment(row["begun"]).date()) + rules.CYCLE
        if by - rules.PLAN_AHEAD > on:
            return None
        return Waiting(child_id, "review_to_plan", "reviews", at, by)

    return waiting_rows(rows, meaning, word=dated, at="in_force_at")
