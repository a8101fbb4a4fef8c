"""Reading authority, restrictions, assessments and written wishes."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careteam.models import Capacity, CourtRestriction, Membership, ParentalAuthority, Wish
from kindzorg.careteam.queries import in_force
from kindzorg.careteam.rules import Known
from kindzorg.people.models import Child, Relative


def known_of(actor: Actor, subject: Subject, on: date) -> Known:
    """What the end of a holder's grant follows from, as it stands now. `actor` was let in by who calls."""
    born, died = Child.objects.values_list("birth_date", "died_on").get(id=subject.child_id)
    last = Capacity.objects.filter(in_force(on), child_id=subject.child_id).order_by("-starts", "-id").first()
    return Known(born, last.until if last and not last.can_decide else None, died)


def guides_for(actor: Actor, subject: Subject, on: date) -> Sequence[Membership]:
    """Who helps a family on that does not agree: the care coach, where there is none who leads the care."""
    policy.require(actor, "child.open", subject, on)
    guides = Q(role=Role.CARE_COACH) | Q(leads=True)
    rows = Membership.objects.filter(in_force(on), guides, child_id=subject.child_id)
    found = list(rows.select_related("professional", "relative", "organisation").order_by("starts", "id"))
    return [one for one in found if one.role == Role.CARE_COACH] or found


def authorities_for(actor: Actor, subject: Subject, on: date) -> Sequence[ParentalAuthority]:
    """Every authority over the child, those that ended last."""
    policy.require(actor, "authority.read", subject, on)
    rows = ParentalAuthority.objects.filter(child_id=subject.child_id)
    found = rows.select_related("relative", "organisation").order_by("starts", "id")
    return sorted(found, key=lambda one: one.until is not None and one.until <= on)


def relatives_for(actor: Actor, subject: Subject, on: date) -> Sequence[Relative]:
    """The relatives of the child, of whom a court may have said something."""
    policy.require(actor, "restriction.change", subject, on)
    return list(Relative.objects.filter(child_id=subject.child_id).order_by("created_at", "id"))


def restrictions_for(actor: Actor, subject: Subject, on: date) -> Sequence[CourtRestriction]:
    """What a court decided, for the professionals who may record it; those that ended last."""
    policy.require(actor, "restriction.change", subject, on)
    rows = CourtRestriction.objects.filter(child_id=subject.child_id).select_related("relative")
    found = rows.order_by("starts", "id")
    return sorted(found, key=lambda one: one.until is not None and one.until <= on)


def capacity_for(actor: Actor, subject: Subject, on: date) -> Capacity | None:
    """The assessment that counts now."""
    policy.require(actor, "capacity.read", subject, on)
    rows = Capacity.objects.filter(in_force(on), child_id=subject.child_id)
    return rows.order_by("-starts", "-id").first()


def wishes_for(actor: Actor, subject: Subject, on: date) -> Sequence[Wish]:
    """What the child put in writing and did not take back."""
    policy.require(actor, "wish.read", subject, on)
    return list(Wish.objects.filter(in_force(on), child_id=subject.child_id).order_by("starts", "id"))
