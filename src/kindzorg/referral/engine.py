"""The rules at work: one compiled rule set for one age band answers what follows from the facts known so far."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from kindzorg.core.vocabulary import Truth
from kindzorg.referral import catalogue
from kindzorg.referral.catalogue import Effect, Ground, Outcome, Rule, RuleSet
from kindzorg.referral.logic import ABSENT, CERTAIN, CONSIDER, EXCLUDED, Answer, Diagram

LEVELS = {Effect.CONSIDER: CONSIDER, Effect.INCLUDE: CERTAIN, Effect.EXCLUDE: EXCLUDED}
HOPEFUL = 1 << CONSIDER | 1 << CERTAIN
NO_RULE = "no_rule_matched"
KEEP = 4096
"""Answers kept per outcome; most outcomes have far fewer different ones."""


class Status(StrEnum):
    """How sure an entry is. `possible` also covers what is settled but left to somebody's judgement."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the outcome, with its reasons.

    `rules`: the rules that put it here (or, when excluded, that keep it out). `facts`: the known facts those rules
    looked at. `open_facts`: the facts that can still change this entry.
    """

    outcome: Outcome
    status: Status
    rules: tuple[str, ...]
    grounds: tuple[Ground, ...]
    facts: tuple[tuple[str, Truth], ...]
    open_facts: tuple[str, ...]
    to_confirm: bool

    @property
    def id(self) -> str:
        return self.outcome.id


def status_of(levels: int) -> Status | None:
    """The status of an outcome with these levels reachable; None when it is not, or not yet, to be shown."""
    if levels == 1 << CERTAIN:
        return Status.CERTAIN
    if levels == 1 << EXCLUDED:
        return Status.EXCLUDED
    return Status.POSSIBLE if levels & HOPEFUL else None


class _Line:
    """One outcome in a compiled rule set: its diagram, those of its rules, and the answers already worked out."""

    __slots__ = ("entries", "outcome", "root", "rules", "seen", "support", "watched")

    def __init__(self, outcome: Outcome, diagram: Diagram, rules: list[tuple[Rule, int]]) -> None:
        self.outcome = outcome
        self.rules = [(rule, node, diagram.support(node)) for rule, node in rules]
        self.root = ABSENT
        self.watched = 0
        for rule, node, support in self.rules:
            self.root = diagram.apply(max, self.root, diagram.raised(node, LEVELS[rule.effect]))
            self.watched |= support
        self.support = diagram.support(self.root)
        self.seen: dict[tuple[int, int], tuple[Status | None, int]] = {}
        self.entries: dict[tuple[int, int], Entry | None] = {}


class CompiledSet:
    """A rule set for one age band. Facts come in as two sets of bits: those that hold, those that do not."""

    def __init__(self, rule_set: RuleSet, band: str) -> None:
        self.rule_set = rule_set
        self.band = band
        self.order = tuple(catalogue.facts())
        self.diagram = Diagram(self.order)
        terms = catalogue.terms(band)
        by_outcome: dict[str, list[tuple[Rule, int]]] = {}
        for rule in catalogue.rules().values():
            if rule.holds_in(rule_set) and (node := self.diagram.condition(rule.when, terms)):
                by_outcome.setdefault(rule.outcome, []).append((rule, node))
        order = catalogue.outcomes()
        self.lines = [_Line(order[key], self.diagram, by_outcome[key]) for key in order if key in by_outcome]

    def names(self, bits: int) -> tuple[str, ...]:
        """The facts of a set of bits, in the order of asking."""
        found = []
        while bits:
            lowest = bits & -bits
            found.append(self.order[lowest.bit_length() - 1])
            bits ^= lowest
        return tuple(found)

    def _look(self, line: _Line, yes: int, no: int) -> tuple[Status | None, int]:
        key = (yes & line.support, no & line.support)
        found = line.seen.get(key)
        if found is None:
            answer = self.diagram.answer(line.root, *key)
            found = status_of(answer), answer.open
            if len(line.seen) >= KEEP:
                line.seen.clear()
            line.seen[key] = found
        return found

    def statuses(self, yes: int, no: int) -> dict[str, Status]:
        """Every outcome that is certain, possible or excluded, without reasons."""
        found = {}
        matched = False
        for line in self.lines:
            status = self._look(line, yes, no)[0]
            if status is not None:
                found[line.outcome.id] = status
                matched = matched or (line.outcome.counts and status is not Status.EXCLUDED)
        if not matched:
            found[NO_RULE] = Status.CERTAIN
        return found

    def open(self, yes: int, no: int) -> int:
        """The facts of which some answer can still change an outcome."""
        bits = 0
        for line in self.lines:
            bits |= self._look(line, yes, no)[1]
        return bits

    def entries(self, yes: int, no: int) -> Iterator[Entry]:
        """Every outcome that is certain, possible or excluded, with its reasons."""
        matched = False
        for line in self.lines:
            key = (yes & line.watched, no & line.watched)
            if key not in line.entries:
                if len(line.entries) >= KEEP:
                    line.entries.clear()
                line.entries[key] = self._entry(line, *key)
            entry = line.entries[key]
            if entry is not None:
                matched = matched or (entry.outcome.counts and entry.status is not Status.EXCLUDED)
                yield entry
        if not matched:
            yield Entry(catalogue.outcomes()[NO_RULE], Status.CERTAIN, (), (), (), (), False)

    def _entry(self, line: _Line, yes: int, no: int) -> Entry | None:
        status, opened = self._look(line, yes, no)
        if status is None:
            return None
        speaking = [
            (rule, support)
            for rule, node, support in line.rules
            if (rule.effect is Effect.EXCLUDE) == (status is Status.EXCLUDED)
            and self.diagram.answer(node, yes, no).levels != 1 << ABSENT
        ]
        if status is not Status.POSSIBLE:
            settled = [pair for pair in speaking if self._holds(line, pair[0], yes, no)]
            speaking = settled or speaking
        used = 0
        for _, support in speaking:
            used |= support
        truths = tuple(
            (name, Truth.YES if yes & self.diagram.bits[name] else Truth.NO)
            for name in self.names(used & (yes | no))
        )
        cited = dict.fromkeys(source for rule, _ in speaking for source in rule.sources)
        grounds = tuple(catalogue.sources()[source].ground(self.rule_set) for source in cited)
        return Entry(
            outcome=line.outcome,
            status=status,
            rules=tuple(rule.id for rule, _ in speaking),
            grounds=grounds,
            facts=truths,
            open_facts=self.names(opened),
            to_confirm=any(rule.to_confirm for rule, _ in speaking)
            or any(ground.to_confirm for ground in grounds),
        )

    def _holds(self, line: _Line, wanted: Rule, yes: int, no: int) -> bool:
        node = next(node for rule, node, _ in line.rules if rule is wanted)
        return self.diagram.answer(node, yes, no).levels == 1 << 1


@cache
def compiled(version: str, band: str) -> CompiledSet:
    """The rule set of this version for this age band, compiled once per process."""
    return CompiledSet(catalogue.rule_sets()[version], band)
