"""The week of one child, what nobody covers in the weeks ahead, who can, and who was asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import EVERY_DOMAIN, Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careplan.agreements.rules import Who, WhoKind
from kindzorg.careplan.cover.rules import (
    AHEAD,
    CareDemand,
    CoverState,
    OtherNurse,
    Stretch,
    check_cover,
    elsewhere,
    not_paediatric,
    state_at,
    uncovered,
    whole_week,
)
from kindzorg.careplan.visits.queries import calendar
from kindzorg.careplan.visits.rules import (
    CARING,
    DAY,
    EVER,
    ZONE,
    Occurrence,
    Window,
    expand,
    instant,
)
from kindzorg.careplan.weeks import Asked, GoalLine, Week, weeks_of
from kindzorg.careteam.competences.rules import ends_soon
from kindzorg.careteam.models import Membership
from kindzorg.careteam.queries import OpenedChild, in_force
from kindzorg.core.errors import Invalid, Missing
from kindzorg.core.texts import content
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.journey.rules import Waiting

HANDS = (
    *(Role.PAEDIATRIC_NURSE, Role.LEVEL5_NURSE, Role.PAID_HELPER),
    *(Role.RELATIVE, Role.AUTHORITY_HOLDER, Role.PARENT_WITHOUT_AUTHORITY, Role.REPRESENTATIVE),
)
"""Who may be asked to be with the child; of organisations those that give care."""
FORESEEN = timedelta(days=183)
"""How far ahead the next visits for one agreement are looked for: one that comes once a month shows five times."""
OPEN = (CoverState.ASKED, CoverState.ACCEPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekView:
    """A week as the reader may see it: who comes when, what nobody covers, and what was asked of whom.

    `whole`: the reader sees the child's week, and not only the own part of it. `gaps` are in the week itself,
    `ahead` in the four weeks from now on, and so are `others` (condition 8). `what` says for what a series is, `own`
    which the reader may speak for.
    """

    window: Window
    visits: Sequence[Occurrence]
    what: Mapping[UUID, str]
    demands: Sequence[CareDemand]
    gaps: Sequence[Stretch]
    ahead: Sequence[Stretch]
    asked: Sequence[Asked]
    whole: bool
    others: Sequence[OtherNurse] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may be asked, and why not: a code with the acts that lack; empty where it can be."""

    who: Who
    user_id: UUID | None
    why_not: str = ""
    acts: tuple[str, ...] = ()


def may_see_week(actor: Actor, subject: Subject, on: date) -> bool:
    """Whether the reader sees anything of the child's week: all of it, or an own part. Costs no statement."""
    return policy.may(actor, "schedule.read", subject, on) or policy.may(
        actor, "schedule.read_part", subject, on
    )


def week_of(actor: Actor, subject: Subject, monday: date, now: datetime) -> WeekView:
    """The week from this Monday, and what is uncovered from now on. One statement, however much there is.

    Whether hours are covered follows from everybody who comes, also who is not shown to this reader; uncovered hours
    show to who sees the demand itself.
    """
    whole = policy.may(actor, "schedule.read", subject, now.date())
    policy.require(actor, "schedule.read" if whole else "schedule.read_part", subject, now.date())
    window, soon = whole_week(monday), Window(now, now + AHEAD)
    first, last = min(monday, now.date()), max(monday + 7 * DAY, (now + AHEAD).date())
    week = weeks_of(actor, [subject.child_id], first, last).get(subject.child_id, Week())
    there = expand(week.series.values(), window, calendar(actor))
    demands = demands_seen(actor, subject, week, now.date())
    return WeekView(
        window=window,
        visits=shown(actor, subject, week, there, now.date()),
        what=week.what,
        demands=demands,
        gaps=uncovered(demands, there, week.held, window, calendar(actor)),
        ahead=gaps_in(actor, week, demands, soon),
        asked=[one for one in standing(actor, week, now) if _asked_seen(actor, one, demands)],
        whole=whole,
        others=others_in(actor, subject, week, soon, now.date()),
    )


def others_in(actor: Actor, subject: Subject, week: Week, window: Window, on: date) -> list[OtherNurse]:
    """Nursing in the window by who is no paediatric nurse, for who can weigh that. No statement."""
    if not policy.may(actor, "competence.read", subject, on, LifeDomain.MEDICAL):
        return []
    there = shown(actor, subject, week, expand(week.series.values(), window, calendar(actor)), on)
    reserved = [act for act, said in content("careteam", "acts").items() if said["reserved"]]
    return not_paediatric(there, week.demands, week.trained, week.laws, reserved, calendar(actor))


