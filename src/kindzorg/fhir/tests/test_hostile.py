"""Whatever comes in, the answer is a reading or a DomainError, never another exception."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kindzorg.core.errors import DomainError
from kindzorg.fhir.intake import Intake, Outcome, read
from kindzorg.fhir.payload import Refusal
from kindzorg.record.rules import item_data, item_from

YUSUF = (Path(__file__).parents[2] / "demo/handover/yusuf.json").read_bytes()
HANDOVER = orjson.loads(YUSUF)
COMPACT = orjson.dumps(HANDOVER)
WRONG = (
    None,
    True,
    0,
    -1,
    1.5,
    "",
    " ",
    "x",
    "#",
    "#x",
    "Patient/",
    [],
    [[]],
    [None],
    [{}],
    {},
    {"coding": 5},
    {"a": {}},
)
"""One value of each shape a sender can put where another belongs."""

Path_ = tuple[str | int, ...]


def paths(value: Any, here: Path_ = ()) -> Iterator[Path_]:
    """Every place in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inner:
        yield (*here, key)
        yield from paths(below, (*here, key))


PATIENT = next(
    entry["resource"] for entry in HANDOVER["entry"] if entry["resource"]["resourceType"] == "Patient"
)


def changed(whole: Any, place: Path_, wrong: Any) -> Any:
    """A copy with another value in one place."""
    mutant = copy.deepcopy(whole)
    holder = mutant
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = wrong
    return mutant


def with_patient(resource: Any) -> bytes:
    """A small file: reading the whole handover for each field would take minutes."""
    entries = [{"fullUrl": HANDOVER["entry"][1]["fullUrl"], "resource": PATIENT}, {"resource": resource}]
    return orjson.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


def outcome(payload: bytes) -> Intake | str:
    """The reading, its items proven to be storable; or the code of the refusal."""
    try:
        intake = read(payload)
    except DomainError as error:
        assert error.code in set(Refusal)
        return error.code
    for item in intake.items:
        assert item_from(item.kind, orjson.loads(orjson.dumps(item_data(item)))) == item
    assert all(each.items == () for each in intake.resources if each.outcome != Outcome.TAKEN)
    return intake


PLACES = list(paths(HANDOVER))


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes(payload: bytes) -> None:
    outcome(payload)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["resourceType", "entry", "resource", "id", "subject", "code", "status", "name", "x"]
            ),
            inner | st.sampled_from(["Bundle", "Patient", "Observation", "Consent"]),
            max_size=5,
        )
    ),
    max_leaves=25,
)


@settings(deadline=None)
@given(json_values)
def test_random_json(value: Any) -> None:
    outcome(orjson.dumps(value))


@settings(deadline=None)
@given(st.integers(1, len(COMPACT) - 1))
def test_a_truncated_file_is_told_to_be_truncated(length: int) -> None:
    assert outcome(COMPACT[:length]) == Refusal.TRUNCATED


@settings(deadline=None)
@given(st.integers(1, len(YUSUF.rstrip()) - 1))
def test_a_truncated_file_on_many_lines_is_told_to_be_truncated(length: int) -> None:
    assert outcome(YUSUF[:length]) == Refusal.TRUNCATED


@settings(deadline=None)
@given(st.integers(1, 3000), st.sampled_from([(b"[", b"]"), (b'{"a":', b"}"), (b'[{"contained":', b"}]")]))
def test_nesting_is_refused_or_read_never_a_recursion_error(
    depth: int, brackets: tuple[bytes, bytes]
) -> None:
    opening, closing = brackets
    nested = opening * depth + b"1" + closing * depth
    outcome(b'{"resourceType":"Observation","code":' + nested + b"}")


@pytest.mark.parametrize("number", range(len(HANDOVER["entry"])))
def test_a_wrong_shape_in_every_field(number: int) -> None:
    """Every field of every resource, each with one of the wrong shapes; Hypothesis mixes the rest below."""
    resource = HANDOVER["entry"][number]["resource"]
    for index, place in enumerate(paths(resource)):
        outcome(with_patient(changed(resource, place, WRONG[(index + number) % len(WRONG)])))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from(WRONG))
def test_any_wrong_shape_in_any_field_of_the_whole_file(place: Path_, wrong: Any) -> None:
    outcome(orjson.dumps(changed(HANDOVER, place, wrong)))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_one_byte_changed_anywhere(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(COMPACT) - 1))
    mutant = bytearray(COMPACT)
    mutant[place] = data.draw(st.integers(0, 255))
    outcome(bytes(mutant))
