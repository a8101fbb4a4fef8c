"""Reading the child's file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Min, Q, QuerySet, TextField, When, Window
from django.db.models.functions import Cast, RowNumber

from kindzorg.access import policy
from kindzorg.access.grounds import Side
from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.marks.rules import hidden_side
from kindzorg.careteam.queries import OpenedChild, children_for, hidden_objects, marked_objects
from kindzorg.careteam.rules import HidesFrom
from kindzorg.core.encryption import keyed_hash
from kindzorg.core.errors import Missing
from kindzorg.core.statements import Later
from kindzorg.core.vocabulary import Ground
from kindzorg.journey.rules import Waiting
from kindzorg.journey.waiting import WaitingRows, waiting_rows
from kindzorg.people.models import Child, Professional
from kindzorg.record.filing import identity_of
from kindzorg.record.items import Identity, Item, ItemKind
from kindzorg.record.models import (
    Difference,
    HandoverUpload,
    RawResource,
    RecordItem,
    SourceDocument,
    Statement,
)
from kindzorg.record.rules import item_from

SHOWN_ITEMS, SHOWN_DOCUMENTS = 2000, 20
PAGE = 100


@dataclass(frozen=True, slots=True)
class Filed:
    """An item as it stands in the file: what it says, and by whom and when it came there."""

    id: UUID
    item: Item
    entered: bool
    by: str
    by_id: UUID
    at: datetime
    revision: int
    on_behalf_of: str = ""
    ground: Ground = Ground.WGBO

    @classmethod
    def of(cls, row: RecordItem) -> "Filed":
        """A stored item. The row was read for somebody who may see it."""
        return cls(
            row.id,
            item_from(row.kind, row.data),
            row.entered,
            row.by,
            row.by_id,
            row.created_at,
            row.revision,
            row.on_behalf_of,
            Ground(row.ground),
        )

    @property
    def kind(self) -> ItemKind:
        """Of what kind the item is."""
        return self.item.kind


@dataclass(frozen=True, slots=True)
class ChildFile:
    """The file by kind, newest first, and what waits in it."""

    items: Mapping[ItemKind, Sequence[Filed]]
    documents: Sequence[SourceDocument]
    waiting: int

    def of(self, kind: ItemKind) -> Sequence[Filed]:
        """The items of one kind."""
        return self.items.get(kind, ())


@dataclass(frozen=True, slots=True)
class AskedDifference:
    """A difference that waits: what the file says now, and what the sender says."""

    id: UUID
    kind: ItemKind
    field: str
    title: str
    current: object
    incoming: object
    source: str
    source_date: str
    current_source: str
    current_by: str
    current_at: datetime
    received_at: datetime
    revision: int | None
    about_child: bool


@dataclass(frozen=True)
class ReportLine:
    """What became of one resource of a file."""

    position: int
    fhir_type: str
    fhir_id: str
    title: str
    outcome: str
    reason: str
    field: str
    effect: str
    faults: Sequence[str]
    resource_id: UUID


@dataclass(frozen=True)
class HandoverReport:
    """What became of a file. `counts`: resources taken, kept_unread, rejected; items new, same, differs; asked.

    `again`: this very file was there before, and nothing was changed.
    """

    document_id: UUID
    child_id: UUID
    name: str
    source: str
    received_at: datetime
    by: str
    bsn_not_valid: bool
    counts: Mapping[str, int]
    lines: Sequence[ReportLine] = field(default=())
    again: bool = False

    @property
    def rejected(self) -> int:
        """How many resources could not be read."""
        return self.counts.get("rejected", 0)


def _items(subject: Subject, hidden: Collection[UUID] | QuerySet[Any, UUID]) -> QuerySet[RecordItem]:
    """What counts in the file, without what is kept from this reader."""
    return RecordItem.objects.filter(child_id=subject.child_id, withdrawn=False).exclude(id__in=hidden)


def whole_file_for(actor: Actor, subject: Subject, on: date) -> ChildFile:
    """Every item of the file and every handover, for who takes it all along. Three statements at most."""
    policy.require(actor, "record.read", subject, on)
    hidden = hidden_objects(actor, subject, on)
    rows = _items(subject, hidden).order_by("-happened_on", "-id")
    return _file(subject, rows, None, hidden)


def file_for(actor: Actor, subject: Subject, on: date) -> ChildFile:
    """The whole file, of the measurements the latest of each kind. Three statements at most, whatever its size."""
    policy.require(actor, "record.read", subject, on)
    hidden = hidden_objects(actor, subject, on)
    return _file(subject, _newest(subject, hidden), SHOWN_DOCUMENTS, hidden)


def known_for(actor: Actor, subject: Subject, on: date) -> ChildFile:
    """What the file knows, without the documents it came in with. One statement."""
    return known_later(actor, subject, on).now()


def known_later(actor: Actor, subject: Subject, on: date) -> Later[ChildFile]:
    """The same, not asked for yet."""
    policy.require(actor, "record.read", subject, on)
    hidden = marked_objects(actor, subject, on)
    return Later((_newest(subject, hidden),), lambda rows: ChildFile(_by_kind(rows), (), 0))


def _newest(subject: Subject, hidden: Collection[UUID] | QuerySet[Any, UUID]) -> QuerySet[RecordItem]:
    measured = When(kind=ItemKind.MEASUREMENT, then=F("title"))
    each = Case(measured, default=Cast("id", TextField()), output_field=TextField())
    place = Window(
        RowNumber(), partition_by=(F("kind"), each), order_by=(F("happened_on").desc(), F("id").desc())
    )
    rows = _items(subject, hidden).annotate(place=place)
    return rows.filter(place=1).order_by("-happened_on", "-id")[:SHOWN_ITEMS]


def _by_kind(rows: Iterable[RecordItem]) -> Mapping[ItemKind, Sequence[Filed]]:
    items: dict[ItemKind, list[Filed]] = {}
    for row in rows:
        items.setdefault(ItemKind(row.kind), []).append(Filed.of(row))
    return items


def _file(
    subject: Subject, rows: Iterable[RecordItem], documents_shown: int | None, hidden: Collection[UUID]
) -> ChildFile:
    items = _by_kind(rows)
    open_ones = Q(differences__decision__isnull=True)
    about_hidden = Q(differences__item_id__isnull=False, differences__item_id__in=hidden)
    asked = Count("differences", filter=open_ones & ~about_hidden if hidden else open_ones)
    documents = SourceDocument.objects.filter(child_id=subject.child_id).defer("raw").annotate(asked=asked)
    found = list(documents.order_by("-created_at", "-id"))
    return ChildFile(items, found[:documents_shown], sum(row.asked for row in found))


def statements_for(actor: Actor, subject: Subject, on: date) -> Mapping[UUID, Sequence[Statement]]:
    """What the family says beside items and notes that stayed as they are, by item or entry. One statement.

    The caller shows them beside what the reader sees, and nowhere else. A child's own words are not for its parents.
    """
    policy.require(actor, "child.open", subject, on)
    found: dict[UUID, list[Statement]] = {}
    rows = Statement.objects.filter(child_id=subject.child_id)
    if hidden_side(policy.role_for(actor, subject, on)) == HidesFrom.PARENTS:
        rows = rows.exclude(side=Side.CHILD)
    for row in rows.order_by("created_at", "id"):
        if row.words:
            found.setdefault(row.object_id, []).append(row)
    return found


def statements_beside(
    actor: Actor, subject: Subject, permission: str, on: date
) -> Mapping[UUID, Sequence[Statement]]:
    """The same beside a scan or a plan, which somebody reads by this permission. Such words can be about any domain, so
    they are for who sees every one."""
    return statements_for(actor, subject, on) if policy.sees_all(actor, permission, subject, on) else {}


def measurements_for(actor: Actor, subject: Subject, page: int, on: date) -> tuple[Sequence[Filed], bool]:
    """One page of the measurements, newest first, and whether there are more."""
    policy.require(actor, "record.read", subject, on)
    rows = _items(subject, hidden_objects(actor, subject, on)).filter(kind=ItemKind.MEASUREMENT)
    first = max(page - 1, 0) * PAGE
    found = [Filed.of(row) for row in rows.order_by("-happened_on", "-id")[first : first + PAGE + 1]]
    return found[:PAGE], len(found) > PAGE


def item_for(actor: Actor, subject: Subject, item_id: UUID, on: date) -> Filed:
    """One item of the file. Raises Missing."""
    policy.require(actor, "record.read", subject, on)
    row = _items(subject, hidden_objects(actor, subject, on)).filter(id=item_id).first()
    if row is None:
        raise Missing("item_not_found", child_id=subject.child_id)
    return Filed.of(row)


def differences_for(actor: Actor, subject: Subject, on: date) -> Sequence[AskedDifference]:
    """What waits for a person, oldest first. Two statements at most."""
    policy.require(actor, "record.read", subject, on)
    rows = Difference.objects.filter(child_id=subject.child_id, decision__isnull=True)
    if hidden := hidden_objects(actor, subject, on):
        rows = rows.exclude(item_id__isnull=False, item_id__in=hidden)
    return [
        _asked(row) for row in rows.select_related("item", "child", "document").order_by("created_at", "id")
    ]


def _asked(row: Difference) -> AskedDifference:
    held: Item = item_from(row.item.kind, row.item.data) if row.item else identity_of(row.child)
    told = item_from(row.kind, {"source_key": "", row.field: row.incoming})
    return AskedDifference(
        id=row.id,
        kind=ItemKind(row.kind),
        field=row.field,
        title=row.item.title if row.item else "",
        current=getattr(held, row.field),
        incoming=getattr(told, row.field),
        source=row.source or row.document.source,
        source_date=row.source_date,
        current_source=row.item.source if row.item else "",
        current_by=row.item.by if row.item else "",
        current_at=(row.item.changed_at or row.item.created_at) if row.item else row.child.created_at,
        received_at=row.created_at,
        revision=row.item.revision if row.item else None,
        about_child=row.item is None,
    )


def report_of(actor: Actor, subject: Subject, document_id: UUID, on: date) -> HandoverReport:
    """What became of a file that came in. Raises Missing. Two statements."""
    policy.require(actor, "record.import", subject, on)
    row = SourceDocument.objects.defer("raw").filter(child_id=subject.child_id, id=document_id).first()
    if row is None:
        raise Missing("document_not_found", child_id=subject.child_id)
    resources = RawResource.objects.filter(document_id=row.id).defer("raw").order_by("position")
    lines = [
        ReportLine(
            one.position,
            one.fhir_type,
            one.fhir_id,
            one.title,
            one.outcome,
            one.reason,
            one.field,
            one.effect,
            one.faults,
            one.id,
        )
        for one in resources
    ]
    return HandoverReport(
        row.id,
        row.child_id,
        row.name,
        row.source,
        row.created_at,
        row.by,
        row.bsn_not_valid,
        row.counts,
        lines,
    )


def upload_for(actor: Actor, subject: Subject, upload_id: UUID, on: date) -> HandoverUpload:
    """A large file on its way, without its bytes. Raises Missing."""
    policy.require(actor, "record.import", subject, on)
    row = HandoverUpload.objects.defer("raw").filter(child_id=subject.child_id, id=upload_id).first()
    if row is None:
        raise Missing("upload_not_found", child_id=subject.child_id)
    return row


def document_known(actor: Actor, subject: Subject, digest: str, on: date) -> bool:
    """Whether this very file came before."""
    policy.require(actor, "record.import", subject, on)
    return SourceDocument.objects.filter(child_id=subject.child_id, sha256=digest).exists()


def raw_of(actor: Actor, subject: Subject, document_id: UUID, on: date) -> tuple[str, bytes]:
    """A file exactly as it came in, with its name. Raises Missing."""
    policy.require(actor, "record.import", subject, on)
    row = SourceDocument.objects.filter(child_id=subject.child_id, id=document_id).first()
    if row is None:
        raise Missing("document_not_found", child_id=subject.child_id)
    return row.name, row.raw


def known_child(actor: Actor, told: Identity, on: date) -> Mapping[str, Any]:
    """Whom of the children that the actor sees a handover may be about: `sure` by number, `maybe` by birth and name.

    Equal birth date and name proves nothing: a person must say.
    """
    policy.require(actor, "record.import", None, on)
    seen = children_for(actor, on)
    sure = list(seen.filter(bsn_hash=keyed_hash(told.bsn))[:1]) if told.bsn else []
    if not sure and told.source_key:
        mine = RecordItem.objects.filter(kind=ItemKind.CHILD, source_key=told.source_key)
        known = Q(id__in=mine.values("child_id")) | Q(id__in=mine.values("child__merged_into_id"))
        sure = list(seen.filter(known)[:1])
    born = told.birth_date[:10]
    maybe: list[Child] = []
    if not sure and len(born) == 10 and told.name.family:
        maybe = list(seen.filter(birth_date=born, family_name__iexact=told.name.family)[:5])
        maybe = [one for one in maybe if not (one.bsn and told.bsn)]
    return {"sure": sure[0] if sure else None, "maybe": maybe}


def numbers_told(actor: Actor, children: Sequence[OpenedChild], on: date) -> Mapping[UUID, frozenset[str]]:
    """Per child the keyed hashes of the numbers that senders tell and nobody settled, where the actor may settle them.

    One statement; most children have none.
    """
    mine = [one.child.id for one in children if policy.may(actor, "record.decide", one.subject, on)]
    waiting = Difference.objects.filter(child_id__in=mine, item=None, field="bsn", decision__isnull=True)
    found: dict[UUID, frozenset[str]] = {}
    for row in waiting.only("child_id", "incoming"):
        found[row.child_id] = found.get(row.child_id, frozenset()) | {keyed_hash(str(row.incoming))}
    return found


def professionals_named(
    actor: Actor, subject: Subject, names: Sequence[str], on: date
) -> Sequence[Professional]:
    """Professionals of the directory who are called like somebody in the handover, a title before it or not."""
    policy.require(actor, "team.change", subject, on)
    called = Q()
    for name in filter(None, names):
        called |= Q(name__iexact=name) | Q(name__iendswith=f" {name}")
    if not called:
        return []
    rows = Professional.objects.filter(called).select_related("organisation")
    return list(rows.order_by("name", "id")[:10])


def waiting_rows_for(actor: Actor, children: Sequence[OpenedChild], on: date) -> Sequence[WaitingRows]:
    """Differences that this actor may settle."""
    mine = [one.child.id for one in children if policy.may(actor, "record.decide", one.subject, on)]
    if not mine:
        return ()
    rows = Difference.objects.filter(child_id__in=mine, decision__isnull=True).values("child_id")
    return (waiting_rows(rows, _to_settle, at=Min("created_at")),)


def _to_settle(child_id: UUID, word: str, since: Any, day: object, object_id: object) -> Waiting:
    return Waiting(child_id, "record_differences", "record_differences", since)
