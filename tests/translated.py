"""What is still to be translated into the languages of families, what is wrong in what is, and putting it in."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from kindzorg.config.generated_docs import SOURCE
from kindzorg.core.languages import NAMES, TRANSLATED
from tests import messages

# What no family sees: topics of content, and files that mark texts. All else is translated.
FOR_PROFESSIONALS = (
    "ui.gallery",
    "demo.people",
    "web.coach",
    "keeping.merging",
    "record.report",
    "web.own_style",
    "web.own_texts",
    "web.own_topics",
)
FILES_FOR_PROFESSIONALS = (
    "config/*", "demo/*", "fhir/*", "ui/gallery*", "ui/templates/ui/gallery/*", "web/sign_in/demo*",
    "web/templates/web/sign_in/demo*", "web/templates/web/sign_in/person*", "web/coach.py", "web/templates/web/coach*",
    "web/templates/web/trail_desk*", "web/templates/web/trail_question*", "record/templates/record/differences*",
)  # fmt: skip
# As Django's own catalogues have them, so that one rule holds in a language.
PLURALS = {
    "ar": (6, "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5"),
    "tr": (2, "(n > 1)"),
    "uk": (3, "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2"),
    "pl": (3, "n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2"),
}
ORDER = ("of", "child", "parent", "professional")


@dataclass(frozen=True, slots=True)
class Text:
    """One text of content for one audience, in Dutch and English, to be translated."""

    room: str
    topic: str
    key: str
    audience: str
    nl: str
    en: str


def read(path: Path) -> Mapping[str, Any]:
    """The YAML of a file; empty where there is none. Not to be changed: it is read once until the file changes."""
    return _parsed(path, path.stat().st_mtime_ns) if path.exists() else {}


@cache
def _parsed(path: Path, changed: int) -> Mapping[str, Any]:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}


def is_texts(value: object) -> bool:
    """Whether a key of content holds texts: per audience, per language."""
    if not isinstance(value, Mapping) or not messages.AUDIENCES & value.keys():
        return False
    return all(
        isinstance(value[one], Mapping) and "nl" in value[one] for one in messages.AUDIENCES & value.keys()
    )


@cache
def texts() -> tuple[Text, ...]:
    """Every text of content that a family can see: those for child and parent, and what these fall back to."""
    found = []
    for path in messages.content_files():
        room, topic = path.relative_to(SOURCE).parts[0], path.stem
        if f"{room}.{topic}" in FOR_PROFESSIONALS:
            continue
        for key, value in read(path).items():
            if is_texts(value):
                seen = [one for one in ("child", "parent") if one in value]
                seen += [] if "parent" in value else ["professional"] if "professional" in value else []
                found += [Text(room, topic, key, one, value[one]["nl"], value[one]["en"]) for one in seen]
    return tuple(found)


def source_mark(value: Mapping[str, Any]) -> str:
    """Of which Dutch a translation was made: six characters that change when the Dutch of this key does."""
    said = "\n".join(f"{one}:{value[one]['nl']}" for one in sorted(messages.AUDIENCES & value.keys()))
    return hashlib.sha256(said.encode()).hexdigest()[:6]


def translation_file(language: str, room: str, topic: str) -> Path:
    """Where the translation of a topic of content stands."""
    return SOURCE / room / "content" / language / f"{topic}.yaml"


def catalogue_file(language: str, room: str) -> Path:
    """Where the translation of the marked texts of a room stands."""
    return SOURCE / room / "locale" / language / "LC_MESSAGES" / "django.po"


def stale(language: str, text: Text) -> bool:
    """Whether the Dutch of this key was changed since it was translated."""
    said = read(translation_file(language, text.room, text.topic)).get(text.key)
    source = read(SOURCE / text.room / "content" / f"{text.topic}.yaml")[text.key]
    return bool(said) and said.get("of") != source_mark(source)


@cache
def marks() -> dict[messages.Key, set[str]]:
    """Every marked text, with every file that marks it."""
    return messages.marked_in()


def for_families(message: Message) -> bool:
    """Whether some file that a family can see marks this text."""
    places = marks().get(messages.key(message), set())
    return any(not any(fnmatch(place, one) for one in FILES_FOR_PROFESSIONALS) for place in places)


@cache
def entries() -> tuple[tuple[str, Message], ...]:
    """Every entry of the Dutch catalogues that a family can see, with its room."""
    return tuple(
        (path.relative_to(SOURCE).parts[0], message)
        for path, message in messages.dutch()
        if for_families(message)
    )


def catalogue(language: str, room: str) -> Catalog:
    """The catalogue of a room in a language; a new one where there is none."""
    path = catalogue_file(language, room)
    if path.exists():
        with path.open("rb") as lines:
            return read_po(lines, locale=language, abort_invalid=True)
    return _new(language)


def _new(language: str) -> Catalog:
    made = Catalog(locale=language, project="Kindzorg", fuzzy=False)
    # Babel's own rules differ from Django's: for Turkish it knows one form only.
    made._num_plurals, made._plural_expr = PLURALS[language]
    return made


def todo_content(language: str, room: str) -> Iterator[tuple[Text, bool]]:
    """The texts of content of a room that are not translated, and those whose Dutch was changed since (true)."""
    for text in texts():
        if text.room == room:
            said = read(translation_file(language, room, text.topic)).get(text.key, {})
            if not said.get(text.audience):
                yield text, False
            elif stale(language, text):
                yield text, True


def todo_entries(language: str, room: str) -> Iterator[Message]:
    """The marked texts of a room that are not translated."""
    there = catalogue(language, room)
    for its_room, message in entries():
        if its_room == room:
            found = there.get(message.id, message.context)
            if found is None or not any(found.string):
                yield message


def share(language: str, room: str) -> tuple[int, int]:
    """How many texts of a room are translated, of how many."""
    every = sum(one.room == room for one in texts()) + sum(its == room for its, _ in entries())
    lacks = sum(not changed for _, changed in todo_content(language, room))
    return every - lacks - sum(1 for _ in todo_entries(language, room)), every


def all_rooms() -> list[str]:
    """The rooms with a text that a family can see."""
    return sorted({one.room for one in texts()} | {room for room, _ in entries()})


# --- what is wrong in a translation --------------------------------------------------------------------------


def content_problems(language: str, room: str, topic: str, given: Mapping[str, Any]) -> list[str]:
    """Keys and audiences that there are not, empty texts, and placeholders that differ from the Dutch."""
    source, where = (
        read(SOURCE / room / "content" / f"{topic}.yaml"),
        f"{room}/content/{language}/{topic}.yaml",
    )
    problems = []
    for key, said in given.items():
        if not is_texts(source.get(key)):
            problems.append(f"{where}: {key}: there is no such text (make fix takes it away)")
            continue
        for audience, words in said.items():
            if audience == "of":
                continue
            if audience not in source[key]:
                problems.append(f"{where}: {key}.{audience}: there is no such text (make fix takes it away)")
            elif not isinstance(words, str) or not words.strip():
                problems.append(f"{where}: {key}.{audience}: is empty, or no text")
            elif messages.placeholders(words) != messages.placeholders(source[key][audience]["nl"]):
                problems.append(f"{where}: {key}.{audience}: has other placeholders in {words!r}")
    return problems


def message_problems(language: str, room: str, message: Message) -> list[str]:
    """Empty, doubtful, too few plural forms, or other placeholders than the English has."""
    where = f"{room}/locale/{language}: {messages.key(message)[0]!r}"
    plural = not isinstance(message.id, str)
    said = list(message.string) if plural else [message.string]
    problems = [] if all(one.strip() for one in said) else [f"{where}: a form is empty"]
    if message.fuzzy:
        problems.append(f"{where}: is marked fuzzy")
    if plural and len(said) != PLURALS[language][0]:
        problems.append(
            f"{where}: has {len(said)} plural forms, where the language has {PLURALS[language][0]}"
        )
    wanted = messages.placeholders(message.id[-1] if plural else message.id)
    # A form for one, two or none may leave its number away.
    least = wanted - _numbers(message) if plural else wanted
    wrong = [one for one in said if not least <= messages.placeholders(one) <= wanted]
    return problems + [f"{where}: has other placeholders in {one!r}" for one in wrong]


def _numbers(message: Message) -> set[str]:
    one, many = (messages.placeholders(form) for form in message.id)
    return (many - one) | {
        mark for mark in many if re.search(r"count|number|%d|total|days|hours|minutes", mark)
    }


def translations() -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Language, room, topic and content of every file of translated content."""
    for language in TRANSLATED:
        for path in sorted(SOURCE.glob(f"*/content/{language}/*.yaml")):
            yield language, path.relative_to(SOURCE).parts[0], path.stem, read(path)


