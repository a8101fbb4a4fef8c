"""How plain the Dutch is that families read: every text for child and parent, held to a budget that may only go down.

`python -m tests.plain_language` fails where a file holds more signs than `plain_language.csv` allows (nothing, where
it does not name the file). `--report [web.birthday]` prints what was found; `--lower` lowers the budget, never raises
it.
"""

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kindzorg.config.generated_docs import SOURCE
from kindzorg.core.texts import FALLBACK, MissingText, pick
from kindzorg.core.vocabulary import Audience
from kindzorg.ui.plain.meanings import lists
from kindzorg.ui.plain.rules import Finding, Sign, findings
from tests import messages
from tests.house import python_files, templates

READERS = Path(__file__).with_name("plain_language.yaml")
BUDGET = Path(__file__).with_name("plain_language.csv")
Count = tuple[str, str, str]  # topic, reader, sign


@dataclass(frozen=True)
class Hard:
    """A finding in a text: its topic (`web.birthday`, or `web (gettext)`), its key there, and for whom it is hard."""

    topic: str
    key: str
    reader: Audience
    finding: Finding


@cache
def readers() -> Mapping[str, list[str]]:
    """Which texts no family reads (`professional`) and which no child reads (`adults`), as patterns."""
    return yaml.load(READERS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def is_for(name: str, reader: Audience) -> bool:
    """Whether this reader may come to see a text that is not written for it alone."""
    none_of = readers()["professional"] + (readers()["adults"] if reader is Audience.CHILD else [])
    return not any(fnmatchcase(name, one) for one in none_of)


def texts_of(value: object, key: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every text of a content file with its key: audience -> language -> words."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from texts_of(one, f"{key}[{number}]")
    elif isinstance(value, Mapping):
        if value and value.keys() <= messages.AUDIENCES:
            yield key, value
        elif value and value.keys() <= messages.LANGUAGES and all(isinstance(x, str) for x in value.values()):
            yield key, {Audience.PROFESSIONAL: value}
        else:
            for name, one in value.items():
                yield from texts_of(one, f"{key}.{name}".strip("."))


def in_content(topic: str, value: object) -> Iterator[Hard]:
    """What is hard in a content file, for child and parent, as their texts fall back to the right."""
    for key, per_audience in texts_of(value):
        for reader in FALLBACK[:2]:
            if reader not in per_audience and not is_for(f"{topic}.{key}", reader):
                continue
            try:
                said = pick(per_audience, reader, "nl")
            except MissingText:
                continue
            yield from (Hard(topic, key, reader, one) for one in findings(said, reader, lists()))


def in_messages() -> Iterator[Hard]:
    """What is hard in what gettext says to everybody, measured as a parent reads it."""
    for path, message in messages.dutch():
        topic = f"{path.relative_to(SOURCE).parts[0]} (gettext)"
        said = [message.string] if isinstance(message.string, str) else message.string
        found = [one for text in said for one in findings(text, Audience.PARENT, lists())]
        if found and families_see(messages.key(message)[0]):
            yield from (Hard(topic, messages.key(message)[0], Audience.PARENT, one) for one in found)


@cache
def sources() -> Mapping[str, str]:
    """Where marked texts can stand: path in the house -> source."""
    return {
        path.relative_to(SOURCE).as_posix(): path.read_text(encoding="utf-8")
        for path in (*python_files(), *templates())
    }


def families_see(marked: str) -> bool:
    """Whether a marked text stands in a file that is not for professionals alone."""
    where = [path for path, source in sources().items() if marked.replace("\n", "\\n") in source]
    return not where or any(is_for(path, Audience.PARENT) for path in where)


def everything() -> list[Hard]:
    """All that is hard in the house."""
    found: list[Hard] = []
    for path in messages.content_files():
        topic = f"{path.relative_to(SOURCE).parts[0]}.{path.stem}"
        found += in_content(topic, yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    return found + list(in_messages())


def counted(found: list[Hard]) -> Counter[Count]:
    """How many signs of each kind, per topic and reader."""
    return Counter((one.topic, one.reader.value, one.finding.sign.value) for one in found)


def budget(path: Path = BUDGET) -> Counter[Count]:
    """What is allowed; what it does not name is nothing."""
    with path.open(encoding="utf-8", newline="") as lines:
        return Counter(
            {(row["topic"], row["reader"], row["sign"]): int(row["allowed"]) for row in csv.DictReader(lines)}
        )


def lower(found: list[Hard], path: Path = BUDGET) -> None:
    """Write the budget anew: what was found where that is less than was allowed."""
    now, allowed = counted(found), budget(path)
    rows = sorted((*key, min(now[key], limit)) for key, limit in allowed.items() if min(now[key], limit))
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([("topic", "reader", "sign", "allowed"), *rows])


def over(found: list[Hard], allowed: Counter[Count]) -> list[str]:
    """A line per finding where a file holds more of a kind than it may."""
    too_many = {key for key, number in counted(found).items() if number > allowed[key]}
    return [line(one) for one in found if (one.topic, one.reader.value, one.finding.sign.value) in too_many]


def line(one: Hard) -> str:
    """A finding as it is printed."""
    instead = f" (write: {one.finding.instead})" if one.finding.instead else ""
    return f"{one.topic}.{one.key} for {one.reader}: {one.finding.sign}: {one.finding.found}{instead}"


def report(found: list[Hard], only: str) -> None:
    """Print all findings of the topics that begin with `only`, and a table of them all."""
    table: dict[str, Counter[Sign]] = defaultdict(Counter)
    for one in found:
        if one.topic.startswith(only):
            print(line(one))
            table[f"{one.topic} {one.reader}"][one.finding.sign] += 1
    for name, counts in sorted(table.items()):
        print(f"{name:40}", *(f"{sign}: {counts[sign]:<4}" for sign in Sign))


def main() -> int:
    """Returns the exit code: 1 when a file holds more than it may."""
    parser = argparse.ArgumentParser(prog="python -m tests.plain_language", description=__doc__)
    parser.add_argument("--report", nargs="?", const="", metavar="TOPIC", help="print all that was found")
    parser.add_argument("--lower", action="store_true", help="lower the budget to what was found")
    asked = parser.parse_args()
    found = everything()
    if asked.lower:
        lower(found)
    if asked.report is not None:
        report(found, asked.report)
        return 0
    problems = over(found, budget())
    if problems:
        print(
            "Harder to read than it was. Write it plainer, explain the word in ui/content/words.yaml, or say in"
        )
        print("tests/plain_language.yaml that no family reads it:", *problems, sep="\n  ")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
