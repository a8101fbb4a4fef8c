"""Writing down which language somebody of the family speaks, and whether an interpreter is needed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.audit.actions import write_line
from kindzorg.audit.events import Kind
from kindzorg.careteam.spoken.rules import check
from kindzorg.core.errors import Missing
from kindzorg.core.vocabulary import Truth
from kindzorg.people.models import Relative


@transaction.atomic
def say_spoken(
    actor: Actor, subject: Subject, relative_id: UUID, spoken: tuple[str, Truth], now: datetime
) -> Relative:
    """The language of a relative, and whether an interpreter is needed: said by themselves, or by who keeps the team.

    Raises Invalid for a language that is not in the list, Missing for somebody who is no relative of the child.
    """
    leave = policy.require(actor, "team.read", subject, now.date())
    row = Relative.objects.select_for_update().filter(child_id=subject.child_id, id=relative_id).first()
    if row is None:
        raise Missing("no_such_relative", child_id=subject.child_id)
    if row.user_id != actor.id:
        leave = policy.require(actor, "team.change", subject, now.date())
    language, interpreter = spoken
    check(language)
    row.language, row.interpreter = language, interpreter
    row.interpreter_by, row.interpreter_at = actor.name, now
    row.save(update_fields=["language", "interpreter", "interpreter_by", "interpreter_at"])
    about = {"leave": leave, "object_kind": "relative", "object_id": row.id}
    write_line(actor, "relative.spoken", Kind.UPDATE, subject, now, **about)
    return row
