"""Learning to do the care: steps that were seen, and what people say of it themselves."""

from kindzorg.careplan.learning.actions import record_step, say_own, teach_step
from kindzorg.careplan.learning.rules import OWN, LearningMove, NewStep
from kindzorg.demo.steps.careplan import who_of
from kindzorg.demo.story import Deed, Story


def learn(story: Story, deed: Deed) -> None:
    """A step of `who` with an `act`: `move`, with `words` and `until`. Without `who` it is the own word."""
    line = deed.line
    move = LearningMove(line["move"])
    if move in OWN:
        say_own(deed.actor, deed.subject, line["act"], move, deed.get("words"), deed.now)
        return
    who = who_of(story, line["who"])
    new = NewStep(
        act=line["act"],
        move=move,
        happened_on=deed.now.date(),
        words=deed.get("words"),
        until=story.day(line["until"]) if line.get("until") else None,
        professional_id=who.professional_id,
        relative_id=who.relative_id,
    )
    (teach_step if line.get("family") else record_step)(deed.actor, deed.subject, new, deed.now)
