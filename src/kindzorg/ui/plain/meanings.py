"""The hard words that the house explains, read from `ui/content/words.yaml` and `word_forms.yaml`."""

from dataclasses import dataclass
from functools import cache

from kindzorg.core.languages import borrowed
from kindzorg.core.texts import content
from kindzorg.ui.plain.rules import Lists


@dataclass(frozen=True)
class Word:
    """A word of the list: its key in `ui.words`, and how it is written; the first form is its name.

    `lent`: its forms are Dutch on a page in another language.
    """

    key: str
    forms: tuple[str, ...]
    lent: bool = False

    @property
    def name(self) -> str:
        """The name under which it is listed, marked where Dutch lends it."""
        return borrowed(self.forms[0]) if self.lent else self.forms[0]


@cache
def words(language: str) -> tuple[Word, ...]:
    """All words in a language, by name; a language without forms of its own reads the Dutch ones."""
    rows = content("ui", "word_forms")
    found = (
        Word(key, tuple(forms.get(language, forms["nl"])), language not in forms)
        for key, forms in rows.items()
    )
    return tuple(sorted(found, key=lambda word: word.forms[0].casefold()))


@cache
def lists() -> Lists:
    """What the check of a Dutch text measures with."""
    explained = {form.lower() for word in words("nl") for form in word.forms}
    return Lists(simpler=content("ui", "simpler"), explained=frozenset(explained))
