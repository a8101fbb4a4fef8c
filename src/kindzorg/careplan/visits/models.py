"""The week's tables: series of visits, and what is different on one day. Append-only, never part of a version."""

from django.db import models
from django.db.models import Q

from kindzorg.careplan.agreements.rules import WhoKind
from kindzorg.careplan.models import ByPerson
from kindzorg.careplan.visits.rules import LONGEST, Holidays, Place, SchoolRegion, VisitChangeKind
from kindzorg.core.models import one_of


class BySomebody(ByPerson):
    """Something that somebody does: who, with the name as it was then. `who_house` is the organisation of that one."""

    who_kind = models.CharField(max_length=14, blank=True)
    who_name = models.CharField(max_length=200, blank=True)
    who_organisation = models.CharField(max_length=200, blank=True)
    professional = models.ForeignKey(
        "people.Professional", null=True, on_delete=models.PROTECT, related_name="+"
    )
    who_house = models.ForeignKey(
        "people.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    relative = models.ForeignKey("people.Relative", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Rhythmic(ByPerson):
    """When something comes back, as the clock in the Netherlands shows it. `until` is the first day without."""

    starts_on = models.DateField()
    start = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=100, blank=True)
    until = models.DateField(null=True)

    class Meta:
        abstract = True


class Visit(Rhythmic, BySomebody):
    """A visit that comes back, or comes once (zorgmoment). Ended by a VisitChange and followed by a new one.

    It is for an agreement; the family's own presence is for none, and who takes uncovered hours comes for `request`.
    """

    agreement = models.ForeignKey(
        "careplan.Agreement", null=True, on_delete=models.PROTECT, related_name="visits"
    )
    request = models.ForeignKey(
        "careplan.CoverRequest", null=True, on_delete=models.PROTECT, related_name="visits"
    )
    place = models.CharField(max_length=12)
    holidays = models.CharField(max_length=8, default=Holidays.ALWAYS)
    region = models.CharField(max_length=8, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["child", "starts_on"], name="careplan_visit_child"),
            models.Index(fields=["professional"], name="careplan_visit_professional"),
            models.Index(fields=["relative"], name="careplan_visit_relative"),
        ]
        constraints = [
            one_of("who_kind", WhoKind, "careplan_visit_who"),
            one_of("place", Place, "careplan_visit_place"),
            one_of("holidays", Holidays, "careplan_visit_holidays"),
            one_of("region", SchoolRegion, "careplan_visit_region", blank=True),
            models.CheckConstraint(condition=Q(minutes__range=(1, LONGEST)), name="careplan_visit_minutes"),
            models.CheckConstraint(
                condition=Q(agreement__isnull=False)
                | Q(request__isnull=False)
                | Q(who_kind__in=[str(WhoKind.RELATIVE), str(WhoKind.OTHER)]),
                name="careplan_visit_for",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who_name} from {self.starts_on}"


class VisitChange(BySomebody):
    """What is different about the visit of one day: off, moved, taken over, swapped; or from that day on no more.

    Append-only; the last one counts. Two rows of one swap carry the same `swap`.
    """

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="changes")
    on = models.DateField()
    kind = models.CharField(max_length=10)
    reason = models.CharField(max_length=300, blank=True)
    to_day = models.DateField(null=True)
    to_start = models.TimeField(null=True)
    swap = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["visit", "on"], name="careplan_visit_change")]
        constraints = [
            one_of("kind", VisitChangeKind, "careplan_visit_change_kind"),
            one_of("who_kind", WhoKind, "careplan_visit_change_who", blank=True),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.on}"
