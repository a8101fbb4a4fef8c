"""Goal -> what is aimed at, as the sender wrote it. Goals of the plan are made by the family and its team."""

from kindzorg.fhir.elements import Json, concept, concepts, day, objects, status, value_of
from kindzorg.fhir.references import Arrival
from kindzorg.fhir.resources.items import says_something, shared
from kindzorg.record.items import GoalItem
from kindzorg.record.values import Target


def _targets(resource: Json) -> tuple[Target, ...]:
    read = (
        Target(concept(each.get("measure")), value_of(each, "detail"), day(each.get("dueDate")))
        for each in objects(resource, "target")
    )
    return tuple(each for each in read if each != Target())


def from_fhir(resource: Json, arrival: Arrival) -> GoalItem:
    """Raises Unreadable("says_nothing") without a description or target."""
    what, targets = concept(resource.get("description")), _targets(resource)
    common = shared(
        resource, arrival, dates=("statusDate", "startDate"), marks=(status(resource, "lifecycleStatus"),)
    )
    says_something(what, targets, common["note"])
    return GoalItem(
        **common,
        what=what,
        categories=concepts(resource, "category"),
        achievement=concept(resource.get("achievementStatus")),
        priority=concept(resource.get("priority")),
        start=day(resource.get("startDate")),
        targets=targets,
        addresses=arrival.links(resource, "addresses"),
        expressed_by=arrival.link(resource.get("expressedBy") or {}),
    )
