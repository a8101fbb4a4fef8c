"""How a child says that it goes: a table that `needs.models` names."""

from django.db import models

from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.models import one_of
from kindzorg.core.vocabulary import Ground
from kindzorg.needs.answers import Feeling
from kindzorg.needs.mood.rules import MoodReach
from kindzorg.people.models import ChildItem


class MoodCheck(ChildItem):
    """How a child said that it went, for whom it chose (hoe gaat het met mij). Frozen; taking back adds a row."""

    face = models.CharField(max_length=9, blank=True)
    words = EncryptedTextField(blank=True)
    reach = models.CharField(max_length=5)
    takes_back = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="taken_back")

    class Meta:
        indexes = [models.Index(fields=["child", "-created_at"], name="needs_mood_child")]
        constraints = [
            one_of("face", Feeling, "needs_mood_face", blank=True),
            one_of("reach", MoodReach, "needs_mood_reach"),
            one_of("ground", Ground, "needs_mood_ground"),
        ]

    def __str__(self) -> str:
        return f"mood of {self.child_id}"
