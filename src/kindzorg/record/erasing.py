"""What is destroyed on request (BW 7:455): the words go from the row, from earlier wordings, and from what came in.

The rows stay, so that it shows that something was here. The work of an action that has asked leave, decided with
reasons and thawed the tables; it writes the trail.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import ProtectedError, Q

from kindzorg.careteam.models import Mark
from kindzorg.people.models import Relative
from kindzorg.record.items import ItemKind
from kindzorg.record.models import (
    Difference,
    DifferenceDecision,
    FamilyNote,
    Note,
    RawResource,
    RecordItem,
    SourceDocument,
    Statement,
    WordsIn,
)
from kindzorg.record.rules import ITEM_TYPES, canonical, digest_of, item_data
from kindzorg.record.translated.rules import WordsStep

TABLES = tuple(
    table._meta.db_table
    for table in (
        *(RecordItem, RawResource, SourceDocument, Difference, DifferenceDecision),
        *(Note, FamilyNote, Statement, Mark, WordsIn),
    )
)
EMPTY_RESOURCE: dict[str, Any] = {
    "raw": None,
    "title": "",
    "fhir_id": "",
    "source_key": "",
    "field": "",
    "faults": [],
    "digest": "",
}


def destroy_item(child_id: UUID, item_id: UUID, now: datetime) -> int:
    """Empty an item of the file, with what senders told of it; gives back how many rows were touched."""
    row = RecordItem.objects.select_for_update().get(child_id=child_id, id=item_id)
    rows = _destroy_sent(child_id, row) + _destroy_relative(child_id, row)
    differences = Difference.objects.filter(child_id=child_id, item_id=item_id)
    DifferenceDecision.objects.filter(difference__in=differences).delete()
    rows += differences.delete()[0]
    row.data = item_data(ITEM_TYPES[ItemKind(row.kind)](source_key="", withdrawn=True))
    row.source_key = row.source = row.title = row.recorded_on = row.happened_on = ""
    row.withdrawn, row.destroyed_at, row.changed_at = True, now, now
    row.revision += 1
    row.save()
    return rows + 1 + destroy_beside(child_id, item_id)


def _destroy_sent(child_id: UUID, row: RecordItem) -> int:
    """What came in of this item from whatever sender: the resources, and their places in the files.

    By which keys others told it is kept: under those it does not come back either.
    """
    told_by = {}
    for resource_id, tells in RawResource.objects.filter(child_id=child_id).values_list("id", "tells"):
        if keys := [key for item_id, key in tells if item_id == str(row.id)]:
            told_by[resource_id] = keys
    row.other_keys = sorted({key for keys in told_by.values() for key in keys} - {row.key})
    asked = Difference.objects.filter(child_id=child_id, item=row).values("resource_id")
    told = Q(source_key=row.source_key) | Q(id=row.resource_id) | Q(id__in=asked) | Q(id__in=told_by)
    found = list(RawResource.objects.filter(told, child_id=child_id))
    digests = {one.digest for one in found}
    for document in SourceDocument.objects.filter(
        child_id=child_id, id__in={one.document_id for one in found}
    ):
        document.raw = without(bytes(document.raw), digests)
        document.save(update_fields=["raw"])
    for one in found:
        for name, value in EMPTY_RESOURCE.items():
            setattr(one, name, value)
        one.save(update_fields=[*EMPTY_RESOURCE])
    return len(found)


def _destroy_relative(child_id: UUID, row: RecordItem) -> int:
    """Who was made known around the child by this item goes too, unless that one came to mean more here meanwhile."""
    made = Relative.objects.filter(child_id=child_id, source_key__in=[row.key, *row.other_keys], user=None)
    try:
        with transaction.atomic():
            return made.delete()[0]
    except ProtectedError:
        return 0


def without(raw: bytes, digests: set[str]) -> bytes:
    """A file without the resources of these digests: a Bundle, a line of NDJSON each, or one resource.

    What cannot be read any more goes as a whole: it could hold anything.
    """
    try:
        return _without(orjson.loads(raw), digests)
    except orjson.JSONDecodeError:
        pass
    try:
        lines = [line for line in raw.splitlines() if line.strip()]
        kept = [line for line in lines if _digest(orjson.loads(line)) not in digests]
    except orjson.JSONDecodeError:
        return b""
    return b"\n".join(kept)


def _without(whole: Any, digests: set[str]) -> bytes:
    if isinstance(whole, dict) and isinstance(whole.get("entry"), list):
        kept = [one for one in whole["entry"] if not _is(one, digests)]
        return orjson.dumps({**whole, "entry": kept})
    if isinstance(whole, list):
        return orjson.dumps([one for one in whole if _digest(one) not in digests])
    return b"" if _digest(whole) in digests else orjson.dumps(whole)


def _is(entry: Any, digests: set[str]) -> bool:
    return isinstance(entry, dict) and _digest(entry.get("resource")) in digests


def _digest(resource: Any) -> str:
    return digest_of(canonical(resource))


def destroy_note(table: type[Note] | type[FamilyNote], child_id: UUID, entry_id: UUID) -> int:
    """Empty a note with all its earlier wordings."""
    rows = list(table._default_manager.select_for_update().filter(child_id=child_id, entry_id=entry_id))
    for row in rows:
        row.words = ""
        row.save(update_fields=["words"])
    return len(rows) + destroy_beside(child_id, entry_id)


def destroy_beside(child_id: UUID, object_id: UUID) -> int:
    """What the family said beside it, why it was kept from somebody, and translations of it: all can repeat it."""
    Mark.objects.filter(child_id=child_id, object_id=object_id).update(reason="")
    rows: list[Any] = [
        *Statement.objects.filter(child_id=child_id, object_id=object_id),
        *WordsIn.objects.filter(child_id=child_id, object_id=object_id, step=WordsStep.TRANSLATED),
    ]
    for row in rows:
        row.words = ""
        row.save(update_fields=["words"])
    return len(rows)
