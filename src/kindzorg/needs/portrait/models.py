"""The wordings of a portrait. It is a table of the needs: `needs.models` names it."""

from django.db import models

from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.models import one_of
from kindzorg.core.vocabulary import Ground
from kindzorg.needs.portrait.rules import PortraitTopic, PortraitVoice
from kindzorg.people.models import ChildItem


class PortraitPiece(ChildItem):
    """What somebody told of who the child is (Wie ben ik), on one topic. Frozen: the newest of each voice counts."""

    topic = models.CharField(max_length=8)
    voice = models.CharField(max_length=6)
    revision = models.PositiveIntegerField()
    words = EncryptedTextField(blank=True)
    by = models.CharField(max_length=200)
    by_id = models.UUIDField()
    by_role = models.CharField(max_length=30)
    on_behalf_of = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            one_of("topic", PortraitTopic, "needs_portrait_topic"),
            one_of("voice", PortraitVoice, "needs_portrait_voice"),
            one_of("ground", Ground, "needs_portrait_ground"),
            models.UniqueConstraint(
                fields=["child", "topic", "voice", "revision"], name="needs_portrait_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} by {self.voice}, {self.revision}"
