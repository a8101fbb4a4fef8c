"""What the policy must know of a child for one actor: how it is asked along with the child, and read."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from kindzorg.access import sight
from kindzorg.access.policy import EVERY_DOMAIN, Actor, Subject
from kindzorg.access.roles import Role, Scope
from kindzorg.careteam.models import (
    Capacity,
    CoachStep,
    CourtRestriction,
    EmergencyAccess,
    Membership,
    ParentalAuthority,
    Representation,
    Wish,
)
from kindzorg.careteam.representation.rules import (
    InForce,
    RepresentationKind,
    decides_itself,
    first_in_line,
)
from kindzorg.careteam.rules import CoachMove, RestrictionKind, WishKind
from kindzorg.core.own_words import House
from kindzorg.core.plain import key
from kindzorg.core.statements import Listed, worded_once
from kindzorg.people.models import Child, Relative

PERSON = {
    "kind": "kind",
    "relative_id": "relative_id",
    "name": "relative__name",
    "user_id": "relative__user_id",
}


def in_force(on: date) -> Q:
    """What holds on this day: from its first day up to, not including, its end."""
    return Q(starts__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


def open_part(on: date) -> Q:
    """That a part in the care is in force, and the family's consent leaves something of the file open to it."""
    return in_force(on) & ~Q(domains=sight.NONE) & (Q(sight_until__isnull=True) | Q(sight_until__gt=on))


def represented(on: date) -> QuerySet[Representation]:
    """The records of representation that hold on this day, for a statement about children."""
    return Representation.objects.filter(in_force(on), child_id=OuterRef("id")).order_by("starts", "id")


def recorded_in(rows: Iterable[Mapping[str, Any]]) -> tuple[InForce, ...]:
    """Them as the rules read them."""
    return tuple(
        InForce(RepresentationKind(one["kind"]), UUID(one["relative_id"]), one["name"], key(one["user_id"]))
        for one in rows
    )


def with_subject(
    children: QuerySet[Child], user_id: UUID, organisations: Sequence[UUID], on: date
) -> QuerySet[Child]:
    """Adds in the same statement what the policy must know of each child for this actor."""
    holds = ParentalAuthority.objects.filter(in_force(on), child_id=OuterRef("id"), relative__user_id=user_id)
    kept = CourtRestriction.objects.filter(in_force(on), child_id=OuterRef("id"), relative__user_id=user_id)
    closed = Wish.objects.filter(in_force(on), child_id=OuterRef("id"), kind=WishKind.CLOSED_AFTER_DEATH)
    assessed = Capacity.objects.filter(in_force(on), child_id=OuterRef("id")).order_by("-starts", "-id")
    children = children.annotate(
        has_authority=Exists(holds),
        kept_from_deciding=Exists(kept.filter(kind=RestrictionKind.DECIDE)),
        kept_from_seeing=Exists(kept.filter(kind=RestrictionKind.SEE)),
        closed_after_death=Exists(closed),
        is_relative=Exists(Relative.objects.filter(child_id=OuterRef("id"), user_id=user_id)),
        can_decide=Subquery(assessed.values("can_decide")[:1]),
        representatives=Listed(represented(on).values(item=JSONObject(**PERSON))),
    )
    for index, organisation_id in enumerate(organisations):
        part = Membership.objects.filter(
            open_part(on), child_id=OuterRef("id"), organisation_id=organisation_id
        )
        children = children.annotate(
            **{f"part_{index}": Subquery(part.order_by("starts", "id").values("domains")[:1])}
        )
    return children


def organisations_of(actor: Actor) -> tuple[UUID, ...]:
    """The organisations over which the actor has a grant."""
    return tuple(
        grant.scope_id for grant in actor.grants if grant.scope == Scope.ORGANISATION and grant.scope_id
    )


def subject_of(actor: Actor, child: Any, on: date) -> Subject:
    """What the policy reads of a child that `with_subject` found."""
    parts = {
        organisation_id: sight.domains_on(sight.read(word), on)
        for index, organisation_id in enumerate(organisations_of(actor))
        if (word := getattr(child, f"part_{index}"))
    }
    there = recorded_in(child.representatives)
    able = decides_itself(child.can_decide, there)
    mine = [one for one in first_in_line(there) if one.user_id == actor.id]
    return Subject(
        child_id=child.id,
        birth_date=child.birth_date,
        region_id=child.region_id,
        organisation_ids=frozenset(parts),
        has_authority=child.has_authority,
        died_on=child.died_on,
        organisation_domains={key: seen for key, seen in parts.items() if seen != EVERY_DOMAIN},
        may_decide=not child.kept_from_deciding,
        can_decide=able,
        may_see=not child.kept_from_seeing,
        closed_after_death=child.closed_after_death,
        is_relative=child.is_relative,
        represents=bool(mine) and not (able or child.kept_from_deciding or child.kept_from_seeing),
        by_court=any(one.by_court for one in mine),
    )


@worded_once
def child_row(child_id: UUID, user_id: UUID, organisations: tuple[UUID, ...], on: date) -> QuerySet[Child]:
    """One child with all that is asked of it each time, also the stamp of who keeps its file."""
    ever = EmergencyAccess.objects.filter(child_id=OuterRef("id"))
    children = Child.objects.filter(id=child_id).annotate(
        had_emergency=Exists(ever), own_stamp=F("owner__own_stamp")
    )
    return with_subject(with_offer(children, on), user_id, organisations, on)


def with_offer(children: QuerySet[Child], on: date) -> QuerySet[Child]:
    """Adds in the same statement the last step of the offer of a care coach, and whether a coach takes part."""
    steps = CoachStep.objects.filter(child_id=OuterRef("id")).order_by("-created_at", "-id")
    coaches = Membership.objects.filter(in_force(on), child_id=OuterRef("id"), role=Role.CARE_COACH)
    return children.annotate(
        coach_move=Subquery(steps.values("move")[:1]),
        coach_at=Subquery(steps.values("created_at")[:1]),
        has_coach=Exists(coaches),
    )


def offered_at(row: Any) -> datetime | None:
    """Since when an offer of a care coach waits for the family's word; None where none does."""
    return row.coach_at if row.coach_move == CoachMove.OFFERED and not row.has_coach else None


def house_of(row: Any) -> House:
    """The organisation that keeps the file: in its own words are the pages about the child."""
    return House(row.owner_id, row.own_stamp)
