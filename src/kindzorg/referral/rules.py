"""Which laws carry the care of this child: an assessment from facts, with reasons, questions and differences.

Everything is a pure function of the facts, the date of birth, a day and a rule set. The outcome is a set of entries,
never one law, and never empty. It advises; a professional decides (see `decision.py`).
"""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from datetime import date
from typing import NamedTuple

from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import Truth
from kindzorg.referral import catalogue
from kindzorg.referral.engine import NO_RULE, CompiledSet, Entry, Status, compiled

__all__ = [
    "NO_RULE",
    "Assessment",
    "Change",
    "Difference",
    "Entry",
    "Facts",
    "Status",
    "age_band",
    "assess",
    "difference",
    "next_questions",
    "outcome_ids",
    "reassess",
    "rule_set_on",
    "what_would_change",
]


@dataclass(frozen=True)
class Facts:
    """What is known of the situation: fact id to yes, no or unknown. A fact not named is unknown.

    Raises Invalid("unknown_fact" or "unknown_truth").
    """

    answers: Mapping[str, Truth] = field(default_factory=dict)
    strict: InitVar[bool] = True
    yes: int = field(init=False, compare=False, repr=False)
    no: int = field(init=False, compare=False, repr=False)

    def __post_init__(self, strict: bool) -> None:
        bits = _bits()
        yes = no = 0
        answers = {}
        for key, value in self.answers.items():
            if strict and key not in bits:
                raise Invalid("unknown_fact", fields=(key,), fact=key)
            try:
                truth = Truth(value)
            except ValueError as error:
                raise Invalid("unknown_truth", fields=(key,), fact=key, value=str(value)) from error
            answers[key] = truth
            if truth is Truth.YES:
                yes |= bits.get(key, 0)
            elif truth is Truth.NO:
                no |= bits.get(key, 0)
        object.__setattr__(self, "answers", answers)
        object.__setattr__(self, "yes", yes)
        object.__setattr__(self, "no", no)

    def __hash__(self) -> int:
        return hash(frozenset(self.answers.items()))

    def __getitem__(self, key: str) -> Truth:
        return self.answers.get(key, Truth.UNKNOWN)

    def having(self, key: str, value: Truth) -> "Facts":
        """The same facts with one answer given or changed."""
        return Facts({**self.answers, key: value})

    @classmethod
    def stored(cls, answers: Mapping[str, Truth]) -> "Facts":
        """Facts as they were kept; one that is no longer asked stays in view but counts for nothing."""
        return cls(answers, strict=False)

    @classmethod
    def nothing_needed(cls) -> "Facts":
        """All facts answered "no": the family needs nobody. For a button that answers the whole list at once."""
        return cls(dict.fromkeys(catalogue.facts(), Truth.NO))


_known_bits: dict[str, int] = {}


def _bits() -> Mapping[str, int]:
    if not _known_bits:
        _known_bits.update({key: 1 << place for place, key in enumerate(catalogue.facts())})
    return _known_bits


@dataclass(frozen=True, slots=True)
class Assessment:
    """What follows from the facts under one rule set. Keeps the age band, not the date of birth."""

    rule_version: str
    on: date
    age_band: str
    facts: Facts
    entries: tuple[Entry, ...]
    open_questions: tuple[str, ...]

    def __getitem__(self, outcome: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.id == outcome), None)

    @property
    def ids(self) -> frozenset[str]:
        """The entries that are certain or possible."""
        return frozenset(entry.id for entry in self.entries if entry.status is not Status.EXCLUDED)


def age_band(birth_date: date, on: date) -> str:
    """The age band on a day. Born on 29 February: a year older on 1 March. Raises Invalid("not_born")."""
    years = on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))
    for key, (first, last) in catalogue.bands().items():
        if first <= years <= last:
            return key
    raise Invalid("not_born", fields=("birth_date",), birth_date=birth_date, on=on)


def rule_set_on(on: date) -> str:
    """The version of the rules that holds on a day. Raises Invalid("no_rules") for a day before the first set."""
    for rule_set in catalogue.rule_sets().values():
        if rule_set.valid_from <= on <= rule_set.last_day:
            return rule_set.id
    raise Invalid("no_rules", on=on)


def _compiled(version: str, band: str) -> CompiledSet:
    if version not in catalogue.rule_sets():
        raise Invalid("unknown_version", version=version)
    if band not in catalogue.bands():
        raise Invalid("unknown_band", band=band)
    return compiled(version, band)


