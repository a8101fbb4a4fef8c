"""The trail. No foreign keys: a line stays readable whatever becomes of the rows it speaks of."""

from django.db import models

from kindzorg.audit.events import Kind, Outcome
from kindzorg.core.ids import new_id
from kindzorg.core.models import one_of


class AuditLine(models.Model):
    """One thing that somebody did or was refused (regel in het logboek, NEN 7513). Never changed, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    kind = models.CharField(max_length=1)
    outcome = models.CharField(max_length=8, default=Outcome.DONE)
    child_id = models.UUIDField(null=True)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.UUIDField(null=True)
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=40, blank=True)
    organisation_id = models.UUIDField(null=True)
    organisation = models.CharField(max_length=200, blank=True)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    permission = models.CharField(max_length=40, blank=True)
    emergency = models.BooleanField(default=False)
    demo = models.BooleanField(default=False)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["child_id", "-at"], name="audit_child_at"),
            models.Index(fields=["actor_id", "child_id", "event", "-at"], name="audit_actor_child"),
        ]
        constraints = [
            one_of("kind", Kind, "audit_line_kind"),
            one_of("outcome", Outcome, "audit_line_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.event}"


class AuditSeal(models.Model):
    """A digest over lines and over the seal before it: whoever bends a line breaks every later seal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"seal {self.number}"


class SealedLine(models.Model):
    """Which seal covers a line, and what the line's digest was."""

    line_id = models.UUIDField(primary_key=True)
    seal = models.ForeignKey(AuditSeal, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.line_id} in {self.seal_id}"
