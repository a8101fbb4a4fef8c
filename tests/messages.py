"""Finding every text that a person can read: marked in Python, in templates, and kept as content."""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from kindzorg.config.generated_docs import SOURCE
from kindzorg.config.translations import catalogues
from kindzorg.core.languages import TRANSLATED
from tests.house import python_files, templates

LANGUAGES = frozenset({"nl", "en"})
AUDIENCES = frozenset({"child", "parent", "professional"})
# Where the singular, the plural and the context of a call stand.
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
Key = tuple[str, str | None]  # the English text and its context


def python_messages(source: str) -> set[Key]:
    """The texts that a Python source marks for translation."""
    found = extract("python", BytesIO(source.encode()), KEYWORDS, (), {"encoding": "utf-8"})
    return {
        (message if isinstance(message, str) else message[0], context) for _, message, _, context in found
    }


def template_messages(source: str) -> set[Key]:
    """The texts that a template marks for translation, read as Django itself reads them."""
    # What is not a text comes out as rows of X; their indentation would mean something to Python.
    return python_messages("\n".join(line.strip() for line in templatize(source).splitlines()))


def marked() -> dict[Key, str]:
    """Every marked text of the house, and a file that marks it."""
    found: dict[Key, str] = {}
    for path in python_files():
        found |= dict.fromkeys(
            python_messages(path.read_text(encoding="utf-8")), str(path.relative_to(SOURCE))
        )
    for path in templates():
        found |= dict.fromkeys(
            template_messages(path.read_text(encoding="utf-8")), str(path.relative_to(SOURCE))
        )
    return found


def marked_in() -> dict[Key, set[str]]:
    """Every marked text of the house, and every file that marks it."""
    found: dict[Key, set[str]] = {}
    for paths, reads in ((python_files(), python_messages), (templates(), template_messages)):
        for path in paths:
            for each in reads(path.read_text(encoding="utf-8")):
                found.setdefault(each, set()).add(str(path.relative_to(SOURCE)))
    return found


def dutch() -> Iterator[tuple[Path, Message]]:
    """Every entry of every room's Dutch catalogue."""
    for path in catalogues():
        if path.parts[-3] == "nl":
            for message in catalogue(path):
                if message.id:
                    yield path, message


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as lines:
        return read_po(lines, locale="nl", abort_invalid=True)


def key(message: Message) -> Key:
    """How an entry is known: its English text (the singular) and its context."""
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def entry_problems(message: Message) -> list[str]:
    """Empty, doubtful, or with other placeholders than the English text has."""
    texts = [message.string] if isinstance(message.string, str) else list(message.string)
    problems = [] if texts and all(text.strip() for text in texts) else ["has no Dutch"]
    if message.fuzzy:
        problems.append("is marked fuzzy")
    wanted = placeholders(message.id if isinstance(message.id, str) else message.id[-1])
    return problems + [
        f"has other placeholders in {text!r}" for text in texts[-1:] if placeholders(text) != wanted
    ]


def placeholders(text: str) -> set[str]:
    """`%(name)s`, `%s` and `{name}` in a text."""
    return set(re.findall(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}", text))


def content_files() -> list[Path]:
    """All content of all rooms, without what is translated of it."""
    return sorted(
        path for path in SOURCE.glob("*/**/content/**/*.yaml") if path.parent.name not in TRANSLATED
    )


def content_problems(value: object, where: str = "") -> list[str]:
    """What is wrong in content: a language that lacks, an empty text, an audience without languages."""
    if isinstance(value, list):
        return [
            problem
            for number, one in enumerate(value)
            for problem in content_problems(one, f"{where}[{number}]")
        ]
    if not isinstance(value, Mapping):
        return []
    if LANGUAGES & value.keys():
        lacking = [name for name in sorted(LANGUAGES) if not str(value.get(name) or "").strip()]
        strange = sorted(str(name) for name in value.keys() - LANGUAGES)
        return [f"{where}: lacks {name}" for name in lacking] + [
            f"{where}: what is {name}?" for name in strange
        ]
    if value and value.keys() <= AUDIENCES and all(isinstance(one, str) for one in value.values()):
        return [f"{where}: a text per audience, without its languages"]
    return [
        problem
        for name, one in value.items()
        for problem in content_problems(one, f"{where}.{name}".strip("."))
    ]


def text_keys(value: Mapping[str, Any]) -> set[str]:
    """The keys of a file of texts (key, audience, language); none where the file is not one."""
    return {
        name for name, one in value.items() if isinstance(one, Mapping) and one and one.keys() <= AUDIENCES
    }
