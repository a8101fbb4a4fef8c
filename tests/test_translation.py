"""Dutch and English are both complete, in what is marked for translation and in content.

The languages of families may have gaps, which Dutch fills visibly; what they do have is sound.
"""

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
from tests import messages, translated
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


# --- the languages of families -------------------------------------------------------------------------------


def test_what_is_translated_of_content_is_sound() -> None:
    report(
        [
            problem
            for language, room, topic, said in translated.translations()
            for problem in translated.content_problems(language, room, topic, said)
        ]
    )


def test_what_is_translated_of_marked_texts_is_sound() -> None:
    report(
        [
            problem
            for language, room, message in translated.translated_entries()
            for problem in translated.message_problems(language, room, message)
        ]
    )


def test_every_translation_has_its_dutch_and_the_plural_forms_of_its_language() -> None:
    problems = []
    for language, room in sorted({found[:2] for found in translated.translated_entries()}):
        path = translated.catalogue_file(language, room)
        if wrong := translated.header_problem(language, path.read_text(encoding="utf-8")):
            problems.append(f"{short(path)}: {wrong}")
        known = {messages.key(one) for one in messages.catalogue(translated.catalogue_file("nl", room))}
        problems += [
            f"{short(path)}: {messages.key(one)[0]!r} is in no Dutch of this room (make fix takes it away)"
            for one in translated.catalogue(language, room)
            if messages.key(one) not in known
        ]
    report(problems)


def test_the_same_words_are_translated_the_same() -> None:
    found: dict[tuple[str, messages.Key], set[str]] = defaultdict(set)
    for language, _, message in translated.translated_entries():
        found[language, messages.key(message)].add(str(message.string))
    report([f"{language}: {key[0]!r}: {said}" for (language, key), said in found.items() if len(said) > 1])


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


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"incomplete": {"of": "123456", "parent": "x"}}, ""),
        ({"nothing": {"parent": "x"}}, "nothing: there is no such text"),
        ({"incomplete": {"child": "x"}}, "incomplete.child: there is no such text"),
        ({"incomplete": {"parent": " "}}, "incomplete.parent: is empty"),
        ({"incomplete": {"parent": "{name}"}}, "incomplete.parent: has other placeholders"),
    ],
)
def test_unsound_translated_content_is_seen(given: dict[str, dict[str, str]], problem: str) -> None:
    found = translated.content_problems("tr", "core", "translation", given)
    assert [problem in one for one in found] == ([True] if problem else [])


@pytest.mark.parametrize(
    ("language", "message", "problem"),
    [
        ("tr", Message("Save", "Kaydet"), ""),
        ("tr", Message("Save", " "), "a form is empty"),
        ("tr", Message("Save", "Kaydet", flags=["fuzzy"]), "is marked fuzzy"),
        ("tr", Message("Hello %(name)s", "Merhaba"), "has other placeholders"),
        (
            "pl",
            Message(("%(count)s goal", "%(count)s goals"), ("%(count)s a", "%(count)s b", "%(count)s c")),
            "",
        ),
        ("pl", Message(("%(count)s goal", "%(count)s goals"), ("jeden", "%(count)s b", "%(count)s c")), ""),
        (
            "pl",
            Message(("%(count)s goal", "%(count)s goals"), ("%(count)s a", "%(count)s b")),
            "2 plural forms",
        ),
        ("pl", Message(("%(n)s a", "%(n)s b"), ("%(n)s", "", "%(n)s")), "a form is empty"),
    ],
)
def test_an_unsound_translated_entry_is_seen(language: str, message: Message, problem: str) -> None:
    found = translated.message_problems(language, "ui", message)
    assert problem in found[0] if problem else not found, found


def test_wrong_plural_forms_in_a_header_are_seen() -> None:
    assert translated.header_problem("tr", '"Plural-Forms: nplurals=1; plural=0;"')
    assert not translated.header_problem("tr", '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"')


def test_a_translation_is_put_in_its_place_and_taken_away_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        translated, "translation_file", lambda language, room, topic: tmp_path / language / f"{topic}.yaml"
    )
    monkeypatch.setattr(
        translated,
        "catalogue_file",
        lambda language, room: (
            SOURCE / room / "locale/nl/LC_MESSAGES/django.po" if language == "nl" else tmp_path / f"{room}.po"
        ),
    )
    before = len(list(translated.todo_content("uk", "core")))
    assert before == 3
    translated.put_content("uk", "core", "translation", {"unreviewed": {"parent": "Ні"}})
    assert len(list(translated.todo_content("uk", "core"))) == 2
    # The Dutch was changed since: it is to be looked at again.
    path = tmp_path / "uk" / "translation.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("of:", "of: x"), encoding="utf-8")
    assert [changed for _, changed in translated.todo_content("uk", "core")].count(True) == 1
    counted = next(
        one for room, one in translated.entries() if room == "journey" and not isinstance(one.id, str)
    )
    made = translated._new("uk")
    made.add(counted.id, ("%(count)s а", "%(count)s б", "%(count)s в"))
    translated.put_entries("uk", "journey", made)
    assert translated.catalogue("uk", "journey").get(counted.id).string[2] == "%(count)s в"
    assert counted.id not in [one.id for one in translated.todo_entries("uk", "journey")]
    assert not translated.header_problem("uk", (tmp_path / "journey.po").read_text(encoding="utf-8"))
    translated.write_content(path, {})
    assert not path.exists()
