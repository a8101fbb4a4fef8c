"""The border of every rule: what is at stake in each condition, written down apart from the rules."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from kindzorg.core.vocabulary import Truth
from kindzorg.referral.rules import Entry, Facts, assess

ROWS = yaml.safe_load(Path(__file__).with_name("boundaries.yaml").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 22)


def found(row: dict[str, Any], change: dict[str, Any]) -> Entry | None:
    day = change.get("day", row.get("day", TODAY))
    born = day.replace(year=day.year - change.get("age", row["age"]))
    facts = Facts.nothing_needed()
    for key, value in {**row["facts"], **change}.items():
        if key not in ("age", "day"):
            facts = facts.having(key, Truth.YES if value else Truth.NO)
    return assess(facts, born, day)[row["entry"]]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['entry']}-{row['status']}-{row['age']}")
def test_a_rule_ends_at_its_border(row: dict[str, Any]) -> None:
    entry = found(row, {})
    assert entry is not None and entry.status == row["status"]
    assert entry.rules == tuple(row.get("rules", entry.rules))
    for change in row["but"]:
        changed = found(row, change)
        assert changed is None or changed.status != row["status"], change
