"""The language of words, and translations of them: a table that `record.models` names."""

from django.db import models
from django.db.models import Q

from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.models import one_of
from kindzorg.core.vocabulary import Ground
from kindzorg.people.models import ChildItem
from kindzorg.record.translated.rules import WordsOf, WordsStep


class WordsIn(ChildItem):
    """The language of words (taal van de woorden), a translation, or that an interpreter read that. Frozen.

    The words are those of the object `object_id` as they were said at `said_at`, in its `field`.
    """

    of = models.CharField(max_length=8)
    object_id = models.UUIDField()
    said_at = models.DateTimeField()
    field = models.CharField(max_length=20, blank=True)
    step = models.CharField(max_length=10)
    language = models.CharField(max_length=3)
    words = EncryptedTextField(blank=True)
    checks = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="checked")
    interpreter = models.CharField(max_length=200, blank=True)
    by_id = models.UUIDField()
    by = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["child", "object_id"], name="record_words_child")]
        constraints = [
            one_of("of", WordsOf, "record_words_of"),
            one_of("step", WordsStep, "record_words_step"),
            one_of("ground", Ground, "record_words_ground"),
            models.CheckConstraint(
                condition=Q(step=WordsStep.CHECKED, checks__isnull=False)
                | ~Q(step=WordsStep.CHECKED) & Q(checks=None),
                name="record_words_checks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.object_id} in {self.language}"
