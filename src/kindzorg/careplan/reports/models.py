"""Reports of the care, and the family's daybook."""

from django.db import models
from django.db.models import Q

from kindzorg.careplan.models import Agreement, Goal
from kindzorg.careplan.reports.rules import Reach
from kindzorg.core.models import one_of
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.record.models import Attachment, Written


class Report(Written):
    """What somebody wrote of the care or the day (verslag, of dagboek van het gezin); a correction is a new row.

    It is about a goal, an agreement or the day itself. Without a domain it can be about anything, and is for who sees
    every one. `reach`: with the team, or the family's own.
    """

    happened_at = models.DateTimeField()
    organisation = models.CharField(max_length=200, blank=True)
    reach = models.CharField(max_length=8, default=Reach.TEAM)
    goal = models.ForeignKey(Goal, null=True, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+")
    attachment = models.ForeignKey(Attachment, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["child", "-happened_at", "-id"], name="careplan_report_child"),
            models.Index(fields=["entry_id", "id"], name="careplan_report_entry"),
        ]
        constraints = [
            one_of("domain", LifeDomain, "careplan_report_domain", blank=True),
            one_of("reach", Reach, "careplan_report_reach"),
            models.CheckConstraint(
                condition=Q(goal=None) | Q(agreement=None), name="careplan_report_about_one"
            ),
        ]
