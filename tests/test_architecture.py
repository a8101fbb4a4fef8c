"""The walls of the house stand. What they are for: docs/adr/0001-a-corridor-of-rooms.md."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from kindzorg.config.generated_docs import corridor, rooms
from tests import walls
from tests.house import SOURCE, python_files, room_of, short, templates

pytestmark = pytest.mark.once

ROOM = {
    *(
        "__init__.py",
        "apps.py",
        "models.py",
        "rules.py",
        "queries.py",
        "actions.py",
        "forms.py",
        "pages.py",
        "views.py",
    ),
    *("urls.py", "templates", "letters", "tests", "migrations", "content", "locale"),
}
# Rooms with a layout of their own: the ground floor, the doors, the lenses on the whole.
OWN_LAYOUT = {"core", "ui", "access", "web", "fhir", "demo", "config"}
# What a room holds beside that, because its work needs it: as pure as rules.py.
PURE = {
    "audit": {"events.py"},
    "record": {"items.py", "values.py"},
    "referral": {"catalogue.py", "decision.py", "engine.py", "logic.py"},
    "needs": {"answers.py", "definition.py", "handover.py", "rescan.py", "seats.py", "unseen.py"},
}
# What does work of its own beside the rest: what sends, sweeps and seals; what reads, shares, tells or files whole.
WORKS = {
    "careplan": {"erasing.py", "news.py", "reading.py", "waiting.py", "watching.py", "weeks.py"},
    "careteam": {"sharing.py", "subjects.py", "telling.py"},
    "journey": {"interpreters.py", "waiting.py"},
    "closure": {"erasing.py"},
    "needs": {"erasing.py", "marked.py", "waiting.py"},
    "keeping": {"destroying.py", "erasing.py", "pointing.py", "removal.py"},
    "notices": {"worker.py"},
    "people": {"own.py", "renewing.py"},
    "record": {"erasing.py", "filing.py"},
    "referral": {"erasing.py", "waiting.py", "watching.py"},
}
# What views show, in words: like views, with no table in sight.
SHOWS = {
    "needs": {"closing.py", "family.py", "marking.py", "seating.py", "steps.py", "wording.py"},
    "record": {"wording.py"},
    "referral": {"wording.py"},
    "careplan": {
        "answering.py",
        "comparing.py",
        "deciding.py",
        "drafting.py",
        "evaluating.py",
        "paper.py",
        "proposing.py",
        "settling.py",
        "wording.py",
    },
}
# A room that is large is a small corridor of its own, in one app (pyproject.toml, the contract of its alcoves).
ALCOVES = {
    "careteam": {
        "authority",
        "coaching",
        "competences",
        "spoken",
        "consents",
        "emergencies",
        "invitations",
        "marks",
        "representation",
        "responsibilities",
    },
    "record": {"course", "files", "notes", "translated"},
    "needs": {"mood", "paper", "portrait", "strain", "talk"},
    "referral": {"binding", "terms"},
    "careplan": {
        "versions",
        "goals",
        "agreements",
        "visits",
        "cards",
        "carrying",
        "cover",
        "calendars",
        "schedule",
        "evaluations",
        "adoption",
        "proposals",
        "howto",
        "learning",
        "procedures",
        "annex",
        "talks",
        "reports",
        "meetings",
        "reviews",
        "stepback",
    },
    "people": {"accounts", "calendars", "house"},
    "keeping": {"merging", "requests", "research", "retention"},
}
# What counts, and not over children for anything but their own care. All else asks `countable_children`.
COUNTS_FOR_CARE = {
    "audit/actions.py": "lines of the trail that are pruned",
    "audit/queries.py": "lines of the trail that wait for a seal",
    "careplan/versions/actions.py": "the number of the next version of one plan",
    "careteam/emergencies/queries.py": "how often somebody looked, to judge that",
    "core/rotation.py": "rows that get another key",
    "notices/queries.py": "when a worker was last alive",
    "record/queries.py": "what waits in one child's file",
}
# An audit line is written by every room inside its own action, which has asked leave already.
UNASKED = {"audit"}
# Tables that name a child without holding a child's data, or hold the child itself.
WITHOUT_CHILD: set[str] = set()


def problems_in(paths: list[Path], check: Callable[[str], list[str]]) -> list[str]:
    """What a wall says of each of these files, with the file's name in front."""
    return [
        f"{short(path)}: {problem}" for path in paths for problem in check(path.read_text(encoding="utf-8"))
    ]


