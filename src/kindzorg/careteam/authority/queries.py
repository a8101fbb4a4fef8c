"""Reading authority, restrictions, assessments and written wishes."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.models import Capacity, CourtRestriction, Mark, ParentalAuthority, Wish
from kindzorg.careteam.queries import in_force
from kindzorg.careteam.rules import Known
from kindzorg.people.models import Child, Organisation, Relative
from kindzorg.people.rules import OrganisationKind


def known_of(actor: Actor, subject: Subject, on: date) -> Known:
    """What the end of a holder's grant follows from, as it stands now. `actor` was let in by who calls."""
    born, died = Child.objects.values_list("birth_date", "died_on").get(id=subject.child_id)
    last = Capacity.objects.filter(in_force(on), child_id=subject.child_id).order_by("-starts", "-id").first()
    return Known(born, last.until if last and not last.can_decide else None, died)


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


def people_for(actor: Actor, subject: Subject, on: date) -> Sequence[Relative]:
    """The relatives of the child, of whom one may hold authority that was not recorded."""
    policy.require(actor, "authority.change", subject, on)
    return list(Relative.objects.filter(child_id=subject.child_id).order_by("created_at", "id"))


def institutions_for(actor: Actor, subject: Subject, on: date) -> Sequence[Organisation]:
    """The institutions that can hold authority (gecertificeerde instelling): those of youth care, by name."""
    policy.require(actor, "authority.change", subject, on)
    return list(Organisation.objects.filter(kind=OrganisationKind.YOUTH_CARE).order_by("name", "id")[:200])


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
    """What the child put in writing and did not take back. Raises Refused for its family, also who treats it too."""
    policy.require(actor, "wish.read", subject, on)
    return list(Wish.objects.filter(in_force(on), child_id=subject.child_id).order_by("starts", "id"))


def unconfirmed(
    actor: Actor, subjects: Iterable[Subject], on: date
) -> tuple[QuerySet[CourtRestriction], QuerySet[Mark]] | None:
    """What waits for a second professional, whom this actor can be: what a court decided, what was marked. Not yet
    asked for; none where the actor may confirm nothing."""
    there = list(subjects)
    court = [one.child_id for one in there if policy.may(actor, "restriction.change", one, on)]
    marking = [one.child_id for one in there if policy.may(actor, "mark.set", one, on)]
    if not court and not marking:
        return None
    waits = in_force(on) & Q(confirmed_by_id=None)
    decided = CourtRestriction.objects.filter(waits, child_id__in=court).exclude(recorded_by_id=actor.id)
    marks = Mark.objects.filter(waits, child_id__in=marking, by_child=False).exclude(by_id=actor.id)
    return decided, marks
