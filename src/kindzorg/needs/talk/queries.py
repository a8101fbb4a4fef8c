"""Reading what was said of the summary, of answers that the reader has read."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from kindzorg.access.policy import Actor, Subject
from kindzorg.core.errors import Missing
from kindzorg.needs.answers import Carrying, Given, Said, TopicAnswer
from kindzorg.needs.marked import given_in
from kindzorg.needs.models import SummaryCheck
from kindzorg.needs.queries import FilledScan, answer_for, answers_now, permission_to_answer
from kindzorg.needs.rules import current
from kindzorg.needs.talk.rules import Check, Point, Understood, points_of
from kindzorg.needs.unseen import key_of
from kindzorg.record.translated.queries import tongues_for
from kindzorg.record.translated.rules import Original, Tongue, WordsOf, fields_with_words

FIELDS = ("now", "wish", "managed", "helpers", "needed")


def checks_for(actor: Actor, subject: Subject, filled: FilledScan) -> Mapping[UUID, Check]:
    """What was last said of each answer of this scan that still stands so, by the key of the answer. One statement.

    Of the answers in `filled` alone, which this actor read: what is not for a reader is not told of here either.
    """
    seen: Sequence[Point] = points_of(current(filled.answers))
    stands = {one.key: one.given.given_at for one in seen}
    rows = SummaryCheck.objects.filter(child_id=subject.child_id, scan=filled.row)
    found: dict[UUID, Check] = {}
    for row in rows.select_related("answer", "correction").order_by("created_at", "id"):
        key = key_of(row.answer.kind, given_in(row.answer))
        better = row.correction is not None and row.correction.created_at == stands.get(key)
        if better or row.answer.created_at == stands.get(key):
            verdict, by = Understood(row.verdict), row.answer.person
            found[key] = Check(verdict, by, row.created_at, row.entered_by, better)
    return found


def _words_of(given: Given) -> Mapping[str, str]:
    """The own words of an answer, by what they say."""
    match given:
        case TopicAnswer():
            return fields_with_words({name: getattr(given, name) for name in FIELDS}, FIELDS)
        case Said() | Carrying():
            return fields_with_words({"words": given.words}, ("words",))
        case _:
            return {}


def original_of(actor: Actor, subject: Subject, key: UUID, given: Given, on: date) -> Original:
    """An answer as words that can be in any language. `actor` read it, or has just given it."""
    return Original(
        of=WordsOf.NEEDS,
        object_id=key,
        said_at=given.given_at,
        words=_words_of(given),
        permission=permission_to_answer(actor, subject, on),
        shown_id=key,
    )


def original_for(actor: Actor, subject: Subject, key: UUID, on: date) -> Original:
    """The words of one answer that this actor may read. Raises Missing, also where it has none."""
    found = answer_for(actor, subject, key, on)
    original = original_of(actor, subject, key, found.given, on)
    if not original.words:
        raise Missing("no_such_words", child_id=subject.child_id)
    return original


def tongues_in(actor: Actor, subject: Subject, filled: FilledScan) -> Mapping[UUID, Tongue]:
    """In which language the answers are that this actor read, and their translations. One statement."""
    seen: dict[UUID, datetime] = {one.key: one.given.given_at for one in answers_now(actor, filled)}
    return tongues_for(actor, subject, WordsOf.NEEDS, seen)
