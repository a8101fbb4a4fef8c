"""MedicationRequest or MedicationStatement -> a medicine that the child gets, in the sender's words.

Nothing is calculated: a dose is the text that came, else its amount as sent.
Source: the zibs MedicatieAfspraak and MedicatieGebruik.
"""

from collections.abc import Iterator

from kindzorg.fhir.elements import (
    Json,
    concept,
    extension,
    first,
    flag,
    moment,
    objects,
    quantity,
    span,
    status,
    word,
)
from kindzorg.fhir.references import Arrival
from kindzorg.fhir.resources.items import says_something, shared
from kindzorg.record.items import MedicationItem
from kindzorg.record.values import NO_SPAN, Concept, Span

NOT_GIVEN = "not-taken"
NOT_BEGUN = "intended"
NO_ORDER = ("proposal", "plan", "option")
"""What a request can be that nobody ordered yet (FHIR R4, MedicationRequest.intent)."""
DOSAGES = {"MedicationRequest": "dosageInstruction", "MedicationStatement": "dosage"}
PERIOD = "ext-TimeInterval.Period"


def _what(resource: Json, arrival: Arrival) -> Concept:
    said = concept(resource.get("medicationCodeableConcept"))
    if said.text:
        return said
    found = arrival.find(resource.get("medicationReference"))
    product = concept(found.resource.get("code")) if found and found.type == "Medication" else Concept()
    return product if product.text else Concept(arrival.link(resource.get("medicationReference")).text)


def _dosage(dosages: list[Json]) -> Iterator[str]:
    for one in dosages:
        amount = quantity(first(first(one, "doseAndRate"), "doseQuantity"))
        timing = concept(first(one, "timing").get("code")).text
        sent = ", ".join(filter(None, (f"{amount.value} {amount.unit}".strip(), timing)))
        yield word(one, "text") or sent
        yield word(one, "patientInstruction")


def _used(resource: Json, dosages: list[Json]) -> Span:
    """When it is given: as said of the whole, else of the first dose."""
    said = (
        span(extension(resource, PERIOD)),
        moment(resource, "effective"),
        *(span(first(first(one, "timing"), "repeat").get("boundsPeriod")) for one in dosages),
        span(first(resource, "dispenseRequest").get("validityPeriod")),
    )
    return next((one for one in said if one != NO_SPAN), NO_SPAN)


def from_fhir(resource: Json, arrival: Arrival) -> MedicationItem:
    """Raises Unreadable("says_nothing") where no medicine is named."""
    what = _what(resource, arrival)
    says_something(what)
    dosages = list(objects(resource, DOSAGES.get(word(resource, "resourceType"), "dosage")))
    common = shared(resource, arrival, dates=("authoredOn", "dateAsserted"))
    if flag(resource, "doNotPerform"):  # An order not to give it.
        common["status"] = NOT_GIVEN
    elif common["status"] in ("", "active") and status(resource, "intent") in NO_ORDER:
        common["status"] = NOT_BEGUN
    return MedicationItem(
        **common,
        what=what,
        dosage=tuple(filter(None, _dosage(dosages))),
        used=_used(resource, dosages),
        reasons=arrival.links(resource, "reasonReference"),
        professional=arrival.link(resource.get("requester") or resource.get("informationSource") or {}),
        reason_ended=concept(
            resource.get("statusReason")
            if isinstance(resource.get("statusReason"), dict)
            else first(resource, "statusReason")
        ).text,
    )
