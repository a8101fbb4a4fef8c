"""What a family said of the summary: a table that `needs.models` names."""

from django.db import models
from django.db.models import Q

from kindzorg.core.models import one_of
from kindzorg.core.vocabulary import Ground
from kindzorg.needs.talk.rules import Understood
from kindzorg.people.models import ChildItem


class SummaryCheck(ChildItem):
    """What somebody said of one of their answers, read back in plain words (klopt dit?). Frozen.

    The answer says who; `entered_by` who typed it for them. `correction` is the answer that their own words became.
    """

    scan = models.ForeignKey("needs.NeedsScan", on_delete=models.PROTECT, related_name="checks")
    answer = models.ForeignKey("needs.NeedsAnswer", on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=9)
    correction = models.ForeignKey("needs.NeedsAnswer", null=True, on_delete=models.PROTECT, related_name="+")
    entered_by_id = models.UUIDField(null=True)
    entered_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["child", "created_at"], name="needs_summary_child")]
        constraints = [
            one_of("verdict", Understood, "needs_summary_verdict"),
            one_of("ground", Ground, "needs_summary_ground"),
            models.CheckConstraint(
                condition=Q(correction=None) | Q(verdict=str(Understood.NOT_QUITE)),
                name="needs_summary_better",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} to {self.answer_id}"
