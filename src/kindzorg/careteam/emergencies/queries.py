"""Who is meant, who must know, and what is still to be judged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from kindzorg.access import policy
from kindzorg.access.ages import age
from kindzorg.access.grounds import SIDES, Question, Side, deciders
from kindzorg.access.policy import EVERY_DOMAIN, Actor, Subject, system_actor
from kindzorg.access.roles import Role, Scope
from kindzorg.audit.models import AuditLine
from kindzorg.careteam.emergencies import rules
from kindzorg.careteam.emergencies.rules import EmergencyStanding, Sought
from kindzorg.careteam.models import Capacity, CourtRestriction, EmergencyAccess, Grant, ParentalAuthority
from kindzorg.careteam.queries import child_for, in_force
from kindzorg.careteam.rules import RestrictionKind
from kindzorg.core.errors import Missing, Refused
from kindzorg.core.vocabulary import Ground
from kindzorg.core.walls import behind_wall
from kindzorg.people.models import Child, Professional

FINDER = system_actor("emergency finder")


@dataclass(frozen=True, slots=True)
class Emergency:
    """One looking along in an emergency, as its readers see it. `looks` only for who reviews it."""

    row: EmergencyAccess
    standing: EmergencyStanding
    note: str = ""
    reviewed_by: str = ""
    child: str = ""
    looks: int = 0


def house_for(actor: Actor, on: date) -> UUID | None:
    """The organisation for which the actor may look along in an emergency; None where there is none."""
    policy.require(actor, "emergency.take", None, on)
    houses = [
        one.scope_id for one in actor.grants if one.role == Role.EMPLOYEE and one.holds(on) and one.scope_id
    ]
    works = Professional.objects.filter(
        user_id=actor.id,
        organisation_id__in=houses,
        organisation__kind__in=rules.HOUSES,
        qualification__in=rules.CARERS,
    )
    return works.order_by("created_at", "id").values_list("organisation_id", flat=True).first()


def attempts_of(actor: Actor, now: datetime) -> int:
    """How often the actor looked for a child within the hour."""
    policy.require(actor, "emergency.take", None, now.date())
    since = now - rules.WITHIN
    lines = AuditLine.objects.filter(actor_id=actor.id, child_id=None, event="emergency.sought", at__gt=since)
    return lines.count()


def child_meant(actor: Actor, sought: Sought, now: datetime) -> Child | None:
    """The one child that is meant, whoever sees it; None for none and for more. A court's word stays in force."""
    policy.require(actor, "emergency.take", None, now.date())
    with behind_wall(FINDER.id, now.date(), at=now, system=True):
        born = Child.objects.filter(birth_date=sought.birth_date, merged_into=None, died_on=None)
        meant = [
            one
            for one in born
            if sought.is_it({"family_name": one.family_name, "given_name": one.given_name})
        ]
        kept = CourtRestriction.objects.filter(
            in_force(now.date()),
            kind=RestrictionKind.SEE,
            relative__user_id=actor.id,
            child__in=[one.id for one in meant],
        )
        return meant[0] if len(meant) == 1 and not kept.exists() else None


def sees_all(actor: Actor, child_id: UUID, on: date) -> bool:
    """Whether the actor reads the plan and the file of this child already, in every domain."""
    try:
        subject = child_for(actor, child_id, on).subject
    except (Refused, Missing):
        return False
    whole = policy.may_domains(actor, "plan.read", subject, on) == EVERY_DOMAIN
    return whole and policy.may(actor, "record.read", subject, on)


