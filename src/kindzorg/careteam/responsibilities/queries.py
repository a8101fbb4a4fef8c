"""Reading who answers for what."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from kindzorg.access import policy
from kindzorg.access.policy import Actor, Subject
from kindzorg.access.roles import Role
from kindzorg.careteam.models import Membership, Responsibility
from kindzorg.careteam.queries import team_for
from kindzorg.careteam.responsibilities import rules
from kindzorg.careteam.responsibilities.rules import (
    DomainTable,
    ResponsibilityKind,
    ResponsibilityView,
    TeamMember,
)
from kindzorg.core.errors import Missing
from kindzorg.core.vocabulary import LifeDomain


def responsibilities_for(
    actor: Actor, subject: Subject, on: date, team: Sequence[Membership] | None = None
) -> tuple[DomainTable, ...]:
    """The table of each domain that is open to the reader. `team` saves a statement where it is known."""
    domains = policy.may_domains(actor, "team.read", subject, on)
    members = team_for(actor, subject, on) if team is None else team
    rows = Responsibility.objects.filter(child_id=subject.child_id, until=None, domain__in=domains)
    inside = {one.id for one in members}
    views = [_view(row, inside) for row in rows.order_by("created_at", "id")]
    return rules.tables(views, [TeamMember(one.id, Role(one.role), one.leads) for one in members], domains)


def responsibility_for(actor: Actor, subject: Subject, row_id: UUID, on: date) -> ResponsibilityView:
    """One row that stands, in a domain that is open to the reader. Raises Missing."""
    policy.require(actor, "team.read", subject, on)
    for table in responsibilities_for(actor, subject, on):
        for row in (table.answers, *table.lines):
            if row is not None and row.id == row_id:
                return row
    raise Missing("no_such_responsibility", child_id=subject.child_id)


def _view(row: Any, inside: set[UUID]) -> ResponsibilityView:
    return ResponsibilityView(
        id=row.id,
        domain=LifeDomain(row.domain),
        kind=ResponsibilityKind(row.kind),
        name=row.who,
        what=row.what,
        how=row.how,
        member_id=row.member_id if row.member_id in inside else None,
        by=row.by,
        at=row.created_at,
    )
