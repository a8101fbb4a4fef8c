"""The child's file: the hospital's handover, and what people know themselves."""

from kindzorg.demo.handover import handover_on
from kindzorg.demo.story import Deed, Story
from kindzorg.fhir.handover import Sent, import_for_child
from kindzorg.record.actions import enter_item
from kindzorg.record.items import AllergyItem, ConditionItem, Decision, DeviceItem, DirectiveItem
from kindzorg.record.values import Concept, Span


def handover(story: Story, deed: Deed) -> None:
    """The hospital's handover of the baby, as a nurse takes it in."""
    sent = Sent(deed.line["name"], handover_on(story.directory.today))
    import_for_child(deed.actor, deed.subject.child_id, sent, deed.now)


def enter(story: Story, deed: Deed) -> None:
    """What is known, in words: `conditions`, `allergies`, `devices`, and `directives` with what was decided."""
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
    ]
    for item in items:
        enter_item(deed.actor, deed.subject, item, deed.now)
