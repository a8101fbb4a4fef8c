"""The journey and its steps."""

from django.db import models
from django.db.models import Q

from kindzorg.core.models import Base, one_of
from kindzorg.journey.rules import Phase
from kindzorg.people.models import ChildItem


class CareJourney(ChildItem):
    """A child's way through the four phases (zorgtraject). One open journey per child; a readmission leaves it open.

    `owner` is the controller: the organisation responsible for the data.
    """

    opened_at = models.DateTimeField()
    phase = models.CharField(max_length=10, default=Phase.REFERRAL)
    phase_since = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["child", "-opened_at"], name="journey_child")]
        constraints = [
            one_of("phase", Phase, "journey_phase"),
            models.UniqueConstraint(
                fields=["child"], condition=Q(closed_at__isnull=True), name="journey_one_open"
            ),
            models.CheckConstraint(
                condition=Q(phase=Phase.CLOSED, closed_at__isnull=False)
                | (~Q(phase=Phase.CLOSED) & Q(closed_at__isnull=True)),
                name="journey_closed_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} in {self.phase}"


class JourneyStep(ChildItem):
    """One step of a journey, with who and why. Never changed."""

    journey = models.ForeignKey(CareJourney, on_delete=models.PROTECT, related_name="steps")
    start = models.CharField(max_length=10, blank=True)
    end = models.CharField(max_length=10)
    reason = models.CharField(max_length=40)
    note = models.CharField(max_length=500, blank=True)
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = [one_of("end", Phase, "journey_step_end")]

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


class LastLook(Base):
    """When an account last opened the start page of a child, and the visit before that one: since when things are new
    to that reader. No part of the child's file; who looked stands in the trail."""

    child = models.ForeignKey("people.Child", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    seen_at = models.DateTimeField()
    previous_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["child", "user"], name="journey_one_last_look")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.child_id}"