def family_to_tell(actor: Actor, child: Child, on: date) -> Sequence[UUID]:
    """The accounts of the family that may know: holders whom no court keeps from looking, as long as they look
    along (`access/grounds.csv`), and the child from 12. `actor` has been let in by who calls.
    """
    able = Capacity.objects.filter(in_force(on), child_id=child.id).order_by("-starts", "-id")
    can_decide = able.values_list("can_decide", flat=True).first() is not False
    lookers = deciders(Ground.WGBO, Question.INSPECT, child.birth_date, on, can_decide=can_decide)
    found: set[UUID] = set()
    if Side.HOLDER in SIDES[lookers]:
        kept = CourtRestriction.objects.filter(in_force(on), child_id=child.id, kind=RestrictionKind.SEE)
        held = ParentalAuthority.objects.filter(in_force(on), child_id=child.id, relative__user__isnull=False)
        held = held.exclude(relative_id__in=kept.values("relative_id"))
        found |= set(held.values_list("relative__user_id", flat=True)) - {actor.id}
    if child.user_id and child.birth_date and age(child.birth_date, on) >= 12:
        found.add(child.user_id)
    return sorted(found)


def _officers(on: date) -> QuerySet[Grant]:
    return Grant.objects.filter(
        in_force(on), role=Role.PRIVACY_OFFICER, scope=Scope.ORGANISATION, user__is_active=True
    )


def officers_of(actor: Actor, organisations: Iterable[UUID], on: date) -> Sequence[UUID]:
    """The accounts of the privacy officers of the first of these organisations that has one besides the actor.

    `actor` has been let in by who calls.
    """
    for organisation_id in organisations:
        rows = _officers(on).filter(scope_id=organisation_id).exclude(user_id=actor.id)
        if found := list(rows.values_list("user_id", flat=True)):
            return found
    return ()


def judged_at(houses: Iterable[UUID], on: date) -> Q:
    """The emergencies that are judged at these organisations: where who took it works.

    Where that organisation has no privacy officer besides that one, at the organisation that keeps the file.
    """
    there = (
        _officers(on).filter(scope_id=OuterRef("organisation_id")).exclude(user_id=OuterRef("taken_by_id"))
    )
    return Q(organisation_id__in=houses) | Q(~Exists(there), owner_id__in=houses)


def watched(actor: Actor, on: date) -> Sequence[UUID]:
    """The organisations whose privacy the actor guards."""
    policy.require(actor, "emergency.review", None, on)
    return [
        one.scope_id
        for one in actor.grants
        if one.role == Role.PRIVACY_OFFICER
        and one.scope == Scope.ORGANISATION
        and one.scope_id
        and one.holds(on)
    ]


def emergencies_for(actor: Actor, subject: Subject, now: datetime) -> Sequence[Emergency]:
    """Every looking along in an emergency with this child, newest first, and what was found of it."""
    policy.require(actor, "consent.read", subject, now.date())
    rows = EmergencyAccess.objects.filter(child_id=subject.child_id).select_related("organisation", "review")
    return [_emergency(row, now) for row in rows.order_by("-created_at", "-id")]


def emergencies_to_review(actor: Actor, now: datetime) -> Sequence[Emergency]:
    """Those of the actor's organisation that were not judged yet, overdue first; with how much was looked at."""
    houses = watched(actor, now.date())
    with behind_wall(FINDER.id, now.date(), at=now, system=True):
        looks = (
            AuditLine.objects.filter(
                emergency=True,
                actor_id=OuterRef("taken_by_id"),
                child_id=OuterRef("child_id"),
                at__gte=OuterRef("created_at"),
                at__lte=OuterRef("ends_at"),
            )
            .order_by()
            .values("actor_id")
            .annotate(count=Count("id"))
        )
        rows = EmergencyAccess.objects.filter(judged_at(houses, now.date()), review=None)
        rows = rows.select_related("organisation", "child").annotate(looks=Subquery(looks.values("count")))
        return [
            _emergency(row, now, child=str(row.child), looks=row.looks or 0)
            for row in rows.order_by("review_by", "created_at", "id")
        ]


def _emergency(row: EmergencyAccess, now: datetime, *, child: str = "", looks: int = 0) -> Emergency:
    review = getattr(row, "review", None)
    where = rules.standing(row.ends_at, row.review_by, review.justified if review else None, now)
    return Emergency(
        row, where, review.note if review else "", review.reviewed_by if review else "", child, looks
    )
