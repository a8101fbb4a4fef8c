"""The translations for families: how far each is, what is still to be done, and putting in what was made.

python scripts/translations.py                      how far each language is, per room, and who checked it
python scripts/translations.py todo ar needs        worksheets of what lacks, in /tmp/todo-ar-needs/ (--into elsewhere)
python scripts/translations.py put ar needs FILE... put filled worksheets in their place, if nothing is wrong in them
python scripts/translations.py check [ar]           what is wrong in what is translated
python scripts/translations.py tidy                 take away what is translated of texts that there are no more
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml
from babel.messages.pofile import read_po

sys.path.insert(0, str(Path(__file__).parent.parent))

from kindzorg.core import languages
from tests import translated

STALE = "the Dutch was changed after this was translated: look at it again"


def report(options: argparse.Namespace) -> int:
    """A table: per room and language, the share that is translated, and whether a person checked it as it is now."""
    codes = list(languages.TRANSLATED)
    print("room".ljust(12) + "".join(code.rjust(24) for code in codes))
    total = {code: [0, 0] for code in codes}
    for room in translated.all_rooms():
        line = room.ljust(12)
        for code in codes:
            done, every = translated.share(code, room)
            total[code][0] += done
            total[code][1] += every
            line += f"{done}/{every} {_checked(code, room)}".rjust(24)
        print(line)
    print("all".ljust(12) + "".join(f"{_percent(*total[code])} %".rjust(24) for code in codes))
    print(
        "\nAfter the numbers stands ok where a person checked it as it is now, else the fingerprint that the one who"
    )
    print("checks it writes into core/content/reviews.yaml.")
    return 0


def _checked(language: str, room: str) -> str:
    if not any(languages.files(language, room)):
        return "-"
    of = languages.fingerprint(language, room)
    return (
        "ok"
        if any((one.language, one.room, one.of) == (language, room, of) for one in languages.reviews())
        else of
    )


def _percent(done: int, every: int) -> int:
    return 100 * done // every


def todo(options: argparse.Namespace) -> int:
    """Worksheets, one per topic of content and one for the marked texts, with the Dutch and the English beside."""
    rooms = [options.room] if options.room else translated.all_rooms()
    for room in rooms:
        folder = Path(options.into or f"/tmp/todo-{options.language}-{room}")  # noqa: S108
        folder.mkdir(parents=True, exist_ok=True)
        sheets: dict[str, list[str]] = {}
        keys: dict[str, str] = {}
        for one, changed in translated.todo_content(options.language, room):
            lines = sheets.setdefault(one.topic, [])
            if keys.get(one.topic) != one.key:
                keys[one.topic] = one.key
                lines.append(f"{_quoted(one.key)}:")
            lines += (
                _commented("nl", one.nl) + _commented("en", one.en) + ([f"  # {STALE}"] if changed else [])
            )
            lines.append(f"  {one.audience}: {_quoted(_now(options.language, one) if changed else '')}")
        for topic, lines in sheets.items():
            _write(folder / f"{topic}.yaml", lines)
        if lines := list(_marked(options.language, room)):
            _write(folder / "django.po", lines)
    return 0


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(path)


def _commented(code: str, words: str) -> list[str]:
    first, *rest = str(words).rstrip("\n").split("\n")
    return [f"  # {code}: {first}", *(f"  #     {line}" for line in rest)]


def _quoted(words: str) -> str:
    return yaml.safe_dump(words, allow_unicode=True, default_style='"', width=10_000).strip()


def _now(language: str, one: translated.Text) -> str:
    return str(
        translated.read(translated.translation_file(language, one.room, one.topic))[one.key][one.audience]
    )


def _marked(language: str, room: str) -> Any:
    number, rule = translated.PLURALS[language]
    found = list(translated.todo_entries(language, room))
    if found:
        yield f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Plural-Forms: nplurals={number}; plural={rule};\\n"\n'
    for message in found:
        plural = not isinstance(message.id, str)
        dutch = message.string if isinstance(message.string, str) else " | ".join(message.string)
        yield f"#. nl: {' / '.join(dutch.splitlines())}"
        places = translated.marks()[translated.messages.key(message)]
        yield f"#: {' '.join(sorted(places)[:3])}"
        if message.context:
            yield f"msgctxt {_po(message.context)}"
        yield f"msgid {_po(message.id[0] if plural else message.id)}"
        if plural:
            yield f"msgid_plural {_po(message.id[1])}"
            yield from (f'msgstr[{form}] ""' for form in range(number))
        else:
            yield 'msgstr ""'
        yield ""


def _po(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def put(options: argparse.Namespace) -> int:
    """Put filled worksheets in their place. What is empty in them is left for later; nothing is put if one is wrong."""
    language, room = options.language, options.room
    contents: dict[str, Any] = {}
    catalogues, problems = [], []
    for path in map(Path, options.files):
        if path.suffix == ".po":
            with path.open("rb") as lines:
                catalogue = read_po(lines, locale=language, abort_invalid=True)
            found = [one for one in catalogue if one.id and any(one.string)]
            problems += [each for one in found for each in translated.message_problems(language, room, one)]
            known = {(one.id, one.context) for its, one in translated.entries() if its == room}
            problems += [
                f"{one.id!r}: no such text in {room}" for one in found if (one.id, one.context) not in known
            ]
            catalogues.append(catalogue)
        else:
            given = {key: _filled(said) for key, said in translated.read(path).items()}
            contents[path.stem] = {key: said for key, said in given.items() if said}
            problems += translated.content_problems(language, room, path.stem, contents[path.stem])
    if problems:
        print("Nothing was put in its place:\n  " + "\n  ".join(problems))
        return 1
    for topic, given in contents.items():
        translated.put_content(language, room, topic, given)
    for catalogue in catalogues:
        translated.put_entries(language, room, catalogue)
    done, every = translated.share(language, room)
    print(f"{room}: {done} of {every} texts are in {languages.NAMES[language]}.")
    return 0


def _filled(said: dict[str, str]) -> dict[str, str]:
    return {audience: words for audience, words in said.items() if str(words).strip() and audience != "of"}


def check(options: argparse.Namespace) -> int:
    """What is wrong in what is translated."""
    problems = [
        each
        for language, room, topic, said in translated.translations()
        for each in translated.content_problems(language, room, topic, said)
        if options.language in ("", language)
    ]
    problems += [
        each
        for language, room, message in translated.translated_entries()
        for each in translated.message_problems(language, room, message)
        if options.language in ("", language)
    ]
    print("\n".join(problems) or "Nothing is wrong.")
    return int(bool(problems))


def tidy(options: argparse.Namespace) -> int:
    """Take away what is translated of texts that there are no more."""
    translated.tidy()
    return 0


def main() -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.set_defaults(run=report)
    commands = parser.add_subparsers()
    for does in (todo, put, check, tidy):
        command = commands.add_parser(does.__name__, help=does.__doc__)
        command.set_defaults(run=does)
        if does in (todo, put):
            command.add_argument("language", choices=list(languages.TRANSLATED))
            command.add_argument("room", choices=translated.all_rooms(), nargs="?" if does is todo else None)
        if does is check:
            command.add_argument("language", nargs="?", default="", choices=["", *languages.TRANSLATED])
        if does is todo:
            command.add_argument("--into", default="")
        if does is put:
            command.add_argument("files", nargs="+")
    options = parser.parse_args()
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
