"""Taking a handover, settling what it says otherwise, and what people enter themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.actions import NewMember, correct_identity, register_child_with_team
from kindzorg.careteam.queries import actor_for, child_for
from kindzorg.core.errors import Conflict, DomainError, Invalid, Missing
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
    MeasurementItem,
    MedicationItem,
    RangeItem,
    RelatedPersonItem,
)
from kindzorg.record.models import Difference, DifferenceDecision, HandoverUpload, RecordItem, SourceDocument
from kindzorg.record.queries import HandoverReport, report_of
from kindzorg.record.rules import (
    Handover,
    UploadState,
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

# As long as one attempt may last: longer than a task (60 s), shorter than the queue's lease (90 s).
HELD = timedelta(seconds=75)
UPLOAD_ATTEMPTS = 3
OPEN_UPLOADS = (UploadState.WAITING, UploadState.BUSY)
ENTERED = (
    ConditionItem,
    AllergyItem,
    DeviceItem,
    DirectiveItem,
    MedicationItem,
    MeasurementItem,
    RangeItem,
)
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
    if again := _sent_again(actor, subject, digest, leave, now):
        return again
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


def _sent_again(
    actor: Actor, subject: Subject, digest: str, leave: policy.Explanation, now: datetime
) -> HandoverReport | None:
    """The report of this very file, where it came before."""
    earlier = SourceDocument.objects.filter(child_id=subject.child_id, sha256=digest).first()
    if earlier is None:
        return None
    about = {"leave": leave, "object_kind": "document", "object_id": earlier.id}
    write_line(actor, "handover.sent_again", Kind.EXECUTE, subject, now, **about)
    return replace(report_of(actor, subject, earlier.id, now.date()), again=True)


@transaction.atomic
def take_new_child(actor: Actor, handover: Handover, now: datetime) -> HandoverReport:
    """Make the file of a child that nobody here knows yet from its handover, with the actor leading its care.

    Raises Invalid: "handover_no_child" (the file tells nothing of who the child is), "handover_no_leader" (the
    actor does not lead care here), "bsn_in_use".
    """
    policy.require(actor, "child.register", None, now.date())
    nurse, subject = begin_file(actor, handover.child, now)
    return take_handover(nurse, subject, handover, now)


@transaction.atomic
def begin_file(actor: Actor, told: Identity | None, now: datetime) -> tuple[Actor, Subject]:
    """Make the file of a child that nobody here knows yet; the actor leads its care. Raises as `take_new_child`."""
    policy.require(actor, "child.register", None, now.date())
    if told is None:
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
    new = _new_child(told, work.organisation)
    registered = register_child_with_team(actor, new, work.organisation_id, leader, now)
    # The grant is a row of a moment ago: the actor is read again, with it.
    nurse = actor_for(User.objects.get(id=actor.id))
    subject = child_for(nurse, registered.child_id, now.date()).subject
    open_journey(nurse, subject, work.organisation_id, now)
    return nurse, subject


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
    gone = RecordItem.objects.filter(child_id=subject.child_id, destroyed_at__isnull=False)
    known |= {mark for key, others in gone.values_list("key", "other_keys") for mark in (key, *others)}
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
    """Write down something that somebody knows or measured (`ENTERED`). Raises Invalid without a name.

    A range of the child's own is for a professional to set.
    """
    leave = policy.require(actor, _to_enter(item), subject, now.date())
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


def _to_enter(item: Item) -> str:
    return "range.set" if isinstance(item, RangeItem) else "record.write"


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


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A large file as it was sent, and how many resources stand in it."""

    name: str
    payload: bytes
    source: str
    total: int


@transaction.atomic
def begin_upload(actor: Actor, subject: Subject, new: NewUpload, now: datetime) -> HandoverUpload:
    """Keep a large file until the worker takes it. The same file that is under way already is that one."""
    leave = policy.require(actor, "record.import", subject, now.date())
    digest = digest_of(new.payload)
    child = Child.objects.select_for_update().get(id=subject.child_id)
    under_way = HandoverUpload.objects.filter(
        child_id=child.id, sha256=digest, state__in=OPEN_UPLOADS
    ).first()
    if under_way:
        return under_way
    row = HandoverUpload.objects.create(
        child_id=child.id,
        owner_id=child.owner_id,
        name=new.name[:200],
        source=new.source,
        raw=new.payload,
        sha256=digest,
        total=new.total,
        assurance=actor.assurance,
        by=actor.name,
        by_id=actor.id,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "upload", "object_id": row.id}
    write_line(actor, "handover.uploaded", Kind.CREATE, subject, now, **about)
    return row


@transaction.atomic
def claim_upload(actor: Actor, upload_id: UUID, now: datetime) -> HandoverUpload | None:
    """Take an upload for one attempt; None when it ended, is held by another, or has had its attempts."""
    leave = policy.require(actor, "record.import", None, now.date())
    rows = HandoverUpload.objects.select_for_update().filter(id=upload_id, state__in=OPEN_UPLOADS)
    row = rows.first()
    if row is None or (row.held_until and row.held_until > now):
        return None
    if row.attempts >= UPLOAD_ATTEMPTS:
        _end(actor, row, leave, now, state=UploadState.REFUSED, problem="upload_failed")
        return None
    row.state, row.attempts, row.held_until, row.done = UploadState.BUSY, row.attempts + 1, now + HELD, 0
    row.save(update_fields=["state", "attempts", "held_until", "done"])
    return row


def _end(
    actor: Actor, row: HandoverUpload, leave: policy.Explanation, now: datetime, **values: object
) -> None:
    for name, value in {**values, "raw": None, "held_until": None}.items():
        setattr(row, name, value)
    row.save()
    about = {"leave": leave, "object_kind": "upload", "object_id": row.id}
    event = "handover.upload_taken" if row.state == UploadState.TAKEN else "handover.upload_refused"
    write_line(actor, event, Kind.UPDATE, Subject(row.child_id, None), now, **about)


@transaction.atomic
def note_progress(actor: Actor, upload_id: UUID, done: int, now: datetime) -> None:
    """How many resources were read. Leaves no line: it would fill the trail with nothing."""
    policy.require(actor, "record.import", None, now.date())
    HandoverUpload.objects.filter(id=upload_id, state=UploadState.BUSY).update(done=done)


@transaction.atomic
def refuse_upload(actor: Actor, upload_id: UUID, problem: DomainError, now: datetime) -> None:
    """Write down why an upload could not be taken."""
    leave = policy.require(actor, "record.import", None, now.date())
    row = HandoverUpload.objects.select_for_update().filter(id=upload_id, state=UploadState.BUSY).first()
    if row is not None:
        data = {name: str(value) for name, value in problem.data.items()}
        given = {"state": UploadState.REFUSED, "problem": problem.code, "problem_data": data}
        _end(actor, row, leave, now, **given)


@transaction.atomic
def file_upload(
    actor: Actor, subject: Subject, upload_id: UUID, handover: Handover, now: datetime
) -> HandoverReport:
    """Take what was read of an upload, as the one who sent it, and write down that it ended: both or neither."""
    leave = policy.require(actor, "record.import", subject, now.date())
    rows = HandoverUpload.objects.select_for_update().filter(child_id=subject.child_id, id=upload_id)
    row = rows.filter(state=UploadState.BUSY).first()
    if row is None:
        raise Missing("upload_not_found", child_id=subject.child_id)
    report = take_handover(actor, subject, handover, now)
    ended = {"state": UploadState.TAKEN, "document_id": report.document_id, "done": row.total}
    _end(actor, row, leave, now, **ended)
    return report
