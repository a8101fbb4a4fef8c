"""Planning visits and saying what is different: who may change the week does all of it, others what is their own."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careplan.agreements.queries import named, party_of, state_of
from kindzorg.careplan.agreements.rules import (
    Who,
    WhoKind,
    agreement_content,
    ground_of,
    is_somebody,
    same_party,
    who_kept,
)
from kindzorg.careplan.cover.actions import tell_gaps
from kindzorg.careplan.cover.queries import gaps_ahead, shown, speaks_for
from kindzorg.careplan.models import AgreementTerms
from kindzorg.careplan.queries import items_seen
from kindzorg.careplan.versions.queries import in_force
from kindzorg.careplan.visits.models import Visit, VisitChange
from kindzorg.careplan.visits.queries import SLACK, calendar
from kindzorg.careplan.visits.rules import (
    DAY,
    ZONE,
    Change,
    Occurrence,
    Place,
    Rhythm,
    VisitChangeKind,
    Window,
    busy,
    check_rhythm,
    expand,
    occurrence_on,
    span,
    within,
)
from kindzorg.careplan.weeks import OVER, Week, weeks_of
from kindzorg.careteam.models import Membership
from kindzorg.careteam.queries import in_force as members_now
from kindzorg.core.errors import Invalid, Missing, Refused
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import Ground
from kindzorg.people.models import Child, Professional, Relative

BACK = timedelta(days=7)
"""How long after its day a visit can still be said not to have been, or to have been by somebody else (own choice)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVisit:
    """A visit as it is planned: when, who comes, where the child is then, for which agreement."""

    rhythm: Rhythm
    who: Who
    place: Place = Place.HOME
    agreement_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class VisitOn:
    """One time of a series: the series, and the day on which it has it."""

    visit_id: UUID
    on: date


@transaction.atomic
def plan_visit(actor: Actor, subject: Subject, new: NewVisit, now: datetime) -> UUID:
    """Plan a visit that comes back or comes once, for an agreement of the plan in force; the family's own for none.

    Raises Refused (neither the week nor the visit is the actor's), Missing ("agreement_not_in_plan"), Invalid
    ("who_not_known", "visit_agreement", "visit_not_theirs", "agreement_over", and as `check_rhythm`).
    """
    leave = policy.require(actor, "schedule.answer", subject, now.date())
    check_rhythm(new.rhythm)
    who = _somebody(actor, subject, new.who)
    if not (policy.may(actor, "schedule.change", subject, now.date()) or _is(actor, who)):
        raise Refused("not_your_visit")
    given, ground = _given(actor, subject, now), _checked(actor, subject, new, who, now)
    rhythm = new.rhythm
    row = Visit.objects.create(
        **given,
        **who_kept(who),
        ground=ground,
        agreement_id=new.agreement_id,
        place=new.place,
        starts_on=rhythm.starts_on,
        start=rhythm.start,
        minutes=rhythm.minutes,
        rule=rhythm.rule,
        until=rhythm.until if rhythm.rule else rhythm.starts_on + DAY,
        holidays=rhythm.holidays,
        region=rhythm.region or "",
    )
    about = {"leave": leave, "object_kind": "visit", "object_id": row.id}
    write_line(actor, "visit.planned", Kind.CREATE, subject, now, **about)
    return row.id


def _somebody(actor: Actor, subject: Subject, who: Who) -> Who:
    """Who comes, with the name of now. Hours for which nobody is known would count as covered: Invalid."""
    found = named(actor, subject, who)
    if not is_somebody(found):
        raise Invalid("who_not_known", fields=("who",))
    return found


def _is(actor: Actor, who: Who) -> bool:
    """Whether it is the actor, or somebody of the actor's organisation, who comes."""
    return speaks_for(actor, who, _account(who))


def _account(who: Who) -> UUID | None:
    if who.professional_id:
        return Professional.objects.values_list("user_id", flat=True).get(id=who.professional_id)
    return (
        Relative.objects.values_list("user_id", flat=True).get(id=who.relative_id)
        if who.relative_id
        else None
    )


def _given(actor: Actor, subject: Subject, now: datetime) -> dict[str, object]:
    owner_id = Child.objects.select_for_update().values_list("owner_id", flat=True).get(id=subject.child_id)
    by = {"by_id": actor.id, "by": actor.name, "organisation": actor.organisation}
    return {"child_id": subject.child_id, "owner_id": owner_id, "created_at": now, **by}


