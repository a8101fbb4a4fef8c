"""The walls of the house as functions: each reads one source and answers with what is wrong in it.

They take text, not files, so that `test_architecture.py` can show for each of them that it can fail.
"""

import ast
import re
from collections.abc import Iterator

FILE_LINES, FUNCTION_LINES, VIEW_LINES, TEMPLATE_LINES, ACTION_ARGUMENTS = 400, 40, 20, 150, 6
CARD = ("Purpose", "Dutch", "FHIR", "Takes", "Hands over")
VAGUE = re.compile(r"(^|_)(utils?|helpers?|managers?|handlers?)(_|$)")
IMPURE = re.compile(r"^django\b|\.(models|queries|actions|views|forms)\b")
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

COUNTS = {"aggregate", "Count", "Avg", "Sum", "StdDev", "Variance"}
# The worker's sign of life says nothing of anybody.
WITHOUT_TRACE = {"note_beat", "note_look", "note_progress"}
MAKES_THE_ACTOR = "actor_for"
# How an action asks leave: the policy itself, or the one way to a child's file, which asks the policy.
LEAVE = ("policy.require", "open_child")


def public_functions(tree: ast.Module) -> Iterator[FunctionNode]:
    """The functions at the top of a module that others may call."""
    for node in tree.body:
        if isinstance(node, FunctionNode) and not node.name.startswith("_"):
            yield node


def lines_of(node: FunctionNode) -> int:
    """From `def` to the last line; decorators are not counted."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def arguments(node: FunctionNode) -> list[str]:
    """The names of all arguments in order; `*args` and `**kwargs` count as one each."""
    given = node.args
    extra = [one.arg for one in (given.vararg, given.kwarg) if one]
    return [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)] + extra


def first_statement(node: FunctionNode) -> ast.stmt:
    """The first statement after the docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
    return body[0]


def card_problems(source: str) -> list[str]:
    """A room's `__init__.py` is its card of five lines, and nothing else."""
    tree = ast.parse(source)
    lines = (ast.get_docstring(tree) or "").splitlines()
    if len(lines) != len(CARD):
        return [f"the card has {len(lines)} lines, not {len(CARD)}: {', '.join(CARD)}"]
    problems = [
        f"line {number} of the card begins with {word!r} and says something"
        for number, (word, line) in enumerate(zip(CARD, lines, strict=True), start=1)
        if not re.fullmatch(rf"{word}: +\S.*", line)
    ]
    return problems + (["a card holds no code"] if len(tree.body) > 1 else [])


def size_problems(source: str, *, views: bool = False) -> list[str]:
    """Files, functions and views stay small enough to be read in one go."""
    count = len(source.splitlines())
    problems = [f"{count} lines, at most {FILE_LINES}"] if count > FILE_LINES else []
    tree = ast.parse(source)
    view_nodes = set(public_functions(tree)) if views else set()
    for node in ast.walk(tree):
        if isinstance(node, FunctionNode):
            limit = (
                VIEW_LINES if node in view_nodes and arguments(node)[:1] == ["request"] else FUNCTION_LINES
            )
            if lines_of(node) > limit:
                problems.append(
                    f"line {node.lineno}: {node.name} has {lines_of(node)} lines, at most {limit}"
                )
    return problems


def action_problems(source: str) -> list[str]:
    """Every write: first argument `actor`, first statement asks leave, at most six arguments, a docstring."""
    problems = []
    for node in public_functions(ast.parse(source)):
        named = f"line {node.lineno}: {node.name}"
        if arguments(node)[:1] != ["actor"]:
            problems.append(f"{named}: the first argument is `actor`")
        if len(arguments(node)) > ACTION_ARGUMENTS:
            problems.append(f"{named}: {len(arguments(node))} arguments, at most {ACTION_ARGUMENTS}")
        calls = [
            ast.unparse(one.func) for one in ast.walk(first_statement(node)) if isinstance(one, ast.Call)
        ]
        if not any(call.endswith(leave) for call in calls for leave in LEAVE):
            problems.append(f"{named}: the first statement is `policy.require(...)`")
        if not ast.get_docstring(node):
            problems.append(f"{named}: a docstring says what it does and which errors it raises")
    return problems


def trace_problems(source: str) -> list[str]:
    """Every write is one transaction, and leaves a line in the trail: its own, or that of an action it calls."""
    tree = ast.parse(source)
    imported = [
        (node.module or "", name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    ]
    traces = {
        name.asname or name.name
        for module, name in imported
        if module.endswith(".actions") or name.name == "actions"
    }
    inside = {node.name: called(node) for node in tree.body if isinstance(node, FunctionNode)}
    problems = []
    for node in public_functions(tree):
        reached, ahead = set[str](), [node.name]
        while ahead:
            calls = inside.get(ahead.pop(), set()) - reached
            reached |= calls
            ahead += calls
        named = f"line {node.lineno}: {node.name}"
        if not any("atomic" in ast.unparse(one) for one in node.decorator_list) and "atomic" not in reached:
            problems.append(f"{named}: is not one transaction (@transaction.atomic)")
        if not reached & traces and node.name not in WITHOUT_TRACE:
            problems.append(f"{named}: leaves no line in the trail (write_line)")
    return problems


def leave_problems(source: str) -> list[str]:
    """Every line of the trail names by which right it was allowed: `leave`, what `policy.require` gave (NEN 7513)."""
    problems = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, FunctionNode):
            continue
        named = any(
            isinstance(one, ast.Dict)
            and any(isinstance(key, ast.Constant) and key.value == "leave" for key in one.keys)
            for one in ast.walk(node)
        )
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("write_line"):
                given = {word.arg for word in call.keywords}
                if "leave" not in given and not (None in given and named):
                    problems.append(
                        f"line {call.lineno}: write_line: by which right? (leave = policy.require(...))"
                    )
    return problems


