"""The outbox, and the worker's sign of life."""

from django.db import models
from django.db.models import Q

from kindzorg.core.models import Base, one_of
from kindzorg.core.vocabulary import Ground
from kindzorg.notices.rules import State, Way


class Notice(Base):
    """One thing that one account is told by one way (melding). It says that something is there, never what.

    `kind` and `object_id` name its subject for the page that words it; a seal of the trail is about no child.
    `next_try_at` is when the worker may take a waiting notice (again): an attempt moves it ahead first, so that a
    dead worker's notice comes free by itself.
    """

    child = models.ForeignKey("people.Child", null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=12, default=Ground.WGBO)
    recipient = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    object_id = models.UUIDField(null=True)
    way = models.CharField(max_length=6)
    state = models.CharField(max_length=9, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "way", "-created_at"], name="notices_recipient"),
            models.Index(fields=["next_try_at"], condition=Q(state=State.WAITING), name="notices_waiting"),
        ]
        constraints = [one_of("way", Way, "notices_way"), one_of("state", State, "notices_state")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient_id} by {self.way}"


class WorkerBeat(models.Model):
    """When a worker was last alive. One row per named worker."""

    name = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
