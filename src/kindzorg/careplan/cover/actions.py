"""Saying what is needed around the clock, asking somebody to cover hours, and answering that."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy, sight
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.agreements.queries import named
from kindzorg.careplan.agreements.rules import Who, WhoKind, same_party, who_kept
from kindzorg.careplan.cover import queries, rules
from kindzorg.careplan.cover.models import CoverRequest, CoverStep, Demand
from kindzorg.careplan.cover.rules import CoverState, NewDemand, Stretch
from kindzorg.careplan.visits.models import Visit
from kindzorg.careplan.visits.queries import calendar, moments_of
from kindzorg.careplan.visits.rules import (
    DAY,
    ZONE,
    Place,
    Window,
    expand,
    overlaps,
    within,
)
from kindzorg.careplan.weeks import Asked, Week, weeks_of
from kindzorg.careteam.models import Grant, Membership
from kindzorg.careteam.queries import in_force
from kindzorg.core.errors import Invalid, Missing
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.notices.actions import tell
from kindzorg.people.models import Child

ARRANGES = (Role.COORDINATOR, Role.LEVEL5_NURSE, Role.PAEDIATRIC_NURSE)
"""Who is told that hours fell open: the coordinator, and of the nurses those who lead."""


def _given(actor: Actor, subject: Subject, now: datetime) -> dict[str, object]:
    owner_id = Child.objects.select_for_update().values_list("owner_id", flat=True).get(id=subject.child_id)
    by = {"by_id": actor.id, "by": actor.name, "organisation": actor.organisation}
    return {"child_id": subject.child_id, "owner_id": owner_id, "created_at": now, **by}


@transaction.atomic
def set_demand(actor: Actor, subject: Subject, new: NewDemand, now: datetime) -> UUID:
    """That the child needs somebody at these hours, who can do these acts. Raises Invalid."""
    leave = policy.require(actor, "schedule.change", subject, now.date(), new.domain)
    rules.check_demand(new)
    before = queries.gaps_ahead(actor, subject, now)
    row = Demand.objects.create(
        **_given(actor, subject, now),
        starts_on=new.rhythm.starts_on,
        start=new.rhythm.start,
        minutes=new.rhythm.minutes,
        rule=new.rhythm.rule,
        until=new.rhythm.until,
        acts=list(new.acts),
        may_cover=new.may_cover,
        domain=new.domain,
        why=new.why.strip(),
    )
    about = {"leave": leave, "object_kind": "demand", "object_id": row.id}
    write_line(actor, "demand.set", Kind.CREATE, subject, now, **about)
    tell_gaps(actor, subject, before, now)
    return row.id


@transaction.atomic
def end_demand(actor: Actor, subject: Subject, demand_id: UUID, on: date, why: str, now: datetime) -> None:
    """From this day on it is needed no more.

    Raises Missing, Invalid: "ended_before", "day_unknown", "reason_required".
    """
    leave = policy.require(actor, "schedule.change", subject, now.date())
    row = Demand.objects.select_for_update().filter(child_id=subject.child_id, id=demand_id).first()
    if row is None or not policy.may(actor, "schedule.change", subject, now.date(), LifeDomain(row.domain)):
        raise Missing("no_such_demand", demand_id=demand_id)
    if row.ended_on is not None or on < now.date():
        raise Invalid("ended_before", fields=("on",))
    if not within(on):
        raise Invalid("day_unknown", fields=("on",))
    if not why.strip():
        raise Invalid("reason_required", fields=("reason",))
    row.ended_on, row.ended_why, row.ended_by = on, why.strip(), actor.name
    row.save(update_fields=["ended_on", "ended_why", "ended_by"])
    about = {"leave": leave, "object_kind": "demand", "object_id": row.id}
    write_line(actor, "demand.ended", Kind.UPDATE, subject, now, **about)


@transaction.atomic
def ask_cover(actor: Actor, subject: Subject, demand_id: UUID, when: Window, who: Who, now: datetime) -> UUID:
    """Ask somebody of the team to cover hours that nobody covers; whoever is asked is told, without saying why.

    Raises Missing ("not_uncovered", "not_in_team"), Invalid ("cover_past", "cover_asked", and as `check_cover`).
    """
    leave = policy.require(actor, "schedule.change", subject, now.date())
    if when.start <= now:
        raise Invalid("cover_past")
    given = _given(actor, subject, now)
    candidate = _candidate(actor, subject, demand_id, when, named(actor, subject, who), now)
    if candidate.why_not:
        raise Invalid(candidate.why_not, fields=("who",), acts=candidate.acts, name=candidate.who.name)
    row = CoverRequest.objects.create(
        **given,
        **who_kept(candidate.who),
        demand_id=demand_id,
        starts_at=when.start,
        ends_at=when.end,
    )
    CoverStep.objects.create(**given, request=row, state=CoverState.ASKED)
    about = {"leave": leave, "object_kind": "cover", "object_id": row.id}
    write_line(actor, "cover.asked", Kind.CREATE, subject, now, **about)
    tell(actor, subject, "cover_asked", _accounts(candidate.who, candidate.user_id), row.id, now)
    return row.id


def _candidate(
    actor: Actor, subject: Subject, demand_id: UUID, when: Window, who: Who, now: datetime
) -> queries.Candidate:
    found = queries.candidates_for(actor, subject, demand_id, when, now)
    same = [one for one in found if same_party(one.who, who)]
    if not same:
        raise Missing("not_in_team", child_id=subject.child_id)
    week = _week(subject, actor, when)
    open_ones = [one for one in queries.standing(actor, week, now) if one.state == CoverState.ASKED]
    if any(same_party(one.who, who) and overlaps(one.window, when) for one in open_ones):
        raise Invalid("cover_asked", fields=("who",), name=same[0].who.name)
    return same[0]


def _accounts(who: Who, user_id: UUID | None) -> list[UUID]:
    """Who is told: the one who is asked; of an organisation nobody, it finds the question on its start page."""
    return [user_id] if user_id and who.kind != WhoKind.ORGANISATION else []


def _week(subject: Subject, actor: Actor, when: Window) -> Week:
    first, last = when.start.astimezone(ZONE).date() - DAY, when.end.astimezone(ZONE).date() + DAY
    return weeks_of(actor, [subject.child_id], first, last).get(subject.child_id, Week())


@transaction.atomic
def answer_cover(
    actor: Actor, subject: Subject, request_id: UUID, state: CoverState, reason: str, now: datetime
) -> None:
    """Take hours, decline them with a reason, or withdraw the question. Who takes them is checked once more.

    Then whoever else was asked for the same hours is asked no more. Raises Missing, Refused, Invalid.
    """
    leave = policy.require(actor, "schedule.answer", subject, now.date())
    given = _given(actor, subject, now)
    rows = CoverRequest.objects.filter(child_id=subject.child_id, id=request_id)
    row = rows.select_related("demand").first()
    if row is None:
        raise Missing("no_such_question", request_id=request_id)
    week = _week(subject, actor, Window(row.starts_at, row.ends_at))
    asked = next(one for one in queries.standing(actor, week, now) if one.id == request_id)
    mine = queries.answers_for(actor, asked.who, asked.user_id, now.date())
    about = LifeDomain(row.demand.domain)
    if not (mine or policy.may(actor, "schedule.read", subject, now.date(), about)):
        raise Missing("no_such_question", request_id=request_id)
    asker = policy.may(actor, "schedule.change", subject, now.date(), about)
    why = rules.next_step(asked.state, state, asked=mine, asker=asker, reason=reason)
    if state == CoverState.ACCEPTED:
        _take(actor, week, asked, given)
        _settle(week, asked, given)
    CoverStep.objects.create(**given, request=row, state=state, reason=reason.strip())
    line = {"leave": leave, "object_kind": "cover", "object_id": row.id}
    write_line(actor, f"cover.{why}", Kind.UPDATE, subject, now, **line)
    if state != CoverState.WITHDRAWN and asked.by_id != actor.id:
        tell(actor, subject, f"cover_{state}", [asked.by_id], row.id, now)


def _take(actor: Actor, week: Week, asked: Asked, given: dict[str, object]) -> None:
    """The visit that follows from a yes: once, at these hours."""
    stretch = queries.stretch_at(actor, week, asked.demand_id, asked.window)
    there = expand(week.series.values(), asked.window, calendar(actor))
    busy = rules.elsewhere(there, asked.who)
    if actor.id == asked.user_id:
        own = moments_of(actor, asked.window.start, asked.window.end)
        busy += [Window(one.start, one.end) for _, one in own if not one.cancelled]
    person = asked.who.professional_id or asked.who.relative_id
    held = week.held.get(person, []) if person else []
    rules.check_cover(stretch.demand.said, asked.who, asked.window, held, busy)
    start, end = (at.astimezone(ZONE).replace(tzinfo=None) for at in (asked.window.start, asked.window.end))
    Visit.objects.create(
        **given,
        **who_kept(asked.who),
        request_id=asked.id,
        place=Place.HOME,
        starts_on=start.date(),
        start=start.time(),
        minutes=max(1, int((end - start).total_seconds() // 60)),
        until=start.date() + DAY,
    )


def _settle(week: Week, taken: Asked, given: dict[str, object]) -> None:
    """Whoever else was asked for hours that are taken now, need not answer any more."""
    for one in week.asked:
        same = one.demand_id == taken.demand_id and overlaps(one.window, taken.window)
        if same and one.id != taken.id and one.state == CoverState.ASKED:
            CoverStep.objects.create(**given, request_id=one.id, state=CoverState.LAPSED)


@transaction.atomic
def tell_gaps(actor: Actor, subject: Subject, before: Sequence[Stretch], now: datetime) -> int:
    """Tell who arranges the week of hours that fell open, where there are any that were not open before.

    Gives back how many were told. Who does not see the domain of what is needed is not told.
    """
    policy.require(actor, "schedule.answer", subject, now.date())
    fallen = rules.newly(before, queries.gaps_ahead(actor, subject, now))
    if not fallen:
        return 0
    about = {one.demand.said.domain for one in fallen}
    told = _arranging(subject, about, now.date()) - {actor.id}
    return len(tell(actor, subject, "hours_uncovered", told, subject.child_id, now)) if told else 0


def _arranging(subject: Subject, about: set[LifeDomain], on: date) -> set[UUID]:
    leading = Membership.objects.filter(in_force(on), child_id=subject.child_id, leads=True)
    leaders = set(leading.values_list("professional__user_id", flat=True))
    rights = Grant.objects.filter(
        in_force(on), scope=Scope.CHILD, scope_id=subject.child_id, role__in=ARRANGES, ends_at__isnull=True
    )
    return {
        one.user_id
        for one in rights
        if (one.role == Role.COORDINATOR or one.user_id in leaders)
        and about & sight.domains_on(sight.read(one.domains), on)
    }
