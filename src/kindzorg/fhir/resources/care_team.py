"""CareTeam -> the people around the child as the sender knows them."""

from kindzorg.fhir.elements import Json, span, word
from kindzorg.fhir.references import Arrival
from kindzorg.fhir.resources.items import members, says_something, shared
from kindzorg.record.items import TeamItem


def from_fhir(resource: Json, arrival: Arrival) -> TeamItem:
    """Raises Unreadable("says_nothing") without a name or members."""
    name = word(resource, "name")
    people = members(resource, "participant", arrival, who="member", roles="role")
    says_something(name, people)
    return TeamItem(
        **shared(resource, arrival),
        name=name,
        members=people,
        reasons=arrival.links(resource, "reasonReference"),
        organisations=arrival.links(resource, "managingOrganization"),
        period=span(resource.get("period")),
    )
