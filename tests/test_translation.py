"""Dutch and English are both complete, in what is marked for translation and in content."""

import ast
import gettext
from collections import defaultdict
from functools import cache
from pathlib import Path

import django
import pytest
import yaml
from babel.messages.catalog import Message

from kindzorg.config.generated_docs import SOURCE
from tests import messages
from tests.house import python_files, short

pytestmark = pytest.mark.once


def report(problems: list[str]) -> None:
    assert not problems, "\n  " + "\n  ".join(problems)


def test_every_marked_text_has_dutch() -> None:
    known = {messages.key(message) for _, message in messages.dutch()}
    report(
        [
            f"{where}: {text!r}" + (f" ({context})" if context else "") + " is in no locale/nl"
            for (text, context), where in sorted(
                messages.marked().items(), key=lambda found: (found[1], found[0][0])
            )
            if (text, context) not in known and not of_django(text, context)
        ]
    )


@cache
def django_says() -> list[gettext.NullTranslations]:
    """Django's own catalogues; another dependency speaks in a voice of its own ("je"), so its Dutch does not count."""
    folder = Path(django.__file__).parent
    return [
        gettext.translation("django", place, ["nl"])
        for place in (folder / "conf" / "locale", *sorted(folder.glob("contrib/*/locale")))
    ]


def of_django(text: str, context: str | None) -> bool:
    """Django's own words (the months, "This field is required.") need no second translation."""
    return any(
        (one.pgettext(context, text) if context else one.gettext(text)) != text for one in django_says()
    )


def test_every_entry_is_sound() -> None:
    report(
        [
            f"{short(path)}: {messages.key(message)[0]!r} {problem}"
            for path, message in messages.dutch()
            for problem in messages.entry_problems(message)
        ]
    )


def test_no_entry_is_left_over() -> None:
    marked = messages.marked()
    report(
        [
            f"{short(path)}: {messages.key(message)[0]!r} is marked nowhere"
            for path, message in messages.dutch()
            if messages.key(message) not in marked
        ]
    )


def test_no_text_has_two_translations() -> None:
    found: dict[messages.Key, dict[str, str]] = defaultdict(dict)
    for path, message in messages.dutch():
        found[messages.key(message)][str(message.string)] = short(path)
    report([f"{text!r}: {said}" for (text, _), said in found.items() if len(said) > 1])


@pytest.mark.parametrize("path", messages.content_files(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_content_has_both_languages(path) -> None:
    value = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    report(messages.content_problems(value))


def test_every_text_that_is_asked_for_by_name_is_there() -> None:
    known = {
        f"{path.relative_to(SOURCE).parts[0]}.{path.stem}.{name}"
        for path in messages.content_files()
        for name in messages.text_keys(
            yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
        )
    }
    report(
        [
            f"{short(path)}:{call.lineno}: {asked!r} is in no content"
            for path in python_files()
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("text", "texts.text") and call.args
            if isinstance(call.args[0], ast.Constant)
            if (asked := str(call.args[0].value)) not in known
        ]
    )


# --- each of these can fail --------------------------------------------------------------------------------


def test_marks_are_found_in_python_and_in_templates() -> None:
    assert messages.python_messages('a = _("Save")\nb = ngettext("%d goal", "%d goals", 2)') == {
        ("Save", None),
        ("%d goal", None),
    }
    found = messages.template_messages(
        '{% load i18n %}{% translate "Back" %}{% translate "May" context "month" %}'
    )
    assert found == {("Back", None), ("May", "month")}


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (Message("Save", "Bewaren"), None),
        (Message("Save", ""), "has no Dutch"),
        (Message("Save", "Bewaren", flags=["fuzzy"]), "is marked fuzzy"),
        (Message("Hello %(name)s", "Dag %(naam)s"), "has other placeholders in 'Dag %(naam)s'"),
    ],
)
def test_an_unsound_entry_is_seen(message: Message, problem: str | None) -> None:
    assert messages.entry_problems(message) == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"a": {"child": {"nl": "ja", "en": "yes"}}}, None),
        ({"a": {"child": {"nl": "ja"}}}, "a.child: lacks en"),
        ({"a": {"child": {"nl": "ja", "en": " "}}}, "a.child: lacks en"),
        ({"a": {"child": {"nl": "ja", "en": "yes", "de": "ja"}}}, "a.child: what is de?"),
        ({"a": {"child": "ja"}}, "a: a text per audience, without its languages"),
        ({"topics": [{"label": {"en": "Sleep"}}]}, "topics[0].label: lacks nl"),
    ],
)
def test_incomplete_content_is_seen(value: object, problem: str | None) -> None:
    assert messages.content_problems(value) == ([problem] if problem else [])
