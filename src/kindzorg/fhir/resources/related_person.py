"""RelatedPerson -> a parent, carer or other relative."""

from kindzorg.fhir.elements import Json, concepts, day, span, truth, word
from kindzorg.fhir.persons import addresses, contacts, languages, name_of
from kindzorg.fhir.references import Arrival
from kindzorg.fhir.resources.items import says_something, shared
from kindzorg.record.items import RelatedPersonItem


def from_fhir(resource: Json, arrival: Arrival) -> RelatedPersonItem:
    """Raises Unreadable("says_nothing") without a name, a relationship or a way to reach the person."""
    name, relationships, reach = name_of(resource), concepts(resource, "relationship"), contacts(resource)
    says_something(name.text, relationships, reach)
    return RelatedPersonItem(
        **shared(resource, arrival),
        name=name,
        relationships=relationships,
        birth_date=day(resource.get("birthDate")),
        gender=word(resource, "gender"),
        contacts=reach,
        addresses=addresses(resource),
        languages=languages(resource),
        active=truth(resource.get("active")),
        period=span(resource.get("period")),
    )
