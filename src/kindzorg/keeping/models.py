"""Merges of files. What becomes of a request, of a term and of an objection stands here too."""

from django.db import models

from kindzorg.access.grounds import Side
from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.models import one_of
from kindzorg.keeping.merging.rules import MergeReason
from kindzorg.keeping.requests.rules import About, Asked, RefusalReason
from kindzorg.keeping.retention.rules import HoldCause
from kindzorg.people.models import ChildItem


class ByPerson(ChildItem):
    """Something that somebody did for a child, with the name of then."""

    by_id = models.UUIDField()
    by = models.CharField(max_length=200)

    class Meta:
        abstract = True


class FileMerge(ByPerson):
    """That another file was merged into the child's (samenvoeging). Append-only; `FileParting` undoes it.

    Rows of the absorbed file stay where they are. `filled` names what the child's file lacked and took over,
    `brought` the memberships that came along.
    """

    absorbed = models.ForeignKey("people.Child", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    filled = models.JSONField(default=list)
    brought = models.JSONField(default=list)

    class Meta:
        constraints = [one_of("why", MergeReason, "keeping_merge_why")]

    def __str__(self) -> str:
        return f"{self.absorbed_id} into {self.child_id}"


class FileParting(ByPerson):
    """That a merge was undone, and why. Append-only."""

    merge = models.OneToOneField(FileMerge, on_delete=models.PROTECT, related_name="parting")
    reason = models.TextField()

    def __str__(self) -> str:
        return f"undid {self.merge_id}"


class TwoChildren(ByPerson):
    """That somebody looked and found two children, not one child with two files. Append-only."""

    other = models.ForeignKey("people.Child", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["child", "other"], name="keeping_two_children_once")]

    def __str__(self) -> str:
        return f"{self.child_id} is not {self.other_id}"


class LegalHold(ByPerson):
    """That a file is kept beyond its term (bewaarplicht verlengd): why, and until when. Append-only."""

    cause = models.CharField(max_length=14)
    reason = EncryptedTextField()
    until = models.DateField()

    class Meta:
        constraints = [one_of("cause", HoldCause, "keeping_hold_cause")]

    def __str__(self) -> str:
        return f"{self.cause} until {self.until}"


class HoldLifting(ByPerson):
    """That a hold was lifted before its day, and why. Append-only."""

    hold = models.OneToOneField(LegalHold, on_delete=models.PROTECT, related_name="lifting")
    reason = EncryptedTextField()

    def __str__(self) -> str:
        return f"lifted {self.hold_id}"


class DeletionOrder(ByPerson):
    """That somebody looked at a file whose term is over, and confirmed that it may go. Append-only; goes with it."""

    def __str__(self) -> str:
        return f"{self.child_id} may go"


class ResearchObjection(ByPerson):
    """What somebody of the family said about being counted for research (bezwaar tegen onderzoek). Append-only.

    `refuses`: an objection, or that an earlier one no longer holds; `whole` ends everybody's.
    """

    refuses = models.BooleanField()
    whole = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["child", "by_id", "id"], name="keeping_research_child")]

    def __str__(self) -> str:
        return f"{self.by}: {'no' if self.refuses else 'no longer no'}"


class FileRequest(ByPerson):
    """That the family asks to put something right or to destroy it (verzoek om correctie of vernietiging).

    Append-only. `owner` is who decides: the organisation whose it is. `side` says for whom of the family it is.
    `unseen`: nobody who decides saw what it is about when it was asked; the privacy officer was told.
    `nurse_first`: of what a child told its nurse first only nurses know.
    """

    asked = models.CharField(max_length=10)
    about = models.CharField(max_length=12)
    object_id = models.UUIDField(null=True)
    side = models.CharField(max_length=14)
    words = EncryptedTextField()
    due = models.DateField()
    unseen = models.BooleanField(default=False, db_default=False)
    nurse_first = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [models.Index(fields=["child", "-created_at"], name="keeping_request_child")]
        constraints = [
            one_of("asked", Asked, "keeping_request_asked"),
            one_of("about", About, "keeping_request_about"),
            one_of("side", Side, "keeping_request_side"),
        ]

    def __str__(self) -> str:
        return f"{self.asked} {self.about}"


class RequestDelay(ByPerson):
    """That it takes longer, and why; said within the first month. Append-only."""

    request = models.OneToOneField(FileRequest, on_delete=models.PROTECT, related_name="delay")
    reason = EncryptedTextField()
    due = models.DateField()

    def __str__(self) -> str:
        return f"{self.request_id} until {self.due}"


class RequestDecision(ByPerson):
    """What was decided about a request, and why. Append-only."""

    request = models.OneToOneField(FileRequest, on_delete=models.PROTECT, related_name="decision")
    granted = models.BooleanField()
    reason = models.CharField(max_length=14, blank=True)
    words = EncryptedTextField(blank=True)
    all_agree = models.BooleanField(default=False)

    class Meta:
        constraints = [one_of("reason", RefusalReason, "keeping_decision_reason", blank=True)]

    def __str__(self) -> str:
        return "granted" if self.granted else f"refused: {self.reason}"


class RequestDone(ByPerson):
    """That what was asked to go is gone: how many rows were emptied. Append-only."""

    request = models.OneToOneField(FileRequest, on_delete=models.PROTECT, related_name="done")
    rows = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.rows} rows for {self.request_id}"