def report(problems: list[str]) -> None:
    assert not problems, "\n  " + "\n  ".join(problems)


@pytest.mark.parametrize("room", rooms())
def test_a_room_stands_in_the_corridor_and_holds_the_files_that_every_room_holds(room: str) -> None:
    assert room in corridor(), f"{room} has no place in the corridor (pyproject.toml, the layers contract)"
    held = {path.name for path in (SOURCE / room).iterdir() if path.name not in ("__pycache__", "py.typed")}
    if room not in OWN_LAYOUT:
        named = (kind.get(room, set()) for kind in (PURE, WORKS, SHOWS, ALCOVES))
        strange = held.difference(ROOM, *named)
        report([f"{room}/{name}: not a file that a room holds" for name in sorted(strange)])


@pytest.mark.parametrize(
    "alcove", [f"{room}/{alcove}" for room in ALCOVES for alcove in sorted(ALCOVES[room])]
)
def test_an_alcove_holds_the_files_that_every_room_holds(alcove: str) -> None:
    held = {path.name for path in (SOURCE / alcove).glob("*") if path.name != "__pycache__"}
    report([f"{alcove}/{name}: not a file that a room holds" for name in sorted(held - ROOM)])


def test_what_a_room_holds_beside_its_files_is_pure() -> None:
    beside = [SOURCE / room / name for room in PURE for name in sorted(PURE[room])]
    report(problems_in([path for path in beside if path.exists()], walls.purity_problems))


@pytest.mark.parametrize("room", rooms())
def test_a_room_begins_with_its_card(room: str) -> None:
    report(problems_in([SOURCE / room / "__init__.py"], walls.card_problems))


def test_no_file_is_named_for_nothing() -> None:
    report(
        [
            f"{short(path)}: name it for what it does"
            for path in python_files()
            if walls.VAGUE.search(path.stem)
        ]
    )


def test_files_functions_and_views_are_small() -> None:
    doors = {path for path in python_files() if path.name == "views.py" or room_of(path) == "web"}
    report(problems_in([path for path in python_files() if path not in doors], walls.size_problems))
    report(problems_in(sorted(doors), lambda source: walls.size_problems(source, views=True)))
    report(
        [
            f"{short(path)}: more than {walls.FILE_LINES} lines"
            for path in [
                *python_files(tests=True),
                *SOURCE.rglob("*.css"),
                *Path(__file__).parent.rglob("*.py"),
            ]
            if len(path.read_text(encoding="utf-8").splitlines()) > walls.FILE_LINES
        ]
    )


def test_every_action_begins_with_the_actor_and_asks_leave() -> None:
    report(
        problems_in(
            [p for p in python_files("actions.py") if room_of(p) not in UNASKED], walls.action_problems
        )
    )


def test_every_action_is_one_transaction_and_leaves_a_line_in_the_trail() -> None:
    report(
        problems_in(
            [p for p in python_files("actions.py") if room_of(p) not in UNASKED], walls.trace_problems
        )
    )


def test_every_line_of_an_action_names_by_which_right() -> None:
    report(problems_in(list(python_files("actions.py")), walls.leave_problems))


def test_every_query_begins_with_the_actor() -> None:
    report(problems_in(list(python_files("queries.py")), walls.query_problems))


def test_rules_say_what_they_mean() -> None:
    report(problems_in(list(python_files("rules.py", "policy.py")), walls.rule_problems))


