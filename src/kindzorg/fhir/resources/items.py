"""What every resource gives to its item."""

from typing import Any

from kindzorg.fhir.elements import (
    WITHDRAWN,
    Json,
    Unreadable,
    concepts,
    earliest_named,
    notes,
    objects,
    span,
    status,
)
from kindzorg.fhir.references import Arrival
from kindzorg.record.values import Concept, Member


def shared(
    resource: Json, arrival: Arrival, *, dates: tuple[str, ...] = (), marks: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The fields all items share. `dates`: where the recording stands; `marks`: further status words."""
    state = status(resource)
    return {
        "source_key": arrival.entry.key,
        "source": arrival.sender or arrival.entry.source,
        "recorded_on": earliest_named(resource, *dates),
        "status": state or next((mark for mark in marks if mark), ""),
        "withdrawn": WITHDRAWN in (state, *marks),
        "note": notes(resource),
    }


def members(holder: Json, name: str, arrival: Arrival, *, who: str, roles: str) -> tuple[Member, ...]:
    """The people or organisations under a name, with their roles."""
    read = (
        Member(
            who=arrival.link(each.get(who)),
            roles=concepts(each, roles),
            on_behalf_of=arrival.link(each.get("onBehalfOf")),
            period=span(each.get("period")),
        )
        for each in objects(holder, name)
    )
    return tuple(each for each in read if each != Member())


def says_something(*values: object) -> None:
    """Raises Unreadable("says_nothing") where all values are empty: there is nothing to keep apart."""
    if not any(value.text if isinstance(value, Concept) else value for value in values):
        raise Unreadable("says_nothing")
