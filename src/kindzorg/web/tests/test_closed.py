"""What changed in a domain that is closed to the reader did not change for that one."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
import yaml

from kindzorg.careteam.models import Grant
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.record.notes.actions import write_note
from kindzorg.record.notes.rules import NewNote
from kindzorg.referral.tests.world import Circle
from kindzorg.web import closed
from kindzorg.web.closed import lines_seen

EVENTS = (
    "item.entered",
    "referral.decided",
    "needs.scan_closed",
    "plan.evaluated",
    "portrait.written",
    "member.added",
)


def line(event: str, object_id: UUID | None = None) -> Any:
    return SimpleNamespace(event=event, object_id=object_id)


def shown(circle: Circle, domains: str, *lines: Any) -> list[str]:
    Grant.objects.filter(user=circle.users["coach"]).update(domains=domains)
    actor, subject = circle.as_("coach")
    return [one.event for one in lines_seen(actor, subject, lines, circle.moment.date())]


@pytest.mark.parametrize(
    ("domains", "expected"),
    [
        ("all", list(EVENTS)),
        ("social", ["portrait.written", "member.added"]),
        ("medical|social", ["item.entered", "referral.decided", "portrait.written", "member.added"]),
        ("safety", ["member.added"]),
    ],
)
def test_a_line_is_told_to_who_sees_what_it_is_about(
    circle: Circle, domains: str, expected: list[str]
) -> None:
    assert shown(circle, domains, *map(line, EVENTS)) == expected


def test_of_notes_only_those_in_open_domains(circle: Circle) -> None:
    notes = {
        domain: write_note(*circle.as_("nurse"), NewNote(domain, "iets"), circle.tick()).entry_id
        for domain in (LifeDomain.SOCIAL, LifeDomain.MEDICAL)
    }
    lines = [line(f"note.{domain}", entry) for domain, entry in notes.items()]
    assert shown(circle, "social", *lines) == ["note.social"]


def test_of_a_goal_that_is_not_there_nothing(circle: Circle) -> None:
    assert shown(circle, "social", line("goal.added", uuid4()), line("goal.added")) == []


@pytest.mark.parametrize(
    "event",
    ["request.made", "statement.added", "entry.destroyed", "difference.accepted", "somethingnew.happened"],
)
def test_what_may_be_about_anything_or_is_not_known_tells_only_who_sees_all(
    circle: Circle, event: str
) -> None:
    assert shown(circle, "social", line(event)) == []
    assert shown(circle, "all", line(event)) == [event]


def test_every_event_has_a_place() -> None:
    placed = (
        closed.MEDICAL
        | closed.SOCIAL
        | closed.ABOUT_ANYTHING
        | closed.OF_ITEMS
        | {closed.NOTES, closed.REPORTS}
        | closed.OPEN
    )
    named = yaml.safe_load((Path(closed.__file__).parent / "content/events.yaml").read_text(encoding="utf-8"))
    words = {event.partition(".")[0] for event in named if "." in event}
    assert len(words) > 30 and words - placed == set()
