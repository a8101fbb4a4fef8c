"""Answers so far, assessments as they were given, views that differ, and the decision."""

from django.db import models

from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.models import one_of
from kindzorg.core.vocabulary import Ground, Law, LifeDomain
from kindzorg.people.models import ChildItem
from kindzorg.referral.binding.rules import BindingMove


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


class IndicationTerm(ChildItem):
    """Until when the payer's decision for a kept entry holds (indicatie, beschikking). Never changed: the last one per
    entry counts. `law` is that of the entry, `letter` what the payer's letter says of it.
    """

    outcome = models.ForeignKey(ReferralOutcome, on_delete=models.PROTECT, related_name="terms")
    entry = models.CharField(max_length=60)
    law = models.CharField(max_length=10, blank=True)
    until = models.DateField()
    letter = EncryptedTextField(blank=True)
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["child", "entry", "id"], name="referral_term_child"),
            models.Index(fields=["until"], name="referral_term_until"),
        ]
        constraints = [
            one_of("law", Law, "referral_term_law", blank=True),
            one_of("ground", Ground, "referral_term_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.entry} until {self.until}"


class BindingReferral(ChildItem):
    """A question across laws that may not bounce (bindende verwijzing): what is needed, from whom, until when. Frozen.

    `region` is whose network takes it up when it is stuck; `reference` in the rules tells it apart without a name.
    """

    journey = models.ForeignKey("journey.CareJourney", on_delete=models.PROTECT, related_name="+")
    outcome = models.ForeignKey(ReferralOutcome, null=True, on_delete=models.PROTECT, related_name="+")
    entry = models.CharField(max_length=60, blank=True)
    law = models.CharField(max_length=10)
    domain = models.CharField(max_length=12)
    receiver = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Professional", null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("people.Region", null=True, on_delete=models.PROTECT, related_name="+")
    needed = EncryptedTextField()
    why = EncryptedTextField()
    needed_from = models.DateField()
    sent_by_id = models.UUIDField()
    sent_by = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["child", "created_at"], name="referral_binding_child"),
            models.Index(fields=["region", "created_at"], name="referral_binding_region"),
        ]
        constraints = [
            one_of("law", Law, "referral_binding_law"),
            one_of("domain", LifeDomain, "referral_binding_domain"),
            one_of("ground", Ground, "referral_binding_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.law} to {self.receiver_id}"


class BindingStep(ChildItem):
    """One step of a binding referral: answered, asked, taken up higher, settled. Never changed.

    `number` counts within one referral, so that two who act at once cannot both be the next. `heard_of` names who gave
    the answer to somebody else, who wrote it down.
    """

    binding = models.ForeignKey(BindingReferral, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    move = models.CharField(max_length=14)
    words = EncryptedTextField(blank=True)
    instead = EncryptedTextField(blank=True)
    answer_by = models.DateField(null=True)
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200, blank=True)
    heard_of = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["child", "created_at"], name="referral_bstep_child")]
        constraints = [
            one_of("move", BindingMove, "referral_bstep_move"),
            models.UniqueConstraint(fields=["binding", "number"], name="referral_bstep_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.move}"
