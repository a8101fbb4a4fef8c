"""What stands where words were destroyed on request: a mark with the day, in the data; each reader's language words it.

A mark keeps the row, and so its versions and signatures, readable as what they are: something stood here.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

BEGIN = "\u27e6destroyed:"
MARK = re.compile(BEGIN + r"(\d{4}-\d{2}-\d{2})\u27e7")
# From this length on a literal copy is taken for a copy: shorter words can be anybody's.
LITERAL = 16


@dataclass(frozen=True, slots=True)
class Emptied:
    """What was emptied: how many rows, and the words of the thing itself as they stood there."""

    rows: int
    words: frozenset[str]


def mark(on: date) -> str:
    """What stands from that day on where words were destroyed."""
    return f"{BEGIN}{on.isoformat()}\u27e7"


def gone(words: str, instead: str) -> str:
    """The mark where there were words; nothing where there were none."""
    return instead if words.strip() else ""


def standing(*words: str) -> frozenset[str]:
    """Of these the words that stand there still, as literal copies of them are looked for."""
    return frozenset(one.strip() for one in words if one.strip() and BEGIN not in one)


def worded(text: str, say: Callable[[date], str]) -> str:
    """A text in which each mark is worded by `say`."""
    if BEGIN not in text:
        return text
    return MARK.sub(lambda found: say(date.fromisoformat(found[1])), text)


def points(*words: str) -> bool:
    """Whether there are words here that can be pointed out to be destroyed: some, and none destroyed yet."""
    return any(words) and not any(BEGIN in one for one in words)


def cleared(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values for a form without marks: who writes anew writes nothing over them that says it was destroyed."""
    return {
        name: MARK.sub("", value).strip() if isinstance(value, str) and BEGIN in value else value
        for name, value in values.items()
    }


def swapped(text: str, words: Collection[str], instead: str) -> str:
    """A text in which these words, where they stand literally, made way for the mark."""
    for one in sorted(words, key=len, reverse=True):
        if len(one) >= LITERAL:
            text = text.replace(one, instead)
    return text
