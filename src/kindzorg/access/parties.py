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
    """What the family decided about a party for some domains; `until` is the first day on which it is over."""

    standing: ConsentStanding
    domains: frozenset[LifeDomain]
    until: date | None = None


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
    """For each domain the last decision that says open or closed; one that is awaited changes nothing."""
    last: dict[LifeDomain, Decided] = {}
    for decision in decisions:
        if decision.standing != ConsentStanding.AWAITED:
            last.update(dict.fromkeys(decision.domains, decision))
    return last


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
