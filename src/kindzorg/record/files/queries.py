"""Photos and documents. Whether a reader may see one is for the room whose it is: ask that first."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.core.errors import Missing
from kindzorg.record.files.models import Attachment
from kindzorg.record.files.rules import AttachmentKind, AttachmentView


def view_of(actor: Actor, row: Attachment) -> AttachmentView:
    """What a page knows of it. `actor` was let in by who calls."""
    return AttachmentView(
        id=row.id,
        kind=AttachmentKind(row.kind),
        alt=row.alt,
        size=row.size,
        width=row.width,
        height=row.height,
        at=row.created_at,
        by=row.by,
        gone=not row.size,
    )


def attachments_for(
    actor: Actor, subject: Subject, ids: Collection[UUID], on: date
) -> Mapping[UUID, AttachmentView]:
    """These, without their content, for who was let in to what they hang on. One statement; none for none."""
    policy.require(actor, "child.open", subject, on)
    if not ids:
        return {}
    rows = Attachment.objects.filter(child_id=subject.child_id, id__in=ids).defer("raw", "small")
    return {row.id: view_of(actor, row) for row in rows}


def content_of(
    actor: Actor, subject: Subject, attachment_id: UUID, on: date, *, small: bool = False
) -> tuple[AttachmentView, bytes]:
    """One with its content, for who was let in to what it hangs on. Raises Missing, also for what was destroyed."""
    policy.require(actor, "child.open", subject, on)
    column = "small" if small else "raw"
    rows = Attachment.objects.filter(child_id=subject.child_id, id=attachment_id)
    row = rows.defer("raw" if small else "small").first()
    content = getattr(row, column) if row else None
    if row is None or not content:
        raise Missing("attachment_not_found", child_id=subject.child_id)
    return view_of(actor, row), bytes(content)


def contents_of(
    actor: Actor, subject: Subject, ids: Collection[UUID], on: date
) -> Iterator[tuple[UUID, bytes]]:
    """Several with their content, a few at a time, for who was let in to what they hang on. One statement; none for
    none. What was destroyed is left out."""
    policy.require(actor, "child.open", subject, on)
    if not ids:
        return
    rows = Attachment.objects.filter(child_id=subject.child_id, id__in=ids, size__gt=0).defer("small")
    for row in rows.order_by("id").iterator(chunk_size=5):
        yield row.id, bytes(row.raw or b"")
