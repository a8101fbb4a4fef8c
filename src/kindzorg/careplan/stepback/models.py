"""The way back after stepping down, once somebody took it."""

from django.db import models

from kindzorg.careplan.evaluations.models import SafetyNet
from kindzorg.careplan.models import ByPerson
from kindzorg.careplan.proposals.models import Proposal
from kindzorg.core.fields import EncryptedTextField


class StepBack(ByPerson):
    """That somebody took the quick way back after stepping down (terugschalen): why, and the proposal it made, if the
    plan had changed already."""

    net = models.OneToOneField(SafetyNet, on_delete=models.PROTECT, related_name="back")
    words = EncryptedTextField(blank=True)
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"back from {self.net_id}"
