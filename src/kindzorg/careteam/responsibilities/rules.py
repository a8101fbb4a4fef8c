"""Who is end-responsible per life domain, and who does what besides. Pure.

Source: the method asks an end-responsible person in each life domain and one table of who, what and how; parents
must know whom they can hold to it (MKS route map; flyer of the method).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kindzorg.access.roles import Role
from kindzorg.core.errors import Invalid
from kindzorg.core.vocabulary import LifeDomain

LONGEST = 300


class ResponsibilityKind(StrEnum):
    """One person answers for a whole domain; a line says who does what in it."""

    DOMAIN = "domain"
    LINE = "line"


class Lacking(StrEnum):
    """Why nobody answers for a domain: nobody was written down, or who was is not in the team any more."""

    NOBODY = "nobody"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class NewResponsibility:
    """What is written down. `member_id` is the part in the team of who answers for the domain, `who` names anybody.

    `instead_of` is the row that stood there when the form was opened.
    """

    domain: LifeDomain
    kind: ResponsibilityKind
    what: str
    how: str = ""
    member_id: UUID | None = None
    who: str = ""
    instead_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Of somebody in the team what the table must know."""

    id: UUID
    role: Role
    leads: bool


@dataclass(frozen=True, slots=True)
class ResponsibilityView:
    """One row as it stands. `member_id` is None where the person left; `name` is what he was called."""

    id: UUID
    domain: LifeDomain
    kind: ResponsibilityKind
    name: str
    what: str
    how: str
    member_id: UUID | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DomainTable:
    """One life domain: who answers for it, who else does what, or why nobody answers.

    `assumed` is the member who answers for it as long as nobody was written down: the paediatrician.
    """

    domain: LifeDomain
    answers: ResponsibilityView | None
    lines: tuple[ResponsibilityView, ...]
    lacking: Lacking | None
    assumed: UUID | None = None


def check(new: NewResponsibility) -> None:
    """Refuse a row that does not say who or what, or says too much. Raises Invalid."""
    if new.kind == ResponsibilityKind.DOMAIN and new.member_id is None:
        raise Invalid("responsibility_nobody", fields=("member",))
    if new.kind == ResponsibilityKind.LINE and not new.who.strip():
        raise Invalid("responsibility_nobody", fields=("who",))
    if not new.what.strip():
        raise Invalid("responsibility_what", fields=("what",))
    for field in ("who", "what", "how"):
        if len(getattr(new, field)) > LONGEST:
            raise Invalid("responsibility_long", fields=(field,), longest=LONGEST)


def medically_responsible(team: Iterable[TeamMember]) -> UUID | None:
    """The paediatrician who leads, or the only one there is. Two of whom none leads: nobody may guess which."""
    doctors = [one for one in team if one.role == Role.PAEDIATRICIAN]
    leading = [one for one in doctors if one.leads]
    found = leading or doctors
    return found[0].id if len(found) == 1 else None


def tables(
    rows: Sequence[ResponsibilityView], team: Sequence[TeamMember], domains: Iterable[LifeDomain]
) -> tuple[DomainTable, ...]:
    """The table of each of these domains, in the order of the method. `rows` are those that were not ended."""
    seen = set(domains)
    return tuple(_table(domain, rows, team) for domain in LifeDomain if domain in seen)


def _table(domain: LifeDomain, rows: Sequence[ResponsibilityView], team: Sequence[TeamMember]) -> DomainTable:
    here = [row for row in rows if row.domain == domain]
    lines = tuple(row for row in here if row.kind == ResponsibilityKind.LINE)
    answers = next((row for row in here if row.kind == ResponsibilityKind.DOMAIN), None)
    if answers is not None:
        return DomainTable(domain, answers, lines, None if answers.member_id else Lacking.LEFT)
    assumed = medically_responsible(team) if domain == LifeDomain.MEDICAL else None
    return DomainTable(domain, None, lines, None if assumed else Lacking.NOBODY, assumed)
