"""Reading the language of words and their translations: of what the reader has read, and of nothing else."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from kindzorg.access.policy import Actor, Subject
from kindzorg.core.errors import Missing
from kindzorg.core.statements import Later
from kindzorg.record.models import WordsIn
from kindzorg.record.translated.rules import Original, Tongue, Translated, WordsOf, WordsStep

NONE = Tongue()


def tongues_for(
    actor: Actor, subject: Subject, of: WordsOf, seen: Mapping[UUID, datetime]
) -> Mapping[UUID, Tongue]:
    """Of these things, which this actor read as they were said at that moment: their language and translations.

    By the id of the thing; what is not there, is in Dutch as far as is known. One statement, none without things.
    """
    return tongues_later(actor, subject, of, seen).now()


def tongues_later(
    actor: Actor, subject: Subject, of: WordsOf, seen: Mapping[UUID, datetime]
) -> Later[Mapping[UUID, Tongue]]:
    """The same, not asked for yet."""
    if not seen:
        return Later((), dict)
    rows = WordsIn.objects.filter(child_id=subject.child_id, of=of, object_id__in=list(seen))
    return Later((rows.order_by("created_at", "id"),), lambda found: _by_thing(found, seen))


def _by_thing(rows: Sequence[WordsIn], seen: Mapping[UUID, datetime]) -> Mapping[UUID, Tongue]:
    found: dict[UUID, list[WordsIn]] = {}
    for row in rows:
        if row.said_at == seen.get(row.object_id):
            found.setdefault(row.object_id, []).append(row)
    return {key: _tongue(rows) for key, rows in found.items()}


def _tongue(rows: Sequence[WordsIn]) -> Tongue:
    language = next((row.language for row in reversed(rows) if row.step == WordsStep.WRITTEN), "")
    checked = {row.checks_id: row.interpreter for row in rows if row.step == WordsStep.CHECKED}
    translations = tuple(
        Translated(
            id=row.id,
            field=row.field,
            language=row.language,
            words=row.words,
            by=row.by,
            at=row.created_at,
            interpreter=checked.get(row.id, ""),
        )
        for row in reversed(rows)
        if row.step == WordsStep.TRANSLATED and row.words
    )
    return Tongue(language, translations)


def tongue_for(actor: Actor, subject: Subject, original: Original) -> Tongue:
    """The same of one thing that the actor read."""
    seen = {original.object_id: original.said_at}
    return tongues_for(actor, subject, original.of, seen).get(original.object_id, NONE)


def translation_of(actor: Actor, subject: Subject, original: Original, translation_id: UUID) -> Translated:
    """One translation of what the actor read. Raises Missing."""
    for one in tongue_for(actor, subject, original).translations:
        if one.id == translation_id:
            return one
    raise Missing("no_such_translation", child_id=subject.child_id)
