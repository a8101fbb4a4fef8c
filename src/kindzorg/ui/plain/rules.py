"""What makes a Dutch text hard to read for a child or a parent. Signs to look at, no judgement of a text.

Language level B1 asks for short sentences, common words and somebody who does something. The limits are our own
choice after that advice: 15 words a sentence for an adult, 10 for a child of 8 to 12.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kindzorg.core.vocabulary import Audience

# The most words that a sentence may have, per reader; a professional may read more, but not without end.
LONGEST: Mapping[Audience, int] = {Audience.CHILD: 10, Audience.PARENT: 15, Audience.PROFESSIONAL: 25}

# What is filled in later counts as one word: %(name)s, {name}, %s.
PLACE = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{[^}]*\}")
END = re.compile(r"(?<=[.!?])[\"”')]*\s+(?=[\"“'(]*[A-ZÀ-Þ0-9])|\n+")
WORD = re.compile(r"[^\W_][\w'’\-./]*")
ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
# Two capitals or more (with or without a plural s), laws of which only the first is one, and shortened words.
SHORT = re.compile(
    r"\b(?:[A-Z]{2,}|Zvw|Wlz|Wmo|Wgbo|Bzv|Blz|Awb|pgb)\b|\b(?:[a-z]\.){2,}|\b(?:bijv|evt|incl|excl|ca)\."
)
BECOMES = re.compile(r"\b(?:word|wordt|worden|werd|werden)\b", re.IGNORECASE)
DONE = re.compile(
    r"\b(?:[a-z]{2,5})?ge[a-zë]{2,}(?:d|t|en)\b|\b(?:be|ver|ont|her)[a-zë]{2,}(?:d|t|en)\b", re.IGNORECASE
)
NOT_DONE = frozenset(
    {"gezond", "gebied", "gesprekken", "gemeenten", "gezinnen", "gegevens", "beter", "verder"}
)


class Sign(StrEnum):
    """A sign of a text that is hard to read."""

    LONG = "long"
    HARD = "hard"
    SHORT = "short"
    PASSIVE = "passive"


@dataclass(frozen=True)
class Finding:
    """One sign, where it stands (the sentence or the word), and the simpler word when there is one."""

    sign: Sign
    found: str
    instead: str = ""


@dataclass(frozen=True)
class Lists:
    """`simpler`: hard word -> the simpler one, or nothing; `explained`: words that the words page explains."""

    simpler: Mapping[str, str]
    explained: Collection[str]


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text; a new line ends one, a colon or a semicolon does not."""
    filled = PLACE.sub("X", ADDRESS.sub("X", re.sub(r"<[^>]*>", " ", text)))
    yield from (one.strip() for one in END.split(filled) if WORD.search(one))


def words(sentence: str) -> list[str]:
    """The words of a sentence, without the marks around them."""
    return [one.rstrip("./'’-") for one in WORD.findall(sentence)]


def findings(text: str, reader: Audience, lists: Lists) -> list[Finding]:
    """What in a Dutch text makes it hard for this reader, in the order of the text and each word once.

    Passive voice is a hint: "wordt" with what looks like a participle in the same clause.
    """
    found: list[Finding] = []
    for one in sentences(text):
        if len(words(one)) > LONGEST[reader]:
            found.append(Finding(Sign.LONG, one))
        found += _passive(one)
    return found + _hard(text, lists) + _short(text, lists)


def _passive(sentence: str) -> Iterator[Finding]:
    for clause in re.split(r"[,:;()]", sentence):
        done = [one for one in DONE.findall(clause) if one.lower() not in NOT_DONE]
        if BECOMES.search(clause) and done:
            yield Finding(Sign.PASSIVE, clause.strip())


def _hard(text: str, lists: Lists) -> list[Finding]:
    there = dict.fromkeys(word.lower() for word in words(ADDRESS.sub("", PLACE.sub("", text))))
    return [
        Finding(Sign.HARD, word, lists.simpler[word])
        for word in there
        if word in lists.simpler and word not in lists.explained
    ]


def _short(text: str, lists: Lists) -> list[Finding]:
    there = dict.fromkeys(SHORT.findall(ADDRESS.sub("", PLACE.sub("", text))))
    return [
        Finding(Sign.SHORT, word)
        for word in there
        if word.lower() not in lists.explained and not written_out(word, text)
    ]


def written_out(short: str, text: str) -> bool:
    """Whether a text says in full what it shortens: "Wet langdurige zorg (Wlz)" or "Wlz (Wet langdurige zorg)"."""
    around = rf"\w+ \({re.escape(short)}\)|\b{re.escape(short)} \(\w+ \w+"
    return re.search(around, text) is not None