def gaps_in(actor: Actor, week: Week, demands: Iterable[CareDemand], window: Window) -> list[Stretch]:
    """What these demands leave uncovered in the window. `actor` was let in by who calls; no statement."""
    there = expand(week.series.values(), window, calendar(actor))
    return uncovered(demands, there, week.held, window, calendar(actor))


def gaps_ahead(actor: Actor, subject: Subject, now: datetime) -> list[Stretch]:
    """What nobody covers in the four weeks from now, of every demand: for who tells what fell open. One statement."""
    policy.require(actor, "schedule.answer", subject, now.date())
    found = weeks_of(actor, [subject.child_id], now.date(), (now + AHEAD).date())
    week = found.get(subject.child_id, Week())
    return gaps_in(actor, week, week.demands, Window(now, now + AHEAD))


def demands_seen(actor: Actor, subject: Subject, week: Week, on: date) -> list[CareDemand]:
    """The demands in domains that are open to the reader; none for who sees only an own part."""
    if not policy.may(actor, "schedule.read", subject, on):
        return []
    seen = policy.may_domains(actor, "schedule.read", subject, on)
    return [one for one in week.demands if one.said.domain in seen]


def standing(actor: Actor, week: Week, now: datetime) -> list[Asked]:
    """The questions to cover hours, each where it stands now. No statement."""
    return [replace(one, state=state_at([one.state], one.window.start, now)) for one in week.asked]


def _asked_seen(actor: Actor, one: Asked, demands: Iterable[CareDemand]) -> bool:
    return any(demand.id == one.demand_id for demand in demands) or speaks_for(actor, one.who, one.user_id)


def speaks_for(actor: Actor, who: Who, user_id: UUID | None) -> bool:
    """Whether it is the actor, or somebody of the actor's organisation. No statement."""
    house = actor.organisation_id
    return actor.id == user_id or (house is not None and house == who.organisation_id)


def answers_for(actor: Actor, who: Who, user_id: UUID | None, on: date) -> bool:
    """Whether the actor answers a question to this one: itself, anybody of an organisation that is asked, and for
    people of the own organisation who leads its team or where the one asked has no account. No statement."""
    house = actor.organisation_id is not None and actor.organisation_id == who.organisation_id
    stands_in = who.kind == WhoKind.ORGANISATION or user_id is None or actor.held(Role.TEAM_LEAD, on)
    return actor.id == user_id or (house and stands_in)


def _open_to(domains: frozenset[LifeDomain], seen: frozenset[LifeDomain]) -> bool:
    return bool(domains & seen) if domains else seen == EVERY_DOMAIN


def shown(
    actor: Actor, subject: Subject, week: Week, there: Iterable[Occurrence], on: date
) -> list[Occurrence]:
    """Of these occurrences those that are open to the reader: of the whole week, or the own ones. No statement.

    One that is about no domain in particular shows to who sees every domain, and to who comes.
    """
    grounds = {one: policy.may_inspect(actor, subject, one, on) for one in set(week.grounds.values())}
    whole = policy.may(actor, "schedule.read", subject, on)
    seen = policy.may_domains(actor, "schedule.read" if whole else "schedule.read_part", subject, on)

    def open_to(one: Occurrence) -> bool:
        about = week.about[one.series.id]
        own = speaks_for(actor, one.who, one.user_id) or actor.id == one.series.user_id
        return (whole and _open_to(about, seen)) or (own and (not about or bool(about & seen)))

    return [one for one in there if grounds[week.grounds[one.series.id]] and open_to(one)]


def weeks_ahead(actor: Actor, children: Sequence[OpenedChild], on: date) -> Mapping[UUID, Week]:
    """The four weeks from this day of those of whose week the actor sees something: whole, for `coming_for`,
    `goal_lines` and `waits_in_weeks`. One statement at most."""
    seen = [one.child.id for one in children if may_see_week(actor, one.subject, on)]
    return weeks_of(actor, seen, on, on + AHEAD) if seen else {}


def meets_week_at_start(actor: Actor, opened: OpenedChild, on: date) -> bool:
    """Whether the week is on the reader's start page of the child: for who sees all of it or may be asked to cover.

    A school or therapist reads the own hours on the page of the week. Costs no statement.
    """
    asked = opened.role in (*HANDS, Role.TEAM_LEAD) and may_see_week(actor, opened.subject, on)
    return asked or policy.may(actor, "schedule.read", opened.subject, on)