def translated_entries() -> Iterator[tuple[str, str, Message]]:
    """Language, room and entry of every catalogue."""
    for language in TRANSLATED:
        for path in sorted(SOURCE.glob(f"*/locale/{language}/LC_MESSAGES/django.po")):
            room = path.relative_to(SOURCE).parts[0]
            for message in catalogue(language, room):
                if message.id:
                    yield language, room, message


def header_problem(language: str, text: str) -> str:
    """What is wrong with the plural forms that a catalogue names, if anything."""
    number, rule = PLURALS[language]
    named = re.search(r"nplurals=(\d+); *plural=([^;]*);", re.sub(r'"\n"', "", text))
    if named and (int(named[1]), named[2].strip()) == (number, rule):
        return ""
    return f"the header must say: Plural-Forms: nplurals={number}; plural={rule};"


# --- putting it in its place ---------------------------------------------------------------------------------


def put_content(language: str, room: str, topic: str, given: Mapping[str, Any]) -> None:
    """Merge texts into the translation of a topic, in the order of the source, with the mark of their Dutch."""
    source, path = read(SOURCE / room / "content" / f"{topic}.yaml"), translation_file(language, room, topic)
    there = dict(read(path))
    for key, said in given.items():
        there[key] = there.get(key, {}) | dict(said) | {"of": source_mark(source[key])}
    write_content(path, {key: there[key] for key in source if key in there})


