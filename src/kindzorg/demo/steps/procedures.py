"""What is going to happen, and how a child wants it."""

from kindzorg.careplan.procedures.actions import say_wish, write_procedure
from kindzorg.careplan.procedures.queries import procedures_for
from kindzorg.careplan.procedures.rules import (
    Moment,
    NewProcedure,
    NewWish,
    Step,
    WishPart,
    WishReach,
    steps_of,
)
from kindzorg.demo.story import Deed, Story


def prepare(story: Story, deed: Deed) -> None:
    """Prepare an `act`: the shipped steps, `also` own ones (words at a moment), `on`, `where`, `by_whom`, `title`."""
    line = deed.line
    also = [Step(Moment(moment), "", words) for moment, words in line.get("also", {}).items()]
    order = list(Moment)
    new = NewProcedure(
        kind=line["act"],
        steps=sorted((*steps_of(line["act"]), *also), key=lambda one: order.index(one.moment)),
        title=deed.get("title"),
        on_day=story.day(line["on"]) if "on" in line else None,
        where=deed.get("where"),
        by_whom=deed.get("by_whom"),
    )
    write_procedure(deed.actor, deed.subject, new, deed.now)


def wish(story: Story, deed: Deed) -> None:
    """What the child wants at the last one of this `act`: per part what it `chose` or its words, and for whom."""
    line, on = deed.line, deed.now.date()
    found = next(one for one in procedures_for(deed.actor, deed.subject, on) if one.kind == line["act"])
    for part in WishPart:
        if part not in line:
            continue
        said = line[part]
        new = NewWish(
            entry_id=found.entry_id,
            part=part,
            chosen=tuple(said.get("chosen", ())),
            words=said.get("words", ""),
            reach=WishReach(said.get("reach", "all")),
        )
        say_wish(deed.actor, deed.subject, new, deed.now)