def _checked(actor: Actor, subject: Subject, new: NewVisit, who: Who, now: datetime) -> Ground:
    """The legal ground of a visit whose agreement holds and is of who comes."""
    if new.agreement_id is None:
        if who.kind not in (WhoKind.RELATIVE, WhoKind.OTHER):
            raise Invalid("visit_agreement", fields=("agreement",))
        return Ground.WGBO
    rows = AgreementTerms.objects.filter(version=in_force(actor, subject), agreement_id=new.agreement_id)
    terms = rows.select_related("professional", "relative", "agreement").first()
    if terms is None or not _sees(actor, subject, terms, now.date()):
        raise Missing("agreement_not_in_plan", agreement_id=new.agreement_id)
    if state_of(actor, terms.agreement) in OVER:
        raise Invalid("agreement_over", fields=("agreement",))
    said = agreement_content(vars(terms))
    same_house = who.organisation_id is not None and who.organisation_id == said.who.organisation_id
    if not (same_party(who, said.who) or same_house):
        raise Invalid("visit_not_theirs", fields=("who",))
    return ground_of(said.law)


def _sees(actor: Actor, subject: Subject, terms: AgreementTerms, on: date) -> bool:
    """Whether the agreement is open to the actor: in the plan as he reads it, or because it is asked of him."""
    if items_seen(actor, subject, [terms.agreement_id], on):
        return True
    party = party_of(actor, subject, terms.agreement.owner_id, terms)
    return party.asked or party.owner


@transaction.atomic
def end_visit(actor: Actor, subject: Subject, visit: VisitOn, reason: str, now: datetime) -> None:
    """From this day on the visit comes no more. What was, stays. Raises Missing, Refused, Invalid ("ended_before")."""
    leave = policy.require(actor, "schedule.answer", subject, now.date())
    given, week = _given(actor, subject, now), _week(actor, subject, visit.on)
    series = week.series.get(visit.visit_id)
    if series is None:
        raise Missing("no_such_visit", visit_id=visit.visit_id)
    if visit.on < now.date():
        raise Invalid("ended_before", fields=("on",))
    _require_own(actor, subject, week, _any_of(week, visit), now.date())
    before = gaps_ahead(actor, subject, now)
    VisitChange.objects.create(
        **given, visit_id=series.id, on=visit.on, kind=VisitChangeKind.ENDED, reason=reason.strip()
    )
    about = {"leave": leave, "object_kind": "visit", "object_id": series.id}
    write_line(actor, "visit.ended", Kind.UPDATE, subject, now, **about)
    tell_gaps(actor, subject, before, now)


def _any_of(week: Week, visit: VisitOn) -> Occurrence:
    """Any time of the series: for whether it may be touched at all."""
    series = week.series[visit.visit_id]
    when = span(visit.on, series.rhythm.start, series.rhythm.minutes)
    return Occurrence(
        series=series, on=visit.on, start=when.start, end=when.end, who=series.who, user_id=series.user_id
    )


def _week(actor: Actor, subject: Subject, on: date) -> Week:
    if not within(on):
        return Week()
    found = weeks_of(actor, [subject.child_id], on - DAY, on + DAY)
    return found.get(subject.child_id, Week())


def _require_own(actor: Actor, subject: Subject, week: Week, there: Occurrence, on: date) -> None:
    """Missing for a visit that does not show to the actor; Refused for one that shows, and is for others to change."""
    if not shown(actor, subject, week, [there], on):
        raise Missing("no_such_visit", visit_id=there.series.id)
    mine = speaks_for(actor, there.who, there.user_id) or actor.id == there.series.user_id
    if not (mine or policy.may(actor, "schedule.change", subject, on)):
        raise Refused("not_your_visit")


def _found(actor: Actor, subject: Subject, visit: VisitOn, now: datetime) -> tuple[Week, Occurrence]:
    """The one time that is meant, if the actor may change it. Raises Missing, Refused, Invalid ("visit_past")."""
    week = _week(actor, subject, visit.on)
    series = week.series.get(visit.visit_id)
    if series is None:
        raise Missing("no_such_visit", visit_id=visit.visit_id)
    there = occurrence_on(series, visit.on, calendar(actor))
    _require_own(actor, subject, week, there, now.date())
    if there.end < now - BACK:
        raise Invalid("visit_past")
    return week, there


@transaction.atomic
def change_visit(actor: Actor, subject: Subject, visit_id: UUID, change: Change, now: datetime) -> None:
    """This time it is off, with the reason; or it is moved to another day or time.

    Raises Missing, Refused, Invalid: "visit_past", "visit_off" (twice), "reason_required", "visit_moved_far",
    "cover_elsewhere" (who comes is with the child already then).
    """
    leave = policy.require(actor, "schedule.answer", subject, now.date())
    given = _given(actor, subject, now)
    _, there = _found(actor, subject, VisitOn(visit_id, change.on), now)
    before = gaps_ahead(actor, subject, now)
    moved: dict[str, object] = {}
    if change.kind == VisitChangeKind.CANCELLED:
        if there.cancelled:
            raise Invalid("visit_off")
        if not change.reason.strip():
            raise Invalid("reason_required", fields=("reason",))
    else:
        moved = _moved(actor, subject, there, change)
    kind = VisitChangeKind.MOVED if moved else VisitChangeKind.CANCELLED
    VisitChange.objects.create(
        **given, **moved, visit_id=visit_id, on=change.on, kind=kind, reason=change.reason.strip()
    )
    about = {"leave": leave, "object_kind": "visit", "object_id": visit_id}
    write_line(actor, f"visit.{kind}", Kind.UPDATE, subject, now, **about)
    tell_gaps(actor, subject, before, now)


