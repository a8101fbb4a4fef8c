"""A multidisciplinary meeting: planned, answered, held and closed; and time beside the care."""

from datetime import date
from uuid import UUID

from kindzorg.careplan.meetings import actions
from kindzorg.careplan.meetings.rules import (
    Closing,
    Decided,
    NewMeeting,
    NewTime,
    Says,
    Spoken,
    TimeKind,
)
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.demo.story import Deed, Story
from kindzorg.people.models import User


def _meeting(story: Story, deed: Deed) -> UUID:
    return story.made[f"meeting {deed.line['key']}"]


def _spoken(deed: Deed) -> Spoken:
    domain = deed.get("domain")
    return Spoken(words=deed.get("words"), domain=LifeDomain(domain) if domain else None)


def plan(story: Story, deed: Deed) -> None:
    """A meeting, known by `key`, at a moment and a place."""
    given = {"place": deed.get("place"), "link": deed.get("link")}
    names = {"chair": deed.get("chair"), "scribe": deed.get("scribe")}
    new = NewMeeting(starts_at=story.moment(deed.line["starts"]), **given, **names)
    made = actions.plan_meeting(deed.actor, deed.subject, new, deed.now)
    story.made[f"meeting {deed.line['key']}"] = made


def point(story: Story, deed: Deed) -> None:
    """Something on the agenda."""
    actions.put_point(deed.actor, deed.subject, _meeting(story, deed), _spoken(deed), deed.now)


def answer(story: Story, deed: Deed) -> None:
    """Whether somebody comes, sends word or cannot."""
    key, says = _meeting(story, deed), Says(deed.line["says"])
    actions.answer_meeting(deed.actor, deed.subject, key, says, _spoken(deed), deed.now)


def note(story: Story, deed: Deed) -> None:
    """The minutes of a life domain."""
    actions.write_note(deed.actor, deed.subject, _meeting(story, deed), _spoken(deed), deed.now)


def decide(story: Story, deed: Deed) -> None:
    """What was decided, for a `goal`."""
    decided = Decided(
        what=deed.line["words"], goal_id=story.made[f"goal {deed.line['goal']}"], when=deed.get("when")
    )
    actions.decide(deed.actor, deed.subject, _meeting(story, deed), decided, deed.now)


def close(story: Story, deed: Deed) -> None:
    """The minutes closed: who was there, and how long it took."""
    there = User.objects.filter(username__in=deed.line["there"]).values_list("id", flat=True)
    closing = Closing(present=tuple(there), minutes=deed.line["minutes"])
    actions.close_meeting(deed.actor, deed.subject, _meeting(story, deed), closing, deed.now)


def time(story: Story, deed: Deed) -> None:
    """Time of one's own, of a kind."""
    on: date = deed.now.date()
    new = NewTime(
        kind=TimeKind(deed.line["kind"]), minutes=deed.line["minutes"], on_day=on, person_id=deed.actor.id
    )
    actions.write_time(deed.actor, deed.subject, new, deed.now)
