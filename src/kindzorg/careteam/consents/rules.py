"""Whose yes is needed for a party, and where a yes or no leaves it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from kindzorg.access.grounds import SIDES, Deciders, Question, Side, counts, deciders, may_say_no
from kindzorg.access.parties import Basis, ConsentStanding, Decided, parties
from kindzorg.access.roles import Role
from kindzorg.access.sight import earlier
from kindzorg.careteam.rules import ConsentDecision, ConsentPurpose, ConsentWay
from kindzorg.core.vocabulary import Ground, LifeDomain

EVERY = frozenset(LifeDomain)
PURPOSES: Mapping[Ground, ConsentPurpose] = {
    Ground.SCHOOL: ConsentPurpose.EDUCATION,
    Ground.WMO: ConsentPurpose.SUPPORT,
    Ground.JEUGDWET: ConsentPurpose.SUPPORT,
}


class PartyKind(StrEnum):
    """Whom a decision is about: a whole organisation, one professional, or somebody near the child."""

    ORGANISATION = "organisation"
    PROFESSIONAL = "professional"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class PartyRef:
    """One party of a child."""

    kind: PartyKind
    id: UUID


@dataclass(frozen=True, slots=True)
class Decision:
    """A yes (for these domains, until a day) or a no."""

    yes: bool
    domains: frozenset[LifeDomain] = EVERY
    until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """That somebody said it to a professional, and how. `by` empty: everybody whose yes is needed said yes.

    `heard` is the account and name of who heard it, where another writes it down.
    """

    way: ConsentWay
    by: tuple[UUID, ...] = ()
    domains: frozenset[LifeDomain] = EVERY
    until: date | None = None
    heard: tuple[UUID, str] | None = None


AT_THE_TABLE = Said(ConsentWay.IN_PERSON)
"""Everybody whose yes is needed sat at the table and said yes."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can decide: the child itself or a relative, by id; with the account, if there is one.

    `by_court`: of a representative whether a judge appointed this one.
    """

    id: UUID
    name: str
    side: Side
    user_id: UUID | None
    by_court: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    """Who can decide on this day: the child, the holders whom no court restricts, and what the child can weigh.

    `representatives` are those of a grown child that cannot decide, the first in the order of the law.
    """

    birth_date: date | None
    can_decide: bool
    child: Person
    holders: tuple[Person, ...]
    representatives: tuple[Person, ...] = ()

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who can decide about something at some age."""
        return (self.child, *self.holders, *self.representatives)

    def needed(self, ground: Ground, on: date) -> tuple[Person, ...]:
        """Whose yes it takes on this ground. Source: `access/grounds.csv`, each line its own."""
        them = self._deciders(ground, on)
        return tuple(one for one in self.people if counts(them, one.side, by_court=one.by_court))

    def lacks(self, ground: Ground, on: date) -> bool:
        """Whether a yes is needed of somebody who is not known here: a holder, a curator or mentor."""
        there = {one.side for one in self.needed(ground, on)}
        return bool(SIDES[self._deciders(ground, on)] - there)

    def may_speak(self, ground: Ground, on: date) -> tuple[Person, ...]:
        """Who may say no alone, and so also take that no back."""
        return tuple(
            one
            for one in self.people
            if may_say_no(
                ground, one.side, self.birth_date, on, can_decide=self.can_decide, by_court=one.by_court
            )
        )

    def speakers(self, ground: Ground, on: date) -> frozenset[UUID]:
        """Who may say yes: whose yes is needed, or who may say no alone and so take that back."""
        return frozenset(one.id for one in (*self.needed(ground, on), *self.may_speak(ground, on)))

    def _deciders(self, ground: Ground, on: date) -> Deciders:
        return deciders(ground, Question.CONSENT, self.birth_date, on, can_decide=self.can_decide)


@dataclass(frozen=True, slots=True)
class Word:
    """What one person said before about the same party."""

    person_id: UUID
    decision: ConsentDecision
    domains: frozenset[LifeDomain]
    until: date | None = None


def party_role(roles: Iterable[Role]) -> Role:
    """The role by which a party is judged: treating the child goes before looking along with a yes."""
    return min(roles, key=lambda role: (parties()[role].basis != Basis.DIRECT, tuple(Role).index(role)))


def ground_of(role: Role) -> Ground:
    """The legal ground on which somebody in this role looks along."""
    return parties()[role].ground


def purpose_of(role: Role) -> ConsentPurpose:
    """What is shared with somebody in this role is for."""
    return PURPOSES.get(ground_of(role), ConsentPurpose.CARE)


def last_words(words: Iterable[Word], domain: LifeDomain) -> Mapping[UUID, Word]:
    """What each said last about this domain. `words` stand oldest first."""
    return {word.person_id: word for word in words if domain in word.domains}


def missing_yes(
    family: Family, ground: Ground, words: Sequence[Word], domain: LifeDomain, on: date
) -> tuple[Person, ...]:
    """Whose yes is still missing for a domain: not said, over, or taken back; and who said no and may say it."""
    last = last_words(words, domain)

    def yes(person: Person) -> bool:
        word = last.get(person.id)
        return (
            word is not None
            and word.decision == ConsentDecision.GIVEN
            and (word.until is None or on < word.until)
        )

    def no(person: Person) -> bool:
        word = last.get(person.id)
        return word is not None and word.decision != ConsentDecision.GIVEN

    needed = [one for one in family.needed(ground, on) if not yes(one)]
    against = [one for one in family.may_speak(ground, on) if no(one) and one not in needed]
    return (*needed, *against)


def outcomes(
    family: Family, ground: Ground, words: Sequence[Word], decision: Decision, on: date
) -> tuple[Decided, ...]:
    """Where a decision leaves the party, the person's own word being the last of `words`.

    A no closes at once. A yes opens what everybody whose yes is needed agrees to, until the first of their days;
    the rest is awaited. Source: BW 7:450(2), 7:465; Jeugdwet 7.3.4; UAVG 5; each ground its own row.
    """
    if not decision.yes:
        return (Decided(ConsentStanding.CLOSED, decision.domains),)
    found: dict[tuple[ConsentStanding, date | None], set[LifeDomain]] = {}
    for domain in LifeDomain:
        if domain not in decision.domains:
            continue
        if family.lacks(ground, on) or missing_yes(family, ground, words, domain, on):
            key: tuple[ConsentStanding, date | None] = (ConsentStanding.AWAITED, decision.until)
        else:
            until = decision.until
            last = last_words(words, domain)
            for person in family.needed(ground, on):
                until = earlier(until, last[person.id].until)
            key = (ConsentStanding.OPEN, until)
        found.setdefault(key, set()).add(domain)
    return tuple(Decided(standing, frozenset(domains), end) for (standing, end), domains in found.items())


def disagree(family: Family, ground: Ground, words: Sequence[Word], on: date) -> bool:
    """Whether of those who may speak one says yes and another no about the same domain."""
    speakers = family.speakers(ground, on)
    return differ(word for word in words if word.person_id in speakers)


def differ(words: Iterable[Word]) -> bool:
    """Whether the last words of one and another on the same domain are a yes and a no. `words` stand oldest first."""
    said = list(words)
    return any(
        len({word.decision == ConsentDecision.GIVEN for word in last_words(said, domain).values()}) == 2
        for domain in LifeDomain
    )
