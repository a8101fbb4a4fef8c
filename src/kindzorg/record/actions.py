"""Taking a handover, settling what it says otherwise, and what people enter themselves."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.actions import NewMember, register_child_with_team
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.core.errors import Conflict, Invalid, Missing
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import Truth
from kindzorg.journey.actions import open_journey
from kindzorg.people.actions import NewChild, NewRelative, correct_child, register_relative
from kindzorg.people.models import Child, Organisation, Professional, Relative, User
from kindzorg.people.rules import Qualification
from kindzorg.record.items import (
    AllergyItem,
    ConditionItem,
    DeviceItem,
    DirectiveItem,
    Identity,
    Item,
    ItemKind,
    RelatedPersonItem,
)
from kindzorg.record.models import Difference, DifferenceDecision, RawResource, RecordItem, SourceDocument
from kindzorg.record.queries import HandoverReport, identity_of, report_of
from kindzorg.record.rules import (
    ALIKE,
    FieldDifference,
    HandedOver,
    Handover,
    Outcome,
    Verdict,
    alike,
    canonical,
    corrections,
    day_of,
    difference,
    digest_of,
    folded,
    happened_on,
    identity_differences,
    item_data,
    item_from,
    plain_data,
    relation_of,
    same_child,
    title,
)
from kindzorg.record.values import NO_NAME

BATCH = 500
ENTERED = (ConditionItem, AllergyItem, DeviceItem, DirectiveItem)
LEADS: Mapping[str, Role] = {
    Qualification.LEVEL5_PAEDIATRIC_NURSE: Role.LEVEL5_NURSE,
    Qualification.NURSE_SPECIALIST: Role.LEVEL5_NURSE,
    Qualification.PAEDIATRIC_NURSE: Role.PAEDIATRIC_NURSE,
    Qualification.NURSE: Role.PAEDIATRIC_NURSE,
}
"""In which role somebody leads the care of a child whose file is made from a handover."""


@transaction.atomic
def take_handover(actor: Actor, subject: Subject, handover: Handover, now: datetime) -> HandoverReport:
    """Put a handover into the child's file, whole or not at all.

    New things are added; what the file says otherwise becomes a difference that waits for a person. The same
    file a second time changes nothing. Raises Invalid("handover_other_child").
    """
    policy.require(actor, "record.import", subject, now.date())
    child = Child.objects.select_for_update().get(id=subject.child_id)
    digest = digest_of(handover.raw)
    earlier = SourceDocument.objects.filter(child_id=subject.child_id, sha256=digest).first()
    if earlier:
        write_line(
            actor, "handover.sent_again", Kind.EXECUTE, subject, now, object_kind="document", object_id=earlier.id
        )
        return replace(report_of(actor, subject, earlier.id, now.date()), again=True)
    if handover.child and same_child(identity_of(child), handover.child) == Truth.NO:
        raise Invalid("handover_other_child")
    filing = _Filing.begun(actor, child, now)
    for each in handover.resources:
        filing.take(each)
    document = _keep(filing, handover, digest)
    _register_relatives(actor, subject, handover, now)
    counts = {name: str(count) for name, count in document.counts.items()}
    write_line(
        actor, "handover.taken", Kind.CREATE, subject, now, object_kind="document", object_id=document.id, **counts
    )
    return report_of(actor, subject, document.id, now.date())


@transaction.atomic
def take_new_child(actor: Actor, handover: Handover, now: datetime) -> HandoverReport:
    """Make the file of a child that nobody here knows yet from its handover, with the actor leading its care.

    Raises Invalid: "handover_no_child" (the file tells nothing of who the child is), "handover_no_leader" (the
    actor does not lead care here), "bsn_in_use".
    """
    policy.require(actor, "child.register", None, now.date())
    if handover.child is None:
        raise Invalid("handover_no_child")
    work = Professional.objects.filter(user_id=actor.id).select_related("organisation").order_by("created_at").first()
    if work is None or work.qualification not in LEADS:
        raise Invalid("handover_no_leader")
    leader = NewMember(LEADS[work.qualification], professional_id=work.id, leads=True)
    new = _new_child(handover.child, work.organisation)
    registered = register_child_with_team(actor, new, work.organisation_id, leader, now)
    # The grant is a row of a moment ago: the actor is read again, with it.
    nurse = actor_for(User.objects.get(id=actor.id))
    subject = child_for(nurse, registered.child_id, now.date()).subject
    open_journey(nurse, subject, work.organisation_id, now)
    return take_handover(nurse, subject, handover, now)


def _new_child(told: Identity, owner: Organisation) -> NewChild:
    spoken = sorted(told.languages, key=lambda each: each.preferred != Truth.YES)
    codes = [code.code for each in spoken[:1] for code in each.language.codes]
    language = next((code[:2].lower() for code in codes if code[:2].isalpha()), "nl")
    return NewChild(
        given_name=(told.name.given or told.name.call_name or (told.name.text if not told.name.family else ""))[:120],
        family_name=told.name.family[:120],
        birth_date=day_of(told.birth_date),
        gender=told.gender[:10],
        bsn=told.bsn or None,
        language=language,
        region_id=owner.region_id,
    )


@dataclass
class _Filing:
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
    def begun(cls, actor: Actor, child: Child, now: datetime) -> "_Filing":
        held = {row.key: row for row in RecordItem.objects.filter(child_id=child.id)}
        # What waits already, and what a person kept out before, is not asked again.
        asked = Difference.objects.filter(child_id=child.id).exclude(decision__accepted=True)
        told = asked.values_list("item_id", "field", "incoming")
        return cls(actor, child, now, held, {(item, name, canonical(said)) for item, name, said in told})

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
        found = difference(item_from(row.kind, row.data), item)
        if only:
            found = tuple(one for one in found if one.field in only)
        return Verdict.DIFFERS if self._ask(row, item, found, resource) else Verdict.SAME

    def _add(self, item: Item, resource: RawResource) -> None:
        row = _new_row(item, self.actor, self._row())
        row.resource = resource
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


def _keep(filing: _Filing, handover: Handover, digest: str) -> SourceDocument:
    counts = filing.counts
    document = SourceDocument(
        id=filing.document_id,
        name=handover.name[:200],
        source=handover.sender,
        form=handover.form,
        sha256=digest,
        size=len(handover.raw),
        raw=handover.raw,
        bsn_not_valid=handover.bsn_not_valid,
        counts={str(one): counts[one] for one in (*Outcome, *Verdict)} | {"asked": len(filing.differences)},
        by=filing.actor.name,
        by_id=filing.actor.id,
        **filing._row(),
    )
    document.save(force_insert=True)
    RawResource.objects.bulk_create(filing.resources, batch_size=BATCH)
    RecordItem.objects.bulk_create(filing.items, batch_size=BATCH)
    Difference.objects.bulk_create(filing.differences, batch_size=BATCH)
    return document


def _register_relatives(actor: Actor, subject: Subject, handover: Handover, now: datetime) -> None:
    """Relatives become known as people around the child. That gives them neither authority nor access."""
    if not policy.may(actor, "team.change", subject, now.date()):
        return
    rows = Relative.objects.filter(child_id=subject.child_id).values_list("name", "source_key")
    known = {mark for name, key in rows for mark in (folded(name), key) if mark}
    for item in (one for each in handover.resources for one in each.items):
        if not isinstance(item, RelatedPersonItem) or item.withdrawn or item.active == Truth.NO:
            continue
        key = digest_of(item.source_key)
        name = " ".join(item.name.text.split())[:200]
        if not name or {key, folded(name)} & known:
            continue
        known |= {key, folded(name)}
        phones = [one.value for one in item.contacts if one.system == "phone" and len(one.value) <= 30]
        new = NewRelative(
            name, relation_of(item), birth_date=day_of(item.birth_date), phone="".join(phones[:1]), source_key=key
        )
        register_relative(actor, subject, new, now)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a person decides: take what the sender says, or keep what stands. `revision` is that of the item shown."""

    accept: bool
    revision: int | None = None


