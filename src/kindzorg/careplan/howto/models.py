"""How-to cards: append-only, a changed card is a new one."""

from django.db import models

from kindzorg.careplan.models import ByPerson
from kindzorg.careteam.competences.rules import Act
from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.models import one_of
from kindzorg.people.models import ChildItem
from kindzorg.record.models import Attachment


class HowToCard(ByPerson):
    """How an act is done with this child (werkkaart), as it was from some moment on. The highest number counts."""

    act = models.CharField(max_length=30)
    number = models.PositiveSmallIntegerField()
    title = EncryptedTextField()
    watch = EncryptedTextField(blank=True)
    call = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            one_of("act", Act, "careplan_howto_act"),
            models.UniqueConstraint(fields=["child", "act", "number"], name="careplan_howto_once"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.number} of {self.child_id}"


class HowToStep(ChildItem):
    """One step of a card, with a photo where that helps."""

    card = models.ForeignKey(HowToCard, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    words = EncryptedTextField()
    attachment = models.ForeignKey(Attachment, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card", "number"], name="careplan_howtostep_once")]

    def __str__(self) -> str:
        return f"step {self.number} of {self.card_id}"


class HowToTip(ByPerson):
    """What somebody of the family adds to the card of an act (tip), marked as that one's."""

    act = models.CharField(max_length=30)
    words = EncryptedTextField()

    class Meta:
        constraints = [one_of("act", Act, "careplan_howtotip_act")]
        indexes = [models.Index(fields=["child", "act"], name="careplan_howtotip_child")]

    def __str__(self) -> str:
        return f"tip for {self.act} by {self.by_id}"


class HowToSeen(ByPerson):
    """That somebody saw and understood one card (gezien en begrepen). A changed card asks it again."""

    card = models.ForeignKey(HowToCard, on_delete=models.PROTECT, related_name="seen")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card", "by_id"], name="careplan_howtoseen_once")]

    def __str__(self) -> str:
        return f"{self.card_id} seen by {self.by_id}"
