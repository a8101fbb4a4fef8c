"""The one place where access is decided. Pure: no query, no clock.

The rules stand in `matrix.csv` (role x permission x domain x condition), so that a nurse can read them.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID, uuid5

from kindzorg.access.ages import age
from kindzorg.access.assurance import Assurance, enough, needed
from kindzorg.access.grounds import SIDE_OF, Question, Side, counts, deciders
from kindzorg.access.roles import FAMILY, Hat, Role, Scope, hat_of
from kindzorg.core.errors import Refused
from kindzorg.core.own_words import House
from kindzorg.core.vocabulary import Ground, LifeDomain

EVERY_DOMAIN = frozenset(LifeDomain)
MATRIX = Path(__file__).parent / "matrix.csv"
SYSTEM_JOBS = UUID("6c5a9a52-6f0e-5d0b-8c2f-0d6d6a3b7f10")


@dataclass(frozen=True, slots=True)
class Grant:
    """One right of entry: in this role, to this child, organisation, network or the installation.

    It holds from `starts` up to, not including, `until` (None: open end). `domains` are those that the family's
    consent leaves open; a domain in `domain_ends` is open up to, not including, that day. Emergency access ends at
    a moment, `ends_at`: who builds the Actor leaves out what is over.
    """

    role: Role
    scope: Scope
    scope_id: UUID | None
    starts: date
    until: date | None = None
    domains: frozenset[LifeDomain] = EVERY_DOMAIN
    emergency: bool = False
    domain_ends: Mapping[LifeDomain, date] = field(default_factory=dict, hash=False)
    ends_at: datetime | None = None

    def covers(self, on: date) -> frozenset[LifeDomain]:
        """The life domains over which it reaches on this day."""
        over = {domain for domain, end in self.domain_ends.items() if end <= on}
        return self.domains - over

    def holds(self, on: date) -> bool:
        """Whether the grant is in force on this day."""
        return self.starts <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, a named system job or an emergency link, with the grants of that one.

    `on_behalf_of` names the person for whom the actor enters something, shown beside the entry; `speaks_as` is that
    person's role, where the actor sits together with a family member. `access_point` is the
    network address that the request came from; empty for a program on this machine. `house` has the words read at work.
    `assurance` is how sure it is that this is the person; `floor` what this installation asks at the least.
    """

    id: UUID
    name: str
    grants: tuple[Grant, ...] = ()
    organisation_id: UUID | None = None
    organisation: str = ""
    house: House | None = None
    qualification: str = ""
    language: str = "nl"
    on_behalf_of: str = ""
    speaks_as: Role | None = None
    access_point: str = ""
    system: bool = False
    assurance: Assurance = Assurance.LOW
    floor: Assurance = Assurance.LOW

    def held(self, role: Role, on: date) -> bool:
        """Whether the actor holds this role anywhere on this day."""
        return any(grant.role == role and grant.holds(on) for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Subject:
    """What the policy must know of one child, read together with the child for one actor.

    `organisation_ids` are those of the actor's organisations that take part in the child's care, and to which the
    family's consent leaves something open: in `organisation_domains` where that is not everything.
    `has_authority` says whether the actor holds parental authority (gezag) over the child now, `may_decide` whether
    no court keeps him from deciding; `can_decide` whether the child can weigh its own interests, as was assessed.
    `may_see` says whether no court keeps the actor from seeing the child's file, whatever grant he holds;
    `closed_after_death` whether the child left the wish that its parents do not look after its death; `is_relative`
    whether the actor is one of the child's own family, also where he works here too.
    `represents` says whether the actor represents the grown child now, `by_court` whether as its curator or mentor.
    A file that was merged into that of `merged_into` is read by who may read there, and written by nobody.
    """

    child_id: UUID
    birth_date: date | None
    region_id: UUID | None = None
    organisation_ids: frozenset[UUID] = frozenset()
    has_authority: bool = False
    died_on: date | None = None
    organisation_domains: Mapping[UUID, frozenset[LifeDomain]] = field(default_factory=dict, hash=False)
    may_decide: bool = True
    can_decide: bool = True
    may_see: bool = True
    closed_after_death: bool = False
    is_relative: bool = False
    merged_into: UUID | None = None
    represents: bool = False
    by_court: bool = False

    def age(self, on: date) -> int | None:
        """The child's age on this day, or that on the day it died; None without a birth date."""
        day = min(on, self.died_on) if self.died_on else on
        return None if self.birth_date is None else age(self.birth_date, day)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why something is allowed or not: the grant and the matrix row, or what is missing.

    With `missing="assurance_too_low"` the grant is there, and signing in at level `needs` would do.
    """

    allowed: bool
    permission: str
    grant: Grant | None = None
    condition: str = ""
    missing: str = ""
    needs: Assurance | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the matrix."""

    role: Role
    permission: str
    domains: frozenset[LifeDomain]
    condition: str


def system_actor(name: str) -> Actor:
    """The Actor of a named system job ("worker", "demo"): the same id for the same name, on every machine."""
    grant = Grant(Role.SYSTEM, Scope.INSTALLATION, None, date.min)
    return Actor(uuid5(SYSTEM_JOBS, name), name, (grant,), system=True)


def hats_of(actor: Actor) -> frozenset[Hat]:
    """The hats that an actor's grants go with: two for a nurse who is also a mother."""
    return frozenset(hat_of(grant.role) for grant in actor.grants)


def wearing(actor: Actor, hat: Hat) -> Actor:
    """The actor with one hat on: the grants of the other do not count, and a mother is not her employer's."""
    grants = tuple(grant for grant in actor.grants if hat_of(grant.role) == hat)
    if hat == Hat.FAMILY:
        actor = replace(actor, organisation_id=None, organisation="", house=None, qualification="")
    return replace(actor, grants=grants)


def _from(years: int) -> Callable[[Actor, Subject, date], bool]:
    return lambda actor, subject, on: (now := subject.age(on)) is not None and now >= years


def _decides_alone(actor: Actor, subject: Subject, on: date) -> bool:
    """Whether the child decides for itself: from 16, unless it was assessed that it cannot (BW 7:447, 7:465(2))."""
    return subject.can_decide and _from(16)(actor, subject, on)


def _under_authority(actor: Actor, subject: Subject, on: date) -> bool:
    """Whether authority over this child counts: until 16, and until 18 for who cannot decide (BW 7:447, 7:465)."""
    return not _from(18)(actor, subject, on) and not _decides_alone(actor, subject, on)


def _authority(actor: Actor, subject: Subject, on: date) -> bool:
    """Whether this holder's authority counts.

    After the death of a child under 16 he may look, unless the child recorded against it (BW 7:458a(2), (4)).
    """
    if subject.closed_after_death and subject.died_on and subject.died_on <= on:
        return False
    return subject.has_authority and _under_authority(actor, subject, on)


def _represents(actor: Actor, subject: Subject, on: date) -> bool:
    """Whether this representative counts: from 18, while it lives and cannot decide (BW 7:465(2)-(3), 1:381(1))."""
    lives = subject.died_on is None or on < subject.died_on
    return subject.represents and lives and not subject.can_decide and _from(18)(actor, subject, on)


CONDITIONS: Mapping[str, Callable[[Actor, Subject, date], bool]] = {
    "always": lambda a, s, on: True,
    # Who is family of the child too, and works here, leaves to colleagues what is about the family itself.
    "not_family": lambda actor, subject, on: not subject.is_relative,
    "from_12": lambda actor, subject, on: subject.can_decide and _from(12)(actor, subject, on),
    "authority": _authority,
    "authority_decides": lambda a, s, on: s.may_decide and _authority(a, s, on),
    "represents": _represents,
    # The law on data knows no family that represents an adult (UAVG 5(2), (4)).
    "represents_by_court": lambda a, s, on: s.by_court and _represents(a, s, on),
    "for_holder": lambda a, s, on: a.speaks_as == Role.AUTHORITY_HOLDER and _under_authority(a, s, on),
}


@cache
def matrix() -> Mapping[tuple[Role, str], Row]:
    """The matrix by role and permission. Raises ValueError on a row it cannot read."""
    rows: dict[tuple[Role, str], Row] = {}
    with MATRIX.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            domains = (
                EVERY_DOMAIN
                if line["domain"] == "all"
                else frozenset(map(LifeDomain, line["domain"].split("|")))
            )
            row = Row(Role(line["role"]), line["permission"], domains, line["condition"])
            if row.condition not in CONDITIONS:
                raise ValueError(f"unknown condition {row.condition!r} for {row.role} {row.permission}")
            if (row.role, row.permission) in rows:
                raise ValueError(f"{row.role} {row.permission} stands twice")
            rows[row.role, row.permission] = row
    return rows


@cache
def permissions() -> frozenset[str]:
    """Every permission that the matrix knows."""
    return frozenset(permission for _, permission in matrix())


def only_reads(permission: str) -> bool:
    """Whether a permission changes nothing: to open the child, to read, to take a copy."""
    return permission in ("child.open", "copy.take") or permission.rpartition(".")[2].startswith(
        ("read", "export")
    )


@cache
def opens_children(role: Role) -> bool:
    """Whether a grant in this role lets children appear at all."""
    return (role, "child.open") in matrix()


def role_now(role: Role, subject: Subject | None, on: date) -> Role:
    """A child is a young person with own rights from the 16th birthday, and not a day before (BW 7:447(1)).

    Without a birth date somebody is a child, and so is who was assessed as not able to decide (BW 7:465(2)).
    It does not matter which of the two words the grant was given in.
    """
    if subject is None or role not in (Role.CHILD, Role.YOUNG_PERSON):
        return role
    sixteen = (subject.age(on) or 0) >= 16 and subject.can_decide
    return Role.YOUNG_PERSON if sixteen else Role.CHILD


def _reaches(actor: Actor, grant: Grant, subject: Subject) -> bool:
    """Whether a grant is about this child. A person's grant over the installation opens no child: only a job's does."""
    match grant.scope:
        case Scope.CHILD:
            return grant.scope_id == (subject.merged_into or subject.child_id)
        case Scope.ORGANISATION:
            return grant.scope_id in subject.organisation_ids
        case Scope.NETWORK:
            return grant.scope_id is not None and grant.scope_id == subject.region_id
    return actor.system


def explain(
    actor: Actor, permission: str, subject: Subject | None, on: date, domain: LifeDomain | None = None
) -> Explanation:
    """Whether the actor may, and by which grant; or what is missing, as a code.

    Without a subject only grants over an organisation, a network or the installation count.
    Raises ValueError for a permission that the matrix does not know.
    """
    if permission not in permissions():
        raise ValueError(f"unknown permission {permission!r}")
    if subject is not None and not subject.may_see and not actor.system:
        return Explanation(False, permission, missing="court_keeps_from_seeing")
    if subject is not None and subject.merged_into and not only_reads(permission):
        return Explanation(False, permission, missing="file_merged")
    missing = "no_grant"
    for grant in actor.grants:
        if grant.scope == Scope.CHILD if subject is None else not _reaches(actor, grant, subject):
            continue
        if not grant.holds(on):
            missing = "grant_not_in_force" if missing == "no_grant" else missing
            continue
        row = matrix().get((role_now(grant.role, subject, on), permission))
        if row is None:
            missing = "role_lacks_permission"
        elif not _open(row, grant, subject, domain, on):
            missing = "domain_not_covered"
        elif subject is not None and not CONDITIONS[row.condition](actor, subject, on):
            missing = f"condition_{row.condition}"
        else:
            return _sure_enough(actor, permission, grant, row.condition)
    return Explanation(False, permission, missing=missing)


def _sure_enough(actor: Actor, permission: str, grant: Grant, condition: str) -> Explanation:
    """What the grant allows, if it is sure enough that this is the person to whom it was given."""
    level = needed(hat_of(grant.role), permission, actor.floor)
    if actor.system or enough(actor.assurance, level):
        return Explanation(True, permission, grant, condition)
    return Explanation(False, permission, grant, condition, "assurance_too_low", level)


def _open(row: Row, grant: Grant, subject: Subject | None, domain: LifeDomain | None, on: date) -> bool:
    """Whether matrix, grant and consent leave this domain open; without a domain, whether they leave any."""
    reach = row.domains & grant.covers(on)
    if subject is not None and grant.scope == Scope.ORGANISATION and grant.scope_id is not None:
        reach &= subject.organisation_domains.get(grant.scope_id, EVERY_DOMAIN)
    return bool(reach) if domain is None else domain in reach


def may(
    actor: Actor, permission: str, subject: Subject | None, on: date, domain: LifeDomain | None = None
) -> bool:
    """Whether the actor may do this with this child on this day. Costs no query."""
    return explain(actor, permission, subject, on, domain).allowed


def could(
    actor: Actor, permission: str, subject: Subject | None, on: date, domain: LifeDomain | None = None
) -> bool:
    """Whether the actor may, or would after signing in more strongly: whether a page offers it."""
    explanation = explain(actor, permission, subject, on, domain)
    return explanation.allowed or explanation.missing == "assurance_too_low"


def may_domains(actor: Actor, permission: str, subject: Subject, on: date) -> frozenset[LifeDomain]:
    """The life domains for which the actor may."""
    return frozenset(domain for domain in LifeDomain if may(actor, permission, subject, on, domain))


def sees_all(actor: Actor, permission: str, subject: Subject, on: date) -> bool:
    """Whether the actor may for every domain: words that can be about anything are for who sees everything."""
    return may_domains(actor, permission, subject, on) == EVERY_DOMAIN


def require_every_domain(actor: Actor, permission: str, subject: Subject, on: date) -> None:
    """Raises Refused for who does not see all domains: what closes the whole must know the whole."""
    for domain in LifeDomain:
        require(actor, permission, subject, on, domain)


def require(
    actor: Actor, permission: str, subject: Subject | None, on: date, domain: LifeDomain | None = None
) -> Explanation:
    """The explanation, or Refused: unknown and forbidden are shown as the same."""
    explanation = explain(actor, permission, subject, on, domain)
    if not explanation.allowed:
        raise Refused(
            "refused",
            permission=permission,
            child_id=subject.child_id if subject else None,
            missing=explanation.missing,
            needs=explanation.needs,
        )
    return explanation


def may_inspect(actor: Actor, subject: Subject, ground: Ground, on: date) -> bool:
    """Whether an item of this legal ground may be shown to this actor, as far as age and authority decide that.

    It is about the child and the holders of authority: the line of the ground in `grounds.csv` (Wmo 5.3.2: not to a
    child under 12). What others see follows from the matrix and from consent.
    """
    if (side := SIDE_OF.get(role_for(actor, subject, on))) is None:
        return True
    born, day = subject.birth_date, min(on, subject.died_on or on)
    them = deciders(ground, Question.INSPECT, born, day, can_decide=subject.can_decide)
    return counts(them, side, by_court=subject.by_court or side != Side.REPRESENTATIVE)


def role_for(actor: Actor, subject: Subject | None, on: date) -> Role | None:
    """The role in which the actor meets this child now: that of the closest grant that reaches the child.

    A grant that opens children goes before one that does not, one on the child before one on an organisation:
    the nurse of this child meets it as its nurse, not as an employee; who represents it, before what he was else.
    """
    held = (one for one in actor.grants if one.holds(on))
    there = [one for one in held if subject is None or _reaches(actor, one, subject)]
    closeness = tuple(Scope)
    there.sort(key=lambda one: one.role != Role.REPRESENTATIVE)
    there.sort(key=lambda grant: (not opens_children(grant.role), closeness.index(grant.scope)))
    return role_now(there[0].role, subject, on) if there else None


def is_family(role: Role | None) -> bool:
    """Whether a role is one of the family's."""
    return role in FAMILY
