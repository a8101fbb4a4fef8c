"""`docs/security.md` answers every point of the OWASP ASVS 5.0.0 at level 2, and the tests that it names are there."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "security.md"
# How many points of each section are of level 1 or 2; they are the first of their section.
POINTS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip
STATES = {"done", "installation", "not here", "open"}


def rows() -> list[list[str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if re.match(r"\| V\d", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_point_is_answered_once_and_with_a_reason() -> None:
    wanted = [f"V{section}.{number + 1}" for section, count in POINTS.items() for number in range(count)]
    assert [row[0] for row in rows()] == wanted
    assert {row[2] for row in rows()} <= STATES
    assert [row[0] for row in rows() if not row[1] or not row[3]] == []


def test_every_test_that_is_named_is_there() -> None:
    missing = []
    for row in rows():
        for path, _, name in re.findall(r"`([\w/]+\.py)(::(\w+))?`", row[3]):
            place = next(
                (one for one in (ROOT / path, ROOT / "src" / "kindzorg" / path) if one.exists()), None
            )
            if place is None or (name and f"def {name}(" not in place.read_text(encoding="utf-8")):
                missing.append(f"{row[0]}: {path} {name}")
    assert not missing, "\n".join(missing)