def _moved(actor: Actor, subject: Subject, there: Occurrence, change: Change) -> dict[str, object]:
    rhythm = there.series.rhythm
    to_day, to_start = change.to_day or there.on, change.to_start or rhythm.start
    if abs(to_day - there.on) > SLACK or not within(to_day):
        raise Invalid("visit_moved_far", fields=("to_day",))
    _free(actor, subject, there.who, span(to_day, to_start, rhythm.minutes), [there])
    return {"to_day": to_day, "to_start": to_start}


def _free(actor: Actor, subject: Subject, who: Who, when: Window, but: list[Occurrence]) -> None:
    """Nobody is in two places at once. Raises Invalid ("cover_elsewhere")."""
    week = _week(actor, subject, when.start.astimezone(ZONE).date())
    there = expand(week.series.values(), when, calendar(actor))
    apart = {(one.series.id, one.on) for one in but}
    if busy(who, when, [one for one in there if (one.series.id, one.on) not in apart]):
        raise Invalid("cover_elsewhere", fields=("who",), name=who.name)


@transaction.atomic
def take_over(actor: Actor, subject: Subject, visit: VisitOn, who: Who, reason: str, now: datetime) -> None:
    """This time somebody else comes: of the team, of the same organisation, or a named helper of the family.

    Raises Missing, Refused, Invalid: "visit_past", "who_not_known", "visit_same", "not_in_team", "cover_elsewhere".
    """
    leave = policy.require(actor, "schedule.answer", subject, now.date())
    given = _given(actor, subject, now)
    _, there = _found(actor, subject, visit, now)
    other = _somebody(actor, subject, who)
    if same_party(other, there.who) and not there.cancelled:
        raise Invalid("visit_same", fields=("who",))
    _require_known(subject, other, there, now.date())
    _free(actor, subject, other, Window(there.start, there.end), [there])
    before = gaps_ahead(actor, subject, now)
    VisitChange.objects.create(
        **given,
        **who_kept(other),
        visit_id=visit.visit_id,
        on=visit.on,
        kind=VisitChangeKind.TAKEN_OVER,
        reason=reason.strip(),
    )
    about = {"leave": leave, "object_kind": "visit", "object_id": visit.visit_id}
    write_line(actor, "visit.taken_over", Kind.UPDATE, subject, now, **about)
    tell_gaps(actor, subject, before, now)


def _require_known(subject: Subject, who: Who, there: Occurrence, on: date) -> None:
    if who.kind == WhoKind.OTHER:
        return
    house = who.organisation_id is not None and who.organisation_id == there.series.who.organisation_id
    person = (
        {"professional_id": who.professional_id} if who.professional_id else {"relative_id": who.relative_id}
    )
    if who.kind == WhoKind.ORGANISATION:
        person = {"organisation_id": who.organisation_id}
    team = Membership.objects.filter(members_now(on), child_id=subject.child_id, **person)
    if not (house or team.exists()):
        raise Invalid("not_in_team", fields=("who",))


@transaction.atomic
def swap(actor: Actor, subject: Subject, one: VisitOn, other: VisitOn, now: datetime) -> None:
    """Two who come change places for one time each. Raises as `take_over`, and Invalid ("swap_same")."""
    leave = policy.require(actor, "schedule.answer", subject, now.date())
    given, together = _given(actor, subject, now), new_id()
    _, first = _found(actor, subject, one, now)
    _, second = _found(actor, subject, other, now)
    if same_party(first.who, second.who):
        raise Invalid("swap_same", fields=("other",))
    before = gaps_ahead(actor, subject, now)
    for there, comes in ((first, second.who), (second, first.who)):
        _free(actor, subject, comes, Window(there.start, there.end), [first, second])
        VisitChange.objects.create(
            **given,
            **who_kept(comes),
            visit_id=there.series.id,
            on=there.on,
            kind=VisitChangeKind.SWAPPED,
            swap=together,
        )
    about = {"leave": leave, "object_kind": "visit", "object_id": one.visit_id}
    write_line(actor, "visit.swapped", Kind.UPDATE, subject, now, **about)
    tell_gaps(actor, subject, before, now)
