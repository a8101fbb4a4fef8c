"""What is proven of the rules, for every rule set and every age band.

1. The compiled rules equal a second, independent reading (truth tables): for every outcome, over all assignments of
   the facts it looks at, up to 22 facts. An outcome depends on no other facts, so this covers the whole fact space.
2. Status and open questions under unknown facts are exact: for every outcome of up to SMALL facts over all answers
   yes, no, unknown; for larger ones over a fixed random sample. The diagrams themselves are tested in test_logic.py.
3. Over random situations (Hypothesis): no answer that was not asked changes anything; what is certain or excluded
   stays so; nothing new becomes possible by an answer; no outcome is empty.
4. No dead question, no dead rule, every outcome reachable.
"""

import itertools
import random
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kindzorg.core.vocabulary import Truth
from kindzorg.referral import catalogue
from kindzorg.referral.engine import NO_RULE, CompiledSet, Status, compiled
from kindzorg.referral.logic import CERTAIN, CONSIDER
from kindzorg.referral.rules import Facts, next_questions, outcome_ids

from .truth_tables import TruthTables, mentioned

VERSIONS = tuple(catalogue.rule_sets())
TODAY = VERSIONS[-1]
BANDS = tuple(catalogue.bands())
SMALL = 6
SAMPLE = 60


@cache
def tables_of(names: tuple[str, ...]) -> TruthTables:
    return TruthTables(names)


def lines(version: str, band: str) -> Iterator[tuple[CompiledSet, object, tuple[str, ...]]]:
    rules = compiled(version, band)
    for line in rules.lines:
        speaking = [rule for rule in catalogue.rules().values() if rule.outcome == line.outcome.id]
        named = {name for rule in speaking for name in mentioned(rule.when, catalogue.terms(band))}
        yield rules, line, tuple(name for name in catalogue.facts() if name in named)


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_compiled_rules_equal_a_second_reading(version: str, band: str) -> None:
    for rules, line, names in lines(version, band):
        tables = tables_of(names)
        wanted = tables.levels(line.outcome.id, version, band)
        assert _tables(rules, line.root, tables) == wanted, line.outcome.id


def _tables(rules: CompiledSet, root: int, tables: TruthTables) -> list[int]:
    """Where the diagram of an outcome ends in each level, by walking it once."""
    found = [0, 0, 0, 0]
    reached = {root: tables.all}
    name_of = {bit: name for name, bit in rules.diagram.bits.items()}
    for at in sorted(_below(rules, root), key=lambda node: rules.diagram.nodes[node][0]):
        here = reached.pop(at)
        bit, if_no, if_yes = rules.diagram.nodes[at]
        yes = tables.of[name_of[bit]]
        reached[if_yes] = reached.get(if_yes, 0) | here & yes
        reached[if_no] = reached.get(if_no, 0) | here & ~yes
    for level, where in reached.items():
        found[level] = where
    return found


def _below(rules: CompiledSet, root: int) -> set[int]:
    found, todo = set(), [root]
    while todo:
        at = todo.pop()
        if at >= 4 and at not in found:
            found.add(at)
            todo.extend(rules.diagram.nodes[at][1:])
    return found


def _checked(rules: CompiledSet, line: object, names: tuple[str, ...], answers: tuple[Truth, ...]) -> None:
    tables = tables_of(names)
    yes = [name for name, answer in zip(names, answers, strict=True) if answer is Truth.YES]
    no = [name for name, answer in zip(names, answers, strict=True) if answer is Truth.NO]
    levels = tables.levels(line.outcome.id, rules.rule_set.id, rules.band)
    reachable, open_facts = tables.left(levels, yes, no)
    bits = rules.diagram.bits
    found = rules.diagram.answer(line.root, sum(bits[name] for name in yes), sum(bits[name] for name in no))
    assert found.levels == reachable
    assert frozenset(rules.names(found.open)) == open_facts


@pytest.mark.parametrize("band", BANDS)
def test_open_questions_are_exact_in_full_for_small_outcomes(band: str) -> None:
    for rules, line, names in lines(TODAY, band):
        if len(names) <= SMALL:
            for answers in itertools.product(Truth, repeat=len(names)):
                _checked(rules, line, names, answers)


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("version", (VERSIONS[0], TODAY))
def test_open_questions_are_exact_in_a_sample_for_large_outcomes(version: str, band: str) -> None:
    chance = random.Random(f"{version}{band}")  # noqa: S311
    for rules, line, names in lines(version, band):
        if SMALL < len(names) <= 14:
            for _ in range(SAMPLE):
                share = chance.random()
                answers = tuple(
                    chance.choice((Truth.YES, Truth.NO)) if chance.random() < share else Truth.UNKNOWN
                    for _ in names
                )
                _checked(rules, line, names, answers)


