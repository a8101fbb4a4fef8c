"""What is destroyed of a closing on request (BW 7:455, Jeugdwet 7.3.9): its copies of the words of a scan.

What was arranged for each need, and by whom it was taken over, stays. The work of an action that has asked leave,
decided with reasons and thawed the tables; it writes the trail.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from kindzorg.closure.models import ChecklistMark, Closure, NeedSettlement, ReceiverAnswer, TransitionText
from kindzorg.core.destroyed import gone
from kindzorg.needs.handover import spared
from kindzorg.needs.rules import Need

TABLES = tuple(
    table._meta.db_table for table in (NeedSettlement, ReceiverAnswer, ChecklistMark, TransitionText, Closure)
)


def destroy_needs(
    child_id: UUID, needs: Mapping[UUID, tuple[Need, Need]], words: Collection[str], instead: str
) -> int:
    """Take these words out of each copy of these needs, with what was noted there; gives back how many rows changed."""
    now = {str(key): _words(before, words, instead) for key, (before, _) in needs.items()}
    rows: list[Any] = []
    for settled in NeedSettlement.objects.filter(child_id=child_id, need_id__in=now):
        settled.words = now[settled.need_id] or settled.words
        settled.note = gone(settled.note, instead)
        settled.save(update_fields=["words", "note"])
        rows.append(settled)
    for closure in Closure.objects.filter(child_id=child_id):
        found = [one for one in closure.record["needs"] if one["id"] in now]
        for need in found:
            need["words"] = now[need["id"]] or need["words"]
        for arranged in closure.record["settled"]:
            if arranged["need_id"] in now:
                arranged["note"] = gone(arranged["note"], instead)
        if found:
            closure.save(update_fields=["record"])
            rows.append(closure)
    return len(rows)


def _words(need: Need, words: Collection[str], instead: str) -> str:
    """As `queries.needs_at_end` joins them."""
    return " · ".join(spared(need.words or need.nurse_words, words, instead))
