"""Reading who represents the grown child."""

from collections.abc import Sequence
from datetime import date

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.models import Representation
from kindzorg.careteam.representation.rules import over


def representations_for(actor: Actor, subject: Subject, on: date) -> Sequence[Representation]:
    """Everybody who was recorded, also for a day that is still to come; those that ended last."""
    policy.require(actor, "authority.read", subject, on)
    rows = Representation.objects.filter(child_id=subject.child_id).select_related("relative")
    return sorted(rows.order_by("starts", "created_at", "id"), key=lambda one: over(one, on))
