"""The words of the trade are tied to those of the code: every table and list of values has its Dutch."""

import ast
import csv
from pathlib import Path

import pytest

from tests.house import ROOT, classes, python_files, room_of

pytestmark = pytest.mark.once

GLOSSARY = ROOT / "docs" / "glossary.csv"
COLUMNS = ["code", "dutch", "fhir"]
# Words of how things are stored or asked, not of care.
PLUMBING = {"Base", "ChildItem"}
# Rooms that know nothing of care.
WITHOUT_CARE = {"config", "fhir", "ui", "web"}
ENUMS = ("StrEnum", "IntEnum", "Enum", "TextChoices", "IntegerChoices")


def words(lines: list[str]) -> dict[str, tuple[str, str]]:
    """code -> (Dutch, FHIR). Raises AssertionError for a row not whole, standing twice or out of order."""
    rows = list(csv.reader(lines))
    assert rows[0] == COLUMNS
    broken = [row for row in rows[1:] if len(row) != len(COLUMNS) or not all(cell.strip() for cell in row)]
    assert not broken, f"not whole (code, dutch, fhir; write `none` where FHIR has nothing): {broken}"
    codes = [row[0] for row in rows[1:]]
    assert len(codes) == len(set(codes)), (
        f"twice: {sorted({code for code in codes if codes.count(code) > 1})}"
    )
    assert codes == sorted(codes, key=str.lower), (
        "in alphabetical order, so that two people rarely meet in one line"
    )
    return {code: (dutch, fhir) for code, dutch, fhir in rows[1:]}


def names(path: Path) -> list[str]:
    """The words of care that a file brings in: its tables, or its lists of values."""
    found = []
    for node in classes(path):
        bases = [ast.unparse(base).split(".")[-1].split("[")[0] for base in node.bases]
        is_table = path.name == "models.py" and bool(bases) and not is_abstract(node)
        if is_table or any(base in ENUMS for base in bases):
            found.append(node.name)
    return found


def is_abstract(node: ast.ClassDef) -> bool:
    """Whether a table is only a pattern for others (`abstract = True`)."""
    return any(
        isinstance(part, ast.ClassDef) and part.name == "Meta" and "abstract = True" in ast.unparse(part)
        for part in node.body
    )


def glossary() -> dict[str, tuple[str, str]]:
    return words(GLOSSARY.read_text(encoding="utf-8").splitlines())


def test_every_table_and_every_list_of_values_is_in_the_glossary() -> None:
    known = glossary()
    lacking = [
        f"{name},<Dutch>,<FHIR or none>   ({path.relative_to(ROOT)})"
        for path in python_files()
        if room_of(path) not in WITHOUT_CARE
        for name in names(path)
        if name not in known and name not in PLUMBING
    ]
    assert not lacking, "add to docs/glossary.csv:\n  " + "\n  ".join(lacking)


def test_dutch_words_do_not_stand_for_english_code() -> None:
    code = {name for path in python_files() for name in names(path)}
    dutch = {
        word.strip().lower() for said, _ in glossary().values() for word in said.replace(";", ",").split(",")
    }
    same = {"kind", "professional"}  # in both languages a word, not always of the same thing
    assert not {name.lower() for name in code} & dutch - same


def test_a_missing_table_and_a_broken_glossary_are_seen(tmp_path: Path) -> None:
    room = tmp_path / "models.py"
    room.write_text("class Goal(Base): pass\nclass Row(Base):\n    class Meta:\n        abstract = True\n")
    assert names(room) == ["Goal"]
    rules = tmp_path / "rules.py"
    rules.write_text("class Phase(StrEnum): pass\nclass Step: pass\n")
    assert names(rules) == ["Phase"]
    for bad in (["Goal,doel,Goal", "Goal,doel,Goal"], ["Goal,,Goal"], ["Phase,fase,x", "Goal,doel,Goal"]):
        try:
            words(["code,dutch,fhir", *bad])
        except AssertionError:
            continue
        raise AssertionError(f"let through: {bad}")
