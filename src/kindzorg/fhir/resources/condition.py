"""Condition -> a problem, or the legal situation of the child (nl-core LegalSituation is a Condition too)."""

from kindzorg.fhir.elements import Json, concept, concepts, day, moment, status_code
from kindzorg.fhir.references import Arrival
from kindzorg.fhir.resources.items import says_something, shared
from kindzorg.record.items import ConditionItem, Matter
from kindzorg.record.values import Concept, Span

LEGAL = {
    ("http://snomed.info/sct", "303186005"): Matter.LEGAL_STATUS,
    ("http://snomed.info/sct", "151701000146105"): Matter.REPRESENTATION,
}
"""The categories of nl-core-LegalSituation-LegalStatus and -Representation."""


def _matter(categories: tuple[Concept, ...]) -> Matter:
    codes = ((code.system, code.code) for category in categories for code in category.codes)
    return next((LEGAL[code] for code in codes if code in LEGAL), Matter.HEALTH)


def from_fhir(resource: Json, arrival: Arrival) -> ConditionItem:
    """Raises Unreadable: "says_nothing", or "unreadable_status" where it may be denied."""
    what, categories = concept(resource.get("code")), concepts(resource, "category")
    state = status_code(resource, "clinicalStatus")
    certainty = status_code(resource, "verificationStatus")
    common = shared(resource, arrival, dates=("recordedDate",), marks=(state, certainty))
    says_something(what, common["note"])
    onset, abated = moment(resource, "onset"), moment(resource, "abatement")
    return ConditionItem(
        **common,
        what=what,
        matter=_matter(categories),
        categories=categories,
        certainty=certainty,
        severity=concept(resource.get("severity")),
        body_sites=concepts(resource, "bodySite"),
        period=Span(onset.start, abated.end or abated.start or day(resource.get("abatement"))),
        reported_by=arrival.link(resource.get("asserter") or resource.get("recorder")),
    )
