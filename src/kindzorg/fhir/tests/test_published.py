"""All published nl-core examples go through (folder KINDZORG_TEST_DATA)."""

import os
from collections import Counter
from pathlib import Path

import pytest

from kindzorg.fhir.intake import Outcome, Reason, read
from kindzorg.record.rules import Verdict, item_data, item_from, verdict

DATA = os.environ.get("KINDZORG_TEST_DATA", "")
EXAMPLES = sorted(Path(DATA, "nl-core-r4/examples").glob("*.json")) if DATA else []

pytestmark = pytest.mark.skipif(
    not DATA, reason="KINDZORG_TEST_DATA is not set: no published examples to read"
)


def test_all_published_examples_go_through_with_these_counts() -> None:
    """Six do not follow the standard to the letter; four of those are of types we read, and are taken."""
    assert len(EXAMPLES) == 223
    intakes = {path.name: read(path.read_bytes(), source="nictiz") for path in EXAMPLES}
    lines = [line for intake in intakes.values() for line in intake.report]
    assert Counter((line.outcome, line.reason) for line in lines) == {
        (Outcome.TAKEN, Reason.NONE): 190,
        (Outcome.TAKEN, Reason.WITHDRAWN): 1,
        (Outcome.KEPT_UNREAD, Reason.TYPE_NOT_USED): 32,
    }
    assert sum(bool(line.faults) for line in lines) == 4
    assert all(line.faults == () or line.outcome == Outcome.TAKEN for line in lines)


def test_every_item_of_the_examples_survives_storage_and_is_the_same_a_second_time() -> None:
    for path in EXAMPLES:
        again = read(path.read_bytes(), source="nictiz").items
        for item, second in zip(read(path.read_bytes(), source="nictiz").items, again, strict=True):
            assert item_from(item.kind, item_data(item)) == item
            assert verdict(item, second) == Verdict.SAME


def test_all_examples_in_one_file_are_about_several_patients_and_refused() -> None:
    from kindzorg.core.errors import Invalid

    lines = b"\n".join(b" ".join(path.read_bytes().split()) for path in EXAMPLES)
    with pytest.raises(Invalid, match="handover_two_children"):
        read(lines)
