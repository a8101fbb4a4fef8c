"""The rules at work: one compiled rule set for one age band answers what follows from the facts known so far."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import NamedTuple, TypeVar

from kindzorg.core.vocabulary import Truth
from kindzorg.referral import catalogue
from kindzorg.referral.catalogue import Effect, Ground, Outcome, Rule, RuleSet
from kindzorg.referral.logic import ABSENT, CERTAIN, CONSIDER, EXCLUDED, Answer, Diagram

LEVELS = {Effect.CONSIDER: CONSIDER, Effect.INCLUDE: CERTAIN, Effect.EXCLUDE: EXCLUDED}
HOPEFUL = 1 << CONSIDER | 1 << CERTAIN
HOLDS = 1 << 1
"""The diagram of a single rule ends in 0 or 1; this is: only 1 is left."""
NO_RULE = "no_rule_matched"
Key = TypeVar("Key")
Value = TypeVar("Value")
KEEP = 8192
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
    """One outcome in a compiled rule set: its diagram, those of its rules, and what has been worked out already."""

    __slots__ = ("entries", "outcome", "root", "rules", "said", "statuses", "support", "watched")

    def __init__(self, outcome: Outcome, diagram: Diagram, rules: list[tuple[Rule, int]]) -> None:
        self.outcome = outcome
        self.rules = [(rule, node, diagram.support(node)) for rule, node in rules]
        self.root = ABSENT
        self.watched = 0
        for rule, node, support in self.rules:
            self.root = diagram.apply(max, self.root, diagram.raised(node, LEVELS[rule.effect]))
            self.watched |= support
        self.support = diagram.support(self.root)
        self.statuses: dict[tuple[int, int], Status | None] = {}
        self.entries: dict[tuple[int, int], tuple[Entry | None, int]] = {}
        self.said: dict[tuple[str, ...], _Said] = {}


class _Said(NamedTuple):
    """What some rules of one outcome say together: the facts they look at, their grounds, whether one is in doubt."""

    support: int
    grounds: tuple[Ground, ...]
    to_confirm: bool


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
        self._fast = [(line, line.support, line.statuses) for line in self.lines]
        self._grounds = {key: source.ground(rule_set) for key, source in catalogue.sources().items()}

    def names(self, bits: int) -> tuple[str, ...]:
        """The facts of a set of bits, in the order of asking."""
        found = []
        while bits:
            lowest = bits & -bits
            found.append(self.order[lowest.bit_length() - 1])
            bits ^= lowest
        return tuple(found)

    def statuses(self, yes: int, no: int) -> dict[str, Status]:
        """Every outcome that is certain, possible or excluded, without reasons."""
        found = {}
        matched = False
        for line, support, worked_out in self._fast:
            key = (yes & support, no & support)
            try:
                status = worked_out[key]
            except KeyError:
                status = status_of(self.diagram.levels(line.root, *key))
                _keep(worked_out, key, status)
            if status is not None:
                found[line.outcome.id] = status
                matched = matched or (line.outcome.counts and status is not Status.EXCLUDED)
        if not matched:
            found[NO_RULE] = Status.CERTAIN
        return found

    def assessed(self, yes: int, no: int) -> tuple[list[Entry], int]:
        """Every outcome that is certain, possible or excluded, with its reasons; and the facts still open, as bits."""
        found = []
        opened = 0
        matched = False
        given = self.diagram.given(yes, no)
        for line in self.lines:
            key = (yes & line.watched, no & line.watched)
            answered = line.entries.get(key)
            if answered is None:
                answered = self._entry(line, key, given)
                _keep(line.entries, key, answered)
            entry, still_open = answered
            opened |= still_open
            if entry is not None:
                found.append(entry)
                matched = matched or (entry.outcome.counts and entry.status is not Status.EXCLUDED)
        if not matched:
            found.append(Entry(catalogue.outcomes()[NO_RULE], Status.CERTAIN, (), (), (), (), False))
        return found, opened

    def open(self, yes: int, no: int) -> int:
        """The facts of which some answer can still change an outcome, as bits."""
        return self.assessed(yes, no)[1]

    def _entry(
        self, line: _Line, key: tuple[int, int], given: Callable[[int], Answer]
    ) -> tuple[Entry | None, int]:
        answer = given(line.root)
        status = status_of(answer.levels)
        if status is None:
            return None, answer.open
        yes, no = key
        rules = self._speaking(line, status, given)
        said = line.said.get(rules)
        if said is None:
            said = line.said[rules] = self._said(line, rules)
        truths = tuple(
            (name, Truth.YES if yes & self.diagram.bits[name] else Truth.NO)
            for name in self.names(said.support & (yes | no))
        )
        opened = self.names(answer.open)
        return Entry(line.outcome, status, rules, said.grounds, truths, opened, said.to_confirm), answer.open

    def _said(self, line: _Line, rules: tuple[str, ...]) -> _Said:
        speaking = [(rule, support) for rule, _, support in line.rules if rule.id in rules]
        used = 0
        for _, support in speaking:
            used |= support
        cited = dict.fromkeys(source for rule, _ in speaking for source in rule.sources)
        grounds = tuple(self._grounds[source] for source in cited)
        doubtful = [rule.to_confirm for rule, _ in speaking] + [ground.to_confirm for ground in grounds]
        return _Said(used, grounds, any(doubtful))

    def _speaking(self, line: _Line, status: Status, given: Callable[[int], Answer]) -> tuple[str, ...]:
        """The rules behind a status: those that hold, or, where none holds yet, that still may."""
        if len(line.rules) == 1:
            return (line.rules[0][0].id,)
        holding, hoping = [], []
        for rule, node, _ in line.rules:
            if (rule.effect is Effect.EXCLUDE) == (status is Status.EXCLUDED):
                levels = given(node).levels
                if levels == HOLDS:
                    holding.append(rule.id)
                elif levels & HOLDS:
                    hoping.append(rule.id)
        return tuple(holding if holding and status is not Status.POSSIBLE else holding + hoping)


def _keep(worked_out: dict[Key, Value], key: Key, value: Value) -> None:
    """Remember an answer; forget all when there are too many."""
    if len(worked_out) >= KEEP:
        worked_out.clear()
    worked_out[key] = value


@cache
def compiled(version: str, band: str) -> CompiledSet:
    """The rule set of this version for this age band, compiled once per process."""
    return CompiledSet(catalogue.rule_sets()[version], band)
