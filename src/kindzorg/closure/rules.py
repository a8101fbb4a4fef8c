"""How care may end: the tree to an ending, what becomes of each need, the list for 18. Pure."""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from kindzorg.access.ages import birthday
from kindzorg.core.errors import Invalid
from kindzorg.core.texts import content
from kindzorg.core.vocabulary import LifeDomain


class Ending(StrEnum):
    """The endings of phase 4. The first six stand in the published method; the others are ours: they happen too."""

    TO_JEUGDWET = "to_jeugdwet"
    TO_OTHERS = "to_others"
    NOBODY_NEEDED = "nobody_needed"
    TO_WLZ = "to_wlz"
    ADULT = "adult"
    OTHER_PROVIDER = "other_provider"
    FAMILY_STOPS = "family_stops"
    MOVED_ABROAD = "moved_abroad"
    DEATH = "death"


class Disposition(StrEnum):
    """What becomes of a need when care ends."""

    MET = "met"
    RECEIVER = "receiver"
    DEATH = "death"
    MOVED_ABROAD = "moved_abroad"
    FAMILY_DECLINES = "family_declines"


class Answer(StrEnum):
    """What a receiver said."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Chapter(StrEnum):
    """The subjects of an individual transition plan (kwaliteitsstandaard Jongeren in transitie, NVK)."""

    WELLBEING = "wellbeing"
    SCHOOL_WORK = "school_work"
    SELF_MANAGEMENT = "self_management"
    LIFESTYLE = "lifestyle"
    NETWORK = "network"
    RELATIONS = "relations"
    LIVING = "living"
    LAW = "law"


# A need may be left without a receiver for these reasons only with these endings; the family may always decline.
REASON_FITS: Mapping[Disposition, frozenset[Ending]] = {
    Disposition.DEATH: frozenset({Ending.DEATH}),
    Disposition.MOVED_ABROAD: frozenset({Ending.MOVED_ABROAD}),
}


@dataclass(frozen=True, slots=True)
class OpenNeed:
    """A need from the scan, in the family's words."""

    id: str
    domain: str
    words: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What was arranged for one need. `receiver` is the name of who takes over; `told` that the family knows
    what declining means."""

    need_id: str
    disposition: Disposition
    receiver: str = ""
    answer: Answer | None = None
    told: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One point of the list towards 18, with the day on which it should be done, and its source."""

    id: str
    due: date
    source: str
    to_confirm: bool = False


@dataclass(frozen=True, slots=True)
class ClosureRecord:
    """The hand-over of phase 4: how it ended, what became of each need, whom to call afterwards. Never changed."""

    ending: Ending
    settled: tuple[Settled, ...]
    needs: tuple[OpenNeed, ...]
    contact: str
    note: str
    decided_by: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class Node:
    """A question of the tree: each option leads to another question or to an ending."""

    id: str
    options: Mapping[str, str | Ending]


def tree() -> Mapping[str, Node]:
    """The closure tree of today's version, from `content/tree.yaml`."""
    questions: Mapping[str, Any] = content("closure", "tree")["questions"]
    return {
        name: Node(
            name,
            {
                option: Ending(where["ending"]) if "ending" in where else str(where["next"])
                for option, where in question["options"].items()
            },
        )
        for name, question in questions.items()
    }


def follow(question: str, option: str) -> str | Ending:
    """Where an answer leads. Raises Invalid for a question or an answer that is not in the tree."""
    node = tree().get(question)
    if node is None or option not in node.options:
        raise Invalid("no_such_answer", fields=("option",), question=question, option=option)
    return node.options[option]


def problem_of(need: OpenNeed, settled: Settled | None, ending: Ending) -> str | None:
    """Why this need keeps the care from closing, as a code; None when it does not.

    No closing with an open need without a named receiver who accepted, or a recorded reason why none is needed.
    """
    if settled is None:
        return "need_not_settled"
    match settled.disposition:
        case Disposition.MET:
            return None
        case Disposition.RECEIVER:
            if not settled.receiver.strip():
                return "receiver_not_named"
            return None if settled.answer == Answer.ACCEPTED else f"receiver_{settled.answer or Answer.ASKED}"
        case Disposition.FAMILY_DECLINES:
            return None if settled.told else "family_not_told"
        case _:
            return None if ending in REASON_FITS[settled.disposition] else "reason_does_not_fit"


