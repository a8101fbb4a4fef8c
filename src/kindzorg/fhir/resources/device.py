"""Device -> an aid or device of the child, without its use."""

from kindzorg.fhir.elements import Json, concept, first, objects, text, texts, word
from kindzorg.fhir.references import Arrival
from kindzorg.fhir.resources.items import says_something, shared
from kindzorg.record.items import DeviceItem
from kindzorg.record.values import Concept


def what_of(resource: Json) -> Concept:
    """The kind of device; where it is not coded, its name or model."""
    kind = concept(resource.get("type"))
    if kind.text:
        return kind
    return Concept(word(first(resource, "deviceName"), "name") or word(resource, "modelNumber"))


def product_codes(resource: Json) -> tuple[str, ...]:
    """What stands on the label: the readable bar code, serial and lot number."""
    labels = (text(each.get("carrierHRF")) for each in objects(resource, "udiCarrier"))
    numbers = (*labels, *texts(resource, "serialNumber"), *texts(resource, "lotNumber"))
    return tuple(dict.fromkeys(number for number in numbers if number))


def from_fhir(resource: Json, arrival: Arrival) -> DeviceItem:
    """Raises Unreadable("says_nothing") without a kind, name, label or remark."""
    what, common = what_of(resource), shared(resource, arrival)
    says_something(what, product_codes(resource), common["note"])
    return DeviceItem(
        **common,
        what=what,
        product_codes=product_codes(resource),
        location=arrival.link(resource.get("location")),
    )
