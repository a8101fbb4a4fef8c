"""AllergyIntolerance -> an allergy or intolerance."""

from kindzorg.fhir.elements import (
    Json,
    concept,
    concepts,
    day,
    moment,
    objects,
    status_code,
    texts,
    word,
)
from kindzorg.fhir.references import Arrival
from kindzorg.fhir.resources.items import says_something, shared
from kindzorg.record.items import AllergyItem
from kindzorg.record.values import Concept, Reaction


def _reactions(resource: Json) -> tuple[Reaction, ...]:
    read = (
        Reaction(
            substance=concept(each.get("substance")),
            manifestations=concepts(each, "manifestation"),
            description=word(each, "description"),
            severity=word(each, "severity"),
            on=day(each.get("onset")),
        )
        for each in objects(resource, "reaction")
    )
    return tuple(each for each in read if each != Reaction())


def from_fhir(resource: Json, arrival: Arrival) -> AllergyItem:
    """Raises Unreadable("says_nothing") where neither a substance nor a reaction is named."""
    state = status_code(resource, "clinicalStatus")
    certainty = status_code(resource, "verificationStatus")
    reactions = _reactions(resource)
    substances = (each.substance for each in reactions if each.substance.text)
    what = concept(resource.get("code"))
    if not what.text:
        what = next(substances, Concept())
    common = shared(resource, arrival, dates=("recordedDate",), marks=(state, certainty))
    says_something(what, reactions, common["note"])
    return AllergyItem(
        **common,
        what=what,
        categories=texts(resource, "category"),
        mechanism=word(resource, "type"),
        criticality=word(resource, "criticality"),
        certainty=certainty,
        since=moment(resource, "onset").start,
        last_occurrence=day(resource.get("lastOccurrence")),
        reactions=reactions,
    )