FACTS = tuple(catalogue.facts())
ANY = st.integers(0, (1 << len(FACTS)) - 1)


def _situation(yes: int, no: int) -> dict[str, Truth]:
    """Facts drawn as two numbers, which Hypothesis makes far faster than a dictionary; both or neither = unknown."""
    return {
        key: Truth.YES if yes >> place & 1 else Truth.NO
        for place, key in enumerate(FACTS)
        if (yes ^ no) >> place & 1
    }


ANSWERS = st.builds(_situation, ANY, ANY)
COMPLETE = ANY.map(lambda yes: _situation(yes, ~yes))
WHERE = {"band": st.sampled_from(BANDS), "version": st.sampled_from(VERSIONS)}


def _completed(facts: Facts, by: dict[str, Truth], only: set[str] | None = None) -> Facts:
    """The facts with what is unknown filled in from another situation (only for these facts)."""
    return Facts(
        {
            key: by[key] if facts[key] is Truth.UNKNOWN and (only is None or key in only) else facts[key]
            for key in catalogue.facts()
        }
    )


def _statuses(facts: Facts, band: str, version: str) -> dict[str, Status]:
    return compiled(version, band).statuses(facts.yes, facts.no)


@settings(max_examples=300, deadline=None)
@given(known=ANSWERS, rest=COMPLETE, **WHERE)
def test_no_answer_that_was_not_asked_changes_the_outcome(
    known: dict[str, Truth], rest: dict[str, Truth], band: str, version: str
) -> None:
    facts = Facts(known)
    asked = set(compiled(version, band).names(compiled(version, band).open(facts.yes, facts.no)))
    silent = set(catalogue.facts()) - asked
    assert _statuses(facts, band, version) == _statuses(_completed(facts, rest, silent), band, version)


@settings(max_examples=200, deadline=None)
@given(known=ANSWERS, **WHERE)
def test_every_question_asked_can_change_the_outcome(
    known: dict[str, Truth], band: str, version: str
) -> None:
    facts = Facts(known)
    rules = compiled(version, band)
    for name in rules.names(rules.open(facts.yes, facts.no)):
        assert facts[name] is Truth.UNKNOWN
        line = next(
            line
            for line in rules.lines
            if rules.diagram.answer(line.root, facts.yes, facts.no).open & _bit(name)
        )
        assert _witness(rules, line.root, facts, name)


def _bit(name: str) -> int:
    return Facts({name: Truth.YES}).yes


def _witness(rules: CompiledSet, root: int, facts: Facts, name: str) -> bool:
    """Is there really a completion in which only this answer changes the level? Found by walking both ways."""
    todo = [(_step(rules, root, facts, name, True), _step(rules, root, facts, name, False))]
    seen = set()
    while todo:
        one, two = todo.pop()
        if one == two or (one, two) in seen:
            continue
        seen.add((one, two))
        if one < 4 and two < 4:
            return True
        bit = min(rules.diagram.nodes[node][0] for node in (one, two) if node >= 4)
        for answer in (True, False):
            todo.append(tuple(_down(rules, node, facts, name, bit, answer) for node in (one, two)))
    return False


def _step(rules: CompiledSet, node: int, facts: Facts, name: str, answer: bool) -> int:
    """Follow the known facts and this answer as far as they lead, rebuilt as a plain restricted diagram."""
    rebuilt = rules.diagram
    done: dict[int, int] = {}

    def walk(at: int) -> int:
        if at < 4:
            return at
        if at not in done:
            bit, if_no, if_yes = rebuilt.nodes[at]
            if bit == _bit(name):
                done[at] = walk(if_yes if answer else if_no)
            elif facts.yes & bit or facts.no & bit:
                done[at] = walk(if_yes if facts.yes & bit else if_no)
            else:
                done[at] = rebuilt.node(bit, walk(if_no), walk(if_yes))
        return done[at]

    return walk(node)


def _down(rules: CompiledSet, node: int, facts: Facts, name: str, bit: int, answer: bool) -> int:
    if node < 4 or rules.diagram.nodes[node][0] != bit:
        return node
    return rules.diagram.nodes[node][2 if answer else 1]


