"""Exact three-valued logic: conditions over yes/no facts as reduced decision diagrams.

Plain three-valued evaluation says "unknown" for `a or not a`, and would so ask questions that cannot matter.
A reduced ordered decision diagram is canonical: what is still open in it, and only that, can change the result
(Bryant 1986). Diagrams here end in one of four levels, of which a stronger one hides a weaker one.
"""

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

ABSENT, CONSIDER, CERTAIN, EXCLUDED = range(4)
"""Where a diagram can end. A higher level wins when several rules speak about one outcome."""
TERMINALS = 4


class Answer(NamedTuple):
    """What follows from the facts known so far: a set of reachable levels (bits), and the facts that matter (bits)."""

    levels: int
    open: int


class Diagram:
    """A store of shared, reduced nodes over one fixed order of facts.

    A node below TERMINALS is its own level; any other is an index to (bit of the fact, if no, if yes).
    """

    def __init__(self, order: Iterable[str]) -> None:
        self.bits: Mapping[str, int] = {name: 1 << place for place, name in enumerate(order)}
        self.nodes: list[tuple[int, int, int]] = [(0, 0, 0)] * TERMINALS
        self._known: dict[tuple[int, int, int], int] = {}

    def node(self, bit: int, no: int, yes: int) -> int:
        """The one node with this test; no node at all when both ways lead to the same place."""
        if no == yes:
            return no
        key = (bit, no, yes)
        if key not in self._known:
            self._known[key] = len(self.nodes)
            self.nodes.append(key)
        return self._known[key]

    def apply(self, operation: Callable[[int, int], int], left: int, right: int) -> int:
        """Combine two diagrams level by level."""
        done: dict[tuple[int, int], int] = {}

        def combine(one: int, two: int) -> int:
            if one < TERMINALS and two < TERMINALS:
                return operation(one, two)
            if (one, two) not in done:
                bit = min(self.nodes[end][0] for end in (one, two) if end >= TERMINALS)
                (no_one, yes_one), (no_two, yes_two) = self._split(one, bit), self._split(two, bit)
                done[one, two] = self.node(bit, combine(no_one, no_two), combine(yes_one, yes_two))
            return done[one, two]

        return combine(left, right)

    def _split(self, node: int, bit: int) -> tuple[int, int]:
        if node < TERMINALS or self.nodes[node][0] != bit:
            return node, node
        return self.nodes[node][1:]

    def condition(self, source: str, terms: Mapping[str, str | bool]) -> int:
        """The diagram of a condition such as `nursing_need and not (has_wlz or adult)`; ends in 0 or 1.

        `terms` names other conditions, or fixed truths such as the age. Raises ValueError for anything else
        than and, or, not and known names.
        """

        def build(part: ast.expr) -> int:
            match part:
                case ast.BoolOp(op=operator, values=values):
                    built = [build(value) for value in values]
                    result = built[0]
                    for other in built[1:]:
                        result = self.apply(min if isinstance(operator, ast.And) else max, result, other)
                    return result
                case ast.UnaryOp(op=ast.Not(), operand=operand):
                    return self.apply(lambda level, _: 1 - level, build(operand), 0)
                case ast.Name(id=name) if name in terms:
                    term = terms[name]
                    return int(term) if isinstance(term, bool) else self.condition(term, terms)
                case ast.Name(id=name) if name in self.bits:
                    return self.node(self.bits[name], 0, 1)
            raise ValueError(f"not a condition: {ast.unparse(part)!r} in {source!r}")

        return build(ast.parse(source.strip(), mode="eval").body)

    def raised(self, node: int, level: int) -> int:
        """The same condition, ending in `level` where it holds."""
        return self.apply(lambda holds, _: level * holds, node, 0)

    def support(self, node: int) -> int:
        """The facts on which this diagram depends."""
        return self.answer(node, 0, 0).open

    def levels(self, node: int, yes: int, no: int) -> int:
        """The levels still reachable, as bits, when the facts in `yes` hold and those in `no` do not.

        Exact, because a fact is tested at most once on every way down.
        """
        nodes = self.nodes
        found = 0
        todo = [node]
        seen: set[int] = set()
        while todo:
            at = todo.pop()
            while at >= TERMINALS:
                bit, if_no, if_yes = nodes[at]
                if yes & bit:
                    at = if_yes
                elif no & bit:
                    at = if_no
                elif at in seen:
                    break
                else:
                    seen.add(at)
                    todo.append(if_yes)
                    at = if_no
            else:
                found |= 1 << at
        return found

    def answer(self, node: int, yes: int, no: int) -> Answer:
        """What is left of the diagram when the facts in `yes` hold and those in `no` do not."""
        return self.given(yes, no)(node)

    def given(self, yes: int, no: int) -> Callable[[int], Answer]:
        """The same for many diagrams under the same facts: what they have in common is walked once."""
        nodes = self.nodes
        # What is left of a node is a level, or a place in `left`; the same remainder always has the same place.
        left = [Answer(1 << level, 0) for level in range(TERMINALS)]
        places: dict[tuple[int, int, int], int] = {}
        done: dict[int, int] = {}

        def walk(at: int) -> int:
            while at >= TERMINALS:
                bit, if_no, if_yes = nodes[at]
                if yes & bit:
                    at = if_yes
                elif no & bit:
                    at = if_no
                else:
                    rest = done.get(at)
                    if rest is None:
                        rest = done[at] = remainder(bit, walk(if_no), walk(if_yes))
                    return rest
            return at

        def remainder(bit: int, below: int, above: int) -> int:
            if below == above:  # the same on both sides: this fact does not matter any more
                return below
            place = places.setdefault((bit, below, above), len(left))
            if place == len(left):
                (some, opened), (more, also) = left[below], left[above]
                left.append(Answer(some | more, bit | opened | also))
            return place

        return lambda node: left[walk(node)]
