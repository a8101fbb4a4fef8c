"""What is prepared for a child, and how it wants it: append-only, a changed one is a new row."""

from django.db import models

from kindzorg.careplan.models import ByPerson
from kindzorg.careplan.procedures.rules import KINDS, Moment, WishPart, WishReach
from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.models import one_of
from kindzorg.people.models import ChildItem


class Procedure(ByPerson):
    """What is going to happen (dit gaat er gebeuren), as it was told from some moment on. The highest number counts."""

    entry_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30)
    title = EncryptedTextField(blank=True)
    on_day = models.DateField(null=True)
    where = EncryptedTextField(blank=True)
    by_whom = EncryptedTextField(blank=True)
    gone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="careplan_procedure_kind"),
            models.UniqueConstraint(fields=["child", "entry_id", "number"], name="careplan_procedure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of {self.child_id}"


class ProcedureStep(ChildItem):
    """One step of it: a shipped one by its key, or in own words."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    moment = models.CharField(max_length=6)
    key = models.CharField(max_length=20, blank=True)
    words = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            one_of("moment", Moment, "careplan_procedurestep_moment"),
            models.UniqueConstraint(fields=["procedure", "number"], name="careplan_procedurestep_once"),
        ]

    def __str__(self) -> str:
        return f"step {self.number} of {self.procedure_id}"


class ProcedureWish(ByPerson):
    """How the child wants it (wat wil ik): one part, by itself or written down for it. The newest counts."""

    entry_id = models.UUIDField()
    part = models.CharField(max_length=5)
    chosen = models.JSONField(default=list)
    words = EncryptedTextField(blank=True)
    reach = models.CharField(max_length=5)
    typed = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["child", "entry_id"], name="careplan_wish_child")]
        constraints = [
            one_of("part", WishPart, "careplan_wish_part"),
            one_of("reach", WishReach, "careplan_wish_reach"),
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.entry_id}"
