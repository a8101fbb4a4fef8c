"""When words are found, and which sentence shows it. Pure.

Dutch words are compared by their stem (Snowball, Kraaij and Pohlmann), so that "slapen" finds "geslapen"; a longer
word that begins with what is looked for is found too, as Dutch writes words together ("sonde" in "sondevoeding").
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

LONGEST, MOST_WORDS = 200, 12
# How many of what is found stand on a page, and how many letters of a sentence are shown.
PAGE, SHOWN = 30, 240
# From how many letters the beginning of a word is enough.
BEGINNING = 3

WORD = re.compile(r"[^\W_]+")
SENTENCES = re.compile(r"(?<=[.!?])\s|\n")


class Kind(StrEnum):
    """What something is that can be found, in the order of the filter."""

    REPORT = "report"
    GOAL = "goal"
    AGREEMENT = "agreement"
    EVALUATION = "evaluation"
    PROPOSAL = "proposal"
    NEED = "need"
    FILE = "file"
    NOTE = "note"
    PORTRAIT = "portrait"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Something that this reader may read now: its name, its words, when and by whom, and where it stands."""

    kind: Kind
    title: str
    texts: tuple[str, ...] = ()
    at: datetime | None = None
    when: str = ""
    by: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence, and whether it is what was looked for."""

    words: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A passage in which all words stand."""

    passage: Passage
    texts: Sequence[str]
    sought: "Sought"

    @property
    def parts(self) -> tuple[Part, ...]:
        """The sentence that shows most of the words; worked out when it is asked for, as most are on another page."""
        return _shown(self.texts, self.sought)


def folded(word: str) -> str:
    """A word without capitals and without the marks on its letters."""
    plain = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


@dataclass
class Sought:
    """The words that somebody looks for. `stem` gives the stem of a folded word.

    What it remembers of words is gone with it: it lives as long as one search.
    """

    words: tuple[str, ...]
    stem: Callable[[str], str]
    known: dict[str, frozenset[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stems = [self.stem(word) for word in self.words]

    def meets(self, word: str) -> frozenset[int]:
        """Which of the words that are looked for this word is."""
        if word not in self.known:
            plain = folded(word)
            stem = self.stem(plain)
            self.known[word] = frozenset(
                place
                for place, sought in enumerate(self.words)
                if stem == self.stems[place] or (len(sought) >= BEGINNING and plain.startswith(sought))
            )
        return self.known[word]

    def in_text(self, text: str) -> frozenset[int]:
        """Which of them stand in a text."""
        return frozenset().union(*(self.meets(word) for word in WORD.findall(text)))


def sought_in(typed: str, stem: Callable[[str], str]) -> Sought:
    """The words of what was typed, each once; none where nothing can be looked for."""
    words = dict.fromkeys(folded(word) for word in WORD.findall(_composed(typed)))
    return Sought(tuple(words)[:MOST_WORDS], stem)


def search(passages: Iterable[Passage], sought: Sought) -> list[Found]:
    """The passages in which every word stands, newest first; what has no date comes last."""
    found = []
    for one in passages:
        texts = [_composed(text) for text in (*one.texts, one.title)]
        if len(frozenset().union(*map(sought.in_text, texts))) == len(sought.words):
            found.append(Found(one, texts, sought))
    dated = [one for one in found if one.passage.at]
    dated.sort(key=lambda one: one.passage.at.timestamp() if one.passage.at else 0, reverse=True)
    return dated + [one for one in found if not one.passage.at]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _shown(texts: Sequence[str], sought: Sought) -> tuple[Part, ...]:
    sentences = [said for text in texts for one in SENTENCES.split(text) if (said := one.strip())]
    best = max(sentences, key=lambda one: len(sought.in_text(one)))
    return _parts(_cut(best, sought), sought)


def _cut(sentence: str, sought: Sought) -> str:
    """The sentence, of a long one the piece around the first hit."""
    if len(sentence) <= SHOWN:
        return sentence
    first = next(one.start() for one in WORD.finditer(sentence) if sought.meets(one.group()))
    begin = max(0, min(first - SHOWN // 3, len(sentence) - SHOWN))
    begin = sentence.rfind(" ", 0, begin) + 1
    end = sentence.find(" ", begin + SHOWN)
    end = end if end > 0 else len(sentence)
    return ("… " if begin else "") + sentence[begin:end] + ("" if end == len(sentence) else " …")


def _parts(sentence: str, sought: Sought) -> tuple[Part, ...]:
    parts, done = [], 0
    for one in WORD.finditer(sentence):
        if sought.meets(one.group()):
            parts += [Part(sentence[done : one.start()]), Part(one.group(), hit=True)]
            done = one.end()
    return tuple(one for one in (*parts, Part(sentence[done:])) if one.words)