def test_rules_and_actions_are_given_the_time() -> None:
    report(problems_in(list(python_files("rules.py", "actions.py", "policy.py")), walls.clock_problems))


def test_tables_have_no_verbs_and_nothing_happens_by_signal() -> None:
    report(problems_in(list(python_files("models.py")), walls.model_problems))
    report(problems_in(list(python_files()), walls.signal_problems))


def test_doors_have_no_table_in_sight() -> None:
    names = {"views.py", "pages.py", "forms.py"}
    doors = [p for p in python_files() if p.name in names | SHOWS.get(room_of(p), set())]
    doors += [p for p in python_files() if room_of(p) in ("web", "fhir")]
    report(problems_in(doors, walls.door_problems))


def test_doors_say_how_sure_they_are_who_is_there() -> None:
    doors = [p for p in python_files() if p.name in ("views.py", "pages.py") or room_of(p) in ("web", "fhir")]
    report(problems_in(doors, walls.assurance_problems))


def test_who_counts_for_anything_but_care_counts_nobody_who_objected() -> None:
    """Invented children object to nothing; the rest is in the list above with what it counts, or asks."""
    counting = {
        path.relative_to(SOURCE).as_posix(): path
        for path in python_files()
        if room_of(path) != "demo" and walls.counting_problems(path.read_text(encoding="utf-8"))
    }
    others = [path for name, path in counting.items() if name not in COUNTS_FOR_CARE]
    report(problems_in(others, walls.counting_problems))
    assert set(COUNTS_FOR_CARE) <= set(counting), "these count no more: take them from the list"


def test_templates_are_small_and_hold_no_inline_script_or_style() -> None:
    report(problems_in(list(templates()), walls.template_problems))


# --- the tables --------------------------------------------------------------------------------------------


def tables() -> list[type[models.Model]]:
    """The tables of the house itself, not those of its dependencies."""
    return [model for model in apps.get_models() if model.__module__.startswith("kindzorg.")]


def links(model: type[models.Model]) -> list[tuple[str, type[models.Model]]]:
    """The fields of a table that point at a table of the house, and where to."""
    found = [(field.name, field.related_model) for field in model._meta.get_fields() if _points(field)]
    return [(name, to) for name, to in found if to.__module__.startswith("kindzorg.")]


def _points(field: object) -> bool:
    return isinstance(field, models.ForeignKey | models.ManyToManyField) and field.related_model is not None


def place(model: type[models.Model]) -> int:
    return corridor()[model.__module__.split(".")[1]]


def test_foreign_keys_between_rooms_point_left() -> None:
    report(
        [
            f"{model._meta.label}.{name} points right, at {to._meta.label}"
            for model in tables()
            for name, to in links(model)
            if place(to) > place(model)
        ]
    )


def has_child(model: type[models.Model]) -> bool:
    """Whether the table itself names the child, so that the row-level wall can stand on it."""
    return any(getattr(field, "attname", "") == "child_id" for field in model._meta.get_fields())


def holds_a_child(model: type[models.Model]) -> bool:
    return model._meta.label == "people.Child" or has_child(model)


def test_every_table_with_data_of_a_child_names_the_child() -> None:
    report(
        [
            f"{model._meta.label} hangs on {to._meta.label} through {name}, and has no child_id"
            for model in tables()
            if not holds_a_child(model) and model._meta.label not in WITHOUT_CHILD
            for name, to in links(model)
            if holds_a_child(to)
        ]
    )


# --- each wall can fail ------------------------------------------------------------------------------------

