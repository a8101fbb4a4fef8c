"""Reading the house: the files of its rooms."""

import ast
from collections.abc import Iterator
from pathlib import Path

from kindzorg.config.generated_docs import ROOT, SOURCE


def python_files(*names: str, tests: bool = False) -> Iterator[Path]:
    """The product's Python files, or those with one of these names; migrations never, tests when asked."""
    for path in sorted(SOURCE.rglob("*.py")):
        inside = path.relative_to(SOURCE).parts
        if "migrations" in inside or ("tests" in inside and not tests):
            continue
        if not names or path.name in names:
            yield path


def templates() -> Iterator[Path]:
    """All templates of all rooms."""
    yield from sorted(
        path for path in SOURCE.glob("*/**/templates/**/*") if path.suffix in (".html", ".txt", ".svg")
    )


def room_of(path: Path) -> str:
    """The room that a file stands in."""
    return path.relative_to(SOURCE).parts[0]


def short(path: Path) -> str:
    """The path as a person writes it."""
    return path.relative_to(ROOT).as_posix()


def classes(path: Path) -> Iterator[ast.ClassDef]:
    """The classes at the top of a file."""
    yield from (
        node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef)
    )
