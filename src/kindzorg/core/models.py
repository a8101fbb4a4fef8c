"""The base of every table."""

from django.db import models

from kindzorg.core.ids import new_id


class Base(models.Model):
    """A row with a time-ordered key. `created_at` is the moment the action was given, not the database's clock."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


def one_of(field: str, values: type[object], name: str, *, blank: bool = False) -> models.CheckConstraint:
    """A check that `field` holds a stored value of an enum (or nothing), so that no writer can store another word."""
    words = [str(value) for value in values] + ([""] if blank else [])  # type: ignore[attr-defined]
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": words}), name=name)
