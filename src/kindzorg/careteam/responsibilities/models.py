"""The table of responsibility. It is a table of the care team: `careteam.models` names it."""

from django.db import models
from django.db.models import Q

from kindzorg.careteam.responsibilities.rules import ResponsibilityKind
from kindzorg.core.models import one_of
from kindzorg.core.vocabulary import Ground, LifeDomain
from kindzorg.people.models import ChildItem


class Responsibility(ChildItem):
    """Who answers for a life domain, or who does what in it, and how (verantwoordelijkheid). Ended, never rewritten.

    `member` is the part in the team of who answers; `who` is the name of then, or of anybody in a line.
    """

    domain = models.CharField(max_length=12)
    kind = models.CharField(max_length=6)
    member = models.ForeignKey("careteam.Membership", null=True, on_delete=models.PROTECT, related_name="+")
    who = models.CharField(max_length=300)
    what = models.CharField(max_length=300)
    how = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=200)
    by_id = models.UUIDField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["child", "domain"], name="careteam_responsible_child")]
        constraints = [
            one_of("domain", LifeDomain, "careteam_responsible_domain"),
            one_of("kind", ResponsibilityKind, "careteam_responsible_kind"),
            one_of("ground", Ground, "careteam_responsible_ground"),
            models.UniqueConstraint(
                fields=["child", "domain"],
                condition=Q(kind=str(ResponsibilityKind.DOMAIN), until=None),
                name="careteam_one_answers",
            ),
            models.CheckConstraint(
                condition=Q(kind=str(ResponsibilityKind.LINE)) | Q(member__isnull=False),
                name="careteam_who_answers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who} for {self.domain}"
