"""Keeping a photo or document."""

from datetime import datetime

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.people.models import Child
from kindzorg.record.files.models import Attachment
from kindzorg.record.files.rules import NewAttachment, check_alt


@transaction.atomic
def add_attachment(actor: Actor, subject: Subject, new: NewAttachment, now: datetime) -> Attachment:
    """Keep a photo or document. The action whose it is points at it, in the same transaction. Raises Invalid.

    The trail speaks of it under the id of what it hangs on: who may not know of that finds nothing.
    """
    leave = policy.require(actor, "attachment.add", subject, now.date())
    check_alt(new.alt)
    row = Attachment.objects.create(
        child_id=subject.child_id,
        owner_id=Child.objects.values_list("owner_id", flat=True).get(id=subject.child_id),
        ground=new.ground,
        kind=new.file.kind,
        alt=new.alt.strip(),
        raw=new.file.raw,
        small=new.file.small,
        size=len(new.file.raw),
        width=new.file.width,
        height=new.file.height,
        by=actor.name,
        by_id=actor.id,
        created_at=now,
    )
    about = {"leave": leave, "object_kind": "attachment", "object_id": new.under}
    write_line(actor, "attachment.added", Kind.CREATE, subject, now, **about)
    return row
