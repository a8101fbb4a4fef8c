"""Merges of files. What becomes of a request, of a term and of an objection stands here too."""

from django.db import models

from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.models import one_of
from kindzorg.keeping.merging.rules import MergeReason
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