@transaction.atomic
def settle_difference(
    actor: Actor, subject: Subject, difference_id: UUID, settled: Settlement, now: datetime
) -> DifferenceDecision:
    """Accept what the sender says into the file, or keep the file as it is. Both stay readable.

    Raises Missing, and Conflict("difference_settled") or Conflict("item_changed") when somebody was before.
    """
    policy.require(actor, "record.decide", subject, now.date())
    rows = Difference.objects.filter(child_id=subject.child_id, id=difference_id)
    row = rows.select_related("item", "decision").first()
    if row is None:
        raise Missing("difference_not_found", child_id=subject.child_id)
    if DifferenceDecision.objects.filter(difference_id=row.id).exists():
        raise Conflict("difference_settled", theirs=row.decision.by)
    if settled.accept and row.item is None:
        correct_child(actor, subject, corrections(row.field, row.incoming), now)
    elif settled.accept and row.item is not None:
        _accept(row, row.item, settled, now)
    decision = DifferenceDecision.objects.create(
        child_id=subject.child_id,
        owner_id=row.owner_id,
        difference=row,
        accepted=settled.accept,
        by=actor.name,
        by_id=actor.id,
        created_at=now,
    )
    event = "difference.accepted" if settled.accept else "difference.kept"
    write_line(actor, event, Kind.UPDATE, subject, now, object_kind="difference", object_id=row.id, field=row.field)
    return decision


