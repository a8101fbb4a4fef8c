"""On what basis somebody in a role looks along, and what the family's consent does to it. Pure.

Read `parties.csv`: *family* needs no consent; *direct* looks along from the start and can be refused; *asked* sees
nothing before the family said yes; *own* is a duty of the organisation that the family cannot refuse in advance.
There is no insurer (Wabvpz 15f), and so no line for one.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from uuid import UUID

from kindzorg.access.roles import Role
from kindzorg.access.sight import Sight, earlier
from kindzorg.core.vocabulary import Ground, LifeDomain

PARTIES = Path(__file__).parent / "parties.csv"


class Basis(StrEnum):
    """On what somebody's looking along rests."""

    FAMILY = "family"
    DIRECT = "direct"
    ASKED = "asked"
    OWN = "own"


class ConsentStanding(StrEnum):
    """Where the family's consent for a party stands after somebody decided: open, closed, or one more is awaited."""

    OPEN = "open"
    CLOSED = "closed"
    AWAITED = "awaited"


@dataclass(frozen=True, slots=True)
class Party:
    """One line of `parties.csv`."""

    basis: Basis
    ground: Ground
    why: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What the family decided about a party for some domains; `until` is the first day on which it is over.

    `by` is whose word it was.
    """

    standing: ConsentStanding
    domains: frozenset[LifeDomain]
    until: date | None = None
    by: UUID | None = None


@cache
def parties() -> Mapping[Role, Party]:
    """The lines of `parties.csv`. Raises ValueError on a word that it does not know."""
    with PARTIES.open(encoding="utf-8", newline="") as lines:
        return {
            Role(line["role"]): Party(Basis(line["basis"]), Ground(line["ground"]), line["why"])
            for line in csv.DictReader(lines)
        }


def refusable(role: Role) -> bool:
    """Whether the family decides if somebody in this role looks along."""
    return parties()[role].basis in (Basis.DIRECT, Basis.ASKED)


def asked_first(role: Role) -> bool:
    """Whether somebody in this role sees nothing before the family said yes."""
    return parties()[role].basis == Basis.ASKED


def last_of(decisions: Iterable[Decided]) -> Mapping[LifeDomain, Decided]:
    """For each domain the last decision that says open or closed.

    A yes that awaits the yes of another opens nothing. But who said no and now says yes has taken the own no back:
    then it is as it was before that no. A yes until a day does not, for it would not end.
    """
    stood: dict[LifeDomain, list[Decided]] = {domain: [] for domain in LifeDomain}
    for decision in decisions:
        lifts = decision.by is not None and decision.until is None
        for domain in decision.domains:
            if decision.standing != ConsentStanding.AWAITED:
                stood[domain].append(decision)
            elif lifts:
                stood[domain] = [one for one in stood[domain] if not _own_no(one, decision)]
    return {domain: said[-1] for domain, said in stood.items() if said}


def _own_no(said: Decided, now: Decided) -> bool:
    return said.standing == ConsentStanding.CLOSED and said.by == now.by


def consented(role: Role, agreed: Sight, decisions: Iterable[Decided], own: Iterable[Decided] = ()) -> Sight:
    """What is open to somebody in this role: what was agreed for, as far as the family's decisions leave it open.

    `decisions` stand oldest first; for each domain the last that says open or closed counts. A yes that is over
    leaves the domain closed, also to who was let in without one. `own` are those of `decisions` about this one
    person of an organisation: the door that was closed to a person stays so when the organisation's is opened.
    """
    basis = parties()[role].basis
    if not refusable(role):
        return agreed
    last = last_of(decisions)
    shut = {domain for domain, said in last_of(own).items() if said.standing == ConsentStanding.CLOSED}
    found: dict[LifeDomain, date | None] = {}
    for domain, until in agreed.items():
        said = last.get(domain)
        if domain in shut:
            continue
        if said is None and basis == Basis.DIRECT:
            found[domain] = until
        elif said is not None and said.standing == ConsentStanding.OPEN:
            found[domain] = earlier(until, said.until)
    return found
