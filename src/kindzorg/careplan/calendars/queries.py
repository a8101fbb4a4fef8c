"""The moments of somebody's calendar over all children: times, a letter, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Scope
from kindzorg.careplan.cover.queries import may_see_week, shown
from kindzorg.careplan.visits.models import Visit
from kindzorg.careplan.visits.queries import calendar, comes
from kindzorg.careplan.visits.rules import Occurrence, Window, expand
from kindzorg.careplan.weeks import Week, weeks_of
from kindzorg.careteam.queries import OpenedChild, opened_children

BACK, AHEAD = timedelta(weeks=4), timedelta(weeks=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One time of care. `on` and `series_id` name it, `changes` says how often it was changed, `changed_at` when last.

    It carries no more than a calendar outside may hold: not what is done, not where, not by whom; of the child's name
    the first letter.
    """

    child_id: UUID
    letter: str
    series_id: UUID
    on: date
    start: datetime
    end: datetime
    off: bool
    changes: int
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCalendar:
    """The moments in order of time, and which children were read for them, by permission."""

    moments: Sequence[Moment]
    read: Mapping[str, Sequence[Subject]]


def calendar_of(actor: Actor, now: datetime) -> OwnCalendar:
    """What stands in the actor's calendar from four weeks back to eight weeks ahead, by the rights of today.

    Who comes to children sees only the own visits; the family of a child, which is at home for all of them, whatever
    it may see of the week. Four statements, however much there is.
    """
    start, end = now - BACK, now + AHEAD
    opened = [one for one in _children(actor, now.date()) if may_see_week(actor, one.subject, now.date())]
    ids = [one.child.id for one in opened]
    weeks = weeks_of(actor, ids, start.date(), end.date()) if ids else {}
    changed = _changed(actor, ids) if ids else {}
    found: list[Moment] = []
    read: dict[str, list[Subject]] = {}
    for one in opened:
        there = _seen(actor, one, weeks.get(one.child.id, Week()), Window(start, end), now.date())
        moments = [_moment(one, visit, off, changed) for visit, off in there]
        if moments:
            found += moments
            whole = policy.may(actor, "schedule.read", one.subject, now.date())
            read.setdefault("schedule.read" if whole else "schedule.read_part", []).append(one.subject)
    return OwnCalendar(moments=sorted(found, key=lambda one: (one.start, str(one.series_id))), read=read)


def _children(actor: Actor, on: date) -> Sequence[OpenedChild]:
    """The children of whom something can stand in it: whose family the actor is, or whom the actor comes to."""
    family = {
        grant.scope_id
        for grant in actor.grants
        if grant.scope == Scope.CHILD and grant.scope_id and policy.is_family(grant.role)
    }
    visited = Visit.objects.filter(comes(actor)).values_list("child_id", flat=True).distinct()
    return opened_children(actor, on, among=family | set(visited))


def _seen(
    actor: Actor, one: OpenedChild, week: Week, window: Window, on: date
) -> Iterator[tuple[Occurrence, bool]]:
    """The occurrences that stand in it, each with whether it is off for this reader: also one handed over is."""
    there = expand(week.series.values(), window, calendar(actor))
    whole = policy.is_family(one.role) and policy.may(actor, "schedule.read", one.subject, on)
    for visit in shown(actor, one.subject, week, there, on):
        if whole:
            yield visit, visit.cancelled
        elif actor.id in _comers(visit):
            yield visit, visit.cancelled or visit.user_id != actor.id


def _comers(visit: Occurrence) -> set[UUID | None]:
    """Who comes, and who was to come before it was handed over."""
    changes = visit.series.changes
    return {visit.user_id, visit.series.user_id, *(one.user_id for one in changes if one.on == visit.on)}


Changed = Mapping[tuple[UUID, date | None], datetime]


def _changed(actor: Actor, children: Sequence[UUID]) -> Changed:
    """When each series was made (without a day), and when what is on a day was last changed. One statement."""
    rows = Visit.objects.filter(child_id__in=children).order_by("changes__created_at")
    found: dict[tuple[UUID, date | None], datetime] = {}
    for visit_id, made, on, at in rows.values_list("id", "created_at", "changes__on", "changes__created_at"):
        found[visit_id, None] = made
        if on is not None:
            found[visit_id, on] = at
    return found


def _moment(one: OpenedChild, visit: Occurrence, off: bool, changed: Changed) -> Moment:
    series = visit.series
    return Moment(
        child_id=one.child.id,
        letter=one.child.given_name.strip()[:1].upper(),
        series_id=series.id,
        on=visit.on,
        start=visit.start,
        end=visit.end,
        off=off,
        changes=sum(1 for change in series.changes if change.on == visit.on),
        changed_at=changed.get((series.id, visit.on)) or changed[series.id, None],
    )
