"""What is needed around the clock, and who was asked to cover hours."""

from django.db import models
from django.db.models import Q

from kindzorg.careplan.cover.rules import CoverState, MayCover
from kindzorg.careplan.models import ByPerson
from kindzorg.careplan.visits.models import BySomebody, Rhythmic
from kindzorg.careplan.visits.rules import LONGEST
from kindzorg.core.models import one_of
from kindzorg.core.vocabulary import LifeDomain


class Demand(Rhythmic):
    """Hours in which the child needs somebody who can do this (wat dag en nacht nodig is). `acts` is a list of keys.

    Never changed but to end it: `ended_on` is the first day on which it is needed no more.
    """

    acts = models.JSONField(default=list)
    may_cover = models.CharField(max_length=12)
    domain = models.CharField(max_length=12, default=LifeDomain.MEDICAL)
    why = models.CharField(max_length=300)
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)
    ended_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["child", "starts_on"], name="careplan_demand_child")]
        constraints = [
            one_of("may_cover", MayCover, "careplan_demand_may_cover"),
            one_of("domain", LifeDomain, "careplan_demand_domain"),
            models.CheckConstraint(condition=Q(minutes__range=(1, LONGEST)), name="careplan_demand_minutes"),
        ]

    def __str__(self) -> str:
        return f"needed from {self.starts_on}"


class CoverRequest(BySomebody):
    """That somebody was asked to cover hours of a demand; `who` is asked, `by` asked. Append-only."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="requests")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["child", "starts_at"], name="careplan_cover_child")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="careplan_cover_some_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.who_name} asked for {self.starts_at}"


class CoverStep(ByPerson):
    """A step of a question to cover hours: asked, accepted, declined, withdrawn, lapsed. Append-only."""

    request = models.ForeignKey(CoverRequest, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["request", "-created_at", "-id"], name="careplan_cover_last")]
        constraints = [one_of("state", CoverState, "careplan_cover_state")]

    def __str__(self) -> str:
        return self.state
