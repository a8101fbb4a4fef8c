"""Closing the care of a child: what is prepared, what receivers said, and the record."""

from django.db import models

from kindzorg.closure.rules import Answer, Chapter, Disposition, Ending
from kindzorg.core.models import one_of
from kindzorg.people.models import ChildItem


class ClosurePreparation(ChildItem):
    """The ending that is being prepared, one open per child."""

    journey = models.ForeignKey("journey.CareJourney", on_delete=models.PROTECT, related_name="+")
    ending = models.CharField(max_length=20)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            one_of("ending", Ending, "closure_preparation_ending"),
            models.UniqueConstraint(
                fields=["child"], condition=models.Q(ended_at__isnull=True), name="closure_preparation_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ending} of {self.child_id}"


class NeedSettlement(ChildItem):
    """What was arranged for one need, with its words: a receiver sees no more. Append-only: the newest row holds."""

    preparation = models.ForeignKey(ClosurePreparation, on_delete=models.PROTECT, related_name="settlements")
    need_id = models.CharField(max_length=80)
    domain = models.CharField(max_length=12)
    words = models.TextField()
    disposition = models.CharField(max_length=20)
    receiver = models.CharField(max_length=200, blank=True)
    receiver_organisation = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    told = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    by = models.CharField(max_length=200)

    class Meta:
        constraints = [one_of("disposition", Disposition, "closure_settlement_disposition")]

    def __str__(self) -> str:
        return f"{self.disposition} for {self.need_id}"


class ReceiverAnswer(ChildItem):
    """What a receiver said to taking over a need. Append-only."""

    settlement = models.ForeignKey(NeedSettlement, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=200)

    class Meta:
        constraints = [one_of("answer", Answer, "closure_receiver_answer")]

    def __str__(self) -> str:
        return f"{self.answer} by {self.by}"


class ChecklistMark(ChildItem):
    """A point of the list towards 18 that was done, or undone again. Append-only."""

    item = models.CharField(max_length=30)
    done = models.BooleanField()
    note = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.item} {'done' if self.done else 'not done'}"


class TransitionText(ChildItem):
    """What stands in a chapter of the transition plan. Append-only: the newest holds."""

    chapter = models.CharField(max_length=20)
    words = models.TextField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = [one_of("chapter", Chapter, "closure_transition_chapter")]

    def __str__(self) -> str:
        return f"{self.chapter} by {self.by}"


class Closure(ChildItem):
    """The hand-over of phase 4 (ClosureRecord), as one immutable row."""

    journey = models.ForeignKey("journey.CareJourney", on_delete=models.PROTECT, related_name="+")
    record = models.JSONField()
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"closure of {self.child_id}"
