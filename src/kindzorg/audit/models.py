"""The trail. No foreign keys: a line stays readable whatever becomes of the rows it speaks of."""

from django.db import models

from kindzorg.audit.events import AccessPoint, Kind, Lifecycle, Outcome, Purpose
from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.ids import new_id
from kindzorg.core.models import one_of


class AuditLine(models.Model):
    """One thing that somebody did or was refused (regel in het logboek, NEN 7513). Never changed.

    `position` is given by the database, in an order in which what commits later never comes before what was
    sealed: see the migration. Every field's meaning under NEN 7513 stands in docs/trail.md.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    kind = models.CharField(max_length=1)
    outcome = models.CharField(max_length=8, default=Outcome.DONE)
    child_id = models.UUIDField(null=True)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.UUIDField(null=True)
    lifecycle = models.CharField(max_length=10, blank=True, default="")
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=40, blank=True)
    qualification = models.CharField(max_length=30, blank=True, default="")
    organisation_id = models.UUIDField(null=True)
    organisation = models.CharField(max_length=200, blank=True)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=10, blank=True, default="")
    permission = models.CharField(max_length=40, blank=True)
    basis = models.CharField(max_length=120, blank=True, default="")
    consent = models.CharField(max_length=80, blank=True, default="")
    emergency = models.BooleanField(default=False)
    access_point = models.CharField(max_length=100, blank=True, default="")
    access_point_type = models.CharField(max_length=8, blank=True, default="")
    source = models.CharField(max_length=100, blank=True, default="")
    demo = models.BooleanField(default=False)
    detail = models.JSONField(default=dict)
    position = models.BigIntegerField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["child_id", "-at"], name="audit_child_at"),
            models.Index(fields=["actor_id", "child_id", "event", "-at"], name="audit_actor_child"),
            models.Index(fields=["position", "id"], name="audit_position"),
        ]
        constraints = [
            one_of("kind", Kind, "audit_line_kind"),
            one_of("outcome", Outcome, "audit_line_outcome"),
            one_of("lifecycle", Lifecycle, "audit_line_lifecycle", blank=True),
            one_of("purpose", Purpose, "audit_line_purpose", blank=True),
            one_of("access_point_type", AccessPoint, "audit_line_access_point", blank=True),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.event}"


class AuditSeal(models.Model):
    """A digest over a range of lines and over the seal before it: whoever bends a line breaks every later seal.

    It covers the lines after the seal before it, up to and including (`last_position`, `last_id`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    previous = models.CharField(max_length=64, blank=True)
    count = models.PositiveIntegerField()
    first_position = models.BigIntegerField()
    last_position = models.BigIntegerField()
    last_id = models.UUIDField()
    content = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"seal {self.number}"


class SealedLines(models.Model):
    """The id and digest of each line under one seal, so that it can be said which line was bent."""

    seal = models.OneToOneField(AuditSeal, primary_key=True, on_delete=models.PROTECT, related_name="lines")
    packed = models.BinaryField()

    def __str__(self) -> str:
        return f"lines of seal {self.seal_id}"


class Pruning(models.Model):
    """That the lines under every seal up to this one were removed, because their time was over."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    seal = models.PositiveBigIntegerField()
    years = models.PositiveSmallIntegerField()
    lines = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(years__gte=5), name="audit_pruning_years")]

    def __str__(self) -> str:
        return f"pruned up to seal {self.seal}"


class TrailCounter(models.Model):
    """PostgreSQL: where the positions begin that are counted by the transactions of one database server.

    Written by the database itself at the first line after the data moved to another server, where transactions
    are counted anew.
    """

    number = models.BigAutoField(primary_key=True)
    cluster = models.CharField(max_length=40)
    base = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.cluster} from {self.base}"


class TrailQuestion(models.Model):
    """A question of the family: why did somebody look? It goes to the privacy officer of that one's organisation.

    What it is about stands here as it was read, since that officer may not see the child: `about_*` is the moment
    and the person of the line. Once answered it is frozen.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child_id = models.UUIDField()
    child_name = models.CharField(max_length=250)
    organisation_id = models.UUIDField()
    organisation = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    asked_by_id = models.UUIDField()
    asked_by = models.CharField(max_length=200)
    words = EncryptedTextField()
    about_at = models.DateTimeField()
    about_id = models.UUIDField()
    about_name = models.CharField(max_length=200)
    about_role = models.CharField(max_length=40, blank=True)
    about_event = models.CharField(max_length=60)
    due = models.DateField()
    answer = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.UUIDField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["child_id", "asked_by_id"], name="audit_question_child"),
            models.Index(fields=["organisation_id", "answered_at"], name="audit_question_to"),
        ]

    def __str__(self) -> str:
        return f"question to {self.organisation} about {self.about_event}"
