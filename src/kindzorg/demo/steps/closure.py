"""Phase 4: the ending, who takes over which need, the list towards eighteen."""

from kindzorg.closure import actions
from kindzorg.closure.actions import Arrangement
from kindzorg.closure.queries import needs_at_end
from kindzorg.closure.rules import Answer, Chapter, Disposition, Ending
from kindzorg.demo.story import Deed, Story
from kindzorg.needs.queries import profile_for


def prepare(story: Story, deed: Deed) -> None:
    """An ending is considered."""
    actions.prepare_closure(deed.actor, deed.subject, Ending(deed.line["ending"]), deed.now)


def _need_id(deed: Deed, topic: str) -> str:
    """The id of the need about a topic, as phase 4 knows it."""
    profile = profile_for(deed.actor, deed.subject, deed.now.date())
    known = {str(need.id): need.topic for need in profile.needs} if profile else {}
    at_end = needs_at_end(deed.actor, deed.subject, deed.now.date())
    return next(need.id for need in at_end if known.get(str(need.id)) == topic)


def arrange(story: Story, deed: Deed) -> None:
    """What becomes of each need: `needs` by topic."""
    for topic, said in deed.line["needs"].items():
        arranged = Arrangement(
            need_id=_need_id(deed, topic),
            disposition=Disposition(said["becomes"]),
            receiver=said.get("receiver", ""),
            receiver_organisation_id=story.directory.organisations.get(said.get("organisation", "")),
            told=said.get("told", False),
            note=said.get("note", ""),
        )
        row = actions.arrange_need(deed.actor, deed.subject, arranged, deed.now)
        story.made[f"settlement {topic}"] = row.id


def answer(story: Story, deed: Deed) -> None:
    """A receiver says yes or no."""
    for topic in deed.line["needs"]:
        said = (Answer(deed.get("answer", Answer.ACCEPTED)), deed.get("reason"))
        actions.answer_request(deed.actor, deed.subject, story.made[f"settlement {topic}"], said, deed.now)


def mark(story: Story, deed: Deed) -> None:
    """Points of the list towards eighteen that are done: `items`, each with a note."""
    for item, note in deed.line["items"].items():
        actions.mark_item(deed.actor, deed.subject, item, (True, note), deed.now)


def write(story: Story, deed: Deed) -> None:
    """Chapters of the transition plan."""
    for chapter, words in deed.line["chapters"].items():
        actions.write_chapter(deed.actor, deed.subject, Chapter(chapter), words, deed.now)


def decide(story: Story, deed: Deed) -> None:
    """The care is closed."""
    actions.decide_closure(deed.actor, deed.subject, (deed.line["contact"], deed.get("note")), deed.now)