@settings(max_examples=300, deadline=None)
@given(known=ANSWERS, rest=COMPLETE, share=ANY, **WHERE)
def test_what_is_settled_stays_settled(
    known: dict[str, Truth], rest: dict[str, Truth], share: int, band: str, version: str
) -> None:
    facts = Facts(known)
    some = {key for place, key in enumerate(FACTS) if share >> place & 1}
    before, after = _statuses(facts, band, version), _statuses(_completed(facts, rest, some), band, version)
    for key, status in before.items():
        if status is not Status.POSSIBLE:
            assert after.get(key) is status
    hopeful = {key for key, status in before.items() if status is not Status.EXCLUDED}
    new = {key for key, status in after.items() if status is not Status.EXCLUDED} - hopeful
    assert new <= {NO_RULE}


@settings(max_examples=200, deadline=None)
@given(truth=COMPLETE, **WHERE)
def test_answering_what_is_asked_leads_to_the_full_outcome(
    truth: dict[str, Truth], band: str, version: str
) -> None:
    rules, facts = compiled(version, band), Facts()
    while asked := rules.names(rules.open(facts.yes, facts.no)):
        facts = facts.having(asked[0], truth[asked[0]])
    whole = Facts({key: truth[key] for key in catalogue.applicable(band)})
    assert _statuses(facts, band, version) == _statuses(whole, band, version)


@settings(max_examples=300, deadline=None)
@given(known=ANSWERS, **WHERE)
def test_no_outcome_is_empty(known: dict[str, Truth], band: str, version: str) -> None:
    found = outcome_ids(Facts(known), band, version)
    answers = {key for key in found if catalogue.outcomes()[key].counts}
    assert bool(answers) != (NO_RULE in found)


@pytest.mark.parametrize("band", BANDS)
def test_no_dead_question(band: str) -> None:
    on = catalogue.rule_sets()[TODAY].valid_from
    assert set(next_questions(Facts(), band, on)) == set(catalogue.applicable(band))


def test_every_fact_is_asked_at_some_age() -> None:
    assert {key for band in BANDS for key in catalogue.applicable(band)} == set(catalogue.facts())


def test_every_outcome_is_reachable() -> None:
    reached = {NO_RULE}
    for band in BANDS:
        for rules, line, _ in lines(TODAY, band):
            levels = rules.diagram.levels(line.root, 0, 0)
            only_considered = {rule.effect for rule, _, _ in line.rules} == {"consider"}
            if levels & 1 << (CONSIDER if only_considered else CERTAIN):
                reached.add(line.outcome.id)
    assert reached == set(catalogue.outcomes())
    alone = Facts.nothing_needed().having("nearby_24h", Truth.YES)
    assert NO_RULE in outcome_ids(alone, "8-11", TODAY)


def test_no_dead_rule() -> None:
    """Every rule decides in some rule set, at some age, for some facts: without it the outcome would differ."""
    for rule in catalogue.rules().values():
        assert any(_decides(rule.id, version, band) for version in VERSIONS for band in BANDS), rule.id


def _decides(rule_id: str, version: str, band: str) -> bool:
    rules = compiled(version, band)
    for line in rules.lines:
        for rule, node, _ in line.rules:
            if rule.id == rule_id:
                level = {"consider": CONSIDER, "include": CERTAIN, "exclude": 3}[rule.effect]
                others = 0
                for other, its_node, _ in line.rules:
                    if other is not rule:
                        strength = {"consider": CONSIDER, "include": CERTAIN, "exclude": 3}[other.effect]
                        others = rules.diagram.apply(max, others, rules.diagram.raised(its_node, strength))
                return rules.diagram.apply(max, others, rules.diagram.raised(node, level)) != others
    return False


def test_rule_sets_follow_one_another_and_rules_keep_to_their_borders() -> None:
    sets = list(catalogue.rule_sets().values())
    for earlier, later in itertools.pairwise(sets):
        assert earlier.valid_until is not None
        assert (later.valid_from - earlier.valid_until).days == 1
    assert sets[-1].valid_until is None
    starts, ends = {each.valid_from for each in sets}, {each.last_day for each in sets}
    for rule in catalogue.rules().values():
        assert rule.valid_from.year == 1 or rule.valid_from in starts
        assert rule.valid_until.year == 9999 or rule.valid_until in ends
