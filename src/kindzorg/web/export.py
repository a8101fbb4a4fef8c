"""Everything that is kept of one child, as plain data: nobody is locked in."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction

from kindzorg.access.policy import Actor
from kindzorg.careteam.queries import open_child


def child_tables() -> list[type[models.Model]]:
    """Every table with a child's data: those that carry the child."""
    found = apps.get_models()
    return [
        table for table in found if any(field.attname == "child_id" for field in table._meta.concrete_fields)
    ]


@transaction.atomic
def child_export(actor: Actor, child_id: UUID, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row of the child's data as (table, row). Written to the trail as one export.

    Raises Missing or Refused as `open_child`.
    """
    opened = open_child(actor, child_id, "child.export", "child.exported", now)
    names = [field.attname for field in opened.child._meta.concrete_fields]
    rows = [("people.child", {name: getattr(opened.child, name) for name in names})]
    for table in child_tables():
        kept = table._default_manager.filter(child_id=child_id).order_by("pk").values()
        rows += [(table._meta.label_lower, row) for row in kept]
    return iter(rows)
