"""Encounter -> a contact or stay."""

from kindzorg.fhir.elements import Json, coding, concept, concepts, first, objects, span
from kindzorg.fhir.references import Arrival
from kindzorg.fhir.resources.items import members, says_something, shared
from kindzorg.record.items import EncounterItem
from kindzorg.record.values import NO_LINK, Concept


def from_fhir(resource: Json, arrival: Arrival) -> EncounterItem:
    """Raises Unreadable("says_nothing") without a setting, type, reason or period."""
    setting, types = coding(resource.get("class")), concepts(resource, "type")
    period, stay = span(resource.get("period")), first(resource, "hospitalization")
    named = (Concept(link.text) for link in arrival.links(resource, "reasonReference"))
    reasons = tuple(each for each in (*concepts(resource, "reasonCode"), *named) if each.text)
    says_something(setting, types, reasons, period.start, period.end)
    places = (arrival.link(each.get("location") or {}) for each in objects(resource, "location"))
    return EncounterItem(
        **(shared(resource, arrival) | {"recorded_on": period.start}),
        setting=setting,
        types=types,
        period=period,
        reasons=reasons,
        participants=members(resource, "participant", arrival, who="individual", roles="type"),
        locations=tuple(place for place in places if place != NO_LINK),
        organisation=arrival.link(resource.get("serviceProvider") or {}),
        admitted_from=concept(stay.get("admitSource")),
        discharged_to=concept(stay.get("dischargeDisposition")),
    )