def every_week_for(actor: Actor, subject: Subject, on: date) -> Week:
    """All that there ever was of the child's weeks, as far as the reader may see it, for a copy. One statement."""
    policy.require(actor, "schedule.read", subject, on)
    whole = weeks_of(actor, [subject.child_id], EVER[0], EVER[1]).get(subject.child_id, Week())
    seen = policy.may_domains(actor, "schedule.read", subject, on)
    demands = demands_seen(actor, subject, whole, on)
    keys = {one.id for one in demands}
    there = {
        key: one
        for key, one in whole.series.items()
        if _open_to(whole.about[key], seen) and policy.may_inspect(actor, subject, whole.grounds[key], on)
    }
    asked = [one for one in whole.asked if one.demand_id in keys]
    return replace(whole, series=there, demands=demands, asked=asked)


def goal_lines(actor: Actor, subject: Subject, week: Week, on: date) -> Sequence[GoalLine]:
    """The goals of the plan in force in domains that are open to the reader, for a start page. No statement."""
    policy.require(actor, "plan.read", subject, on)
    seen = policy.may_domains(actor, "plan.read", subject, on)
    return [one for one in week.goals if seen & one.domains]


def coming_for(actor: Actor, subject: Subject, week: Week, now: datetime) -> Sequence[Occurrence]:
    """Who is with the child now or comes before midnight, as far as the reader may see. No statement."""
    if not may_see_week(actor, subject, now.date()):
        return []
    window = Window(now, instant(now.date() + DAY, time()))
    there = expand(week.series.values(), window, calendar(actor))
    return [one for one in shown(actor, subject, week, there, now.date()) if not one.cancelled]


def next_of(actor: Actor, subject: Subject, week: Week, now: datetime, most: int = 5) -> Sequence[Occurrence]:
    """The next visits that go on in the half year from now, as far as the reader may see them. No statement."""
    if not may_see_week(actor, subject, now.date()):
        return []
    there = expand(week.series.values(), Window(now, now + FORESEEN), calendar(actor))
    return [one for one in shown(actor, subject, week, there, now.date()) if not one.cancelled][:most]


def own_in(actor: Actor, week: Week, window: Window) -> Sequence[Occurrence]:
    """The actor's own visits of one child in the window, that go on. No statement."""
    there = expand(week.series.values(), window, calendar(actor))
    return [one for one in there if one.user_id == actor.id and not one.cancelled]


def stretch_at(actor: Actor, week: Week, demand_id: UUID, window: Window) -> Stretch:
    """The uncovered stretch of this demand that holds these hours. Raises Missing ("not_uncovered"). No statement."""
    demands = [one for one in week.demands if one.id == demand_id]
    for one in gaps_in(actor, week, demands, window):
        if one.start <= window.start and window.end <= one.end:
            return one
    raise Missing("not_uncovered", demand_id=demand_id)


def candidates_for(
    actor: Actor, subject: Subject, demand_id: UUID, window: Window, now: datetime
) -> Sequence[Candidate]:
    """Who of the team can be asked for these hours, first who can, and why the others cannot. Two statements.

    Raises Missing where these hours are not uncovered, or the demand is not open to the reader.
    """
    policy.require(actor, "schedule.change", subject, now.date())
    first, last = window.start.astimezone(ZONE).date(), window.end.astimezone(ZONE).date()
    week = weeks_of(actor, [subject.child_id], first, last).get(subject.child_id, Week())
    seen = demands_seen(actor, subject, week, now.date())
    if demand_id not in {one.id for one in seen}:
        raise Missing("not_uncovered", demand_id=demand_id)
    stretch = stretch_at(actor, week, demand_id, window)
    there = expand(week.series.values(), window, calendar(actor))
    found = [_candidate(week, there, stretch, window, who, user) for who, user in _hands(subject, now.date())]
    return sorted(found, key=lambda one: (bool(one.why_not), one.who.name))


def hands_for(actor: Actor, subject: Subject, on: date) -> Sequence[Who]:
    """Who of the team may be with the child, by name. One statement."""
    policy.require(actor, "team.read", subject, on)
    return sorted((who for who, _ in _hands(subject, on)), key=lambda one: one.name)


