"""A binding referral around the circle: who sends it, and how one comes to be stuck."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kindzorg.access.policy import Actor
from kindzorg.access.roles import Role, Scope
from kindzorg.careteam.actions import grant_access
from kindzorg.careteam.consents.actions import record_consent
from kindzorg.careteam.consents.rules import Decision, PartyKind, PartyRef
from kindzorg.careteam.consents.rules import Said as Spoken
from kindzorg.careteam.queries import actor_for
from kindzorg.careteam.rules import ConsentWay
from kindzorg.careteam.sharing import family_of
from kindzorg.careteam.tests.world import JOB
from kindzorg.core.vocabulary import Law, LifeDomain
from kindzorg.people.models import Child, Region
from kindzorg.referral.binding import actions
from kindzorg.referral.binding.actions import Said
from kindzorg.referral.binding.queries import binding_for
from kindzorg.referral.binding.rules import BindingMove, BindingStanding, NewBinding
from kindzorg.referral.models import BindingReferral
from kindzorg.referral.tests.world import Circle
from kindzorg.referral.watching import watch_terms

NO = Said("Dit hoort bij de zorgverzekering.", "Vraag het de wijkverpleging.")


def new(circle: Circle, **other: object) -> NewBinding:
    """What is asked of the municipality."""
    told: dict[str, Any] = {
        "law": Law.JEUGDWET,
        "domain": LifeDomain.SOCIAL,
        "receiver_id": circle.houses["municipality"],
        "needed": "Een weekend per maand logeren.",
        "why": "Het gezin houdt het anders niet vol.",
        "needed_from": circle.moment.date(),
    }
    return NewBinding(**(told | other))


def sent(circle: Circle, **other: object) -> BindingReferral:
    """One that the coordinator sent."""
    return actions.send_binding(*circle.as_("coordinator"), new(circle, **other), circle.tick())


def stands(circle: Circle, row: BindingReferral, who: str = "coordinator") -> BindingStanding:
    """Where it stands, as somebody sees it."""
    return binding_for(*circle.as_(who), row.id, circle.moment.date()).standing


def answers(
    circle: Circle, row: BindingReferral, move: str, said: Said = NO, who: str = "municipality"
) -> Any:
    """The receiver answers."""
    return actions.answer_binding(*circle.as_(who), row.id, BindingMove(move), said, circle.tick())


def steers(
    circle: Circle, row: BindingReferral, move: str, words: str = "Zo doen wij het.", who: str = "coordinator"
) -> Any:
    """Who coordinates goes on with it."""
    return actions.steer_binding(*circle.as_(who), row.id, BindingMove(move), Said(words), circle.tick())


def days_later(circle: Circle, days: int) -> datetime:
    """Time passes, and the worker makes its round."""
    circle.moment += timedelta(days=days)
    watch_terms(circle.moment)
    return circle.moment


def shut(circle: Circle, who: str, domains: set[LifeDomain]) -> None:
    """The family closes these life domains to somebody."""
    child = Child.objects.get(id=circle.child_id)
    holders = tuple(one.id for one in family_of(child, circle.moment.date()).holders)
    party = PartyRef(PartyKind.PROFESSIONAL, circle.work[who])
    said = Spoken(ConsentWay.IN_PERSON, holders)
    record_consent(JOB, circle.subject, party, Decision(False, frozenset(domains)), said, circle.tick())


def network_coordinator(circle: Circle, region_id: UUID | None = None) -> Actor:
    """Who coordinates the network of the circle's region, or of another."""
    name = f"network {region_id}"
    if name not in circle.users:
        circle.users = {**circle.users, name: circle.account("Ingrid")}
        over = region_id or circle.region.id
        grant_access(JOB, circle.users[name].id, Role.NETWORK_COORDINATOR, Scope.NETWORK, over, circle.tick())
    return actor_for(circle.users[name])


def another_region() -> Region:
    """A region in which nothing happens."""
    return Region.objects.create(name="Regio Elders", created_at=datetime(2026, 9, 14).astimezone())
