"""Taking a handover, settling what it says otherwise, and what people enter themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.actions import NewMember, correct_identity, register_child_with_team
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.core.errors import Conflict, Invalid, Missing
from kindzorg.core.ids import new_id
from kindzorg.core.vocabulary import Truth
from kindzorg.journey.actions import open_journey
from kindzorg.people.actions import NewChild, NewRelative, register_relative
from kindzorg.people.models import Child, Organisation, Professional, Relative, User
from kindzorg.people.rules import Qualification
from kindzorg.record.filing import Filing, identity_of, row_of
from kindzorg.record.items import (
    AllergyItem,
    ConditionItem,
    DeviceItem,
    DirectiveItem,
    Identity,
    Item,
    RelatedPersonItem,
)
from kindzorg.record.models import Difference, DifferenceDecision, RecordItem, SourceDocument
from kindzorg.record.queries import HandoverReport, report_of
from kindzorg.record.rules import (
    Handover,
    corrections,
    day_of,
    digest_of,
    folded,
    happened_on,
    item_data,
    item_from,
    relation_of,
    same_child,
    title,
)

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
    leave = policy.require(actor, "record.import", subject, now.date())
    child = Child.objects.select_for_update().get(id=subject.child_id)
    digest = digest_of(handover.raw)
    earlier = SourceDocument.objects.filter(child_id=subject.child_id, sha256=digest).first()
    if earlier:
        about = {"leave": leave, "object_kind": "document", "object_id": earlier.id}
        write_line(actor, "handover.sent_again", Kind.EXECUTE, subject, now, **about)
        return replace(report_of(actor, subject, earlier.id, now.date()), again=True)
    if handover.child and same_child(identity_of(child), handover.child) == Truth.NO:
        raise Invalid("handover_other_child")
    filing = Filing.begun(actor, child, now)
    for each in handover.resources:
        filing.take(each)
    document = filing.keep(handover, digest)
    _register_relatives(actor, subject, handover, now)
    counts = {name: str(count) for name, count in document.counts.items()}
    about = {"leave": leave, "object_kind": "document", "object_id": document.id}
    write_line(actor, "handover.taken", Kind.CREATE, subject, now, **counts, **about)
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
    work = (
        Professional.objects.filter(user_id=actor.id)
        .select_related("organisation")
        .order_by("created_at")
        .first()
    )
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
        given_name=(
            told.name.given or told.name.call_name or (told.name.text if not told.name.family else "")
        )[:120],
        family_name=told.name.family[:120],
        birth_date=day_of(told.birth_date),
        gender=told.gender[:10],
        bsn=told.bsn or None,
        language=language,
        region_id=owner.region_id,
    )


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
            name,
            relation_of(item),
            birth_date=day_of(item.birth_date),
            phone="".join(phones[:1]),
            source_key=key,
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
    leave = policy.require(actor, "record.decide", subject, now.date())
    rows = Difference.objects.filter(child_id=subject.child_id, id=difference_id)
    row = rows.select_related("item", "decision").first()
    if row is None:
        raise Missing("difference_not_found", child_id=subject.child_id)
    if DifferenceDecision.objects.filter(difference_id=row.id).exists():
        raise Conflict("difference_settled", theirs=row.decision.by)
    if settled.accept and row.item is None:
        correct_identity(actor, subject, corrections(row.field, row.incoming), now)
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
    about = {"leave": leave, "object_kind": "difference", "object_id": row.id, "field": row.field}
    write_line(actor, event, Kind.UPDATE, subject, now, **about)
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
    leave = policy.require(actor, "record.write", subject, now.date())
    if not isinstance(item, ENTERED) or not title(item).strip():
        raise Invalid("item_not_named", fields=("what",))
    row_id = new_id()
    written = replace(item, source_key=f"entered:{row_id}", source="", recorded_on=now.date().isoformat())
    owner_id = Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id)
    base = {"child_id": subject.child_id, "owner_id": owner_id, "created_at": now}
    row = row_of(written, actor, base)
    row.id, row.entered = row_id, True
    row.save(force_insert=True)
    write_line(
        actor, "item.entered", Kind.CREATE, subject, now, leave=leave, object_kind=row.kind, object_id=row.id
    )
    return row


@transaction.atomic
def retract_item(actor: Actor, subject: Subject, item_id: UUID, revision: int, now: datetime) -> RecordItem:
    """Mark an item as not right: it stays, and no longer counts. Raises Missing, Conflict("item_changed").

    What others entered or sent is only taken out by who may decide about the file.
    """
    leave = policy.require(actor, "record.write", subject, now.date())
    row = RecordItem.objects.select_for_update().filter(child_id=subject.child_id, id=item_id).first()
    if row is None or row.withdrawn:
        raise Missing("item_not_found", child_id=subject.child_id)
    if not (row.entered and row.by_id == actor.id):
        policy.require(actor, "record.decide", subject, now.date())
    if row.revision != revision:
        raise Conflict("item_changed")
    row.data = item_data(replace(item_from(row.kind, row.data), withdrawn=True))
    row.withdrawn, row.revision, row.changed_at = True, row.revision + 1, now
    row.save(update_fields=["data", "withdrawn", "revision", "changed_at"])
    about = {"leave": leave, "object_kind": row.kind, "object_id": row.id}
    write_line(actor, "item.retracted", Kind.UPDATE, subject, now, **about)
    return row