def called(node: FunctionNode) -> set[str]:
    """The names that a function calls: the first word and the last of each call."""
    calls = [ast.unparse(one.func).split(".") for one in ast.walk(node) if isinstance(one, ast.Call)]
    return {word for words in calls for word in (words[0], words[-1])}


def purity_problems(source: str) -> list[str]:
    """A pure module imports neither Django nor a module that does; the import contract looks further."""
    problems = []
    for node in ast.walk(ast.parse(source)):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{one.name}" for one in node.names]
        for name in names:
            if IMPURE.search(name):
                problems.append(f"line {node.lineno}: imports {name}, and so is not pure")
    return problems


def query_problems(source: str) -> list[str]:
    """Every read: first argument `actor`, so that it can be scoped to what the actor may see.

    A part of another room's statement (a Subquery, an Exists, a Q) reads nothing by itself.
    """
    return [
        f"line {node.lineno}: {node.name}: the first argument is `actor`"
        for node in public_functions(ast.parse(source))
        if arguments(node)[:1] != ["actor"] and node.name != MAKES_THE_ACTOR
        if node.returns is None or ast.unparse(node.returns) not in ("Subquery", "Exists", "Q")
    ]


def rule_problems(source: str) -> list[str]:
    """A rule says what it means, and where it is from."""
    return [
        f"line {node.lineno}: {node.name}: a docstring gives meaning, units and source"
        for node in public_functions(ast.parse(source))
        if not ast.get_docstring(node)
    ]


def clock_problems(source: str) -> list[str]:
    """Rules and actions are given `now` and `on`; a clock of their own would make them untestable."""
    clocks = (
        "datetime.now",
        "datetime.utcnow",
        "date.today",
        "timezone.now",
        "timezone.localdate",
        "time.time",
    )
    return [
        f"line {node.lineno}: asks the clock ({ast.unparse(node.func)})"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(clocks)
    ]


def model_problems(source: str) -> list[str]:
    """Tables hold constraints and `__str__`: no save(), no signals, no business verbs."""
    problems = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, FunctionNode) and not _may_stand_in_a_table(part):
                    problems.append(
                        f"line {part.lineno}: {node.name}.{part.name}: verbs belong in actions.py"
                    )
    return problems + signal_problems(source)


def _may_stand_in_a_table(node: FunctionNode) -> bool:
    return node.name.startswith("__") or any(ast.unparse(one) == "property" for one in node.decorator_list)


def signal_problems(source: str) -> list[str]:
    """Nothing happens by signal: a write names what it does."""
    modules = ("django.db.models.signals", "django.dispatch")
    return [
        f"line {node.lineno}: imports {node.module}: what happens stands in an action"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(modules)
    ]


def door_problems(source: str) -> list[str]:
    """A door (view, form, page, resource) has no table in sight."""
    return [
        f"line {node.lineno}: {ast.unparse(node)}: ask a query or an action"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_base_manager", "_default_manager")
    ]


def counting_problems(source: str) -> list[str]:
    """What counts rows goes through `countable_children`, so that nobody is counted who objected (AVG 21, BW 7:458)."""
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    if any(_called(node) == "countable_children" for node in calls):
        return []
    return [
        f"line {node.lineno} counts: is it for care? Else ask `countable_children`"
        for node in calls
        if _called(node) in COUNTS or (_called(node) == "count" and not (node.args or node.keywords))
    ]


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def assurance_problems(source: str) -> list[str]:
    """A door says how sure it is who is there; only who acts from within may vouch for that."""
    return [
        f"line {node.lineno}: actor_for without assurance: the door says how somebody signed in"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == MAKES_THE_ACTOR
        if "assurance" not in [one.arg for one in node.keywords]
    ]


def template_problems(source: str) -> list[str]:
    """Small, and nothing that the content security policy would refuse."""
    count = len(source.splitlines())
    problems = [f"{count} lines, at most {TEMPLATE_LINES}"] if count > TEMPLATE_LINES else []
    bare = re.sub(r"{#.*?#}|{% comment .*?endcomment %}", "", source, flags=re.DOTALL)
    refused = {
        r"\sstyle\s*=": "a style attribute",
        r"<style\b": "a style element",
        r"\son[a-z]+\s*=\s*[\"']": "an inline event handler",
        r"\bhx-on\b": "an inline event handler of htmx",
        r"javascript:": "a javascript: address",
        r"<script\b(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)": "an inline script",
    }
    return problems + [
        f"holds {name}" for found, name in refused.items() if re.search(found, bare, re.IGNORECASE)
    ]
