"""The safety net under a step down."""

from django.db import models

from kindzorg.careplan.models import Evaluation
from kindzorg.core.fields import EncryptedTextField
from kindzorg.people.models import ChildItem


class SafetyNet(ChildItem):
    """What holds when an evaluation says to step down (vangnet): what is watched, who is called, until when there is a
    quick way back. Who wrote it and about what stands in the evaluation."""

    evaluation = models.OneToOneField(Evaluation, on_delete=models.PROTECT, related_name="net")
    watch = EncryptedTextField()
    call = EncryptedTextField()
    until = models.DateField()

    def __str__(self) -> str:
        return f"until {self.until}"