def _accept(row: Difference, item: RecordItem, settled: Settlement, now: datetime) -> None:
    locked = RecordItem.objects.select_for_update().get(id=item.id)
    if settled.revision != locked.revision:
        raise Conflict("item_changed", mine=row.incoming, theirs=locked.data.get(row.field))
    changed = item_from(locked.kind, {**locked.data, row.field: row.incoming})
    locked.data = item_data(changed)
    locked.title, locked.withdrawn = title(changed), changed.withdrawn
    locked.happened_on = happened_on(changed)[:40]
    locked.revision += 1
    locked.changed_at = now
    locked.save(update_fields=["data", "title", "withdrawn", "happened_on", "revision", "changed_at"])


@transaction.atomic
def enter_item(actor: Actor, subject: Subject, item: Item, now: datetime) -> RecordItem:
    """Write down a condition, allergy, device or directive that somebody knows. Raises Invalid without a name."""
    policy.require(actor, "record.write", subject, now.date())
    if not isinstance(item, ENTERED) or not title(item).strip():
        raise Invalid("item_not_named", fields=("what",))
    row_id = new_id()
    written = replace(item, source_key=f"entered:{row_id}", source="", recorded_on=now.date().isoformat())
    owner_id = Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id)
    base = {"child_id": subject.child_id, "owner_id": owner_id, "created_at": now}
    row = _new_row(written, actor, base)
    row.id, row.entered = row_id, True
    row.save(force_insert=True)
    write_line(actor, "item.entered", Kind.CREATE, subject, now, object_kind=row.kind, object_id=row.id)
    return row


@transaction.atomic
def retract_item(actor: Actor, subject: Subject, item_id: UUID, revision: int, now: datetime) -> RecordItem:
    """Mark an item as not right: it stays, and no longer counts. Raises Missing, Conflict("item_changed")."""
    policy.require(actor, "record.write", subject, now.date())
    row = RecordItem.objects.select_for_update().filter(child_id=subject.child_id, id=item_id).first()
    if row is None or row.withdrawn:
        raise Missing("item_not_found", child_id=subject.child_id)
    if row.revision != revision:
        raise Conflict("item_changed")
    row.data = item_data(replace(item_from(row.kind, row.data), withdrawn=True))
    row.withdrawn, row.revision, row.changed_at = True, row.revision + 1, now
    row.save(update_fields=["data", "withdrawn", "revision", "changed_at"])
    write_line(actor, "item.retracted", Kind.UPDATE, subject, now, object_kind=row.kind, object_id=row.id)
    return row


def _new_row(item: Item, actor: Actor, base: Mapping[str, Any]) -> RecordItem:
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
        **base,
    )