def problems_to_close(
    needs: Iterable[OpenNeed], settled: Mapping[str, Settled], ending: Ending | None
) -> tuple[tuple[str, str], ...]:
    """What is lacking before the care may be closed: (need id, code); an empty need id for the ending itself."""
    if ending is None:
        return (("", "ending_not_chosen"),)
    found = ((need.id, problem_of(need, settled.get(need.id), ending)) for need in needs)
    return tuple((need_id, problem) for need_id, problem in found if problem)


def months_after(birth_date: date, years: int, months: int) -> date:
    """The day on which somebody is this many years and months old; the last day of a shorter month counts."""
    start = birthday(birth_date, years)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def checklist(birth_date: date) -> tuple[ChecklistItem, ...]:
    """The list towards 18 with its dates. The dates are our own planning; the law behind each is named."""
    plan = (
        ("own_rights", months_after(birth_date, 16, 0), "BW 7:447(1), version 2026-07-01", False),
        (
            "transition_talk",
            months_after(birth_date, 16, 0),
            "Kwaliteitsstandaard Jongeren in transitie (NVK)",
            True,
        ),
        ("list_18", months_after(birth_date, 17, 0), "Kwaliteitsstandaard Jongeren in transitie (NVK)", True),
        ("ciz", months_after(birth_date, 17, 3), "Blz 3.1.5 b-c (2026-04-01); Wlz 3.2.1 (2026-01-01)", True),
        (
            "wmo",
            months_after(birth_date, 17, 3),
            "Jeugdwet 1.1 (2026-01-01); Wmo 2.1.2(4)e, 2.3.2 (2026-07-01)",
            False,
        ),
        (
            "representation",
            months_after(birth_date, 17, 3),
            "BW 1:378(2), 1:381(1), version 2025-07-05",
            True,
        ),
        (
            "adult_doctor",
            months_after(birth_date, 17, 6),
            "Kwaliteitsstandaard Jongeren in transitie (NVK)",
            True,
        ),
        ("insurance", birthday(birth_date, 18), "Zvw 16(2)a, 19(1), version 2026-01-01", False),
        (
            "safety_net",
            months_after(birth_date, 18, 6),
            "Kwaliteitsstandaard Jongeren in transitie (NVK)",
            True,
        ),
    )
    return tuple(ChecklistItem(*item) for item in plan)


def record_as_data(record: ClosureRecord) -> dict[str, Any]:
    """The record as a plain dict, for its immutable row."""
    return {
        "ending": str(record.ending),
        "settled": [
            {
                "need_id": one.need_id,
                "disposition": str(one.disposition),
                "receiver": one.receiver,
                "answer": str(one.answer) if one.answer else None,
                "told": one.told,
                "note": one.note,
            }
            for one in record.settled
        ],
        "needs": [{"id": need.id, "domain": need.domain, "words": need.words} for need in record.needs],
        "contact": record.contact,
        "note": record.note,
        "decided_by": record.decided_by,
        "decided_on": record.decided_on.isoformat(),
    }


def record_seen(record: ClosureRecord, seen: Collection[LifeDomain]) -> ClosureRecord:
    """The hand-over for who sees these domains; the note, which can be about anything, only for who sees all."""
    if set(seen) == set(LifeDomain):
        return record
    needs = tuple(one for one in record.needs if one.domain in seen)
    ids = {one.id for one in needs}
    settled = tuple(one for one in record.settled if one.need_id in ids)
    return replace(record, needs=needs, settled=settled, note="")


def record_as_read(record: ClosureRecord, words: Mapping[str, str]) -> ClosureRecord:
    """The hand-over for who may not read all of the needs. `words` are what is left of such a need; none: it is not
    there, nor what was arranged for it."""
    needs = (replace(one, words=words.get(one.id, one.words)) for one in record.needs)
    settled = tuple(one for one in record.settled if words.get(one.need_id, one.need_id))
    return replace(record, needs=tuple(one for one in needs if one.words), settled=settled)


def record_from_data(data: Mapping[str, Any]) -> ClosureRecord:
    """The record as it was given."""
    return ClosureRecord(
        ending=Ending(data["ending"]),
        settled=tuple(
            Settled(
                need_id=one["need_id"],
                disposition=Disposition(one["disposition"]),
                receiver=one["receiver"],
                answer=Answer(one["answer"]) if one["answer"] else None,
                told=one["told"],
                note=one["note"],
            )
            for one in data["settled"]
        ),
        needs=tuple(OpenNeed(**need) for need in data["needs"]),
        contact=data["contact"],
        note=data["note"],
        decided_by=data["decided_by"],
        decided_on=date.fromisoformat(data["decided_on"]),
    )
