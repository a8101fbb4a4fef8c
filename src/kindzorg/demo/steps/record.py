"""The child's file: the hospital's handover, and what people know themselves."""

from collections.abc import Iterator
from typing import Any

from kindzorg.demo.handover import handover_on
from kindzorg.demo.story import Deed, Story
from kindzorg.fhir.handover import Sent, import_for_child
from kindzorg.record.actions import enter_item
from kindzorg.record.course.forms import MEASURES
from kindzorg.record.course.rules import UCUM, UNITS, Measure
from kindzorg.record.items import (
    AllergyItem,
    ConditionItem,
    Decision,
    DeviceItem,
    DirectiveItem,
    Item,
    MeasurementItem,
    MedicationItem,
    RangeItem,
)
from kindzorg.record.values import Concept, Quantity, Span, Value


def handover(story: Story, deed: Deed) -> None:
    """The hospital's handover of the baby, as a nurse takes it in."""
    sent = Sent(deed.line["name"], handover_on(story.directory.today))
    import_for_child(deed.actor, deed.subject.child_id, sent, deed.now)


def _measured(story: Story, deed: Deed) -> Iterator[Item]:
    """`measured`: amounts by day, and `range`: between which is usual, both of one `measure`."""
    if not deed.get("measure"):
        return
    measure = Measure(deed.line["measure"])
    unit, code = UNITS[measure]
    about: dict[str, Any] = {
        "source_key": "",
        "what": Concept(str(MEASURES[measure])),
        "profile": str(measure),
    }
    for words, value in deed.get("measured", {}).items():
        day, amount = story.day(words), Quantity(str(value), unit, UCUM, code)
        yield MeasurementItem(
            **about,
            status="final",
            measured=Span(f"{day.isoformat()}T09:00:00+00:00"),
            value=Value(f"{value} {unit}", quantity=amount),
        )
    if said := deed.get("range"):
        low, high = map(str, said)
        yield RangeItem(**about, low=low, high=high, unit=unit)


def enter(story: Story, deed: Deed) -> None:
    """What is known, in words: `conditions`, `allergies`, `devices`, `directives` with what was decided, `medicines`
    with their dosage, and what was measured."""
    since = Span(start=story.day(deed.line["since"]).isoformat()) if deed.get("since") else Span()
    items = [
        *(
            ConditionItem(source_key="", what=Concept(one), period=since)
            for one in deed.get("conditions", ())
        ),
        *(AllergyItem(source_key="", what=Concept(one)) for one in deed.get("allergies", ())),
        *(DeviceItem(source_key="", what=Concept(one), used=since) for one in deed.get("devices", ())),
        *(
            DirectiveItem(
                source_key="",
                what=(Concept(what),),
                decision=Decision(said["decision"]),
                specification=said.get("words", ""),
                decided_on=deed.now.date().isoformat(),
            )
            for what, said in deed.get("directives", {}).items()
        ),
        *(
            MedicationItem(
                source_key="",
                what=Concept(what),
                dosage=tuple(said.get("dosage", ())),
                status=said.get("status", "active"),
                used=since,
                at_home=said.get("at_home", False),
            )
            for what, said in deed.get("medicines", {}).items()
        ),
        *_measured(story, deed),
    ]
    for item in items:
        enter_item(deed.actor, deed.subject, item, deed.now)
