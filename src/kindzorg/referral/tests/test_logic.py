"""The diagrams: exact under unknown facts, for any condition."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kindzorg.referral.logic import Diagram

NAMES = ("a", "b", "c", "d")
CONDITIONS = st.recursive(
    st.sampled_from(NAMES),
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, st.sampled_from(("and", "or")), inner).map(
            lambda three: "({} {} {})".format(*three)
        ),
    ),
    max_leaves=8,
)


def value(source: str, facts: dict[str, bool]) -> int:
    return int(eval(source, {"__builtins__": {}}, facts))  # noqa: S307


@settings(max_examples=40, deadline=None)
@given(first=CONDITIONS, second=CONDITIONS)
def test_exact_for_all_answers(first: str, second: str) -> None:
    diagram = Diagram(NAMES)
    one, two = diagram.condition(first, {}), diagram.condition(second, {})
    root = diagram.apply(max, diagram.raised(one, 2), diagram.raised(two, 3))

    def level(facts: dict[str, bool]) -> int:
        return max(2 * value(first, facts), 3 * value(second, facts))

    for answers in itertools.product((True, False, None), repeat=len(NAMES)):
        known = {name: answer for name, answer in zip(NAMES, answers, strict=True) if answer is not None}
        free = [name for name in NAMES if name not in known]
        worlds = [
            {**known, **dict(zip(free, rest, strict=True))}
            for rest in itertools.product((True, False), repeat=len(free))
        ]
        matters = {
            name
            for name in free
            for world in worlds
            if level(world) != level({**world, name: not world[name]})
        }
        yes = sum(diagram.bits[name] for name, answer in known.items() if answer)
        no = sum(diagram.bits[name] for name, answer in known.items() if not answer)
        answer = diagram.answer(root, yes, no)
        assert answer.levels == sum({1 << level(world) for world in worlds})
        assert diagram.levels(root, yes, no) == answer.levels
        assert {name for name in NAMES if diagram.bits[name] & answer.open} == matters


def test_names_may_stand_for_conditions_or_truths() -> None:
    diagram = Diagram(NAMES)
    terms: dict[str, str | bool] = {"both": "a and b", "child": True}
    assert diagram.condition("both or not child", terms) == diagram.condition("a and b", {})
    assert diagram.condition("a or not a", {}) == 1


@pytest.mark.parametrize("wrong", ["a + b", "a == b", "unknown", "f(a)", "a if b else c", "1"])
def test_anything_else_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a condition"):
        Diagram(NAMES).condition(wrong, {})
