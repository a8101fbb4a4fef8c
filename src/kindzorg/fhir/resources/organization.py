"""Organization -> an organisation."""

from kindzorg.fhir.elements import Json, concepts, identifiers, truth, word
from kindzorg.fhir.persons import addresses, contacts
from kindzorg.fhir.references import Arrival
from kindzorg.fhir.resources.items import says_something, shared
from kindzorg.record.items import OrganisationItem


def from_fhir(resource: Json, arrival: Arrival) -> OrganisationItem:
    """Raises Unreadable("says_nothing") without a name or number."""
    name, numbers = word(resource, "name"), identifiers(resource)
    says_something(name, numbers)
    return OrganisationItem(
        **shared(resource, arrival),
        name=name,
        identifiers=numbers,
        types=concepts(resource, "type"),
        contacts=contacts(resource),
        addresses=addresses(resource),
        part_of=arrival.link(resource.get("partOf")),
        active=truth(resource.get("active")),
    )
