"""Practitioner -> a professional, apart from any role."""

from kindzorg.fhir.elements import Json, concept, identifiers, objects, truth
from kindzorg.fhir.persons import contacts, name_of
from kindzorg.fhir.references import BSN, Arrival
from kindzorg.fhir.resources.items import says_something, shared
from kindzorg.record.items import ProfessionalItem
from kindzorg.record.values import Concept, Identifier


def numbers(resource: Json) -> tuple[Identifier, ...]:
    """Professional numbers (BIG, AGB, UZI); the BSN of a professional is not ours to keep."""
    return tuple(each for each in identifiers(resource) if each.system not in BSN)


def qualifications(resource: Json) -> tuple[Concept, ...]:
    read = (concept(each.get("code")) for each in objects(resource, "qualification"))
    return tuple(each for each in read if each.text)


def from_fhir(resource: Json, arrival: Arrival) -> ProfessionalItem:
    """Raises Unreadable("says_nothing") without a name or number."""
    name = name_of(resource)
    says_something(name.text, numbers(resource))
    return ProfessionalItem(
        **shared(resource, arrival),
        name=name,
        identifiers=numbers(resource),
        qualifications=qualifications(resource),
        contacts=contacts(resource),
        active=truth(resource.get("active")),
    )