def asked_for(
    actor: Actor, subject: Subject, request_id: UUID, now: datetime
) -> tuple[Asked, CareDemand | None]:
    """A question to cover hours, for who answers it or arranges the week, with what is needed. One statement.

    Raises Missing.
    """
    policy.require(actor, "schedule.answer", subject, now.date())
    found = weeks_of(actor, [subject.child_id], now.date(), (now + AHEAD).date())
    week = found.get(subject.child_id, Week())
    for one in standing(actor, week, now):
        demand = next((demand for demand in week.demands if demand.id == one.demand_id), None)
        arranges = demand in demands_seen(actor, subject, week, now.date())
        if one.id == request_id and (arranges or answers_for(actor, one.who, one.user_id, now.date())):
            return one, demand
    raise Missing("no_such_question", request_id=request_id)


def _candidate(
    week: Week,
    there: Sequence[Occurrence],
    stretch: Stretch,
    window: Window,
    who: Who,
    user_id: UUID | None,
) -> Candidate:
    person = who.professional_id or who.relative_id
    held = week.held.get(person, []) if person else []
    try:
        check_cover(stretch.demand.said, who, window, held, elsewhere(there, who))
    except Invalid as error:
        acts = error.data.get("acts", ())
        return Candidate(who=who, user_id=user_id, why_not=error.code, acts=tuple(acts))  # type: ignore[arg-type]
    return Candidate(who=who, user_id=user_id)


def _hands(subject: Subject, on: date) -> list[tuple[Who, UUID | None]]:
    rows = Membership.objects.filter(in_force(on), child_id=subject.child_id)
    rows = rows.select_related("professional__organisation", "relative", "organisation").order_by(
        "starts", "id"
    )
    found: list[tuple[Who, UUID | None]] = []
    for row in rows:
        if row.professional and row.role in HANDS:
            house = row.professional.organisation
            who = Who(
                kind=WhoKind.PROFESSIONAL,
                name=row.professional.name,
                professional_id=row.professional_id,
                organisation_id=house.id,
                organisation=house.name,
            )
            found.append((who, row.professional.user_id))
        elif row.relative and row.role in HANDS:
            who = Who(kind=WhoKind.RELATIVE, name=row.relative.name, relative_id=row.relative_id)
            found.append((who, row.relative.user_id))
        elif row.organisation and not row.professional_id and row.organisation.kind in CARING:
            who = Who(
                kind=WhoKind.ORGANISATION, name=row.organisation.name, organisation_id=row.organisation_id
            )
            found.append((who, None))
    return found


def waits_in_weeks(
    actor: Actor, children: Sequence[OpenedChild], weeks: Mapping[UUID, Week], on: date
) -> list[Waiting]:
    """Hours that the actor is asked to cover, and for who arranges the week hours that nobody covers. No statement.

    Kinds: `cover_to_answer`, `hours_uncovered`; `competence_ends` (soon) for who can look again and for the one whose
    it is; `other_nurse` (condition 8) for who arranges the week and sees what is done.
    """
    now = instant(on, time())
    window = Window(now, now + AHEAD)
    found: list[Waiting] = []
    for opened in children:
        child_id, subject, week = opened.child.id, opened.subject, weeks.get(opened.child.id, Week())
        for one in standing(actor, week, now):
            if one.state == CoverState.ASKED and answers_for(actor, one.who, one.user_id, on):
                start = one.window.start.astimezone(ZONE).date()
                found.append(Waiting(child_id, "cover_to_answer", "cover_answer", one.since, start, one.id))
        demands = demands_seen(actor, subject, week, on)
        arranges = policy.may(actor, "schedule.change", subject, on)
        if arranges and (gaps := gaps_in(actor, week, demands, window)):
            first = gaps[0].start.astimezone(ZONE).date()
            found.append(Waiting(child_id, "hours_uncovered", "week", now, first))
        if arranges and (others := others_in(actor, subject, week, window, on)):
            names = ", ".join(sorted({one.who for one in others}))
            found.append(Waiting(child_id, "other_nurse", "week", now, about=names))
        found += _ends(actor, opened, week, on)
    return found


def _ends(actor: Actor, opened: OpenedChild, week: Week, on: date) -> list[Waiting]:
    """That somebody's competence ends soon, for that one and for who looks again: the first of them."""
    sees = policy.may(actor, "competence.record", opened.subject, on, LifeDomain.MEDICAL)
    mine = {person for person, (_name, user_id) in week.people.items() if sees or user_id == actor.id}
    soon = [(one.ends, week.people[person][0]) for person in mine for one in ends_soon(week.held[person], on)]
    if not soon:
        return []
    since = instant(on, time())
    names = ", ".join(sorted({name for _ends, name in soon}))
    return [Waiting(opened.child.id, "competence_ends", "learning", since, min(soon)[0], about=names)]
