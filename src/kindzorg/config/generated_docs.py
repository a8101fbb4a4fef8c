"""The docs that the code writes itself: the map of the house, the states, and who may do what.

`python -m kindzorg.config.generated_docs --write` writes them to `docs/`; `--check` fails when one is not as
the code says. They stand in a checkout only: the installed product does not need them.
"""

import argparse
import ast
import csv
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import Enum
from importlib import import_module
from pathlib import Path

PACKAGE = "kindzorg"
SOURCE = Path(__file__).parent.parent
ROOT = SOURCE.parent.parent
DOCS = ROOT / "docs"
MADE = "<!-- Made by `make docs` from the code. Do not edit. -->\n"

# Where a table of steps stands, and what it is the table of. A room that is not there yet is left out.
STATES = (
    ("The journey", "journey.rules", "STEPS"),
    ("A binding referral", "referral.binding.rules", "BINDING_STEPS"),
    ("The offer of a care coach", "careteam.coaching.rules", "COACH_STEPS"),
    ("A version of the plan", "careplan.versions.rules", "VERSION_STEPS"),
    ("An agreement", "careplan.agreements.rules", "AGREEMENT_STEPS"),
    ("A question to cover hours", "careplan.cover.rules", "COVER_STEPS"),
    ("A proposal for the plan", "careplan.proposals.rules", "PROPOSAL_STEPS"),
    ("A goal", "careplan.goals.rules", "GOAL_STEPS"),
)


def corridor() -> dict[str, int]:
    """Room -> its place in the corridor, 0 at the bottom; neighbours share a place."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one.get("containers") == [PACKAGE])
    return {room: place for place, layer in enumerate(reversed(layers)) for room in re.findall(r"\w+", layer)}


def rooms() -> list[str]:
    """The rooms that stand there now, bottom to top."""
    places = corridor()
    there = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    return sorted(there, key=lambda room: (places.get(room, len(places)), list(places).index(room)))


def room_imports() -> Mapping[str, set[str]]:
    """Room -> the rooms that it imports, read from the source without running it; tests are not counted."""
    imports: dict[str, set[str]] = {path.parent.name: set() for path in SOURCE.glob("*/__init__.py")}
    for room, found in imports.items():
        for path in (SOURCE / room).rglob("*.py"):
            if "tests" not in path.relative_to(SOURCE).parts:
                found |= set(_imported(ast.parse(path.read_text(encoding="utf-8")))) & imports.keys() - {room}
    return imports


def _imported(tree: ast.Module) -> Iterable[str]:
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{name.name}" for name in node.names]
        yield from (name.split(".")[1] for name in names if name.startswith(f"{PACKAGE}."))


def card(room: str) -> dict[str, str]:
    """The five lines of a room's card."""
    tree = ast.parse((SOURCE / room / "__init__.py").read_text(encoding="utf-8"))
    lines = (line.partition(": ") for line in (ast.get_docstring(tree) or "").splitlines())
    return {word: said.strip() for word, _, said in lines}


def map_page() -> str:
    """docs/map.md: the rooms from the ground floor up, with their cards and what they lean on."""
    imports = room_imports()
    ordered = rooms()
    rows = [
        "| "
        + " | ".join((f"`{room}`", *(card(room).get(word, "") for word in ("Purpose", "Dutch", "FHIR"))))
        + " |"
        for room in ordered
    ]
    hands = [
        f"- `{room}` takes {card(room).get('Takes', '')} Hands over {card(room).get('Hands over', '')}"
        for room in ordered
    ]
    leans = [
        f"- `{room}`: {', '.join(f'`{below}`' for below in ordered if below in imports[room]) or 'nothing'}"
        for room in ordered
    ]
    return _page(
        "Map of the house",
        "The rooms from the ground floor up. A room imports only rooms below it.",
        ["| room | purpose | Dutch | FHIR |", "| --- | --- | --- | --- |", *rows],
        ["## What goes in and out", "", *hands],
        ["## What each room leans on", "", *leans],
    )


def states_page() -> str:
    """docs/states.md: each table of steps as a table and a drawing."""
    parts: list[list[str]] = []
    for title, module, name in STATES:
        steps = _table_of_steps(module, name)
        if steps:
            drawing = [f"    {start} --> {end}: {why}" for start, end, why in steps]
            parts.append([f"## {title}", "", f"From `{module}.{name}`.", "", "```mermaid", "stateDiagram-v2"])
            parts[-1] += [*drawing, "```", "", "| from | to | why |", "| --- | --- | --- |"]
            parts[-1] += [f"| {start} | {end} | {why} |" for start, end, why in steps]
    return _page("States", "Which step may follow which, from the tables in the code.", *parts)


def _table_of_steps(module: str, name: str) -> list[tuple[str, str, str]]:
    if not (SOURCE / module.replace(".", "/")).with_suffix(".py").exists():
        return []
    table = getattr(import_module(f"{PACKAGE}.{module}"), name)
    steps: list[tuple[str, str, str]] = []
    for key, value in table.items():
        if isinstance(key, tuple):
            steps.append((_word(key[0]), _word(key[1]), _why(value)))
        else:
            steps += [(_word(key), _word(end), "") for end in value]
    return steps


