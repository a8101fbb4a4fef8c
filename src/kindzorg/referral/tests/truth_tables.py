"""A second, independent reading of the rules: whole truth tables as big integers.

Bit k of a table is the value for the k-th assignment of a list of facts; so `&`, `|` and `~` work on all
assignments at once. Nothing here uses the diagrams of `logic.py`.
"""

import ast
from collections.abc import Mapping, Sequence
from functools import cache

from kindzorg.referral import catalogue
from kindzorg.referral.logic import ABSENT, CERTAIN, CONSIDER, EXCLUDED

STRENGTH = {"consider": CONSIDER, "include": CERTAIN, "exclude": EXCLUDED}


def mentioned(source: str, terms: Mapping[str, str | bool]) -> set[str]:
    """The facts that a condition names, directly or through its terms, whether or not they matter."""
    found: set[str] = set()
    for part in ast.walk(ast.parse(source.strip(), mode="eval")):
        if isinstance(part, ast.Name):
            term = terms.get(part.id)
            if isinstance(term, str):
                found |= mentioned(term, terms)
            elif term is None:
                found.add(part.id)
    return found


class TruthTables:
    """All assignments of some facts, and what the rules of one set say about an outcome in each of them."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self.size = 1 << len(self.names)
        self.all = (1 << self.size) - 1
        self.of: dict[str, int] = {}
        for place, name in enumerate(self.names):
            half = 1 << place
            # 0…01…1 in blocks of 2^place: the usual column of a truth table.
            table, width = ((1 << half) - 1) << half, 2 * half
            while width < self.size:
                table |= table << width
                width *= 2
            self.of[name] = table

    def holds(self, source: str, terms: Mapping[str, str | bool]) -> int:
        """Where a condition holds."""

        def read(part: ast.expr) -> int:
            if isinstance(part, ast.BoolOp):
                values = [read(value) for value in part.values]
                result = values[0]
                for value in values[1:]:
                    result = result & value if isinstance(part.op, ast.And) else result | value
                return result
            if isinstance(part, ast.UnaryOp):
                return self.all & ~read(part.operand)
            assert isinstance(part, ast.Name)
            if part.id in terms:
                term = terms[part.id]
                return (self.all if term else 0) if isinstance(term, bool) else self.holds(term, terms)
            return self.of[part.id]

        return read(ast.parse(source.strip(), mode="eval").body)

    @cache  # noqa: B019 - a handful of tables live as long as the tests
    def levels(self, outcome: str, version: str, band: str) -> list[int]:
        """Per level, where the outcome ends there. The strongest rule that holds wins."""
        terms = catalogue.terms(band)
        rule_set = catalogue.rule_sets()[version]
        tables = [0, 0, 0, 0]
        for rule in catalogue.rules().values():
            if rule.outcome == outcome and rule.holds_in(rule_set):
                tables[STRENGTH[rule.effect]] |= self.holds(rule.when, terms)
        tables[CERTAIN] &= ~tables[EXCLUDED]
        tables[CONSIDER] &= ~(tables[EXCLUDED] | tables[CERTAIN])
        tables[ABSENT] = self.all & ~(tables[CONSIDER] | tables[CERTAIN] | tables[EXCLUDED])
        return tables

    def left(
        self, levels: Sequence[int], yes: Sequence[str], no: Sequence[str]
    ) -> tuple[int, frozenset[str]]:
        """By brute force: the levels still reachable, and the facts of which the answer still matters."""
        possible = self.all
        for name in yes:
            possible &= self.of[name]
        for name in no:
            possible &= ~self.of[name]
        reachable = sum(1 << level for level, table in enumerate(levels) if table & possible)
        open_facts = set()
        for place, name in enumerate(self.names):
            if name not in yes and name not in no:
                here = possible & self.of[name]
                there = possible & ~self.of[name]
                step = 1 << place
                if any((table & here) >> step != table & there for table in levels):
                    open_facts.add(name)
        return reachable, frozenset(open_facts)
