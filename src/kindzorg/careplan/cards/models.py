"""The cards that can be looked at without signing in."""

from django.db import models

from kindzorg.people.models import ChildItem


class CardLink(ChildItem):
    """One card that was given away: whoever holds its secret sees the emergency card, until `ends_at` or taken back.

    Only the digest of the secret is kept. It shows what its maker may see at that moment: when the maker's right
    ends, so does this. `level` is how sure it was who made it.
    """

    made_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=12)
    label = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=200, blank=True)
    opened = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True)
    counted_from = models.DateTimeField(null=True)
    counted = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["child", "-created_at"], name="careplan_cardlink_child")]

    def __str__(self) -> str:
        return self.label
