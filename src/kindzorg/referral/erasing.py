"""What is destroyed of a binding referral on request (BW 7:455, Jeugdwet 7.3.9): what was asked, why, each answer.

That something was asked, of whom, under which law, when and how it ended stays. The work of an action that has asked
leave, decided with reasons and thawed the tables; it writes the trail.
"""

from uuid import UUID

from kindzorg.core.destroyed import Emptied, gone, standing
from kindzorg.referral.models import BindingReferral, BindingStep

TABLES = tuple(table._meta.db_table for table in (BindingReferral, BindingStep))


def destroy_binding(child_id: UUID, binding_id: UUID, instead: str) -> Emptied:
    """Empty the question, and what was said in each step."""
    row = BindingReferral.objects.select_for_update().get(child_id=child_id, id=binding_id)
    steps = list(BindingStep.objects.select_for_update().filter(child_id=child_id, binding_id=binding_id))
    words = standing(row.needed, row.why, *(said for one in steps for said in (one.words, one.instead)))
    row.needed, row.why = gone(row.needed, instead), gone(row.why, instead)
    row.save(update_fields=["needed", "why"])
    for one in steps:
        one.words, one.instead = gone(one.words, instead), ""
        one.save(update_fields=["words", "instead"])
    return Emptied(1 + len(steps), words)