def assess(facts: Facts, birth_date: date, on: date, *, version: str | None = None) -> Assessment:
    """The whole outcome on a day, with reasons. `version` forces a rule set other than the one of that day."""
    return _assess(facts, age_band(birth_date, on), on, version or rule_set_on(on))


def _assess(facts: Facts, band: str, on: date, version: str) -> Assessment:
    rules = _compiled(version, band)
    entries, opened = rules.assessed(facts.yes, facts.no)
    return Assessment(version, on, band, facts, tuple(entries), rules.names(opened))


def reassess(old: Assessment, version: str) -> Assessment:
    """The same facts, day and age under another rule set, to see what the rules alone have changed."""
    return _assess(old.facts, old.age_band, old.on, version)


def outcome_ids(facts: Facts, age_band: str, version: str) -> frozenset[str]:
    """The entries that are certain or possible, without reasons: the fast way."""
    found = _compiled(version, age_band).statuses(facts.yes, facts.no)
    return frozenset(key for key, status in found.items() if status is not Status.EXCLUDED)


def next_questions(facts: Facts, age_band: str, on: date, *, version: str | None = None) -> tuple[str, ...]:
    """The facts still unknown that can change the outcome, in the order of asking.

    Exact: a fact is here if and only if, for some answers to the other unknown facts, its answer changes an entry.
    """
    rules = _compiled(version or rule_set_on(on), age_band)
    return rules.names(rules.open(facts.yes, facts.no))


class Change(NamedTuple):
    """One answer that would change the outcome."""

    fact: str
    old: Truth
    new: Truth
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[tuple[str, Status, Status], ...]


def _compare(
    old: Mapping[str, Status], new: Mapping[str, Status]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, Status, Status], ...]]:
    added = tuple(key for key in new if key not in old)
    removed = tuple(key for key in old if key not in new)
    changed = tuple((key, old[key], new[key]) for key in new if key in old and old[key] != new[key])
    return added, removed, changed


def what_would_change(
    facts: Facts, birth_date: date, on: date, *, version: str | None = None
) -> tuple[Change, ...]:
    """Every single answer that, given or changed alone, gives another set of entries or another status."""
    band = age_band(birth_date, on)
    rules = _compiled(version or rule_set_on(on), band)
    now = rules.statuses(facts.yes, facts.no)
    found = []
    for key in catalogue.applicable(band):
        bit = _bits()[key]
        for new, yes, no in (
            (Truth.YES, facts.yes | bit, facts.no & ~bit),
            (Truth.NO, facts.yes & ~bit, facts.no | bit),
        ):
            if facts[key] is not new:
                added, removed, changed = _compare(now, rules.statuses(yes, no))
                if added or removed or changed:
                    found.append(Change(key, facts[key], new, added, removed, changed))
    return tuple(found)


class Difference(NamedTuple):
    """What differs between two assessments: entries, statuses, the rules behind an entry, its grounds, the facts."""

    old_version: str
    new_version: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[tuple[str, Status, Status], ...]
    other_rules: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    other_grounds: tuple[str, ...]
    facts: tuple[tuple[str, Truth, Truth], ...]

    @property
    def same_outcome(self) -> bool:
        """True when every entry is there as before, as sure as before."""
        return not (self.added or self.removed or self.changed)


def difference(old: Assessment, new: Assessment) -> Difference:
    """Compare two assessments, for example of the same facts under the rules of then and of today."""
    before = {entry.id: entry for entry in old.entries}
    after = {entry.id: entry for entry in new.entries}
    both = [key for key in after if key in before]
    added, removed, changed = _compare(
        {key: entry.status for key, entry in before.items()},
        {key: entry.status for key, entry in after.items()},
    )
    return Difference(
        old_version=old.rule_version,
        new_version=new.rule_version,
        added=added,
        removed=removed,
        changed=changed,
        other_rules=tuple(
            (key, before[key].rules, after[key].rules)
            for key in both
            if before[key].rules != after[key].rules
        ),
        other_grounds=tuple(key for key in both if before[key].grounds != after[key].grounds),
        facts=tuple(
            (key, old.facts[key], new.facts[key])
            for key in catalogue.facts()
            if old.facts[key] is not new.facts[key]
        ),
    )
