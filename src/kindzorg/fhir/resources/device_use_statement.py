"""DeviceUseStatement -> an aid or device in use, read together with the Device where the file holds it."""

from dataclasses import replace

from kindzorg.fhir.elements import Json, concept, extension, moment, notes, schedule
from kindzorg.fhir.references import Arrival
from kindzorg.fhir.resources.device import product_codes, what_of
from kindzorg.fhir.resources.items import says_something, shared
from kindzorg.record.items import DeviceItem
from kindzorg.record.values import NO_SPAN, Concept


def from_fhir(resource: Json, arrival: Arrival) -> DeviceItem:
    """Raises Unreadable("says_nothing") where nothing tells which device it is or what for."""
    found = arrival.find(resource.get("device"))
    device = found.resource if found and found.type == "Device" else {}
    link = arrival.link(resource.get("device"))
    kind = what_of(device)
    what = kind if kind.text else Concept(link.text)
    common = shared(resource, arrival, dates=("recordedOn",))
    common["note"] = "\n".join(dict.fromkeys(note for note in (notes(device), common["note"]) if note))
    reasons = arrival.links(resource, "reasonReference")
    says_something(what, common["note"], link.key, reasons)
    return DeviceItem(
        **common,
        what=what,
        product_codes=product_codes(device),
        device=link,
        used=moment(resource, "timing"),
        schedule=replace(schedule(resource, "timing"), bounds=NO_SPAN),
        body_site=concept(resource.get("bodySite")),
        reasons=reasons,
        professional=arrival.link(extension(resource, "ext-MedicalDevice.HealthProfessional") or {}),
        location=arrival.link(extension(resource, "ext-MedicalDevice.Location") or {}),
    )
