"""The meetings about the child, in the copy: minutes and decisions as this reader sees them."""

from typing import Any

from kindzorg.careplan.meetings.pages import said_rows
from kindzorg.careplan.meetings.queries import meetings_for
from kindzorg.careplan.meetings.rules import MeetingView
from kindzorg.careplan.wording import Say
from kindzorg.careteam.queries import OpenedChild
from kindzorg.web.copies.parts import Item, Section, filled, said, section


def meetings(request: Any, opened: OpenedChild) -> tuple[Section, ...]:
    """Every meeting, newest first. One statement."""
    words = Say(opened.audience, "meetings")
    found = meetings_for(request.actor, opened.subject, request.today)
    return filled(section("meetings", words["title"], [_meeting(one, opened, words) for one in found]))


def _meeting(one: MeetingView, opened: OpenedChild, words: Say) -> Item:
    parts = [(words["minutes"], one.notes), (words["decisions"], one.decisions), (words["put"], one.points)]
    inside = [
        Item(f"{title}: {row['name']}", words=row["view"].words, at=row["view"].at, by=row["view"].by)
        for title, rows in parts
        for row in said_rows(rows, opened.audience)
    ]
    sent = [
        Item(words["said_word"], words=row.words, at=row.at, by=row.by) for row in one.answers if row.words
    ]
    fields = said(
        ("place", words["ask_place"], one.place),
        ("chair", words["chair"], one.chair),
        ("present", words["present"], ", ".join(one.present)),
    )
    return Item(
        words["title"], fields, words=one.why_not, at=one.starts_at, by=one.by, inside=(*inside, *sent)
    )
