"""Observation -> a measurement or finding."""

from kindzorg.fhir.elements import Json, concept, concepts, extension, first, moment, objects, texts, value_of
from kindzorg.fhir.references import Arrival
from kindzorg.fhir.resources.items import says_something, shared
from kindzorg.record.items import MeasurementItem
from kindzorg.record.values import NO_VALUE, Component

NL_CORE = "http://nictiz.nl/fhir/StructureDefinition/nl-core-"
FEEDING_METHOD = "ext-FeedingPatternInfant.FeedingMethod"


def _profile(resource: Json) -> str:
    profiles = (each.partition("|")[0] for each in texts(first(resource, "meta"), "profile"))
    return next((each.removeprefix(NL_CORE) for each in profiles if each.startswith(NL_CORE)), "")


def _components(resource: Json) -> tuple[Component, ...]:
    read = (
        Component(
            concept(each.get("code")),
            value_of(each),
            concept(each.get("dataAbsentReason")),
            concept(extension(each, FEEDING_METHOD)),
        )
        for each in objects(resource, "component")
    )
    return tuple(each for each in read if each.what.text)


def from_fhir(resource: Json, arrival: Arrival) -> MeasurementItem:
    """Raises Unreadable("says_nothing") where it is not said what was measured."""
    what, value, components = concept(resource.get("code")), value_of(resource), _components(resource)
    says_something(what)
    common = shared(resource, arrival, dates=("issued", "effectiveDateTime"))
    members = arrival.links(resource, "hasMember")
    absent = concept(resource.get("dataAbsentReason"))
    interpretation = concepts(resource, "interpretation")
    says_something(value != NO_VALUE, components, members, absent, common["note"], interpretation)
    return MeasurementItem(
        **common,
        what=what,
        profile=_profile(resource),
        categories=concepts(resource, "category"),
        measured=moment(resource, "effective"),
        value=value,
        absent_reason=absent,
        interpretation=interpretation,
        body_site=concept(resource.get("bodySite")),
        method=concept(resource.get("method")),
        components=components,
        members=members,
        performers=arrival.links(resource, "performer"),
    )
