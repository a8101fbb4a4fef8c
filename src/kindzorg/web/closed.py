"""What of the trail the family's consent closes to a reader: that something happened in a closed domain tells too."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careplan.queries import items_seen
from kindzorg.careplan.reports.queries import reports_seen
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.record.notes.queries import entries_seen

# What lines are about, by the first word of the event.
MEDICAL = frozenset(
    {
        "competence",
        "difference",
        "handover",
        "howto",
        "indication",
        "item",
        "learning",
        "procedure",
        "record",
        "referral",
    }
)
SOCIAL = frozenset({"portrait"})
ABOUT_ANYTHING = frozenset(
    {
        "closure",
        "entry",
        "mark",
        "mood",
        "needs",
        "no_goal",
        "plan",
        "proposal",
        "request",
        "statement",
        "strain",
    }
    | {
        "annex",
        "attachment",
        "binding",
        "cover",
        "demand",
        "meeting",
        "review",
        "transition",
        "visit",
        "week",
    }
)
OF_ITEMS = frozenset({"agreement", "goal"})
NOTES = "note"
REPORTS = "report"
# About no domain: who is there, who decides, and the file as a whole. A word that stands nowhere tells who sees all.
OPEN = frozenset(
    {
        "account",
        "authority",
        "backup",
        "birthday",
        "capacity",
        "card",
        "child",
        "consent",
        "copy",
        "differ",
        "time",
    }
    | {"calendar", "coach", "representation"}
    | {"emergency", "family", "file", "files", "grant", "help", "invitation", "journey", "member", "notice"}
    | {
        "relative",
        "research",
        "responsibility",
        "restriction",
        "retention",
        "search",
        "task",
        "team",
        "trail",
        "version",
    }
    | {"wish"}
)


def lines_seen(actor: Actor, subject: Subject, lines: Sequence[Any], on: date) -> Sequence[Any]:
    """The lines without those about a closed domain; what can be about anything, or is not known, is for who sees all.

    No statement for who sees all, four at most for others.
    """
    if policy.sees_all(actor, "journey.read", subject, on):
        return lines
    seen = _items(actor, subject, lines, on) | _notes(actor, subject, lines, on)
    seen |= _reports(actor, subject, lines, on)
    domains = policy.may_domains(actor, "journey.read", subject, on)
    about_one = {LifeDomain.MEDICAL: MEDICAL, LifeDomain.SOCIAL: SOCIAL}
    words = OPEN.union(*(words for domain, words in about_one.items() if domain in domains))

    def shows(line: Any) -> bool:
        about = line.event.partition(".")[0]
        if about in OF_ITEMS or about in (NOTES, REPORTS):
            return line.object_id in seen
        return about in words

    return [line for line in lines if shows(line)]


def _about(lines: Sequence[Any], events: frozenset[str]) -> set[UUID]:
    found = {line.object_id for line in lines if line.event.partition(".")[0] in events}
    return {one for one in found if one}


def _items(actor: Actor, subject: Subject, lines: Sequence[Any], on: date) -> frozenset[UUID]:
    about = _about(lines, OF_ITEMS)
    return items_seen(actor, subject, about, on) if about else frozenset()


def _notes(actor: Actor, subject: Subject, lines: Sequence[Any], on: date) -> frozenset[UUID]:
    about = _about(lines, frozenset({NOTES}))
    return entries_seen(actor, subject, about, on) if about else frozenset()


def _reports(actor: Actor, subject: Subject, lines: Sequence[Any], on: date) -> frozenset[UUID]:
    about = _about(lines, frozenset({REPORTS}))
    return reports_seen(actor, subject, about, on) if about else frozenset()
