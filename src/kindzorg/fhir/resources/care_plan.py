"""CarePlan -> what nurses or others do. In nl-core each intervention is a CarePlan."""

from kindzorg.fhir.elements import (
    Json,
    concept,
    concepts,
    extension,
    first,
    flag,
    objects,
    schedule,
    span,
    status,
    word,
)
from kindzorg.fhir.references import Arrival
from kindzorg.fhir.resources.items import says_something, shared
from kindzorg.record.items import InterventionItem
from kindzorg.record.values import Activity, Concept


def _activity(activity: Json, arrival: Arrival) -> Activity:
    detail = first(activity, "detail")
    what = concept(detail.get("code"))
    return Activity(
        what=what if what.text else Concept(arrival.link(activity.get("reference") or {}).text),
        status=status(detail),
        description=word(detail, "description"),
        schedule=schedule(detail, "scheduled"),
        performers=arrival.links(detail, "performer"),
        device=arrival.link(extension(detail, "ext-CarePlan-MaterialUsed") or {}),
        location=arrival.link(detail.get("location") or {}),
        forbidden=flag(detail, "doNotPerform"),
    )


def from_fhir(resource: Json, arrival: Arrival) -> InterventionItem:
    """Raises Unreadable("says_nothing") without a title, description or activity."""
    read = (_activity(each, arrival) for each in objects(resource, "activity"))
    activities = tuple(each for each in read if each != Activity())
    title, description = word(resource, "title"), word(resource, "description")
    common = shared(resource, arrival, dates=("created",))
    says_something(title, description, activities, common["note"])
    return InterventionItem(
        **common,
        title=title,
        description=description,
        intent=status(resource, "intent"),
        categories=concepts(resource, "category"),
        activities=activities,
        period=span(resource.get("period")),
        addresses=arrival.links(resource, "addresses"),
        goals=arrival.links(resource, "goal"),
        author=arrival.link(resource.get("author") or {}),
    )
