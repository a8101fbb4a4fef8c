"""The child's file: files as they came in, each resource of them, the items, and what waits for a person."""

from django.db import models

from kindzorg.access.assurance import Assurance
from kindzorg.access.grounds import Side
from kindzorg.core.fields import EncryptedBytesField, EncryptedJSONField, EncryptedTextField
from kindzorg.core.models import one_of
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.people.models import ChildItem
from kindzorg.record.files.models import Attachment as Attachment
from kindzorg.record.items import ItemKind
from kindzorg.record.rules import Outcome, UploadState
from kindzorg.record.translated.models import WordsIn as WordsIn


class SourceDocument(ChildItem):
    """A file that came in, kept byte for byte. Frozen."""

    name = models.TextField(blank=True)
    source = models.TextField(blank=True)
    form = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    raw = EncryptedBytesField()
    bsn_not_valid = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    by = models.CharField(max_length=200)
    by_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["child", "sha256"], name="record_document_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.source}"


class HandoverUpload(ChildItem):
    """A large file on its way: the worker reads it, then takes it whole or not at all. The bytes go once it ended.

    An attempt holds it until `held_until` and is counted first, so that a dead worker's upload comes free by itself.
    `assurance` is how sure it was who sent it.
    """

    name = models.TextField(blank=True)
    source = models.TextField(blank=True)
    raw = EncryptedBytesField(null=True)
    sha256 = models.CharField(max_length=64)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, default=UploadState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
    problem = models.CharField(max_length=40, blank=True)
    problem_data = models.JSONField(default=dict)
    assurance = models.CharField(max_length=12)
    document = models.ForeignKey(SourceDocument, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=200)
    by_id = models.UUIDField()

    class Meta:
        constraints = [
            one_of("state", UploadState, "record_upload_state"),
            one_of("assurance", Assurance, "record_upload_assurance"),
            models.UniqueConstraint(
                fields=["child", "sha256"],
                condition=models.Q(state__in=[UploadState.WAITING, UploadState.BUSY]),
                name="record_upload_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


class RawResource(ChildItem):
    """One resource of a file as it came, and what became of it. Frozen.

    `tells`: of each thing it told, the id of the item and the digest of the sender's key for it, so that all that was
    told of an item is found when it must be destroyed.
    """

    document = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="resources")
    position = models.PositiveIntegerField()
    fhir_type = models.TextField(blank=True)
    fhir_id = models.TextField(blank=True)
    source_key = models.TextField(blank=True)
    title = models.TextField(blank=True)
    outcome = models.CharField(max_length=12)
    reason = models.CharField(max_length=30, blank=True)
    field = models.TextField(blank=True)
    effect = models.CharField(max_length=10, blank=True)
    faults = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    raw = EncryptedJSONField(null=True)
    tells = models.JSONField(default=list, db_default=[])

    class Meta:
        constraints = [
            one_of("outcome", Outcome, "record_resource_outcome"),
            models.UniqueConstraint(fields=["document", "position"], name="record_resource_place"),
        ]

    def __str__(self) -> str:
        return f"{self.fhir_type} {self.outcome}"


class RecordItem(ChildItem):
    """One thing that is known of the child: of what kind, what it says (`items.py`), from whom and since when.

    `key` is the digest of the sender's key: by it the same thing is known again when it is sent once more.
    `on_behalf_of` names the family member for whom it was entered, where somebody entered it for another.
    Of one that was destroyed on request the row stays, without what it said: it is not taken in again, nor under
    `other_keys`, the digests of the keys by which other senders told it.
    """

    kind = models.CharField(max_length=20)
    source_key = models.TextField()
    key = models.CharField(max_length=64)
    other_keys = models.JSONField(default=list, db_default=[])
    source = models.TextField(blank=True)
    title = models.TextField(blank=True)
    recorded_on = models.CharField(max_length=40, blank=True)
    happened_on = models.CharField(max_length=40, blank=True)
    data = models.JSONField()
    withdrawn = models.BooleanField(default=False)
    entered = models.BooleanField(default=False)
    resource = models.ForeignKey(RawResource, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=200)
    by_id = models.UUIDField()
    on_behalf_of = models.CharField(max_length=200, blank=True, default="", db_default="")
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("kind", ItemKind, "record_item_kind"),
            models.UniqueConstraint(fields=["child", "key"], name="record_item_once"),
        ]
        indexes = [models.Index(fields=["child", "kind", "-happened_on"], name="record_item_file_i")]

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"


class Written(ChildItem):
    """What every note holds. `entry_id` is the id of the first row; a correction is a new row with the same one.

    Frozen: what was written stays, also when it was wrong.
    """

    entry_id = models.UUIDField()
    domain = models.CharField(max_length=12)
    words = EncryptedTextField()
    by = models.CharField(max_length=200)
    by_id = models.UUIDField()
    by_role = models.CharField(max_length=30)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} by {self.by_id}"


class Note(Written):
    """Something that somebody wrote down about the child (notitie)."""

    class Meta:
        indexes = [models.Index(fields=["child", "-created_at"], name="record_note_child")]
        constraints = [one_of("domain", LifeDomain, "record_note_domain")]


class FamilyNote(Written):
    """What a parent wrote of the family itself (notitie over het gezin): apart from the child's file.

    It holds another's privacy (Wabvpz 15a(3)): not for the child, nor for who reads only a part of the plan.
    """

    class Meta:
        indexes = [models.Index(fields=["child", "-created_at"], name="record_familynote_child")]
        constraints = [one_of("domain", LifeDomain, "record_familynote_domain")]


class Statement(ChildItem):
    """What somebody of the family says beside an item or note that stays as it is (eigen verklaring). Frozen.

    `side`: what the child says its parents do not read.
    """

    object_id = models.UUIDField()
    words = EncryptedTextField()
    by = models.CharField(max_length=200)
    by_id = models.UUIDField()
    side = models.CharField(max_length=14, default=Side.HOLDER, db_default=Side.HOLDER)

    class Meta:
        indexes = [models.Index(fields=["child", "object_id"], name="record_statement_of")]
        constraints = [one_of("side", Side, "record_statement_side")]

    def __str__(self) -> str:
        return f"beside {self.object_id}"


class RestrictedNote(Written):
    """What a few professionals note about safety (afgeschermde notitie): kept from the whole family.

    A table of its own, so that no count, search or copy of other notes can give away that there is one. `about_id` is
    the account of a professional whom it is about.
    """

    about_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["child", "-created_at"], name="record_restricted_child")]
        constraints = [one_of("domain", LifeDomain, "record_restricted_domain")]


class Difference(ChildItem):
    """The file says one thing, a sender another: a person settles it. Without `item`: who the child is. Frozen."""

    item = models.ForeignKey(RecordItem, null=True, on_delete=models.PROTECT, related_name="differences")
    document = models.ForeignKey(SourceDocument, on_delete=models.PROTECT, related_name="differences")
    resource = models.ForeignKey(RawResource, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    field = models.CharField(max_length=40)
    current = EncryptedJSONField(null=True)
    incoming = EncryptedJSONField(null=True)
    source = models.TextField(blank=True)
    source_date = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [one_of("kind", ItemKind, "record_difference_kind")]

    def __str__(self) -> str:
        return f"{self.kind}.{self.field}"


class DifferenceDecision(ChildItem):
    """What a person decided about a difference. Frozen."""

    difference = models.OneToOneField(Difference, on_delete=models.PROTECT, related_name="decision")
    accepted = models.BooleanField()
    by = models.CharField(max_length=200)
    by_id = models.UUIDField()

    def __str__(self) -> str:
        return "accepted" if self.accepted else "kept"
