"""Content: texts that an organisation, a nurse or a jurist might want to reword, per audience and language.

`<room>/content/<topic>.yaml` holds `key: {audience: {language: text}}` in Dutch and English, and
`<room>/content/<language>/<topic>.yaml` holds `key: {audience: text}` in each other language. A text that is missing
for an audience falls back to the right (child, parent, professional), never to another language; but what has not been
translated yet is lent by Dutch, marked as lent (docs/adr/0013-languages-of-families.md). What an organisation worded
anew stands in the place of what is shipped (kindzorg.core.own_words).
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kindzorg.core.languages import LENDER, TRANSLATED, borrowed
from kindzorg.core.own_words import reworded
from kindzorg.core.vocabulary import Audience

SOURCE = Path(__file__).parent.parent
FALLBACK = (Audience.CHILD, Audience.PARENT, Audience.PROFESSIONAL)


class MissingText(KeyError):
    """There is no text for this key, for this audience or any to its right, in this language."""


@cache
def content(room: str, topic: str) -> Mapping[str, Any]:
    """The parsed YAML of `<room>/content/<topic>.yaml` with its translations; read once per process."""
    folder = SOURCE / room / "content"
    loaded: dict[str, Any] = _read(folder / f"{topic}.yaml")
    for language in TRANSLATED:
        for key, texts in _translation(folder / language / f"{topic}.yaml").items():
            for audience in texts.keys() & loaded.get(key, {}).keys():
                loaded[key][audience][language] = texts[audience]
    return loaded


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return found


def _translation(path: Path) -> dict[str, dict[str, str]]:
    """`key: {audience: text}`, or nothing while nobody translated this topic."""
    return _read(path) if path.exists() else {}


def pick(texts: Mapping[str, Mapping[str, str]], audience: str, language: str) -> str:
    """The text for an audience: its own, else the one to its right.

    Who gets which text is as in Dutch: a child never gets the words for its parents because only those are translated.
    Raises MissingText when none is there in this language, nor to be lent by Dutch.
    """
    source = LENDER if language in TRANSLATED else language
    for reader in FALLBACK[FALLBACK.index(Audience(audience)) :]:
        if found := texts.get(reader, {}).get(source):
            return found if source == language else texts[reader].get(language) or borrowed(found)
    raise MissingText(f"{audience}/{language}")


def text(key: str, audience: str, language: str) -> str:
    """The text of `room.topic.key`, for example `referral.letters.closing`."""
    room, topic, name = key.split(".", 2)
    try:
        return pick(reworded(key, content(room, topic)[name]), audience, language)
    except KeyError as error:
        raise MissingText(f"{key} ({audience}, {language})") from error
