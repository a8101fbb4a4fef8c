"""Answers so far, assessments as they were given, views that differ, and the decision."""

from django.db import models

from kindzorg.people.models import ChildItem


class ReferralDraft(ChildItem):
    """The answers given so far in phase 1, one row per child. Saved at each answer; never the basis of a decision."""

    facts = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["child"], name="referral_draft_one")]

    def __str__(self) -> str:
        return f"draft of {self.child_id}"


class ReferralAssessment(ChildItem):
    """What the rules of then said of the facts of then (uitkomst van de verwijsboom). Never changed."""

    rule_version = models.CharField(max_length=40)
    on = models.DateField()
    outcome = models.JSONField()
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["child", "-created_at"], name="referral_assessment_child")]

    def __str__(self) -> str:
        return f"{self.on} under {self.rule_version}"


class ReferralDissent(ChildItem):
    """A second professional's view that differs, with the reason. Kept beside the first, never over it."""

    assessment = models.ForeignKey(ReferralAssessment, on_delete=models.PROTECT, related_name="dissents")
    view = models.JSONField(default=list)
    reason = models.TextField()
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.by} differs on {self.assessment_id}"


class DissentSettlement(ChildItem):
    """How professionals settled a difference. The family is told the outcome; it is never asked to choose."""

    dissent = models.OneToOneField(ReferralDissent, on_delete=models.PROTECT, related_name="settlement")
    outcome = models.TextField()
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"settled {self.dissent_id}"


class ReferralOutcome(ChildItem):
    """The hand-over of phase 1 (ReferralDecision), as one immutable row."""

    assessment = models.ForeignKey(ReferralAssessment, on_delete=models.PROTECT, related_name="decisions")
    decision = models.JSONField()
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["child", "-created_at"], name="referral_outcome_child")]

    def __str__(self) -> str:
        return f"decision on {self.assessment_id}"