def _word(value: object) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value or "start")


def _why(value: object) -> str:
    back = " (back)" if getattr(value, "back", False) else ""
    return f"{getattr(value, 'reason', value if isinstance(value, str) else '')}{back}"


def access_page() -> str:
    """docs/access-matrix.md: per permission, each role that has it, over which domains and when."""
    with (SOURCE / "access" / "matrix.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    per_permission: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        domains = "" if row["domain"] == "all" else f" over {row['domain'].replace('|', ', ')}"
        condition = "" if row["condition"] == "always" else f" if {row['condition'].replace('_', ' ')}"
        per_permission[row["permission"]].append(f"{row['role'].replace('_', ' ')}{domains}{condition}")
    table = [f"| `{name}` | {'; '.join(sorted(roles))} |" for name, roles in sorted(per_permission.items())]
    per_role: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        per_role[row["role"].replace("_", " ")].append(f"`{row['permission']}`")
    roles = [f"| {role} | {', '.join(sorted(names))} |" for role, names in sorted(per_role.items())]
    return _page(
        "Who may do what",
        "A role counts only within its grant (a child, an organisation, a network) and while the grant "
        "holds. What is not here is refused.",
        ["| permission | roles |", "| --- | --- |", *table],
        ["## Per role", "", "| role | permissions |", "| --- | --- |", *roles],
        *_access_tables(),
    )


def _access_tables() -> list[list[str]]:
    """What else decides: the levels, the bases, the grounds, and what each action asks."""
    return [
        [
            "## How sure it must be who somebody is",
            "",
            "Of the rows for somebody the first that fits counts; the levels are those of eIDAS.",
            "",
            *_csv_table("levels.csv"),
        ],
        [
            "## On what basis somebody looks along",
            "",
            "*family* needs no consent; *direct* looks along from the start, and can be refused;",
            "*asked* sees nothing before the family said yes; *own* is a duty of the organisation.",
            "There is no insurer.",
            "",
            *_csv_table("parties.csv"),
        ],
        [
            "## Who decides, by the ground of an item",
            "",
            "To be confirmed by a jurist where it says so.",
            "",
            *_csv_table("grounds.csv"),
        ],
        [
            "## What each action asks",
            "",
            "Every write of the product. *decided inside*: which leave it is depends on what is written.",
            "",
            "| action | leave | what it does |",
            "| --- | --- | --- |",
            *_actions(),
        ],
    ]


def _csv_table(name: str) -> list[str]:
    """A file of `access/` as a table."""
    with (SOURCE / "access" / name).open(encoding="utf-8", newline="") as lines:
        head, *rows = list(csv.reader(lines))
    table = [head, ["---"] * len(head), *([cell.replace("_", " ") for cell in row] for row in rows)]
    return [f"| {' | '.join(row)} |" for row in table]


def actions() -> dict[str, tuple[str, str]]:
    """Every action of the house: the leave that its first statement asks ("" where it is decided inside), its words."""
    found = {}
    for path in sorted(SOURCE.rglob("actions.py")):
        place = ".".join(path.relative_to(SOURCE).parent.parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                found[f"{place}.{node.name}"] = (_leave(node), (ast.get_docstring(node) or "").split("\n")[0])
    return found


def _leave(node: ast.FunctionDef) -> str:
    first = node.body[1] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body[0]
    words = [
        one.value for one in ast.walk(first) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
    return next((word for word in words if re.fullmatch(r"[a-z]+\.[a-z_0-9]+", word)), "")


def _actions() -> list[str]:
    return [
        f"| `{name}` | {f'`{leave}`' if leave else 'decided inside'} | {says} |"
        for name, (leave, says) in sorted(actions().items())
    ]


def _page(title: str, says: str, *parts: list[str]) -> str:
    blocks = [MADE, f"# {title}\n", f"{says}\n", *("\n".join(part) + "\n" for part in parts)]
    return "\n".join(blocks)


PAGES = {"map.md": map_page, "states.md": states_page, "access-matrix.md": access_page}


def stale(folder: Path = DOCS) -> list[str]:
    """The names of the pages that are not as the code says."""
    return [
        name
        for name, page in PAGES.items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != page()
    ]


def write(folder: Path = DOCS) -> list[str]:
    """Write the pages that are not as the code says; gives back their names."""
    changed = stale(folder)
    for name in changed:
        (folder / name).write_text(PAGES[name](), encoding="utf-8")
    return changed


def main() -> int:
    """Returns the exit code: 1 when `--check` finds a page that is not as the code says."""
    parser = argparse.ArgumentParser(prog="python -m kindzorg.config.generated_docs", description=__doc__)
    either = parser.add_mutually_exclusive_group(required=True)
    either.add_argument("--write", action="store_true", help="write docs/ anew")
    either.add_argument("--check", action="store_true", help="only compare")
    if parser.parse_args().write:
        for name in write():
            print(f"docs/{name} written")
        return 0
    names = stale()
    for name in names:
        print(f"docs/{name} is not as the code says: run `make docs`", file=sys.stderr)
    return int(bool(names))


if __name__ == "__main__":
    sys.exit(main())
