"""Short checks of load and carrying power, and what was agreed after a sign: tables that `needs.models` names."""

from django.db import models

from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.models import one_of
from kindzorg.core.vocabulary import Ground
from kindzorg.needs.definition import Amount
from kindzorg.people.models import ChildItem


class StrainCheck(ChildItem):
    """How much rests on somebody of the family and how much that one can carry, told by itself. Frozen.

    `relative` is None for the young person. Not `shared` is for the person alone. `signs` are the words of
    `StrainSign` that followed, kept as they were found then.
    """

    relative = models.ForeignKey("people.Relative", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(max_length=200)
    by_id = models.UUIDField()
    load = models.CharField(max_length=11)
    power = models.CharField(max_length=11)
    words = EncryptedTextField(blank=True)
    shared = models.BooleanField()
    signs = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["child", "created_at"], name="needs_strain_child")]
        constraints = [
            one_of("load", Amount, "needs_strain_load"),
            one_of("power", Amount, "needs_strain_power"),
            one_of("ground", Ground, "needs_strain_ground"),
        ]

    def __str__(self) -> str:
        return f"strain of {self.by_id}"


class StrainTalk(ChildItem):
    """That somebody spoke with the person after a sign, and what was agreed. Frozen."""

    relative = models.ForeignKey("people.Relative", null=True, on_delete=models.PROTECT, related_name="+")
    check_told = models.OneToOneField(StrainCheck, on_delete=models.PROTECT, related_name="talk")
    agreed = EncryptedTextField()
    by = models.CharField(max_length=200)
    by_id = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["child", "created_at"], name="needs_straintalk_child")]
        constraints = [one_of("ground", Ground, "needs_straintalk_ground")]

    def __str__(self) -> str:
        return f"talk after {self.check_told_id}"
