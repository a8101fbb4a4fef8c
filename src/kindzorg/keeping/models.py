"""Merges of files. What becomes of a request, of a term and of an objection stands here too."""

from django.db import models

from kindzorg.core.models import one_of
from kindzorg.keeping.merging.rules import MergeReason
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
