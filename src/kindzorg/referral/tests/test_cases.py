"""The reference cases in `cases.yaml`: what the rules must say about invented situations."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from kindzorg.core.vocabulary import Truth
from kindzorg.referral import catalogue
from kindzorg.referral.rules import Assessment, Entry, Facts, Status, assess

DATA = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))
CASES = {case["id"]: case for case in DATA["cases"]}


def facts_of(case: dict) -> Facts:
    facts = Facts.nothing_needed() if case.get("nothing_needed") else Facts()
    for key, value in case.get("facts", {}).items():
        facts = facts.having(key, Truth.YES if value else Truth.NO)
    return facts


def outcome_of(case: dict) -> Assessment:
    return assess(facts_of(case), case["born"], case.get("day", DATA["day"]))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_the_rules_say(case: dict) -> None:
    found = {entry.id: entry for entry in outcome_of(case).entries}
    status = {key: entry.status for key, entry in found.items()}
    for wanted in case.get("plus", []):
        assert status.get(wanted) is Status.CERTAIN, wanted
    for perhaps in case.get("possible", []):
        assert status.get(perhaps) is Status.POSSIBLE, perhaps
    for unwanted in case.get("minus", []):
        assert status.get(unwanted, Status.EXCLUDED) is Status.EXCLUDED, unwanted
    for silent in case.get("absent", []):
        assert silent not in status, silent
    for barred in case.get("excluded", []):
        assert status.get(barred) is Status.EXCLUDED, barred
    for doubtful in case.get("to_confirm", []):
        assert found[doubtful].to_confirm, doubtful
    spoken = {rule for entry in found.values() for rule in entry.rules}
    assert spoken >= set(case.get("rules", []))
    if exactly := case.get("exactly"):
        assert {key for key in status if status[key] is not Status.EXCLUDED} == set(exactly)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_entry_says_why(case: dict) -> None:
    for entry in outcome_of(case).entries:
        assert entry.rules or entry.id == "no_rule_matched"
        assert entry.grounds or entry.id == "no_rule_matched"


def test_each_case_has_its_ground() -> None:
    assert all(case["ground"] and case["who"] and isinstance(case["born"], date) for case in CASES.values())


def test_every_rule_speaks_in_some_case() -> None:
    spoken = {
        rule for case in CASES.values() for entry in outcome_of(case).entries for rule in _settled(entry)
    }
    assert set(catalogue.rules()) - spoken == set()


def _settled(entry: Entry) -> tuple[str, ...]:
    return entry.rules if not entry.open_facts else ()
