"""Everything that is kept of one child, as plain data: nobody is locked in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kindzorg.access.policy import Actor
from kindzorg.careteam.queries import open_child
from kindzorg.keeping.queries import rows_of


@transaction.atomic
def child_export(actor: Actor, child_id: UUID, now: datetime) -> list[tuple[str, dict[str, Any]]]:
    """Each row of the child's data as (table, row). Written to the trail as one export.

    Raises Missing or Refused as `open_child`.
    """
    opened = open_child(actor, child_id, "child.export", "child.exported", now)
    return rows_of(actor, opened, now.date())
