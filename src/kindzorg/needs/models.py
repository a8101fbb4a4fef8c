"""Scans, the answers as they were given, and the profile that a closed scan handed over."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from kindzorg.core.models import one_of
from kindzorg.needs.definition import Respondent
from kindzorg.needs.mood.models import MoodCheck as MoodCheck
from kindzorg.needs.portrait.models import PortraitPiece as PortraitPiece
from kindzorg.needs.strain.models import StrainCheck as StrainCheck
from kindzorg.needs.strain.models import StrainTalk as StrainTalk
from kindzorg.needs.talk.models import SummaryCheck as SummaryCheck
from kindzorg.people.models import ChildItem


class AnswerKind(StrEnum):
    """Which part of the scan an answer belongs to: the names of the fields of `rules.Answers`."""

    OPENING = "opening"
    STRENGTHS = "strengths"
    FIRST_PASS = "first_pass"  # noqa: S105
    TOPICS = "topics"
    CARRYING = "carrying"
    SEATS = "seats"


class NeedsScan(ChildItem):
    """One scan of a child (hulpbehoeftescan); number 2 and on are rescans. One open scan per child."""

    number = models.PositiveIntegerField()
    version = models.CharField(max_length=20)
    opened_by_id = models.UUIDField()
    opened_by = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "number"], name="needs_scan_number"),
            models.UniqueConstraint(
                fields=["child"], condition=Q(closed_at__isnull=True), name="needs_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"scan {self.number} of {self.child_id}"


class NeedsAnswer(ChildItem):
    """One answer as one person gave it. Never changed: a later row of the same person counts instead.

    `person_id` is the child's id, the relative's id, or the account of a professional; `person` the name of then.
    `entered_by_id` is who typed it for them, empty if they did it themselves. `created_at` is when it was given.
    """

    scan = models.ForeignKey(NeedsScan, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=10)
    respondent = models.CharField(max_length=6)
    person_id = models.UUIDField()
    person = models.CharField(max_length=200)
    entered_by_id = models.UUIDField(null=True)
    entered_by = models.CharField(max_length=200, blank=True)
    nurse_first = models.BooleanField(default=False)
    given = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["child", "created_at"], name="needs_answer_child")]
        constraints = [
            one_of("kind", AnswerKind, "needs_answer_kind"),
            one_of("respondent", Respondent, "needs_answer_respondent"),
            models.CheckConstraint(
                condition=Q(nurse_first=False) | Q(respondent=str(Respondent.CHILD)),
                name="needs_nurse_first_child",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.respondent} in {self.scan_id}"


class NeedsHandover(ChildItem):
    """The hand-over of phase 2 (NeedsProfile), as one immutable row."""

    scan = models.OneToOneField(NeedsScan, on_delete=models.PROTECT, related_name="handover")
    profile = models.JSONField()
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["child", "-created_at"], name="needs_handover_child")]

    def __str__(self) -> str:
        return f"profile of {self.scan_id}"
