"""Reviews of the plan on a day, and what everybody prepares for them."""

from django.db import models

from kindzorg.careplan.models import ByPerson, Goal
from kindzorg.careplan.reviews.rules import ReviewMove
from kindzorg.core.fields import EncryptedTextField
from kindzorg.core.models import one_of
from kindzorg.core.vocabulary import LifeDomain
from kindzorg.needs.answers import Feeling
from kindzorg.record.models import Written


class Review(ByPerson):
    """That the plan, or these life domains of it, is looked at together on a day (evaluatie). Never changed: what
    became of it stands in ReviewStep."""

    on_day = models.DateField()
    domains = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["child", "on_day"], name="careplan_review_child")]

    def __str__(self) -> str:
        return f"review on {self.on_day}"


class ReviewStep(ByPerson):
    """What became of a review: moved to another day, held, or dropped, with what is said about that."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=8)
    on_day = models.DateField()
    words = EncryptedTextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["review", "-created_at", "-id"], name="careplan_review_last")]
        constraints = [one_of("move", ReviewMove, "careplan_review_move")]

    def __str__(self) -> str:
        return f"{self.move} on {self.on_day}"


class Preparation(Written):
    """What somebody prepared for a review (voorbereiding): what goes well, what does not, and what next (`words`); of
    the plan, or of one goal. Another wording is a new row; until it is `shared` it is the writer's own.

    Without a domain it can be about anything, and is for who sees every one.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="preparations")
    goal = models.ForeignKey(Goal, null=True, on_delete=models.PROTECT, related_name="+")
    well = EncryptedTextField(blank=True)
    not_well = EncryptedTextField(blank=True)
    face = models.CharField(max_length=9, blank=True, db_default="")
    shared = models.BooleanField()
    organisation = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["review", "-id"], name="careplan_preparation_of"),
            models.Index(fields=["entry_id", "id"], name="careplan_preparation_entry"),
        ]
        constraints = [
            one_of("domain", LifeDomain, "careplan_preparation_domain", blank=True),
            one_of("face", Feeling, "careplan_preparation_face", blank=True),
        ]
