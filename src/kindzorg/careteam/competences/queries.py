"""Reading who can do what with this child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.careteam.competences.models import Competence as Row
from kindzorg.careteam.competences.rules import Competence, able_in


@dataclass(frozen=True, slots=True)
class Able:
    """One person, and the acts that he or she may be relied on to do now, each with who saw it and until when."""

    person_id: UUID
    name: str
    acts: Mapping[str, tuple[str, date]]


def competence_of(actor: Actor, row: Row) -> Competence:
    """A stored row as the rules read it. `actor` was let in by who calls."""
    return Competence(row.act, row.professional_id or row.relative_id, row.seen_on, row.until, row.able)  # type: ignore[arg-type]


def able_for(actor: Actor, subject: Subject, on: date) -> Sequence[Able]:
    """Who can do what with this child today, by name. One statement."""
    policy.require(actor, "competence.read", subject, on)
    rows = Row.objects.filter(child_id=subject.child_id).select_related("professional", "relative")
    found: dict[UUID, list[Row]] = {}
    for row in rows.order_by("created_at", "id"):
        found.setdefault(row.professional_id or row.relative_id, []).append(row)  # type: ignore[arg-type]
    people = []
    for person_id, held in found.items():
        last = {row.act: row for row in sorted(held, key=lambda row: row.seen_on)}
        able = able_in([competence_of(actor, row) for row in held], on)
        who = held[0].professional or held[0].relative
        acts = {act: (last[act].seen_by, competence_of(actor, last[act]).ends) for act in sorted(able)}
        people.append(Able(person_id, str(who), acts))
    return sorted((one for one in people if one.acts), key=lambda one: one.name)
