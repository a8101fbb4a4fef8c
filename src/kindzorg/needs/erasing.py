"""What is destroyed of a scan on request (BW 7:455, Jeugdwet 7.3.9): one person's answer to one question, each time.
And of the portrait: what one voice told on one topic, with its earlier wordings.

In every round and scan, and in every hand-over. The rows stay, so that it shows who answered what and when. The work of
an action that has asked leave, decided with reasons and thawed the tables; it writes the trail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from kindzorg.core.destroyed import Emptied, gone, standing
from kindzorg.needs.answers import Given, emptied, told_in
from kindzorg.needs.handover import changed_needs, without_answer
from kindzorg.needs.marked import given_in
from kindzorg.needs.models import NeedsAnswer, NeedsHandover, PortraitPiece
from kindzorg.needs.rules import Need, profile_as_data, profile_from_data
from kindzorg.needs.unseen import key_of

TABLES = tuple(table._meta.db_table for table in (NeedsAnswer, NeedsHandover, PortraitPiece))
COLUMNS = {field.name for field in fields(Given)} - {"beside"}


@dataclass(frozen=True, slots=True)
class EmptiedAnswer:
    """What was emptied: how many rows, the words that stood there, and the needs that say something else now."""

    rows: int
    words: frozenset[str]
    needs: Mapping[UUID, tuple[Need, Need]]


def destroy_answer(child_id: UUID, answer_key: UUID, instead: str) -> EmptiedAnswer:
    """Empty an answer, by the key that marks know it by too: all that one person said to one question."""
    words: set[str] = set()
    touched = 0
    for row in NeedsAnswer.objects.select_for_update().filter(child_id=child_id).order_by("created_at", "id"):
        given = given_in(row)
        if key_of(row.kind, given) == answer_key:
            words |= set(told_in(given))
            row.given = kept(emptied(given, instead))
            row.save(update_fields=["given"])
            touched += 1
    changed: dict[UUID, tuple[Need, Need]] = {}
    for handed in NeedsHandover.objects.select_for_update().filter(child_id=child_id):
        before = profile_from_data(handed.profile)
        after = without_answer(before, answer_key, instead)
        if after != before:
            handed.profile = profile_as_data(after)
            handed.save(update_fields=["profile"])
            changed |= changed_needs(before, after)
            touched += 1
    return EmptiedAnswer(touched, frozenset(one.strip() for one in words), changed)


def kept(given: Given) -> dict[str, Any]:
    """What a row keeps of an answer beside the columns of its own."""
    return {one.name: getattr(given, one.name) for one in fields(given) if one.name not in COLUMNS}


def destroy_portrait(child_id: UUID, key: UUID, instead: str) -> Emptied:
    """Empty what one voice told on one topic, by the id of its first wording: all wordings.

    The mark stands in the newest alone; where that was empty already, nothing was told any more.
    """
    first = PortraitPiece.objects.get(child_id=child_id, id=key)
    about = {"child_id": child_id, "topic": first.topic, "voice": first.voice}
    rows = list(PortraitPiece.objects.select_for_update().filter(**about).order_by("revision", "id"))
    words = standing(*(row.words for row in rows))
    for row in rows:
        row.words = gone(row.words, instead) if row is rows[-1] else ""
        row.save(update_fields=["words"])
    return Emptied(len(rows), words)
