"""Content: texts that an organisation, a nurse or a jurist might want to reword, per audience and language.

`<room>/content/<topic>.yaml` holds `key: {audience: {language: text}}`. A text that is missing for an audience
falls back to the right (child, parent, professional), never to another language.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kindzorg.core.vocabulary import Audience

SOURCE = Path(__file__).parent.parent
FALLBACK = (Audience.CHILD, Audience.PARENT, Audience.PROFESSIONAL)


class MissingText(KeyError):
    """There is no text for this key, for this audience or any to its right, in this language."""


@cache
def content(room: str, topic: str) -> Mapping[str, Any]:
    """The parsed YAML of `<room>/content/<topic>.yaml`; read once per process."""
    path = SOURCE / room / "content" / f"{topic}.yaml"
    loaded: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded


def pick(texts: Mapping[str, Mapping[str, str]], audience: str, language: str) -> str:
    """The text for an audience: its own, else the one to its right.

    Raises MissingText when none is there in this language.
    """
    for reader in FALLBACK[FALLBACK.index(Audience(audience)) :]:
        if found := texts.get(reader, {}).get(language):
            return found
    raise MissingText(f"{audience}/{language}")


def text(key: str, audience: str, language: str) -> str:
    """The text of `room.topic.key`, for example `referral.letters.closing`."""
    room, topic, name = key.split(".", 2)
    try:
        return pick(content(room, topic)[name], audience, language)
    except KeyError as error:
        raise MissingText(f"{key} ({audience}, {language})") from error