def write_content(path: Path, made: Mapping[str, Any]) -> None:
    """Write translated content: no file where nothing is left."""
    if not made:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = {key: {one: said[one] for one in ORDER if one in said} for key, said in made.items()}
    head = f"# {NAMES[path.parent.name]}. Written by scripts/translations.py put; see CONTRIBUTING.md, Translating.\n"
    written = yaml.safe_dump(ordered, allow_unicode=True, sort_keys=False, width=110)
    path.write_text(head + written, encoding="utf-8")


def put_entries(language: str, room: str, given: Catalog) -> None:
    """Merge entries into the catalogue of a room, in the order of the Dutch one."""
    there = catalogue(language, room)
    for message in given:
        if message.id and any(message.string):
            there.delete(message.id, message.context)
            there.add(message.id, message.string, context=message.context)
    write_entries(language, room, there)


def write_entries(language: str, room: str, there: Catalog) -> None:
    """Write a catalogue with the entries that the Dutch one has, in its order; no file where nothing is left."""
    number, rule = PLURALS[language]
    made = _new(language)
    ours = catalogue_file("nl", room)
    for message in (one for path, one in messages.dutch() if path == ours):
        found = there.get(message.id, message.context)
        if found is not None and any(found.string):
            made.add(message.id, found.string, context=message.context)
    path = catalogue_file(language, room)
    if not len(made):
        path.unlink(missing_ok=True)
        return
    written = BytesIO()
    write_po(written, made, width=0, omit_header=True)
    head = (
        f"# {NAMES[language]}. Written by scripts/translations.py put; see CONTRIBUTING.md, Translating.\n"
        'msgid ""\nmsgstr ""\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {language}\\n"\n"Plural-Forms: nplurals={number}; plural={rule};\\n"\n\n'
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + written.getvalue().decode().strip() + "\n", encoding="utf-8")


def tidy() -> None:
    """Take away what is translated of texts that there are no more."""
    for language, room, topic, said in list(translations()):
        source = read(SOURCE / room / "content" / f"{topic}.yaml")
        kept = {
            key: {one: words for one, words in told.items() if one == "of" or one in source[key]}
            for key, told in said.items()
            if is_texts(source.get(key))
        }
        if kept != said:
            write_content(translation_file(language, room, topic), kept)
    for language, room in sorted({(language, room) for language, room, _ in translated_entries()}):
        there, known = catalogue(language, room), messages.catalogue(catalogue_file("nl", room))
        if any(one.id and known.get(one.id, one.context) is None for one in there):
            write_entries(language, room, there)
