"""What was seen of somebody's skill with one child."""

from django.db import models
from django.db.models import Q

from kindzorg.careteam.competences.rules import Act
from kindzorg.core.models import one_of
from kindzorg.people.models import ChildItem


class Competence(ChildItem):
    """That a professional or relative was seen to do an act with this child (bekwaam). Append-only: the last counts.

    `able` False takes it back. `until` is the first day on which it counts no more; without one the rules say when.
    """

    act = models.CharField(max_length=30)
    professional = models.ForeignKey(
        "people.Professional", null=True, on_delete=models.PROTECT, related_name="+"
    )
    relative = models.ForeignKey("people.Relative", null=True, on_delete=models.PROTECT, related_name="+")
    able = models.BooleanField(default=True)
    seen_on = models.DateField()
    until = models.DateField(null=True)
    seen_by_id = models.UUIDField()
    seen_by = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["child", "act"], name="careteam_competence_child")]
        constraints = [
            one_of("act", Act, "careteam_competence_act"),
            models.CheckConstraint(
                condition=Q(professional__isnull=True) ^ Q(relative__isnull=True),
                name="careteam_competence_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} of {self.child_id}"
