"""The rules as data: facts, sources, rules and outcomes read from `content/*.yaml` into frozen objects.

Nothing here decides; a mistake in the data (an unknown source, an age that cuts a band in two) raises ValueError
at the first use, not in front of a family.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from kindzorg.core.texts import content
from kindzorg.core.vocabulary import Law

RULE_FILES = ("rules_care", "rules_municipality", "rules_school")


class Effect(StrEnum):
    """What a rule does to its outcome when its condition holds. A stronger one wins: exclude, include, consider."""

    CONSIDER = "consider"
    INCLUDE = "include"
    EXCLUDE = "exclude"


class Form(StrEnum):
    """How care can be received: in kind (zorg in natura), as personal budget (pgb), both, or not a matter of form."""

    ZIN = "zin"
    PGB = "pgb"
    BOTH = "both"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from. `versions` are the dates of the texts read, oldest first."""

    id: str
    title: str
    article: str
    bwb: str
    link: str
    versions: tuple[date, ...]
    to_confirm: bool

    def ground(self, rule_set: "RuleSet") -> "Ground":
        """The source as a ground under one rule set: the newest version read that already held then."""
        held = [
            version
            for version in self.versions
            if rule_set.valid_until is None or version <= rule_set.valid_until
        ]
        version = held[-1] if held else self.versions[-1]
        link = f"https://wetten.overheid.nl/{self.bwb}/{version}" if self.bwb else self.link
        return Ground(self.id, self.title, self.article, version, link, self.to_confirm or not held)


@dataclass(frozen=True, slots=True)
class Ground:
    """A legal ground as shown beside an entry: article, version date of the text read, link.

    `to_confirm`: not read as law text, our own inference, or not read in a version that held at that time.
    """

    source: str
    title: str
    article: str
    version: date
    link: str
    to_confirm: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that may be asked. `ages` = first and last age in years at which it means anything."""

    id: str
    group: str
    ages: tuple[int, int]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """When `when` holds, `effect` is done to `outcome`; valid from and until (both days included)."""

    id: str
    outcome: str
    effect: Effect
    when: str
    sources: tuple[str, ...]
    to_confirm: bool
    valid_from: date
    valid_until: date

    def holds_in(self, rule_set: "RuleSet") -> bool:
        """Is the rule part of this rule set?"""
        return self.valid_from <= rule_set.valid_from and rule_set.last_day <= self.valid_until


@dataclass(frozen=True, slots=True)
class Outcome:
    """A possible entry of an assessment; the codes are worded in `content/parties.yaml`."""

    id: str
    law: Law | None
    indicates: str
    payer: str
    form: Form
    how: str
    term: str
    own_payment: str
    counts: bool


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one period. `valid_until` is None for the set that holds today."""

    id: str
    valid_from: date
    valid_until: date | None

    @property
    def last_day(self) -> date:
        return self.valid_until or date.max


def _data(topic: str) -> Mapping[str, Any]:
    return content("referral", topic)


@cache
def facts() -> Mapping[str, Fact]:
    """All facts in the order of asking."""
    listed = _data("facts")["facts"]
    return {
        row["id"]: Fact(row["id"], row["group"], tuple(row.get("ages", (0, 150))), tuple(row["sources"]))
        for row in listed
    }


@cache
def sources() -> Mapping[str, Source]:
    """All sources of rules: articles of law by their number in the rule list, and others by name."""
    data = _data("sources")
    found = {}
    for key, row in data["sources"].items():
        law = data["laws"].get(row.get("law"), {})
        versions = tuple(sorted([row["read"], *row.get("also_read", ())]))
        found[key] = Source(
            key,
            law.get("name") or row["title"],
            row.get("article", ""),
            law.get("bwb", ""),
            row.get("link", ""),
            versions,
            row.get("mark") == "to_confirm",
        )
    return found


@cache
def rules() -> Mapping[str, Rule]:
    """All rules of all times, by id."""
    found: dict[str, Rule] = {}
    for topic in RULE_FILES:
        for key, row in _data(topic).items():
            found[key] = Rule(
                id=key,
                outcome=outcomes()[row["outcome"]].id,
                effect=Effect(row.get("effect", Effect.INCLUDE)),
                when=row["when"],
                sources=tuple(sources()[source].id for source in row["sources"]),
                to_confirm=row.get("to_confirm", False),
                valid_from=row.get("valid_from", date.min),
                valid_until=row.get("valid_until", date.max),
            )
    return found


@cache
def outcomes() -> Mapping[str, Outcome]:
    """All entries that an assessment can hold, in the order of showing."""
    return {
        key: Outcome(
            id=key,
            law=Law(row["law"]) if row["law"] else None,
            indicates=row["indicates"],
            payer=row["payer"],
            form=Form(row["form"]),
            how=row["how"],
            term=row["term"],
            own_payment=row["own_payment"],
            counts=row.get("counts", True),
        )
        for key, row in _data("outcomes").items()
    }


@cache
def rule_sets() -> Mapping[str, RuleSet]:
    """All rule sets by id, oldest first."""
    rows = _data("rule_sets")["rule_sets"]
    return {row["id"]: RuleSet(row["id"], row["valid_from"], row.get("valid_until")) for row in rows}


@cache
def bands() -> Mapping[str, tuple[int, int]]:
    """Age bands: first and last age in years."""
    return {key: (first, last) for key, (first, last) in _data("rule_sets")["bands"].items()}


def _inside(band: str, ages: tuple[int, int]) -> bool:
    (first, last), (start, end) = bands()[band], ages
    if start <= first and last <= end:
        return True
    if last < start or end < first:
        return False
    raise ValueError(f"ages {ages} cut the band {band} in two")


@cache
def applicable(band: str) -> tuple[str, ...]:
    """The facts that mean anything at this age, in the order of asking."""
    return tuple(fact.id for fact in facts().values() if _inside(band, fact.ages))


@cache
def terms(band: str) -> Mapping[str, str | bool]:
    """What the names in conditions stand for at this age: other conditions, or a fixed truth."""
    data = _data("rule_sets")
    fixed = {name: _inside(band, tuple(ages)) for name, ages in data["ages"].items()}
    silent = dict.fromkeys(facts().keys() - set(applicable(band)), False)
    return {**data["terms"], **fixed, **silent}
