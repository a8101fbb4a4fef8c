"""PractitionerRole -> a professional in a role, read together with its Practitioner."""

from kindzorg.fhir.elements import Json, concepts, span, truth
from kindzorg.fhir.persons import contacts, name_of
from kindzorg.fhir.references import Arrival
from kindzorg.fhir.resources.items import says_something, shared
from kindzorg.fhir.resources.practitioner import numbers, qualifications
from kindzorg.record.items import ProfessionalItem
from kindzorg.record.values import PersonName


def from_fhir(resource: Json, arrival: Arrival) -> ProfessionalItem:
    """Raises Unreadable("says_nothing") without a person, a role, a specialty or an organisation."""
    found = arrival.find(resource.get("practitioner"))
    person = found.resource if found and found.type == "Practitioner" else {}
    link, organisation = (
        arrival.link(resource.get("practitioner")),
        arrival.link(resource.get("organization")),
    )
    roles, specialties = concepts(resource, "code"), concepts(resource, "specialty")
    says_something(link.text, roles, specialties, organisation.text)
    name = name_of(person)
    return ProfessionalItem(
        **shared(resource, arrival),
        name=name if name.text else PersonName(link.text),
        identifiers=tuple(dict.fromkeys((*numbers(person), *numbers(resource)))),
        roles=roles,
        specialties=specialties,
        qualifications=qualifications(person),
        person=link,
        organisation=organisation,
        contacts=tuple(dict.fromkeys((*contacts(resource), *contacts(person)))),
        active=truth(resource.get("active")),
        period=span(resource.get("period")),
    )