GOOD_CARD = '"""Purpose: a.\nDutch: b.\nFHIR: c.\nTakes: d.\nHands over: e.\n"""\n'
GOOD_ACTION = 'def add_x(actor, x):\n    """Add."""\n    policy.require(actor, "x.add", x, on)\n'
GOOD_TRACE = """from kindzorg.audit.actions import write_line
@transaction.atomic
def add_x(actor):
    _note()
def _note():
    write_line()
"""
GOOD_LEAVE = "def add_x(actor):\n    leave = policy.require(actor)\n    write_line(actor, leave=leave)\n"
GOOD_ABOUT = 'def _note(actor, leave):\n    about = {"leave": leave}\n    write_line(actor, **about)\n'
LONG = "def f(request):\n" + "    x = 1\n" * 20


@pytest.mark.parametrize(
    ("wall", "good", "bad"),
    [
        (walls.card_problems, GOOD_CARD, GOOD_CARD.replace("FHIR", "Fire")),
        (walls.card_problems, GOOD_CARD, GOOD_CARD.replace("Takes: d.\n", "")),
        (walls.card_problems, GOOD_CARD, GOOD_CARD + "import os\n"),
        (walls.size_problems, LONG, LONG * 20),
        (walls.size_problems, LONG, LONG + "    x = 1\n" * 20),
        (lambda source: walls.size_problems(source, views=True), LONG.replace("    x = 1\n", "", 1), LONG),
        (walls.action_problems, GOOD_ACTION, GOOD_ACTION.replace("(actor, x)", "(x, actor)")),
        (walls.action_problems, GOOD_ACTION, GOOD_ACTION.replace("policy.require", "print")),
        (walls.action_problems, GOOD_ACTION, GOOD_ACTION.replace("    policy", "    x = 1\n    policy")),
        (walls.action_problems, GOOD_ACTION, GOOD_ACTION.replace("actor, x)", "actor, a, b, c, d, e, f)")),
        (walls.action_problems, GOOD_ACTION, GOOD_ACTION.replace('    """Add."""\n', "")),
        (walls.leave_problems, GOOD_LEAVE, GOOD_LEAVE.replace(", leave=leave", "")),
        (walls.leave_problems, GOOD_ABOUT, GOOD_ABOUT.replace('"leave"', '"page"')),
        (
            walls.purity_problems,
            "from kindzorg.needs import rules",
            "from kindzorg.needs.models import NeedsScan",
        ),
        (walls.purity_problems, "import json", "from django.db import models"),
        (walls.query_problems, "def a(actor): pass", "def a(child): pass"),
        (walls.query_problems, "def a() -> Subquery: pass", "def a() -> list[Goal]: pass"),
        (walls.rule_problems, 'def a():\n    """A."""', "def a(): pass"),
        (walls.clock_problems, "def a(now): return now", "def a(): return timezone.now()"),
        (walls.model_problems, "class A:\n    def __str__(self): pass", "class A:\n    def save(self): pass"),
        (walls.model_problems, "class A: pass", "from django.db.models.signals import post_save"),
        (walls.door_problems, "a = queries.goals_for(actor)", "a = Goal.objects.all()"),
        (walls.counting_problems, "a = countable_children(actor, on).count()", "a = Child.objects.count()"),
        (walls.counting_problems, "a = 'abc'.count('a')", "a = rows.annotate(all=Count('id'))"),
        (walls.assurance_problems, "a = actor_for(user, assurance=level)", "a = queries.actor_for(user)"),
        (walls.template_problems, '<p class="a">', '<p style="color:red">'),
        (walls.template_problems, '<script src="a.js" defer></script>', "<script>alert(1)</script>"),
        (walls.template_problems, "<button>on</button>", '<button onclick="a()">'),
        (walls.template_problems, "<p>\n" * 150, "<p>\n" * 151),
    ],
)
def test_a_wall_lets_good_through_and_stops_bad(
    wall: Callable[[str], list[str]], good: str, bad: str
) -> None:
    assert wall(good) == []
    assert wall(bad) != []


def test_vague_names_are_seen() -> None:
    assert [
        name for name in ("utils", "date_helpers", "uuid", "manage_plan") if re.search(walls.VAGUE, name)
    ] == [
        "utils",
        "date_helpers",
    ]
