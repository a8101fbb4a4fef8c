"""The outcome of phase 1 as a page shows it: every code in the reader's words."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils.translation import get_language

from kindzorg.access import policy
from kindzorg.access.ages import age
from kindzorg.access.roles import Role
from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.errors import Missing
from kindzorg.core.vocabulary import Audience, Truth
from kindzorg.referral.catalogue import facts
from kindzorg.referral.engine import Entry, Status
from kindzorg.referral.queries import GivenAssessment
from kindzorg.referral.rules import (
    Assessment,
    Difference,
    difference,
    reassess,
    rule_set_on,
    what_would_change,
)
from kindzorg.referral.wording import describe, fact_text, named, wording


def fact_words(fact: str, audience: str, language: str) -> Mapping[str, str]:
    """The question, the help and the reason of a fact, and the name of its subject. Raises Missing."""
    if fact not in facts():
        raise Missing("fact_not_found", fact=fact)
    words = fact_text(fact, audience, language)
    return {"question": words.question, "help": words.help, "why": words.why, "group": words.group_title}


def same_group(one: str, other: str) -> bool:
    """Whether two facts are about the same subject."""
    return facts()[one].group == facts()[other].group


def subject_place(fact: str, birth_date: date | None, on: date) -> tuple[int, int]:
    """The how-manieth subject a fact belongs to, of how many that are asked about at this age."""
    years = None if birth_date is None else age(birth_date, on)
    asked = (
        one
        for one in facts().values()
        if one.id == fact or years is None or one.ages[0] <= years <= one.ages[1]
    )
    subjects = list(dict.fromkeys(one.group for one in asked))
    return subjects.index(facts()[fact].group) + 1, len(subjects)


def by_subject(answers: Mapping[str, Truth], audience: str, language: str) -> list[dict[str, Any]]:
    """Answers under the name of their subject, in the order of asking."""
    found: dict[str, list[dict[str, Any]]] = {}
    for fact in (one for one in facts() if one in answers):
        words = fact_words(fact, audience, language)
        found.setdefault(words["group"], []).append({**words, "fact": fact, "answer": str(answers[fact])})
    return [{"title": title, "rows": rows} for title, rows in found.items()]


def _entry(entry: Entry, audience: str, language: str) -> dict[str, Any]:
    words = describe(entry, audience, language)
    grounds = [{**asdict(ground), "version": ground.version.isoformat()} for ground in entry.grounds]
    shown = {
        **asdict(words),
        "id": entry.outcome.id,
        "law": entry.outcome.law and str(entry.outcome.law),
        "status": str(entry.status),
        "to_confirm": entry.to_confirm,
        "grounds": grounds,
        "uncertain": words.open_questions,
    }
    if audience == Audience.PROFESSIONAL:
        return {**shown, "why": describe(entry, Audience.PARENT, language).why, "full": words.why}
    return shown


def entries_of(assessment: Assessment, audience: str, language: str) -> list[dict[str, Any]]:
    """All entries of an assessment in the reader's words."""
    return [_entry(entry, audience, language) for entry in assessment.entries]


def entry_choices(assessment: Assessment, audience: str, language: str) -> list[tuple[str, str]]:
    """The entries that can be kept."""
    return [
        (entry.outcome.id, describe(entry, audience, language).title)
        for entry in assessment.entries
        if entry.status is not Status.EXCLUDED
    ]


def audience_of(opened: OpenedChild) -> Audience:
    """For whom the outcome is worded. Under 16 a child does not read it: who pays is for the grown-ups to find out.

    From 16 the young person decides (BW 7:447(1)), and is spoken to instead of spoken of.
    """
    return Audience.CHILD if opened.role == Role.YOUNG_PERSON else opened.audience


def outcome_page(
    request: Any, opened: OpenedChild, given: GivenAssessment, audience: str = ""
) -> dict[str, Any]:
    """What the page of one outcome shows: certain entries, possible ones, and those that do not apply and why."""
    reader, language = audience or str(audience_of(opened)), (get_language() or "nl")[:2]
    entries = entries_of(given.assessment, reader, language)
    decided = given.decision
    kept = {entry.id for entry in decided.entries} if decided else set()
    return {
        "entries": [entry for entry in entries if entry["status"] != Status.EXCLUDED],
        "excluded": [entry for entry in entries if entry["status"] == Status.EXCLUDED],
        "open_questions": [
            fact_words(fact, reader, language) for fact in named(given.assessment.open_questions, reader)
        ],
        "decided": [entry for entry in entries if entry["id"] in kept],
        "decision": decided,
        "would_change": _would_change(opened, given, reader, language),
        "rules_today": _difference_today(given.assessment, request.today),
        "titles": {entry["id"]: entry["title"] for entry in entries},
        "may_decide": policy.may(request.actor, "referral.assess", opened.subject, request.today),
        "may_differ": policy.may(request.actor, "referral.dissent", opened.subject, request.today),
    }


def _difference_today(given: Assessment, on: date) -> Difference | None:
    """What today's rules would say otherwise of the same facts; None when the rules are the same."""
    today = rule_set_on(on)
    return None if today == given.rule_version else difference(given, reassess(given, today))


def _would_change(
    opened: OpenedChild, given: GivenAssessment, audience: str, language: str
) -> list[dict[str, Any]]:
    if opened.child.birth_date is None:
        return []
    found = what_would_change(given.assessment.facts, opened.child.birth_date, given.assessment.on)

    def titles(keys: tuple[str, ...]) -> list[str]:
        return [wording(f"{key}.title", audience, language) for key in keys]

    return [
        {
            "question": fact_text(change.fact, audience, language).question,
            "answer": str(change.new),
            "added": titles(change.added),
            "removed": titles(change.removed),
        }
        for change in found
        if (change.added or change.removed) and named((change.fact,), audience)
    ][:8]
