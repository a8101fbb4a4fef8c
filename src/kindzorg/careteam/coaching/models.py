"""What was offered and said about a care coach, step by step."""

from django.db import models

from kindzorg.careteam.rules import CoachMove, ConsentWay
from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.models import one_of
from kindzorg.core.vocabulary import Ground
from kindzorg.people.models import ChildItem


class CoachStep(ChildItem):
    """That a care coach was offered to the family (zorgcoach aangeboden), or what the family said. Append-only.

    `heard_of` names who of the family said it to the one who wrote it down, and `way` how; `again_on` is the day on
    which it is offered again after a no.
    """

    move = models.CharField(max_length=8)
    words = EncryptedTextField(blank=True)
    again_on = models.DateField(null=True)
    way = models.CharField(max_length=12, default=ConsentWay.SELF)
    heard_of = models.CharField(max_length=300, blank=True)
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["child", "created_at"], name="careteam_coach_child")]
        constraints = [
            one_of("move", CoachMove, "careteam_coach_move"),
            one_of("way", ConsentWay, "careteam_coach_way"),
            one_of("ground", Ground, "careteam_coach_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.move} to {self.child_id}"
