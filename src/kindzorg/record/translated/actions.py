"""Saying in which language words are, placing a translation beside them, and that an interpreter read that through.

Each is part of an action of the room whose words they are, which has found the original as this actor may read it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.core.errors import Conflict, Invalid
from kindzorg.people.models import Child
from kindzorg.record.models import WordsIn
from kindzorg.record.translated.queries import tongue_for, translation_of
from kindzorg.record.translated.rules import (
    NewTranslation,
    Original,
    WordsStep,
    can_be_in,
    check_language,
    check_translation,
)


@transaction.atomic
def say_language(actor: Actor, subject: Subject, original: Original, language: str, now: datetime) -> None:
    """Keep in which language these words were written, where they can be in it. Raises Invalid."""
    leave = policy.require(actor, original.permission, subject, now.date())
    check_language(language)
    if not can_be_in(language, original.words.values()):
        return
    _keep(actor, subject, original, now, step=WordsStep.WRITTEN, language=language)
    about = {"leave": leave, "object_kind": original.of, "object_id": original.shown_id}
    write_line(actor, f"{original.of}.language_said", Kind.CREATE, subject, now, **about)


@transaction.atomic
def place_translation(
    actor: Actor, subject: Subject, original: Original, new: NewTranslation, now: datetime
) -> None:
    """Place a translation beside words; an earlier one stays. Raises Invalid, Missing as `check_translation`."""
    leave = policy.require(actor, original.permission, subject, now.date())
    words = check_translation(original, new, tongue_for(actor, subject, original).language)
    for field, said in words.items():
        given = {"field": field, "language": new.into}
        row = _keep(actor, subject, original, now, step=WordsStep.TRANSLATED, words=said, **given)
        if new.interpreter.strip():
            _check(actor, subject, original, row.id, given, new.interpreter, now)
    about = {"leave": leave, "object_kind": original.of, "object_id": original.shown_id}
    write_line(actor, f"{original.of}.translated", Kind.CREATE, subject, now, **about)


@transaction.atomic
def note_interpreter(
    actor: Actor, subject: Subject, original: Original, checked: tuple[UUID, str], now: datetime
) -> None:
    """Keep that an interpreter read a translation through (`checked`: which, and the name of the interpreter).

    Raises Missing, Invalid without a name, Conflict where one did already.
    """
    leave = policy.require(actor, original.permission, subject, now.date())
    one = translation_of(actor, subject, original, checked[0])
    if not checked[1].strip():
        raise Invalid("interpreter_needed", fields=("interpreter",))
    if one.interpreter:
        raise Conflict("checked_already")
    given = {"field": one.field, "language": one.language}
    _check(actor, subject, original, one.id, given, checked[1], now)
    about = {"leave": leave, "object_kind": original.of, "object_id": original.shown_id}
    write_line(actor, f"{original.of}.translation_checked", Kind.UPDATE, subject, now, **about)


@transaction.atomic
def keep_translation(
    actor: Actor, subject: Subject, original: Original, new: NewTranslation | tuple[UUID, str], now: datetime
) -> None:
    """Either of the two: a translation, or the name of the interpreter who read one. Raises as they do."""
    policy.require(actor, original.permission, subject, now.date())
    if isinstance(new, NewTranslation):
        place_translation(actor, subject, original, new, now)
    else:
        note_interpreter(actor, subject, original, new, now)


def _check(
    actor: Actor,
    subject: Subject,
    original: Original,
    row_id: UUID,
    given: dict[str, str],
    interpreter: str,
    now: datetime,
) -> None:
    said = {"checks_id": row_id, "interpreter": interpreter.strip()[:200]}
    _keep(actor, subject, original, now, step=WordsStep.CHECKED, **said, **given)


def _keep(actor: Actor, subject: Subject, original: Original, now: datetime, **row: Any) -> WordsIn:
    return WordsIn.objects.create(
        child_id=subject.child_id,
        owner_id=Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id),
        of=original.of,
        object_id=original.object_id,
        said_at=original.said_at,
        by_id=actor.id,
        by=actor.name,
        created_at=now,
        **row,
    )
