"""The language of words and their translations, in the reader's words."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse

from kindzorg.careteam.queries import OpenedChild
from kindzorg.core.texts import text
from kindzorg.journey.interpreters import language_name
from kindzorg.record.translated.rules import DUTCH, WRITTEN, Tongue, Translated, WordsOf
from kindzorg.ui.translation import speaking


def say(key: str, audience: str, **given: object) -> str:
    """A text about languages and translations for this reader."""
    return text(f"record.translated.{key}", audience, speaking()).format(**given)


def language_choices(audience: str) -> list[tuple[str, str]]:
    """The languages in which one can write."""
    return [(code, language_name(code, audience)) for code in WRITTEN]


def tongue_rows(
    opened: OpenedChild, of: WordsOf, tongues: Mapping[UUID, Tongue], *, may: bool
) -> dict[str, Any]:
    """For `record/tongue.html`: of each thing in another language, or with a translation, what stands under it."""
    return {"tongues": {key: _row(opened, of, key, one, may=may) for key, one in tongues.items()}}


def _row(opened: OpenedChild, of: WordsOf, key: UUID, one: Tongue, *, may: bool) -> dict[str, Any]:
    audience = str(opened.audience)
    fields = {said.field for said in one.translations}
    return {
        "language": one.language,
        "named": say("in", audience, language=language_name(one.language, audience)) if one.language else "",
        "fields": {name: [translation_row(said, audience) for said in one.of_field(name)] for name in fields},
        "url": words_address(opened, of, key) if may else "",
        "add": say("add", audience),
    }


def words_address(opened: OpenedChild, of: WordsOf, key: UUID) -> str:
    """The page on which a translation is placed beside words."""
    return reverse("words", args=[opened.child.id, str(of), key])


def translation_row(one: Translated, audience: str) -> dict[str, Any]:
    """A translation with who made it, and whether an interpreter read it."""
    checked = (
        say("checked", audience, name=one.interpreter) if one.interpreter else say("unchecked", audience)
    )
    return {
        "id": one.id,
        "field": one.field,
        "language": one.language,
        "title": say("by", audience, language=language_name(one.language, audience), name=one.by),
        "at": one.at,
        "words": one.words,
        "checked": checked,
        "open": not one.interpreter,
    }


def field_label(name: str, audience: str) -> str:
    """What a field of somebody's words is called."""
    return say(f"field_{name}", audience)


def into(tongue: Tongue) -> str:
    """The language that stands ready for a translation: Dutch, or that of the page where the words are Dutch."""
    return DUTCH if tongue.language not in ("", DUTCH) else speaking()
