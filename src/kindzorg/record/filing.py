"""A handover on its way into one child's file: what is new is added, what is told otherwise is asked.

The work of `actions.take_handover`, which asks leave and writes the trail.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from kindzorg.access.policy import Actor
from kindzorg.core.ids import new_id
from kindzorg.people.models import Child
from kindzorg.record.items import Identity, Item, ItemKind
from kindzorg.record.models import Difference, RawResource, RecordItem, SourceDocument
from kindzorg.record.rules import (
    ALIKE,
    FieldDifference,
    HandedOver,
    Handover,
    Outcome,
    Verdict,
    alike,
    canonical,
    difference,
    digest_of,
    happened_on,
    identity_differences,
    item_data,
    item_from,
    plain_data,
    title,
)
from kindzorg.record.values import NO_NAME, PersonName

BATCH = 500


def identity_of(child: Child) -> Identity:
    """Who the child is by its own row, as an item to compare with."""
    born = child.birth_date.isoformat() if child.birth_date else ""
    whole = f"{child.given_name} {child.family_name}".strip()
    name = PersonName(whole, child.given_name, child.family_name)
    return Identity(source_key="", name=name, birth_date=born, bsn=child.bsn or "", gender=child.gender)


@dataclass
class Filing:
    """One file on its way into one child's file: all rows are made first, then written at once."""

    actor: Actor
    child: Child
    now: datetime
    held: dict[str, RecordItem]
    asked: set[tuple[UUID | None, str, str]]
    document_id: UUID = field(default_factory=new_id)
    resources: list[RawResource] = field(default_factory=list)
    items: list[RecordItem] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @classmethod
    def begun(cls, actor: Actor, child: Child, now: datetime) -> "Filing":
        """With what the file holds, and what was asked before."""
        rows = list(RecordItem.objects.filter(child_id=child.id))
        held = {key: row for row in rows for key in row.other_keys} | {row.key: row for row in rows}
        # What waits already, and what a person kept out before, is not asked again.
        asked = Difference.objects.filter(child_id=child.id).exclude(decision__accepted=True)
        told = {(one.item_id, one.field, canonical(one.incoming)) for one in asked}
        return cls(actor, child, now, held, told)

    def _row(self) -> dict[str, Any]:
        return {"child_id": self.child.id, "owner_id": self.child.owner_id, "created_at": self.now}

    def take(self, each: HandedOver) -> None:
        """One resource: what it tells is filed, and the resource itself is kept."""
        resource = RawResource(
            id=new_id(),
            document_id=self.document_id,
            position=each.position,
            fhir_type=each.fhir_type,
            fhir_id=each.fhir_id,
            source_key=each.source_key,
            title=each.title,
            outcome=each.outcome,
            reason=each.reason,
            field=each.field,
            faults=list(each.faults),
            digest=digest_of(canonical(each.raw)),
            raw=each.raw,
            **self._row(),
        )
        effects = {self._file(item, resource) for item in each.items}
        order = (Verdict.DIFFERS, Verdict.NEW, Verdict.SAME)
        resource.effect = next((one for one in order if one in effects), "")
        self.counts[each.outcome] += 1
        self.resources.append(resource)

    def _file(self, item: Item, resource: RawResource) -> Verdict:
        effect = self._identity(item, resource) if isinstance(item, Identity) else self._item(item, resource)
        self.counts[effect] += 1
        return effect

    def _identity(self, told: Identity, resource: RawResource) -> Verdict:
        """Who the child is stands with the child; the rest (addresses, languages) is an item of its file."""
        asked = self._ask(None, told, identity_differences(identity_of(self.child), told), resource)
        rest = replace(told, name=NO_NAME, birth_date="", bsn="", gender="")
        row = next((one for one in self.held.values() if one.kind == ItemKind.CHILD), None)
        verdict = self._compared(row, rest, resource)
        return Verdict.DIFFERS if asked else verdict

    def _item(self, item: Item, resource: RawResource) -> Verdict:
        row = self.held.get(digest_of(item.source_key))
        if row is not None and row.destroyed_at:
            return Verdict.SAME  # It was destroyed on request: it is not taken in again, nor asked about.
        if row is None and item.kind in ALIKE:
            rows = (one for one in self.held.values() if one.kind == item.kind and not one.withdrawn)
            other = next((one for one in rows if alike(item_from(one.kind, one.data), item)), None)
            if other:
                return self._compared(other, item, resource, only=ALIKE[item.kind])
        return self._compared(row, item, resource)

    def _compared(
        self, row: RecordItem | None, item: Item, resource: RawResource, only: Sequence[str] = ()
    ) -> Verdict:
        if row is None:
            if item.withdrawn:
                return Verdict.SAME
            self._add(item, resource)
            return Verdict.NEW
        resource.tells.append([str(row.id), digest_of(item.source_key)])
        found = difference(item_from(row.kind, row.data), item)
        if only:
            found = tuple(one for one in found if one.field in only)
        return Verdict.DIFFERS if self._ask(row, item, found, resource) else Verdict.SAME

    def _add(self, item: Item, resource: RawResource) -> None:
        row = row_of(item, self.actor, self._row())
        row.resource = resource
        resource.tells.append([str(row.id), row.key])
        self.items.append(row)
        self.held[row.key] = row

    def _ask(
        self, row: RecordItem | None, item: Item, found: Iterable[FieldDifference], resource: RawResource
    ) -> bool:
        asked = False
        for one in found:
            incoming = plain_data(one.incoming)
            mark = (row.id if row else None, one.field, canonical(incoming))
            if mark in self.asked:
                continue
            self.asked.add(mark)
            asked = True
            self.differences.append(
                Difference(
                    item=row,
                    document_id=self.document_id,
                    resource=resource,
                    kind=item.kind,
                    field=one.field,
                    current=plain_data(one.current),
                    incoming=incoming,
                    source=item.source,
                    source_date=item.recorded_on[:40],
                    **self._row(),
                )
            )
        return asked

    def keep(self, handover: Handover, digest: str) -> SourceDocument:
        """Write it all."""
        counts = self.counts
        document = SourceDocument(
            id=self.document_id,
            name=handover.name[:200],
            source=handover.sender,
            form=handover.form,
            sha256=digest,
            size=len(handover.raw),
            raw=handover.raw,
            bsn_not_valid=handover.bsn_not_valid,
            counts={str(one): counts[one] for one in (*Outcome, *Verdict)} | {"asked": len(self.differences)},
            by=self.actor.name,
            by_id=self.actor.id,
            **self._row(),
        )
        document.save(force_insert=True)
        RawResource.objects.bulk_create(self.resources, batch_size=BATCH)
        RecordItem.objects.bulk_create(self.items, batch_size=BATCH)
        Difference.objects.bulk_create(self.differences, batch_size=BATCH)
        return document


def row_of(item: Item, actor: Actor, base: Mapping[str, Any]) -> RecordItem:
    """The row of an item; `base` says whose it is and from when."""
    return RecordItem(
        id=new_id(),
        kind=item.kind,
        source_key=item.source_key,
        key=digest_of(item.source_key),
        source=item.source,
        title=title(item),
        recorded_on=item.recorded_on[:40],
        happened_on=happened_on(item)[:40],
        data=item_data(item),
        by=actor.name,
        by_id=actor.id,
        on_behalf_of=actor.on_behalf_of,
        **base,
    )
