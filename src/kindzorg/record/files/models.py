"""Photos and documents of a child, kept encrypted."""

from django.db import models

from kindzorg.core.fields import EncryptedBytesField, EncryptedTextField
from kindzorg.core.models import one_of
from kindzorg.people.models import ChildItem
from kindzorg.record.files.rules import AttachmentKind


class Attachment(ChildItem):
    """A photo or document (bijlage). Frozen. What it hangs on points at it, and who may see that may see this.

    `alt` says what is on it. A photo is kept without anything that the camera wrote beside the picture, and once more
    as a `small` one. Of one that was destroyed on request the row stays, empty.
    """

    kind = models.CharField(max_length=10)
    alt = EncryptedTextField()
    raw = EncryptedBytesField(null=True)
    small = EncryptedBytesField(null=True)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    by = models.CharField(max_length=200)
    by_id = models.UUIDField()

    class Meta:
        constraints = [one_of("kind", AttachmentKind, "record_attachment_kind")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.size} bytes"
