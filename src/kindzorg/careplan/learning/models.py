"""How people around a child learn the care."""

from django.db import models
from django.db.models import Q

from kindzorg.careplan.learning.rules import LearningMove
from kindzorg.careplan.models import ByPerson
from kindzorg.careteam.competences.rules import Act
from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.models import one_of


class LearningStep(ByPerson):
    """That somebody was shown an act, did it together or alone, or teaches it; or the own word of that one (leerstap).

    Append-only: the last counts. A step with which somebody can be relied on is a Competence as well.
    """

    act = models.CharField(max_length=30)
    professional = models.ForeignKey(
        "people.Professional", null=True, on_delete=models.PROTECT, related_name="+"
    )
    relative = models.ForeignKey("people.Relative", null=True, on_delete=models.PROTECT, related_name="+")
    move = models.CharField(max_length=12)
    happened_on = models.DateField()
    words = EncryptedTextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["child", "act"], name="careplan_learning_child")]
        constraints = [
            one_of("act", Act, "careplan_learning_act"),
            one_of("move", LearningMove, "careplan_learning_move"),
            models.CheckConstraint(
                condition=Q(professional__isnull=True) ^ Q(relative__isnull=True),
                name="careplan_learning_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.move}: {self.act} of {self.child_id}"
