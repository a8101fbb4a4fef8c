"""Planning a review, preparing for it, what becomes of it, and the quick way back after stepping down."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Explanation, Subject
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan import queries as plans
from kindzorg.careplan.annex.queries import alive
from kindzorg.careplan.reports.rules import ground_of
from kindzorg.careplan.reviews import queries, rules
from kindzorg.careplan.reviews.models import Preparation, Review, ReviewStep
from kindzorg.careplan.reviews.rules import Ask, NewPreparation, NewReview, ReviewMove, ReviewView
from kindzorg.careteam.marks.actions import lift_own, mark_own
from kindzorg.careteam.marks.rules import NewMark
from kindzorg.careteam.rules import HidesFrom, MarkedKind, wishes_key
from kindzorg.core.errors import Invalid, Missing
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.notices.actions import tell
from kindzorg.notices.queries import told_of
from kindzorg.people.models import Child


@transaction.atomic
def plan_review(actor: Actor, subject: Subject, new: NewReview, now: datetime) -> UUID:
    """Set a day on which the plan, or these life domains of it, is looked at together; gives back its id.

    Who prepares is asked at once where it is near, the family first; else the worker asks in time. Raises Refused for
    a domain that is not open to the actor, Invalid, also after the child's death.
    """
    leave = policy.require(actor, "review.plan", subject, now.date())
    if not alive(actor, subject, now.date()):
        raise Invalid("review_child_died")
    rules.check_review(new, now.date())
    for domain in new.domains:
        policy.require(actor, "review.plan", subject, now.date(), domain)
    row = Review.objects.create(
        child_id=subject.child_id,
        owner_id=_owner(subject),
        on_day=new.on_day,
        domains=[str(one) for one in LifeDomain if one in new.domains],
        **_by(actor, now),
    )
    _line(actor, subject, "review.planned", Kind.CREATE, row.id, now, leave)
    _ask(actor, subject, queries.review_for(actor, subject, row.id, now.date()), now)
    return row.id


def _owner(subject: Subject) -> UUID:
    return Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id)


def _by(actor: Actor, now: datetime) -> dict[str, Any]:
    return {"by_id": actor.id, "by": actor.name, "organisation": actor.organisation, "created_at": now}


def _line(
    actor: Actor,
    subject: Subject,
    event: str,
    kind: Kind,
    about_id: UUID,
    now: datetime,
    leave: Explanation,
    about: str = "review",
) -> None:
    write_line(actor, event, kind, subject, now, leave=leave, object_kind=about, object_id=about_id)


@transaction.atomic
def ask_to_prepare(actor: Actor, subject: Subject, review_id: UUID, now: datetime) -> int:
    """The job's: ask who has not prepared yet for a review that is near, each once in good time and once shortly
    before, and anew after it moved; gives back how many were asked. Raises Missing."""
    policy.require(actor, "notice.send", None, now.date())
    # Another worker that asks for the same waits here, and then finds who was told.
    Review.objects.select_for_update().filter(id=review_id, child_id=subject.child_id).first()
    return _ask(actor, subject, queries.any_review(actor, subject, review_id), now)


def _ask(actor: Actor, subject: Subject, review: ReviewView, now: datetime) -> int:
    on, done = now.date(), queries.shared_by(actor, review.id)
    people = [
        one
        for one in queries.people_for(actor, subject, review.domains, on)
        if one.user_id not in done and one.user_id != actor.id
    ]
    asked, since = 0, queries.last_moved(actor, review.id)
    for ask in Ask:
        told = told_of(actor, subject, ask, review.id, since)
        now_asked = [
            one.user_id
            for one in people
            if rules.asked_now(review.on_day, one.role, on) is ask and one.user_id not in told
        ]
        if now_asked:
            tell(actor, subject, ask, now_asked, review.id, now)
        asked += len(now_asked)
    return asked


@transaction.atomic
def move_review(actor: Actor, subject: Subject, review_id: UUID, on_day: date, now: datetime) -> None:
    """Another day. Who prepares is told. Raises Missing, Refused, Invalid."""
    leave = policy.require(actor, "review.plan", subject, now.date())
    review = _to_end(actor, subject, review_id, now)
    rules.check_day(on_day, now.date())
    _step(actor, review, subject, ReviewMove.MOVED, on_day, "", now)
    _line(actor, subject, "review.moved", Kind.UPDATE, review.id, now, leave)
    _tell_others(actor, subject, "review_moved", review, now)


@transaction.atomic
def hold_review(
    actor: Actor,
    subject: Subject,
    review_id: UUID,
    words: str,
    now: datetime,
    next_on: date | None = None,
) -> None:
    """The review was held: what was prepared stays as it is now, with what was concluded in words. With `next_on` the
    next one, of the same life domains, is planned too; both or neither. Raises as above."""
    leave = policy.require(actor, "review.plan", subject, now.date())
    review = _to_end(actor, subject, review_id, now)
    _step(actor, review, subject, ReviewMove.HELD, now.date(), words, now)
    _line(actor, subject, "review.held", Kind.UPDATE, review.id, now, leave)
    if next_on:
        plan_review(actor, subject, NewReview(on_day=next_on, domains=review.domains), now)


@transaction.atomic
def drop_review(actor: Actor, subject: Subject, review_id: UUID, words: str, now: datetime) -> None:
    """It does not go on, with the reason. Who would prepare is told. Raises as above."""
    leave = policy.require(actor, "review.plan", subject, now.date())
    review = _to_end(actor, subject, review_id, now)
    _step(actor, review, subject, ReviewMove.DROPPED, review.on_day, words, now)
    _line(actor, subject, "review.dropped", Kind.UPDATE, review.id, now, leave)
    _tell_others(actor, subject, "review_moved", review, now)


def _to_end(actor: Actor, subject: Subject, review_id: UUID, now: datetime) -> ReviewView:
    """The review, for who may plan it, held until the end."""
    Review.objects.select_for_update().filter(id=review_id, child_id=subject.child_id).first()
    review = queries.review_for(actor, subject, review_id, now.date())
    for domain in review.domains:
        policy.require(actor, "review.plan", subject, now.date(), domain)
    rules.check_open(review)
    return review


def _step(
    actor: Actor,
    review: ReviewView,
    subject: Subject,
    move: ReviewMove,
    on_day: date,
    words: str,
    now: datetime,
) -> None:
    ReviewStep.objects.create(
        child_id=subject.child_id,
        owner_id=_owner(subject),
        review_id=review.id,
        move=move,
        on_day=on_day,
        words=words.strip(),
        **_by(actor, now),
    )


def _tell_others(actor: Actor, subject: Subject, kind: str, review: ReviewView, now: datetime) -> None:
    people = queries.people_for(actor, subject, review.domains, now.date())
    others: Iterable[UUID] = {one.user_id for one in people} - {actor.id}
    tell(actor, subject, kind, others, review.id, now)


@transaction.atomic
def prepare(actor: Actor, subject: Subject, new: NewPreparation, now: datetime) -> UUID:
    """Prepare for a review, or say it anew: one entry of the plan and one per goal. Gives back the id of the entry.

    Raises Refused for a life domain that is not open to the actor, Missing for a review or goal that the actor does
    not see, Invalid.
    """
    leave = policy.require(actor, "review.prepare", subject, now.date())
    rules.check_preparation(new)
    return _prepare(actor, subject, new, now, leave)


@transaction.atomic
def take_back_preparation(
    actor: Actor, subject: Subject, review_id: UUID, goal_id: UUID | None, now: datetime
) -> None:
    """Undo what the actor prepared, of the plan or of one goal: nobody reads it any more. Raises as above."""
    leave = policy.require(actor, "review.prepare", subject, now.date())
    _prepare(actor, subject, NewPreparation(review_id=review_id, goal_id=goal_id, shared=False), now, leave)


def _prepare(actor: Actor, subject: Subject, new: NewPreparation, now: datetime, leave: Explanation) -> UUID:
    Review.objects.select_for_update().filter(id=new.review_id, child_id=subject.child_id).first()
    rules.check_open(queries.review_for(actor, subject, new.review_id, now.date()))
    domain = _domain(actor, subject, new, now)
    role = Role(policy.role_for(actor, subject, now.date()) or "")
    before = Preparation.objects.filter(review_id=new.review_id, by_id=actor.id, child_id=subject.child_id)
    before = before.filter(goal_id=new.goal_id) if new.goal_id else before.filter(goal=None)
    row_id = new_id()
    entry_id = before.values_list("entry_id", flat=True).first() or row_id
    Preparation.objects.create(
        id=row_id,
        child_id=subject.child_id,
        owner_id=_owner(subject),
        ground=ground_of(role),
        review_id=new.review_id,
        entry_id=entry_id,
        goal_id=new.goal_id,
        domain=str(domain or ""),
        well=new.well.strip(),
        not_well=new.not_well.strip(),
        words=new.next.strip(),
        face=str(new.face or ""),
        shared=new.shared,
        by_role=str(role),
        **_by(actor, now),
    )
    # What a child keeps for itself leaves its parents no trace.
    own = role in (Role.CHILD, Role.YOUNG_PERSON) and not new.shared
    told = wishes_key(subject.child_id) if own else entry_id
    _line(actor, subject, "review.prepared", Kind.CREATE, told, now, leave, "preparation")
    _keep_from_parents(actor, subject, entry_id, role, new.from_parents, now)
    return entry_id


def _domain(actor: Actor, subject: Subject, new: NewPreparation, now: datetime) -> LifeDomain | None:
    """Of which life domain it is. Of anything: for who sees every one alone."""
    on = now.date()
    if new.goal_id:
        whole = policy.may(actor, "plan.read", subject, on)
        found = plans.shown_plan_for(actor, subject, on) if whole else plans.part_for(actor, subject, on)
        goal = next((one for one in found.goals if one.id == new.goal_id), None) if found else None
        if goal is None:
            raise Missing("not_in_plan", id=new.goal_id)
        return goal.content.domains[0]
    if new.domain:
        policy.require(actor, "review.prepare", subject, on, new.domain)
    else:
        policy.require_every_domain(actor, "review.prepare", subject, on)
    return new.domain


def _keep_from_parents(
    actor: Actor, subject: Subject, entry_id: UUID, role: Role, keep: bool, now: datetime
) -> None:
    """A child from 12 keeps it from its parents, or lets them read it again."""
    if not policy.may(actor, "mark.set_own", subject, now.date()):
        return
    ground = ground_of(role)
    mark = queries.own_mark(actor, subject, entry_id, now.date())
    if keep and mark is None:
        new = NewMark(MarkedKind.PREPARATION, entry_id, actor.id, role, HidesFrom.PARENTS, ground=ground)
        mark_own(actor, subject, new, now)
    elif mark is not None and not keep:
        lift_own(actor, subject, mark, now)
