"""Phase 2: everyone's own answers, side by side, and the closing of the scan."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kindzorg.core.vocabulary import LifeDomain
from kindzorg.demo.story import Deed, Story
from kindzorg.needs import actions
from kindzorg.needs.answers import Carrying, Feeling, FirstPass, Helper, Importance, Said, TopicAnswer
from kindzorg.needs.definition import Amount, Whose
from kindzorg.needs.models import StrainCheck
from kindzorg.needs.mood.actions import tell_mood
from kindzorg.needs.mood.rules import MoodReach, NewMood
from kindzorg.needs.portrait.actions import write_piece
from kindzorg.needs.portrait.queries import wordings_for
from kindzorg.needs.portrait.rules import NewPiece, PortraitTopic
from kindzorg.needs.queries import voice_for
from kindzorg.needs.strain.actions import settle_sign, tell_strain
from kindzorg.needs.strain.rules import NewStrain

PAUSE = timedelta(seconds=50)


def open_scan(story: Story, deed: Deed) -> None:
    """A scan, or a rescan, begins."""
    actions.open_scan(deed.actor, deed.subject, deed.now)


@dataclass
class _Sitting:
    """One person's answers after one another; `whom` is for whom the actor types."""

    deed: Deed
    whom: UUID | None
    now: datetime

    def given(self) -> dict[str, Any]:
        self.now += PAUSE
        voice = voice_for(self.deed.actor, self.deed.subject, self.now.date(), self.whom)
        return voice.given(self.now)


def tell(story: Story, deed: Deed) -> None:
    """One sitting of one person: opening, strengths, the first pass, topics and load, as far as the YAML goes.

    `for`: the relative, or `child`, for whom the actor types.
    """
    whom = deed.get("for")
    person = deed.subject.child_id if whom == "child" else story.made[whom] if whom else None
    sitting = _Sitting(deed, person, deed.now)
    if words := deed.get("opening"):
        actions.say_opening(deed.actor, deed.subject, Said(**sitting.given(), words=words), sitting.now)
    if words := deed.get("strengths"):
        actions.say_strengths(deed.actor, deed.subject, Said(**sitting.given(), words=words), sitting.now)
    for domain, topics in deed.get("domains", {}).items():
        first = FirstPass(
            **sitting.given(), domain=LifeDomain(domain), topics=tuple(topics), nothing_needed=not topics
        )
        actions.give_first_pass(deed.actor, deed.subject, first, sitting.now)
    for answer in _topics(deed, sitting):
        actions.answer_topic(deed.actor, deed.subject, answer, sitting.now)
    for carrying in _carrying(deed, sitting):
        actions.tell_carrying(deed.actor, deed.subject, carrying, sitting.now)


def _topics(deed: Deed, sitting: _Sitting) -> Iterator[TopicAnswer]:
    for topic, said in deed.get("topics", {}).items():
        words = {name: said[name] for name in ("now", "wish", "managed", "helpers", "needed") if name in said}
        yield TopicAnswer(
            **sitting.given(),
            topic=topic,
            importance=Importance(said["importance"]) if "importance" in said else None,
            from_whom=tuple(map(Helper, said.get("from_whom", ()))),
            feeling=Feeling(said["feeling"]) if "feeling" in said else None,
            nothing_needed=said.get("nothing", False),
            nurse_first=said.get("nurse_first", False),
            **words,
        )


def _carrying(deed: Deed, sitting: _Sitting) -> Iterator[Carrying]:
    for member, said in deed.get("carrying", {}).items():
        yield Carrying(
            **sitting.given(),
            member=member,
            whose=Whose(said["whose"]),
            load=Amount(said["load"]),
            power=Amount(said["power"]),
            words=said.get("words", ""),
        )


def portray(story: Story, deed: Deed) -> None:
    """Who the child is: `topics`, each in the words of who tells it."""
    for topic, words in deed.line["topics"].items():
        about = PortraitTopic(topic)
        wordings = wordings_for(deed.actor, deed.subject, about, deed.now.date())
        new = NewPiece(about, words, wordings[-1].revision if wordings else 0)
        write_piece(deed.actor, deed.subject, new, deed.now)


def strain(story: Story, deed: Deed) -> None:
    """How it is for who tells it: `load` and `power`; `private` is for that one alone."""
    load, power = Amount(deed.line["load"]), Amount(deed.line["power"])
    new = NewStrain(load, power, deed.get("words"), not deed.get("private", False))
    tell_strain(deed.actor, deed.subject, new, deed.now)


def mood(story: Story, deed: Deed) -> None:
    """How the child says that it goes: a `face`, words if it likes, and for whom."""
    new = NewMood(Feeling(deed.line["face"]), deed.get("words"), MoodReach(deed.get("reach", "all")))
    tell_mood(deed.actor, deed.subject, new, deed.now)


def spoke(story: Story, deed: Deed) -> None:
    """Somebody spoke with `of` (a relative's key) after a sign, and wrote down what was agreed."""
    told = StrainCheck.objects.filter(relative_id=story.made[deed.line["of"]]).exclude(signs="")
    settle_sign(deed.actor, deed.subject, told.latest("created_at").id, deed.line["agreed"], deed.now)


def close(story: Story, deed: Deed) -> None:
    """The scan is closed and hands over what is needed."""
    actions.close_scan(deed.actor, deed.subject, deed.now)
